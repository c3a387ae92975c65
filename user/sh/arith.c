/* SPDX-License-Identifier: MIT */
/*
 * $(( )): C's integer expressions over 64-bit numbers and variables.
 * Binary operators by precedence climbing; && || ?: do not evaluate the
 * side that does not count (no assignment, no division by zero there).
 */
#include "sh.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arith {
	const char *s; /* still to be read */
	int skip; /* depth of sides that do not count */
	bool bad; /* an error was reported */
};

struct binary {
	const char *text;
	int level; /* higher binds tighter */
};

/* Longer ones first. */
static const struct binary binaries[] = {
	{ "||", 1 }, { "&&", 2 }, { "==", 6 }, { "!=", 6 }, { "<=", 7 },
	{ ">=", 7 }, { "<<", 8 }, { ">>", 8 }, { "|", 3 },  { "^", 4 },
	{ "&", 5 },  { "<", 7 },  { ">", 7 },  { "+", 9 },  { "-", 9 },
	{ "*", 10 }, { "/", 10 }, { "%", 10 },
};

static long long assignment(struct arith *a);

static void bad(struct arith *a, const char *what)
{
	if (!a->bad)
		fail(2, "arithmetic: %s at \"%s\"", what, a->s);
	a->bad = true;
	a->s = "";
}

static void blanks(struct arith *a)
{
	while (isspace((unsigned char)*a->s))
		a->s++;
}

static bool accept(struct arith *a, const char *text)
{
	blanks(a);
	if (strncmp(a->s, text, strlen(text)) != 0)
		return false;
	a->s += strlen(text);
	return true;
}

/* Unsigned arithmetic where signed overflow would be undefined. */
static long long apply(struct arith *a, const char *op, long long l,
		       long long r)
{
	unsigned long long ul = l, ur = r;

	switch (op[0] << 8 | op[1]) {
	case '|' << 8 | '|':
		return l || r;
	case '&' << 8 | '&':
		return l && r;
	case '=' << 8 | '=':
		return l == r;
	case '!' << 8 | '=':
		return l != r;
	case '<' << 8 | '=':
		return l <= r;
	case '>' << 8 | '=':
		return l >= r;
	case '<' << 8 | '<':
		return ul << (r & 63);
	case '>' << 8 | '>':
		return l >> (r & 63);
	}
	switch (op[0]) {
	case '|':
		return l | r;
	case '^':
		return l ^ r;
	case '&':
		return l & r;
	case '<':
		return l < r;
	case '>':
		return l > r;
	case '+':
		return ul + ur;
	case '-':
		return ul - ur;
	case '*':
		return ul * ur;
	}
	if (r == 0 || (r == -1 && op[0] == '%'))
		return r || a->skip ? 0 : (bad(a, "division by zero"), 0);
	if (r == -1)
		return 0 - ul;
	return op[0] == '/' ? l / r : l % r;
}

static long long variable_value(struct arith *a, const char *name)
{
	const char *s = var_get(name);
	char *end;
	long long n;

	if (!s || !*s)
		return 0;
	n = strtoll(s, &end, 0);
	while (isspace((unsigned char)*end))
		end++;
	if (*end)
		bad(a, "a variable that is no number");
	return n;
}

static void store(struct arith *a, const char *name, long long value)
{
	char text[24];

	if (a->skip || a->bad)
		return;
	snprintf(text, sizeof(text), "%lld", value);
	var_set(name, text);
}

static char *take_name(struct arith *a)
{
	size_t n = name_length(a->s);
	char *name = stack_copy(a->s, n);

	a->s += n;
	blanks(a);
	return name;
}

/* NAME, NAME = e, NAME op= e, NAME++, NAME-- */
static long long name_value(struct arith *a)
{
	static const char *const ops[] = { "+",	 "-",  "*", "/", "%",
					   "<<", ">>", "&", "|", "^" };
	char *name = take_name(a);
	long long value;
	size_t i, n;

	if (a->s[0] == '=' && a->s[1] != '=') {
		a->s++;
		value = assignment(a);
		store(a, name, value);
		return value;
	}
	value = variable_value(a, name);
	for (i = 0; i < sizeof(ops) / sizeof(*ops); i++) {
		n = strlen(ops[i]);
		if (strncmp(a->s, ops[i], n) == 0 && a->s[n] == '=') {
			a->s += n + 1;
			value = apply(a, ops[i], value, assignment(a));
			store(a, name, value);
			return value;
		}
	}
	if (accept(a, "++"))
		store(a, name, value + 1);
	else if (accept(a, "--"))
		store(a, name, value - 1);
	return value;
}

static long long number(struct arith *a)
{
	char *end;
	long long n = strtoll(a->s, &end, 0);

	a->s = end;
	if (is_name_char((unsigned char)*end))
		bad(a, "a number that is none");
	return n;
}

static long long unary(struct arith *a);

/* ++NAME and --NAME; BY is 1 or -1. */
static long long step(struct arith *a, int by)
{
	long long value;
	char *name;

	blanks(a);
	if (!name_length(a->s)) {
		value = unary(a);
		return value;
	}
	name = take_name(a);
	value = variable_value(a, name) + by;
	store(a, name, value);
	return value;
}

static long long primary(struct arith *a)
{
	long long value;

	blanks(a);
	if (accept(a, "(")) {
		value = assignment(a);
		if (!accept(a, ")"))
			bad(a, "a missing )");
		return value;
	}
	if (isdigit((unsigned char)*a->s))
		return number(a);
	if (name_length(a->s))
		return name_value(a);
	bad(a, "a missing value");
	return 0;
}

static long long unary(struct arith *a)
{
	if (accept(a, "++"))
		return step(a, 1);
	if (accept(a, "--"))
		return step(a, -1);
	if (accept(a, "-"))
		return 0 - (unsigned long long)unary(a);
	if (accept(a, "+"))
		return unary(a);
	if (accept(a, "!"))
		return !unary(a);
	if (accept(a, "~"))
		return ~unary(a);
	return primary(a);
}

static const struct binary *next_binary(struct arith *a, int level)
{
	size_t i;

	blanks(a);
	for (i = 0; i < sizeof(binaries) / sizeof(*binaries); i++)
		if (strncmp(a->s, binaries[i].text, strlen(binaries[i].text)) ==
		    0)
			return binaries[i].level >= level ? &binaries[i] : NULL;
	return NULL;
}

static long long binary(struct arith *a, int level)
{
	long long left = unary(a), right;
	const struct binary *op;
	bool decided;

	while ((op = next_binary(a, level))) {
		a->s += strlen(op->text);
		decided = (op->level == 1 && left) || (op->level == 2 && !left);
		a->skip += decided;
		right = binary(a, op->level + 1);
		a->skip -= decided;
		left = apply(a, op->text, left, right);
	}
	return left;
}

static long long assignment(struct arith *a)
{
	long long condition = binary(a, 1), yes, no;

	if (!accept(a, "?"))
		return condition;
	a->skip += !condition;
	yes = assignment(a);
	a->skip -= !condition;
	if (!accept(a, ":")) {
		bad(a, "a missing :");
		return 0;
	}
	a->skip += !!condition;
	no = assignment(a);
	a->skip -= !!condition;
	return condition ? yes : no;
}

long long arith_eval(const char *text)
{
	struct arith a = { .s = text };
	long long value;

	blanks(&a);
	if (!*a.s)
		return 0;
	value = assignment(&a);
	if (accept(&a, ","))
		return arith_eval(a.s);
	blanks(&a);
	if (*a.s)
		bad(&a, "something that does not belong there");
	return value;
}
