/* SPDX-License-Identifier: MIT */
/*
 * printf FORMAT [ARGUMENT ...]: as C's, and over again while arguments are
 * left. %b is a string with escapes; numbers may be decimal, octal, 0x... or
 * 'c for the code of c.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
	char **args; /* still to be printed */
	int left;
	int status;
	bool stop; /* \c was printed */
};

static const char *next_arg(struct job *j)
{
	if (j->left == 0)
		return NULL;
	j->left--;
	return *j->args++;
}

static long long next_number(struct job *j)
{
	const char *s = next_arg(j);
	char *end;
	long long n;

	if (!s)
		return 0;
	if (*s == '\'' || *s == '"')
		return (unsigned char)s[1];
	n = strtoll(s, &end, 0);
	if (end == s || *end) {
		fprintf(stderr, "printf: %s: is no number\n", s);
		j->status = 1;
	}
	return n;
}

/* Up to MAX octal digits at S; their count in *USED. */
static int octal(const char *s, int max, size_t *used)
{
	int n = 0, i;

	for (i = 0; i < max && s[i] >= '0' && s[i] <= '7'; i++)
		n = n * 8 + s[i] - '0';
	*used += i;
	return n;
}

/*
 * The escape behind a backslash at S: its character, or -1 for \c.
 * *USED becomes its length. ZERO: octal is written \0nnn (as %b wants it).
 */
static int escape(const char *s, bool zero, size_t *used)
{
	static const char letters[] = "abfnrtv\\\"'";
	static const char values[] = "\a\b\f\n\r\t\v\\\"'";
	const char *p = *s ? strchr(letters, *s) : NULL;

	*used = 1;
	if (p)
		return values[p - letters];
	if (*s == 'c')
		return -1;
	if (zero && *s == '0')
		return octal(s + 1, 3, used);
	if (*s >= '0' && *s <= '7') {
		*used = 0;
		return octal(s, 3, used);
	}
	*used = 0;
	return '\\';
}

static void print_escaped(struct job *j, const char *s)
{
	size_t used;
	int c;

	while (*s && !j->stop) {
		if (*s != '\\') {
			putchar(*s++);
			continue;
		}
		c = escape(s + 1, true, &used);
		s += 1 + used;
		if (c < 0)
			j->stop = true;
		else
			putchar(c);
	}
}

struct spec {
	char text[48]; /* %, flags, width, precision; room for "lld" */
	size_t len;
};

static void spec_add(struct spec *sp, const char *s, size_t n)
{
	if (sp->len + n + 4 < sizeof(sp->text)) {
		memcpy(sp->text + sp->len, s, n);
		sp->len += n;
		sp->text[sp->len] = '\0';
	}
}

/* A width or precision at S, digits or *; its length. */
static size_t add_count(struct spec *sp, struct job *j, const char *s)
{
	char text[16];
	size_t n = strspn(s, "0123456789");

	if (*s == '*') {
		snprintf(text, sizeof(text), "%d", (int)next_number(j));
		spec_add(sp, text, strlen(text));
		return 1;
	}
	spec_add(sp, s, n);
	return n;
}

static void print_one(struct job *j, struct spec *sp, char conversion)
{
	const char *s;

	switch (conversion) {
	case 'b':
		s = next_arg(j);
		print_escaped(j, s ? s : "");
		return;
	case 's':
		s = next_arg(j);
		spec_add(sp, "s", 1);
		printf(sp->text, s ? s : "");
		return;
	case 'c':
		s = next_arg(j);
		spec_add(sp, "c", 1);
		if (s && *s)
			printf(sp->text, *s);
		return;
	}
	spec_add(sp, "ll", 2);
	spec_add(sp, &conversion, 1);
	printf(sp->text, next_number(j));
}

/* A % conversion at S; what is behind it, NULL when it is none. */
static const char *conversion(struct job *j, const char *s)
{
	struct spec sp = { "%", 1 };
	size_t flags;

	if (s[1] == '%') {
		putchar('%');
		return s + 2;
	}
	flags = strspn(++s, "-+ #0");
	spec_add(&sp, s, flags);
	s += flags;
	s += add_count(&sp, j, s);
	if (*s == '.') {
		spec_add(&sp, ".", 1);
		s++;
		s += add_count(&sp, j, s);
	}
	if (!*s || !strchr("bscdiouxX", *s)) {
		fprintf(stderr, "printf: %%%c: no such conversion\n", *s);
		j->status = 1;
		return NULL;
	}
	print_one(j, &sp, *s);
	return s + 1;
}

static void print_format(struct job *j, const char *s)
{
	size_t used;
	int c;

	while (s && *s && !j->stop) {
		if (*s == '%') {
			s = conversion(j, s);
		} else if (*s == '\\') {
			c = escape(s + 1, false, &used);
			s += 1 + used;
			if (c < 0)
				j->stop = true;
			else
				putchar(c);
		} else {
			putchar(*s++);
		}
	}
}

int main(int argc, char **argv)
{
	struct job j = { argv + 2, argc - 2, 0, false };
	int before;

	if (argc < 2) {
		fprintf(stderr, "usage: printf FORMAT [ARGUMENT ...]\n");
		return 2;
	}
	do {
		before = j.left;
		print_format(&j, argv[1]);
	} while (j.left && j.left < before && !j.stop && !j.status);
	return fflush(stdout) ? 1 : j.status;
}
