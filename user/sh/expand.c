/* SPDX-License-Identifier: MIT */
/*
 * Words to fields. A word is expanded into a buffer that knows for each
 * character where it came from (enum xflag); field.c then splits, and
 * matches file names, by those flags alone:
 *
 *   raw      a"$x"$y*       with x='1 2', y='3 4'
 *   text     a1 23 4*
 *   flags    L QQQ RRR L    ->  fields  "a1 23"  "4*"
 */
#include "sh.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void xbuf_add(struct xbuf *x, char c, enum xflag flag)
{
	str_add(&x->text, c);
	str_add(&x->flags, (char)flag);
}

void xbuf_free(struct xbuf *x)
{
	str_free(&x->text);
	str_free(&x->flags);
}

/* What a character written in the script, here, gets. */
enum xflag xbuf_flag(const struct xbuf *x)
{
	if (x->quoted)
		return X_QUOTED;
	return x->result ? X_RESULT : X_LITERAL;
}

void xbuf_result(struct xbuf *x, const char *s)
{
	enum xflag flag = x->quoted ? X_QUOTED : X_RESULT;

	while (*s)
		xbuf_add(x, *s++, flag);
}

static size_t expand_single(struct xbuf *x, const char *raw, size_t i)
{
	xbuf_add(x, ' ', X_EMPTY);
	for (i++; raw[i] && raw[i] != '\''; i++)
		xbuf_add(x, raw[i], X_QUOTED);
	return raw[i] ? i + 1 : i;
}

/* "...": a field even when nothing is in it, unless that is an empty "$@". */
static size_t expand_double(struct xbuf *x, const char *raw, size_t i)
{
	size_t end = part_end(raw, i, false), before = x->text.len;

	if (!end)
		return strlen(raw);
	xbuf_add(x, ' ', X_EMPTY);
	x->quoted = true;
	x->nothing = false;
	if (end > i + 1)
		expand_into(x, raw + i + 1, end - i - 2);
	x->quoted = false;
	if (x->nothing && x->text.len == before + 1) {
		x->text.len--;
		x->flags.len--;
	}
	return end;
}

static size_t expand_backslash(struct xbuf *x, const char *raw, size_t i)
{
	char c = raw[i + 1];

	if (c == '\n')
		return i + 2;
	if (!c) {
		xbuf_add(x, '\\', X_QUOTED);
		return i + 1;
	}
	if (x->quoted && (!strchr("$`\"\\", c) || (x->here && c == '"')))
		xbuf_add(x, '\\', X_QUOTED);
	xbuf_add(x, c, X_QUOTED);
	return i + 2;
}

static size_t expand_tilde(struct xbuf *x, const char *raw, size_t i)
{
	const char *home = var_get("HOME");

	if (raw[i + 1] && raw[i + 1] != '/' && raw[i + 1] != ':')
		home = NULL;
	if (!home)
		home = "~";
	while (*home)
		xbuf_add(x, *home++, X_QUOTED);
	return i + 1;
}

/* The part of RAW that begins at I; where the next one begins. */
static size_t expand_part(struct xbuf *x, const char *raw, size_t i)
{
	char c = raw[i];

	if (c == '$' || c == '`')
		return expand_param(x, raw, i);
	if (c == '\\')
		return expand_backslash(x, raw, i);
	if (c == '"' && !x->here) {
		if (!x->quoted)
			return expand_double(x, raw, i);
		return i + 1;
	}
	if (c == '\'' && !x->quoted)
		return expand_single(x, raw, i);
	xbuf_add(x, c, xbuf_flag(x));
	return i + 1;
}

void expand_into(struct xbuf *x, const char *raw, size_t len)
{
	char *copy = xmalloc(len + 1);
	size_t i = 0;

	memcpy(copy, raw, len);
	copy[len] = '\0';
	if (copy[0] == '~' && !x->quoted)
		i = expand_tilde(x, copy, 0);
	while (i < len && sh.flow == FLOW_NONE)
		i = expand_part(x, copy, i);
	free(copy);
}

char **expand_words(const struct word *words, int *argc)
{
	struct fields f = { 0 };

	for (; words && sh.flow == FLOW_NONE; words = words->next) {
		struct xbuf x = { .fields = true };

		expand_into(&x, words->text, strlen(words->text));
		fields_split(&f, &x);
		xbuf_free(&x);
	}
	fields_add(&f, NULL);
	*argc = f.count - 1;
	return f.list;
}

char *expand_string(const char *raw)
{
	struct xbuf x = { 0 };
	char *s;

	expand_into(&x, raw, strlen(raw));
	s = xbuf_string(&x);
	xbuf_free(&x);
	return s;
}

char *expand_pattern(const char *raw)
{
	struct xbuf x = { 0 };
	char *s;

	expand_into(&x, raw, strlen(raw));
	s = xbuf_pattern(&x);
	xbuf_free(&x);
	return s;
}

static char *expand_quoted(const char *raw, bool here)
{
	struct xbuf x = { .quoted = true, .here = here };
	char *s;

	expand_into(&x, raw, strlen(raw));
	s = xbuf_string(&x);
	xbuf_free(&x);
	return s;
}

char *expand_here(const char *body)
{
	return expand_quoted(body, true);
}

/* PS1 and PS2 may hold parameters: '$PWD$ '. */
char *expand_prompt(const char *raw)
{
	return expand_quoted(raw, true);
}

char *remove_quotes(struct arena *a, const char *raw, bool *had_quotes)
{
	char *s = arena_copy(a, raw, strlen(raw)), *to = s;
	char quote = 0;

	*had_quotes = false;
	for (; *raw; raw++) {
		bool opens = !quote && (*raw == '"' || *raw == '\'');

		if (opens || (quote && *raw == quote)) {
			quote = opens ? *raw : 0;
			*had_quotes = true;
		} else if (*raw == '\\' && quote != '\'' && raw[1]) {
			*to++ = *++raw;
			*had_quotes = true;
		} else {
			*to++ = *raw;
		}
	}
	*to = '\0';
	return s;
}
