/* SPDX-License-Identifier: MIT */
/* tr [-d | -s] SET [SET]: replaces characters of the first set by those of
 * the second; -d drops them, -s makes runs of them single. a-z is a range. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct set {
	unsigned char list[512];
	int count;
};

static int escape(int c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	case '0':
		return '\0';
	}
	return c;
}

static int next_char(const char **s)
{
	if (**s == '\\' && (*s)[1])
		return (*s)++, escape(*(*s)++);
	return (unsigned char)*(*s)++;
}

static void parse(struct set *set, const char *s)
{
	int first, last;

	set->count = 0;
	while (*s && set->count < 256) {
		first = last = next_char(&s);
		if (*s == '-' && s[1]) {
			s++;
			last = next_char(&s);
		}
		for (; first <= last && set->count < 512; first++)
			set->list[set->count++] = (unsigned char)first;
	}
}

static int index_in(const struct set *set, int c)
{
	const unsigned char *p = memchr(set->list, c, set->count);

	return p ? (int)(p - set->list) : -1;
}

int main(int argc, char **argv)
{
	int c, i, before = -1, drop = 0, squeeze = 0;
	struct set from, to = { .count = 0 };

	while ((c = getopt(argc, argv, "+ds")) != -1) {
		drop |= c == 'd';
		squeeze |= c == 's';
	}
	if (argc - optind != (drop || squeeze ? 1 : 2)) {
		fprintf(stderr, "usage: tr SET SET, tr -d SET, tr -s SET\n");
		return 2;
	}
	parse(&from, argv[optind]);
	if (optind + 1 < argc)
		parse(&to, argv[optind + 1]);
	while ((c = getchar_unlocked()) != EOF) {
		i = index_in(&from, c);
		if (i >= 0 && (drop || (squeeze && c == before)))
			continue;
		before = c;
		if (i >= 0 && to.count)
			c = to.list[i < to.count ? i : to.count - 1];
		putchar_unlocked(c);
	}
	return fflush(stdout) ? 1 : 0;
}
