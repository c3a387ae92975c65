/* SPDX-License-Identifier: MIT */
/*
 * Everything that begins with $ or `: parameters in all their forms, output
 * of commands, arithmetic.
 *
 *   $x ${x} ${#x}           value, length
 *   ${x-w} ${x=w} ${x?w} ${x+w}   if unset; with : also if empty
 *   ${x#p} ${x##p} ${x%p} ${x%%p} without a matching beginning, or end
 *   $0 $1 ${10} $@ $* $# $? $$ $! $-
 */
#include "sh.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- values ----------------------------------------------------------- */

static const char *number(long n)
{
	char text[24];

	return stack_copy(text, snprintf(text, sizeof(text), "%ld", n));
}

static const char *option_letters(void)
{
	char text[8];
	int n = snprintf(text, sizeof(text), "%s%s%s%s%s",
			 sh.errexit ? "e" : "", sh.noglob ? "f" : "",
			 sh.interactive ? "i" : "", sh.nounset ? "u" : "",
			 sh.xtrace ? "x" : "");

	return stack_copy(text, n);
}

static const char *joined(char separator)
{
	struct str b = { 0 };
	char *s;
	int i;

	for (i = 0; i < positional.count; i++) {
		if (i && separator)
			str_add(&b, separator);
		str_adds(&b, positional.list[i]);
	}
	s = stack_copy(b.s ? b.s : "", b.len);
	str_free(&b);
	return s;
}

static char star_separator(void)
{
	const char *ifs = var_get("IFS");

	return ifs ? ifs[0] : ' ';
}

static const char *positional_value(long n)
{
	if (n == 0)
		return sh.name;
	return n <= positional.count ? positional.list[n - 1] : NULL;
}

/* The value of the parameter NAME, or NULL when it is not set. */
static const char *param_value(const char *name)
{
	if (isdigit((unsigned char)*name))
		return positional_value(strtol(name, NULL, 10));
	switch (*name) {
	case '@':
		return positional.count ? joined(' ') : NULL;
	case '*':
		return positional.count ? joined(star_separator()) : NULL;
	case '#':
		return number(positional.count);
	case '?':
		return number(sh.status);
	case '$':
		return number(sh.pid);
	case '!':
		return sh.last_bg ? number(sh.last_bg) : NULL;
	case '-':
		return option_letters();
	}
	return var_get(name);
}

/* $@ and $*, which may become several fields. */
static void expand_all(struct xbuf *x, char which)
{
	int i;

	if (!x->fields || (x->quoted && which == '*')) {
		xbuf_result(x, joined(which == '*' ? star_separator() : ' '));
		return;
	}
	for (i = 0; i < positional.count; i++) {
		if (i)
			xbuf_add(x, ' ', X_BREAK);
		if (x->quoted)
			xbuf_add(x, ' ', X_EMPTY);
		xbuf_result(x, positional.list[i]);
	}
	if (positional.count == 0)
		x->nothing = true;
}

static void expand_value(struct xbuf *x, const char *name)
{
	const char *value;

	if ((*name == '@' || *name == '*') && !name[1]) {
		expand_all(x, *name);
		return;
	}
	value = param_value(name);
	if (value)
		xbuf_result(x, value);
	else if (sh.nounset)
		fail(2, "%s: parameter not set", name);
}

/* --- ${...} ----------------------------------------------------------- */

static void expand_word_of(struct xbuf *x, const char *word)
{
	bool before = x->result;

	x->result = true;
	expand_into(x, word, strlen(word));
	x->result = before;
}

static void assign_default(struct xbuf *x, const char *name, const char *word)
{
	struct xbuf value = { .quoted = x->quoted };
	char *s;

	if (name[name_length(name)] || !*name) {
		fail(2, "%s: cannot be assigned to", name);
		return;
	}
	expand_into(&value, word, strlen(word));
	s = xbuf_string(&value);
	xbuf_free(&value);
	var_set(name, s);
	xbuf_result(x, s);
}

static void complain_unset(const char *name, const char *word)
{
	if (*word)
		fail(2, "%s: %s", name, expand_string(word));
	else
		fail(2, "%s: parameter not set", name);
}

static bool matches_start(char *s, const char *pattern, size_t len)
{
	char c = s[len];
	bool ok;

	s[len] = '\0';
	ok = fnmatch(pattern, s, 0) == 0;
	s[len] = c;
	return ok;
}

static void remove_start(struct xbuf *x, char *s, const char *pat, bool longest)
{
	size_t len = strlen(s), i;

	for (i = 0; i <= len; i++) {
		size_t n = longest ? len - i : i;

		if (matches_start(s, pat, n)) {
			xbuf_result(x, s + n);
			return;
		}
	}
	xbuf_result(x, s);
}

static void remove_end(struct xbuf *x, char *s, const char *pat, bool longest)
{
	size_t len = strlen(s), i;

	for (i = 0; i <= len; i++) {
		size_t n = longest ? i : len - i;

		if (fnmatch(pat, s + n, 0) == 0) {
			s[n] = '\0';
			break;
		}
	}
	xbuf_result(x, s);
}

static void expand_without(struct xbuf *x, const char *name, const char *op)
{
	const char *value = param_value(name);
	bool longest = op[1] == op[0];
	char *pattern, *copy;

	if (!value)
		value = "";
	copy = stack_copy(value, strlen(value));
	pattern = expand_pattern(op + 1 + longest);
	if (*op == '#')
		remove_start(x, copy, pattern, longest);
	else
		remove_end(x, copy, pattern, longest);
}

/* NAME with the operator text OP: "", ":-word", "%pattern" ... */
static void expand_operator(struct xbuf *x, const char *name, const char *op)
{
	bool colon = *op == ':';
	const char *value = param_value(name);
	bool set = value && !(colon && !*value);

	if (!*op) {
		expand_value(x, name);
		return;
	}
	op += colon;
	if (*op == '+') {
		if (set)
			expand_word_of(x, op + 1);
	} else if (strchr("-=?", *op) && *op && set) {
		expand_value(x, name);
	} else if (*op == '-') {
		expand_word_of(x, op + 1);
	} else if (*op == '=') {
		assign_default(x, name, op + 1);
	} else if (*op == '?') {
		complain_unset(name, op + 1);
	} else if ((*op == '#' || *op == '%') && !colon) {
		expand_without(x, name, op);
	} else {
		fail(2, "${%s%s}: bad substitution", name, op - colon);
	}
}

static size_t param_name_length(const char *s)
{
	if (isdigit((unsigned char)*s))
		return strspn(s, "0123456789");
	if (*s && strchr("@*#?$!-", *s))
		return 1;
	return name_length(s);
}

static void expand_brace(struct xbuf *x, const char *inner)
{
	const char *value, *name;
	size_t n;

	if (*inner == '#' && inner[1] &&
	    inner[1 + param_name_length(inner + 1)] == '\0') {
		value = param_value(inner + 1);
		if (strcmp(inner, "#@") == 0 || strcmp(inner, "#*") == 0)
			xbuf_result(x, number(positional.count));
		else
			xbuf_result(x, number(value ? strlen(value) : 0));
		return;
	}
	n = param_name_length(inner);
	name = stack_copy(inner, n);
	if (n == 0)
		fail(2, "${%s}: bad substitution", inner);
	else
		expand_operator(x, name, inner + n);
}

size_t expand_param(struct xbuf *x, const char *raw, size_t i)
{
	size_t n, end;

	if (raw[i] == '`')
		return expand_back(x, raw, i);
	if (raw[i + 1] == '(')
		return expand_paren(x, raw, i);
	if (raw[i + 1] == '{') {
		end = part_end(raw, i, x->quoted);
		if (!end)
			return strlen(raw);
		expand_brace(x, stack_copy(raw + i + 2, end - i - 3));
		return end;
	}
	n = param_name_length(raw + i + 1);
	if (n == 0) {
		xbuf_add(x, '$', xbuf_flag(x));
		return i + 1;
	}
	if (isdigit((unsigned char)raw[i + 1]))
		n = 1;
	expand_value(x, stack_copy(raw + i + 1, n));
	return i + 1 + n;
}
