/* SPDX-License-Identifier: MIT */
/* cmp [-s] FILE FILE: status 0 when they hold the same bytes, 1 when they
 * differ (and says where, but not with -s), 2 when one cannot be read. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

static FILE *open_file(const char *path)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");

	if (!f)
		fprintf(stderr, "cmp: %s: %s\n", path, strerror(errno));
	return f;
}

int main(int argc, char **argv)
{
	int silent = argc > 1 && strcmp(argv[1], "-s") == 0, a, b;
	unsigned long long bytes = 1, lines = 1;
	FILE *f, *g;

	argv += silent;
	if (argc - silent != 3) {
		fprintf(stderr, "usage: cmp [-s] FILE FILE\n");
		return 2;
	}
	f = open_file(argv[1]);
	g = f ? open_file(argv[2]) : NULL;
	if (!g)
		return 2;
	for (;; bytes++) {
		a = getc_unlocked(f);
		b = getc_unlocked(g);
		if (a == EOF || a != b)
			break;
		lines += a == '\n';
	}
	if (a == b)
		return 0;
	if (!silent && a != EOF && b != EOF)
		printf("%s %s differ: byte %llu, line %llu\n", argv[1], argv[2],
		       bytes, lines);
	else if (!silent)
		fprintf(stderr, "cmp: EOF on %s after byte %llu\n",
			a == EOF ? argv[1] : argv[2], bytes - 1);
	return 1;
}
