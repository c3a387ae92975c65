/* SPDX-License-Identifier: MIT */
/* od [-c | -x] [FILE]: the bytes of a file, 16 a line, with their offset:
 * octal words, -c characters, -x hexadecimal bytes and text beside them. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_char(int c)
{
	static const char letters[] = "0......abtnvfr";

	if (c < 14 && letters[c] != '.')
		printf("  \\%c", letters[c]);
	else if (isprint(c))
		printf("   %c", c);
	else
		printf(" %03o", c);
}

static void print_hex(const unsigned char *b, size_t n)
{
	size_t i;

	for (i = 0; i < 16; i++) {
		if (i < n)
			printf(" %02x", b[i]);
		else
			printf("   ");
	}
	printf("  ");
	for (i = 0; i < n; i++)
		putchar(isprint(b[i]) ? b[i] : '.');
}

static void print_words(const unsigned char *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i += 2)
		printf(" %06o", b[i] | (i + 1 < n ? b[i + 1] << 8 : 0));
}

int main(int argc, char **argv)
{
	unsigned long long offset = 0;
	unsigned char b[16];
	int c, kind = 'o';
	size_t n, i;

	while ((c = getopt(argc, argv, "+cx")) != -1)
		kind = c;
	if (kind == '?') {
		fprintf(stderr, "usage: od [-c | -x] [FILE]\n");
		return 2;
	}
	if (optind < argc && !freopen(argv[optind], "r", stdin)) {
		fprintf(stderr, "od: %s: %s\n", argv[optind], strerror(errno));
		return 1;
	}
	while ((n = fread(b, 1, sizeof(b), stdin)) > 0) {
		printf(kind == 'x' ? "%08llx" : "%07llo", offset);
		for (i = 0; kind == 'c' && i < n; i++)
			print_char(b[i]);
		if (kind == 'x')
			print_hex(b, n);
		else if (kind == 'o')
			print_words(b, n);
		putchar('\n');
		offset += n;
	}
	printf(kind == 'x' ? "%08llx\n" : "%07llo\n", offset);
	return fflush(stdout) ? 1 : 0;
}
