/* SPDX-License-Identifier: MIT */
/* wc [-lwc] [FILE ...]: counts lines, words and bytes. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct counts {
	long long lines, words, bytes;
};

static int opt_lines, opt_words, opt_bytes;

static void count_bytes(FILE *f, struct counts *n)
{
	static char buf[1 << 14];
	size_t got;

	while ((got = fread(buf, 1, sizeof(buf), f)) > 0)
		n->bytes += got;
}

static void count(FILE *f, struct counts *n)
{
	int c, in_word = 0;

	if (!opt_lines && !opt_words) {
		count_bytes(f, n);
		return;
	}
	while ((c = getc_unlocked(f)) != EOF) {
		n->bytes++;
		n->lines += c == '\n';
		if (isspace(c)) {
			in_word = 0;
		} else if (!in_word) {
			in_word = 1;
			n->words++;
		}
	}
}

static void print(const struct counts *n, const char *name)
{
	int columns = opt_lines + opt_words + opt_bytes;
	const char *format = columns > 1 ? "%7lld " : name ? "%lld " : "%lld";

	if (opt_lines)
		printf(format, n->lines);
	if (opt_words)
		printf(format, n->words);
	if (opt_bytes)
		printf(format, n->bytes);
	puts(name ? name : "");
}

int main(int argc, char **argv)
{
	struct counts total = { 0, 0, 0 };
	int c, i, status = 0;

	while ((c = getopt(argc, argv, "+lwc")) != -1) {
		opt_lines |= c == 'l';
		opt_words |= c == 'w';
		opt_bytes |= c == 'c';
		if (c == '?') {
			fprintf(stderr, "usage: wc [-lwc] [FILE ...]\n");
			return 2;
		}
	}
	if (!opt_lines && !opt_words && !opt_bytes)
		opt_lines = opt_words = opt_bytes = 1;
	if (optind == argc) {
		count(stdin, &total);
		print(&total, NULL);
	}
	for (i = optind; i < argc; i++) {
		struct counts n = { 0, 0, 0 };
		FILE *f = fopen(argv[i], "r");

		if (!f) {
			fprintf(stderr, "wc: %s: %s\n", argv[i],
				strerror(errno));
			status = 1;
			continue;
		}
		count(f, &n);
		fclose(f);
		print(&n, argv[i]);
		total.lines += n.lines;
		total.words += n.words;
		total.bytes += n.bytes;
	}
	if (argc - optind > 1)
		print(&total, "total");
	return status;
}
