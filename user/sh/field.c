/* SPDX-License-Identifier: MIT */
/*
 * From an expanded word to fields: splitting at IFS, then file names.
 * Only characters flagged X_RESULT are split; only those flagged X_LITERAL
 * or X_RESULT act in a pattern.
 */
#include "sh.h"

#include <string.h>

struct splitter {
	struct fields *out;
	const char *ifs;
	struct xbuf field; /* the one being collected */
	bool exists; /* even if it is empty */
	bool after_blank; /* a field just ended at IFS white space */
};

void fields_add(struct fields *f, char *s)
{
	char **list;

	if (f->count + 1 > f->cap) {
		f->cap = f->cap ? f->cap * 2 : 8;
		list = stack_alloc(f->cap * sizeof(*list));
		if (f->count)
			memcpy(list, f->list, f->count * sizeof(*list));
		f->list = list;
	}
	f->list[f->count++] = s;
}

char *xbuf_string(const struct xbuf *x)
{
	char *s = stack_alloc(x->text.len + 1), *to = s;
	size_t i;

	for (i = 0; i < x->text.len; i++) {
		if (x->flags.s[i] == X_BREAK)
			*to++ = ' ';
		else if (x->flags.s[i] != X_EMPTY)
			*to++ = x->text.s[i];
	}
	return s;
}

char *xbuf_pattern(const struct xbuf *x)
{
	char *s = stack_alloc(2 * x->text.len + 1), *to = s;
	size_t i;

	for (i = 0; i < x->text.len; i++) {
		if (x->flags.s[i] == X_EMPTY || x->flags.s[i] == X_BREAK)
			continue;
		if (x->flags.s[i] == X_QUOTED &&
		    strchr("*?[]\\!-^", x->text.s[i]))
			*to++ = '\\';
		*to++ = x->text.s[i];
	}
	return s;
}

static bool is_pattern(const struct xbuf *x)
{
	size_t i;

	for (i = 0; i < x->text.len; i++) {
		if (x->flags.s[i] != X_LITERAL && x->flags.s[i] != X_RESULT)
			continue;
		if (strchr("*?", x->text.s[i]))
			return true;
		if (x->text.s[i] == '[' && strchr(x->text.s + i, ']'))
			return true;
	}
	return false;
}

static void end_field(struct splitter *s)
{
	struct xbuf *x = &s->field;

	if (sh.noglob || !is_pattern(x) ||
	    !glob_fields(s->out, xbuf_pattern(x)))
		fields_add(s->out, xbuf_string(x));
	x->text.len = 0;
	x->flags.len = 0;
	s->exists = false;
}

/* C, of an unquoted result, is in IFS. */
static void split_at(struct splitter *s, char c)
{
	bool blank = c == ' ' || c == '\t' || c == '\n';

	if (s->exists) {
		end_field(s);
		s->after_blank = blank;
	} else if (!blank && s->after_blank) {
		s->after_blank = false;
	} else if (!blank) {
		end_field(s);
	}
}

static void split_char(struct splitter *s, char c, enum xflag flag)
{
	if (flag == X_BREAK) {
		if (s->exists)
			end_field(s);
		s->after_blank = false;
	} else if (flag == X_RESULT && strchr(s->ifs, c)) {
		split_at(s, c);
	} else {
		if (flag != X_EMPTY)
			xbuf_add(&s->field, c, flag);
		s->exists = true;
		s->after_blank = false;
	}
}

void fields_split(struct fields *f, const struct xbuf *x)
{
	struct splitter s = { .out = f, .ifs = var_get("IFS") };
	size_t i;

	if (!s.ifs)
		s.ifs = " \t\n";
	for (i = 0; i < x->text.len; i++)
		split_char(&s, x->text.s[i], (enum xflag)x->flags.s[i]);
	if (s.exists)
		end_field(&s);
	xbuf_free(&s.field);
}
