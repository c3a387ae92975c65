/* SPDX-License-Identifier: MIT */
/*
 * test EXPRESSION, [ EXPRESSION ]: status 0 when it holds, 1 when it does
 * not, 2 when it is none.
 *
 *   or       and { -o and }
 *   and      not { -a not }
 *   not      [!] primary
 *   primary  ( or ) | STRING op STRING | -op STRING | STRING
 *
 * What a word means depends on how many are left, so that strings which
 * look like operators are safe: test "$a" = "$b" holds for any a and b.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct words {
	char **next; /* still to be read */
	int left;
	bool bad; /* an error was reported */
};

static bool or_expression(struct words *w);

static bool bad(struct words *w, const char *what, const char *word)
{
	if (!w->bad)
		fprintf(stderr, "test: %s%s%s\n", word ? word : "",
			word ? ": " : "", what);
	w->bad = true;
	return false;
}

static const char *take(struct words *w)
{
	w->left--;
	return *w->next++;
}

static bool next_is(const struct words *w, int i, const char *text)
{
	return i < w->left && strcmp(w->next[i], text) == 0;
}

static long long number(struct words *w, const char *text)
{
	char *end;
	long long n = strtoll(text, &end, 10);

	while (*end == ' ' || *end == '\t')
		end++;
	if (end == text || *end)
		bad(w, "is no number", text);
	return n;
}

/* -1: A is older than B or missing; 1: newer. */
static int compare_age(const char *a, const char *b)
{
	struct stat sa, sb;
	bool has_a = stat(a, &sa) == 0, has_b = stat(b, &sb) == 0;

	if (!has_a || !has_b)
		return has_a - has_b;
	if (sa.st_mtim.tv_sec != sb.st_mtim.tv_sec)
		return sa.st_mtim.tv_sec < sb.st_mtim.tv_sec ? -1 : 1;
	return (sa.st_mtim.tv_nsec > sb.st_mtim.tv_nsec) -
	       (sa.st_mtim.tv_nsec < sb.st_mtim.tv_nsec);
}

static bool same_file(const char *a, const char *b)
{
	struct stat sa, sb;

	return stat(a, &sa) == 0 && stat(b, &sb) == 0 &&
	       sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

static const char *const binaries[] = {
	"=",   "==",  "!=",  "<",   ">",   "-eq", "-ne", "-lt",
	"-le", "-gt", "-ge", "-nt", "-ot", "-ef", NULL,
};

static bool is_binary(const char *op)
{
	int i;

	for (i = 0; binaries[i]; i++)
		if (strcmp(op, binaries[i]) == 0)
			return true;
	return false;
}

static bool compare_numbers(struct words *w, const char *a, const char *op,
			    const char *b)
{
	long long x = number(w, a), y = number(w, b);

	switch (op[1] << 8 | op[2]) {
	case 'e' << 8 | 'q':
		return x == y;
	case 'n' << 8 | 'e':
		return x != y;
	case 'l' << 8 | 't':
		return x < y;
	case 'l' << 8 | 'e':
		return x <= y;
	case 'g' << 8 | 't':
		return x > y;
	default:
		return x >= y;
	}
}

static bool binary(struct words *w)
{
	const char *a = take(w), *op = take(w), *b = take(w);

	if (strcmp(op, "=") == 0 || strcmp(op, "==") == 0)
		return strcmp(a, b) == 0;
	if (strcmp(op, "!=") == 0)
		return strcmp(a, b) != 0;
	if (strcmp(op, "<") == 0)
		return strcmp(a, b) < 0;
	if (strcmp(op, ">") == 0)
		return strcmp(a, b) > 0;
	if (strcmp(op, "-nt") == 0)
		return compare_age(a, b) > 0;
	if (strcmp(op, "-ot") == 0)
		return compare_age(a, b) < 0;
	if (strcmp(op, "-ef") == 0)
		return same_file(a, b);
	return compare_numbers(w, a, op, b);
}

static bool test_mode(char op, const struct stat *st)
{
	switch (op) {
	case 'b':
		return S_ISBLK(st->st_mode);
	case 'c':
		return S_ISCHR(st->st_mode);
	case 'd':
		return S_ISDIR(st->st_mode);
	case 'f':
		return S_ISREG(st->st_mode);
	case 'p':
		return S_ISFIFO(st->st_mode);
	case 'S':
		return S_ISSOCK(st->st_mode);
	case 'g':
		return st->st_mode & S_ISGID;
	case 'u':
		return st->st_mode & S_ISUID;
	case 'k':
		return st->st_mode & S_ISVTX;
	case 's':
		return st->st_size > 0;
	default: /* e */
		return true;
	}
}

static bool unary(struct words *w, char op, const char *arg)
{
	struct stat st;

	switch (op) {
	case 'n':
		return *arg;
	case 'z':
		return !*arg;
	case 't':
		return isatty((int)number(w, arg));
	case 'r':
		return access(arg, R_OK) == 0;
	case 'w':
		return access(arg, W_OK) == 0;
	case 'x':
		return access(arg, X_OK) == 0;
	case 'h':
	case 'L':
		return lstat(arg, &st) == 0 && S_ISLNK(st.st_mode);
	}
	return stat(arg, &st) == 0 && test_mode(op, &st);
}

static bool is_unary(const char *op)
{
	return op[0] == '-' && op[1] && !op[2] &&
	       strchr("nztrwxhLbcdfpSgukse", op[1]);
}

static bool primary(struct words *w)
{
	const char *op;
	bool value;

	if (w->left == 0)
		return bad(w, "an operand is missing", NULL);
	if (w->left >= 3 && is_binary(w->next[1]))
		return binary(w);
	if (next_is(w, 0, "(") && w->left > 1) {
		take(w);
		value = or_expression(w);
		if (!next_is(w, 0, ")"))
			return bad(w, "a ) is missing", NULL);
		take(w);
		return value;
	}
	op = take(w);
	if (w->left >= 1 && is_unary(op) && !next_is(w, 1, "="))
		return unary(w, op[1], take(w));
	return *op;
}

static bool not_expression(struct words *w)
{
	if (w->left > 1 && next_is(w, 0, "!") &&
	    !(w->left == 3 && is_binary(w->next[1]))) {
		take(w);
		return !not_expression(w);
	}
	return primary(w);
}

static bool and_expression(struct words *w)
{
	bool value = not_expression(w), right;

	while (!w->bad && next_is(w, 0, "-a")) {
		take(w);
		right = not_expression(w);
		value = value && right;
	}
	return value;
}

static bool or_expression(struct words *w)
{
	bool value = and_expression(w), right;

	while (!w->bad && next_is(w, 0, "-o")) {
		take(w);
		right = and_expression(w);
		value = value || right;
	}
	return value;
}

int main(int argc, char **argv)
{
	struct words w = { argv + 1, argc - 1, false };
	const char *name = strrchr(argv[0], '/');
	bool value;

	if (strcmp(name ? name + 1 : argv[0], "[") == 0) {
		if (argc < 2 || strcmp(argv[argc - 1], "]") != 0) {
			fprintf(stderr, "[: the closing ] is missing\n");
			return 2;
		}
		w.left--;
	}
	if (w.left == 0)
		return 1;
	value = or_expression(&w);
	if (!w.bad && w.left)
		bad(&w, "is not expected here", *w.next);
	return w.bad ? 2 : !value;
}
