/* SPDX-License-Identifier: MIT */
/* head [-n LINES | -c BYTES] [FILE ...]: the beginning of files. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void copy(FILE *f, long lines, long bytes)
{
	int c;

	while ((lines > 0 || bytes > 0) && (c = getc_unlocked(f)) != EOF) {
		putchar_unlocked(c);
		if (c == '\n')
			lines--;
		bytes--;
	}
}

static int usage(void)
{
	fprintf(stderr, "usage: head [-n LINES | -c BYTES] [FILE ...]\n");
	return 2;
}

int main(int argc, char **argv)
{
	long lines = 10, bytes = -1;
	int i = 1, status = 0, many;
	FILE *f;

	if (i + 1 < argc && strcmp(argv[i], "-n") == 0) {
		lines = atol(argv[i + 1]);
		i += 2;
	} else if (i + 1 < argc && strcmp(argv[i], "-c") == 0) {
		bytes = atol(argv[i + 1]);
		lines = -1;
		i += 2;
	} else if (i < argc && argv[i][0] == '-' && argv[i][1]) {
		char kind = argv[i][1];
		const char *number = argv[i] + 1 + (kind == 'n' || kind == 'c');

		if (!isdigit((unsigned char)*number))
			return usage();
		lines = kind == 'c' ? -1 : atol(number);
		bytes = kind == 'c' ? atol(number) : -1;
		i++;
	}
	many = argc - i > 1;
	if (i == argc)
		copy(stdin, lines, bytes);
	for (; i < argc; i++) {
		f = fopen(argv[i], "r");
		if (!f) {
			fprintf(stderr, "head: %s: %s\n", argv[i],
				strerror(errno));
			status = 1;
			continue;
		}
		if (many)
			printf("==> %s <==\n", argv[i]);
		copy(f, lines, bytes);
		fclose(f);
	}
	return fflush(stdout) ? 1 : status;
}
