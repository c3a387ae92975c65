/* SPDX-License-Identifier: MIT */
/*
 * expr EXPRESSION: prints its value; status 1 when that is 0 or empty.
 * | & = != < <= > >= + - * / % : (match at the beginning) ( )
 */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char **next; /* words still to be read */

static const char *or_value(void);

static void __attribute__((noreturn)) bad(const char *what)
{
	fprintf(stderr, "expr: %s\n", what);
	exit(2);
}

static const char *text_of(long long n)
{
	char *s = malloc(24);

	if (!s)
		bad("out of memory");
	snprintf(s, 24, "%lld", n);
	return s;
}

static int is_number(const char *s, long long *n)
{
	char *end;

	*n = strtoll(s, &end, 10);
	return *s && !*end;
}

static int is_null(const char *s)
{
	long long n;

	return !*s || (is_number(s, &n) && n == 0);
}

static int at(const char *word)
{
	return *next && strcmp(*next, word) == 0;
}

static const char *value(void)
{
	const char *v;

	if (!*next)
		bad("a value is missing");
	if (!at("("))
		return *next++;
	next++;
	v = or_value();
	if (!at(")"))
		bad("a ) is missing");
	next++;
	return v;
}

static const char *match(const char *s, const char *pattern)
{
	regmatch_t m[2];
	regex_t re;
	char *part;
	int hit;

	if (regcomp(&re, pattern, 0) != 0)
		bad("this is no pattern");
	hit = regexec(&re, s, 2, m, 0) == 0 && m[0].rm_so == 0;
	if (re.re_nsub == 0)
		return text_of(hit ? m[0].rm_eo : 0);
	if (!hit || m[1].rm_so < 0)
		return "";
	part = strdup(s + m[1].rm_so);
	if (!part)
		bad("out of memory");
	part[m[1].rm_eo - m[1].rm_so] = '\0';
	return part;
}

static const char *match_value(void)
{
	const char *v = value();

	while (at(":")) {
		next++;
		v = match(v, value());
	}
	return v;
}

static const char *calculate(const char *a, char op, const char *b)
{
	long long x, y;

	if (!is_number(a, &x) || !is_number(b, &y))
		bad("this is no number");
	if ((op == '/' || op == '%') && y == 0)
		bad("division by zero");
	switch (op) {
	case '+':
		return text_of(x + y);
	case '-':
		return text_of(x - y);
	case '*':
		return text_of(x * y);
	case '/':
		return text_of(x / y);
	}
	return text_of(x % y);
}

static const char *product(void)
{
	const char *v = match_value(), *op;

	while (at("*") || at("/") || at("%")) {
		op = *next++;
		v = calculate(v, *op, match_value());
	}
	return v;
}

static const char *sum(void)
{
	const char *v = product(), *op;

	while (at("+") || at("-")) {
		op = *next++;
		v = calculate(v, *op, product());
	}
	return v;
}

static int compare(const char *a, const char *b)
{
	long long x, y;

	if (is_number(a, &x) && is_number(b, &y))
		return (x > y) - (x < y);
	return strcmp(a, b);
}

static int holds(const char *op, int order)
{
	if (op[0] == '=')
		return order == 0;
	if (op[0] == '!')
		return order != 0;
	if (op[0] == '<')
		return order < 0 || (op[1] && order == 0);
	return order > 0 || (op[1] && order == 0);
}

static const char *comparison(void)
{
	const char *v = sum(), *op;

	while (at("=") || at("==") || at("!=") || at("<") || at("<=") ||
	       at(">") || at(">=")) {
		op = *next++;
		v = holds(op, compare(v, sum())) ? "1" : "0";
	}
	return v;
}

static const char *and_value(void)
{
	const char *v = comparison(), *right;

	while (at("&")) {
		next++;
		right = comparison();
		if (is_null(v) || is_null(right))
			v = "0";
	}
	return v;
}

static const char *or_value(void)
{
	const char *v = and_value(), *right;

	while (at("|")) {
		next++;
		right = and_value();
		if (is_null(v))
			v = is_null(right) ? "0" : right;
	}
	return v;
}

int main(int argc, char **argv)
{
	const char *v;

	if (argc < 2)
		bad("usage: expr EXPRESSION");
	next = argv + 1;
	v = or_value();
	if (*next)
		bad("something does not belong there");
	puts(v);
	return is_null(v);
}
