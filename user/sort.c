/* SPDX-License-Identifier: MIT */
/* sort [-rnu] [FILE ...]: lines in order; -n as numbers, -u each once. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int opt_reverse, opt_number, opt_unique;
static char **lines;
static size_t count, cap;

static void out_of_memory(void)
{
	fprintf(stderr, "sort: out of memory\n");
	exit(2);
}

static void add(char *line)
{
	if (!line)
		out_of_memory();
	if (count == cap) {
		cap = cap ? 2 * cap : 256;
		lines = realloc(lines, cap * sizeof(*lines));
		if (!lines)
			out_of_memory();
	}
	lines[count++] = line;
}

static void read_lines(FILE *f)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, f)) >= 0) {
		if (n && line[n - 1] == '\n')
			line[n - 1] = '\0';
		add(strdup(line));
	}
	free(line);
}

static int compare_keys(const char *a, const char *b)
{
	double x, y;

	if (!opt_number)
		return strcmp(a, b);
	x = strtod(a, NULL);
	y = strtod(b, NULL);
	return (x > y) - (x < y);
}

static int compare(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	int order = compare_keys(x, y);

	if (order == 0 && !opt_unique)
		order = strcmp(x, y);
	return opt_reverse ? -order : order;
}

static void print(void)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!opt_unique || i == 0 ||
		    compare_keys(lines[i - 1], lines[i]) != 0)
			puts(lines[i]);
}

int main(int argc, char **argv)
{
	int c, status = 0;
	FILE *f;

	while ((c = getopt(argc, argv, "+rnu")) != -1) {
		opt_reverse |= c == 'r';
		opt_number |= c == 'n';
		opt_unique |= c == 'u';
		if (c == '?') {
			fprintf(stderr, "usage: sort [-rnu] [FILE ...]\n");
			return 2;
		}
	}
	if (optind == argc)
		read_lines(stdin);
	for (; optind < argc; optind++) {
		f = fopen(argv[optind], "r");
		if (!f) {
			fprintf(stderr, "sort: %s: %s\n", argv[optind],
				strerror(errno));
			status = 2;
			continue;
		}
		read_lines(f);
		fclose(f);
	}
	if (count)
		qsort(lines, count, sizeof(*lines), compare);
	print();
	return fflush(stdout) ? 2 : status;
}
