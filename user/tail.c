/* SPDX-License-Identifier: MIT */
/* tail [-n LINES] [FILE]: the end of a file; -n +N: from line N on. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void from_line(FILE *f, long first)
{
	long line = 1;
	int c;

	while ((c = getc_unlocked(f)) != EOF) {
		if (line >= first)
			putchar_unlocked(c);
		line += c == '\n';
	}
}

/* Keeps the last COUNT lines in a ring. 0, or -1: no memory. */
static int last_lines(FILE *f, long count)
{
	char **ring = calloc(count + 1, sizeof(*ring));
	size_t *size = calloc(count + 1, sizeof(*size));
	long total = 0, i;

	if (!ring || !size)
		return -1;
	while (count &&
	       getline(&ring[total % count], &size[total % count], f) >= 0)
		total++;
	for (i = total > count ? total - count : 0; i < total; i++)
		fputs(ring[i % count], stdout);
	for (i = 0; i <= count; i++)
		free(ring[i]);
	free(ring);
	free(size);
	return 0;
}

int main(int argc, char **argv)
{
	const char *number = "10";
	FILE *f = stdin;
	int i = 1;

	if (i + 1 < argc && strcmp(argv[i], "-n") == 0) {
		number = argv[i + 1];
		i += 2;
	} else if (i < argc && argv[i][0] == '-' && argv[i][1]) {
		number = argv[i] + 1 + (argv[i][1] == 'n');
		i++;
	}
	if (!isdigit((unsigned char)number[*number == '+' || *number == '-'])) {
		fprintf(stderr, "usage: tail [-n LINES] [FILE]\n");
		return 2;
	}
	if (i < argc)
		f = fopen(argv[i], "r");
	if (!f) {
		fprintf(stderr, "tail: %s: %s\n", argv[i], strerror(errno));
		return 1;
	}
	if (*number == '+')
		from_line(f, atol(number + 1));
	else if (last_lines(f, labs(atol(number))) < 0)
		return 1;
	return fflush(stdout) ? 1 : 0;
}
