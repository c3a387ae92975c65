/* SPDX-License-Identifier: MIT */
/* cut -f LIST [-d C] | -c LIST [FILE ...]: fields or characters of each
 * line. LIST is 1,3-5 or 2- . */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_NUMBER 1024

static char wanted[MAX_NUMBER + 1]; /* [n]: field n is */
static char separator[2] = "\t";
static int by_fields;

/* Marks the numbers of LIST; -1: LIST is none. */
static int parse(const char *s)
{
	long first, last;
	char *end;

	while (*s) {
		first = strtol(s, &end, 10);
		if (end == s)
			first = 1;
		last = first;
		if (*end == '-') {
			s = end + 1;
			last = strtol(s, &end, 10);
			if (end == s)
				last = MAX_NUMBER;
		}
		if (first < 1 || last < first || (*end && *end != ','))
			return -1;
		for (; first <= last && first <= MAX_NUMBER; first++)
			wanted[first] = 1;
		s = end + (*end == ',');
	}
	return 0;
}

static int is_wanted(size_t n)
{
	return wanted[n > MAX_NUMBER ? MAX_NUMBER : n];
}

static void cut_fields(char *line)
{
	const char *before = "";
	size_t n = 1, len;

	if (!strpbrk(line, separator)) {
		puts(line);
		return;
	}
	for (;; n++) {
		len = strcspn(line, separator);
		if (is_wanted(n)) {
			printf("%s%.*s", before, (int)len, line);
			before = separator;
		}
		if (!line[len])
			break;
		line += len + 1;
	}
	putchar('\n');
}

static void cut_chars(const char *line)
{
	size_t n;

	for (n = 1; *line; n++, line++)
		if (is_wanted(n))
			putchar(*line);
	putchar('\n');
}

static void cut(FILE *f)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, f)) >= 0) {
		if (n && line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (by_fields)
			cut_fields(line);
		else
			cut_chars(line);
	}
	free(line);
}

int main(int argc, char **argv)
{
	const char *list = NULL;
	int c, status = 0;
	FILE *f;

	while ((c = getopt(argc, argv, "+f:c:d:")) != -1) {
		if (c == 'd')
			separator[0] = *optarg;
		else if (c != '?')
			list = optarg;
		by_fields |= c == 'f';
	}
	if (!list || parse(list) < 0) {
		fprintf(stderr, "usage: cut -f LIST [-d C] [FILE ...]\n"
				"       cut -c LIST [FILE ...]\n");
		return 2;
	}
	if (optind == argc)
		cut(stdin);
	for (; optind < argc; optind++) {
		f = fopen(argv[optind], "r");
		if (!f) {
			fprintf(stderr, "cut: %s: %s\n", argv[optind],
				strerror(errno));
			status = 1;
			continue;
		}
		cut(f);
		fclose(f);
	}
	return fflush(stdout) ? 1 : status;
}
