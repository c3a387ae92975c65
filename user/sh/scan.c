/* SPDX-License-Identifier: MIT */
/*
 * Where a part of a word ends: '...' "..." `...` \c ${...} $(...) $((...)).
 * Used by the lexer, on a source that may have to read on, and by expansion,
 * on the text of a word (part_end).
 */
#include "sh.h"

#include <ctype.h>
#include <string.h>

bool is_name_start(int c)
{
	return isalpha(c) || c == '_';
}

bool is_name_char(int c)
{
	return isalnum(c) || c == '_';
}

size_t name_length(const char *s)
{
	size_t n = 0;

	if (is_name_start((unsigned char)s[0]))
		while (is_name_char((unsigned char)s[n]))
			n++;
	return n;
}

int next_char(struct parser *p)
{
	int c = source_peek(p->src, 0);

	if (c < 0)
		return c;
	p->src->pos++;
	if (c == '\n')
		p->src->line++;
	return c;
}

static bool unfinished(struct parser *p, const char *what)
{
	if (!p->error)
		p->error = what;
	return false;
}

static bool scan_single(struct parser *p)
{
	int c;

	while ((c = next_char(p)) != '\'')
		if (c < 0)
			return unfinished(p, "a ' is never closed");
	return true;
}

static bool scan_back(struct parser *p)
{
	int c;

	while ((c = next_char(p)) != '`') {
		if (c == '\\')
			c = next_char(p);
		if (c < 0)
			return unfinished(p, "a ` is never closed");
	}
	return true;
}

/* One character C, already read, or the part that begins with it. */
static bool scan_inner(struct parser *p, int c)
{
	if (c == '\\') {
		next_char(p);
		return true;
	}
	if (c != '$' && c != '`' && c != '"' && (c != '\'' || p->in_double))
		return true;
	p->src->pos--;
	return scan_word_part(p);
}

static bool scan_double(struct parser *p)
{
	bool outer = p->in_double;
	bool ok = true;
	int c;

	p->in_double = true;
	while (ok && (c = next_char(p)) != '"')
		ok = c < 0 ? unfinished(p, "a \" is never closed")
			   : scan_inner(p, c);
	p->in_double = outer;
	return ok;
}

static bool scan_brace(struct parser *p)
{
	bool ok = true;
	int c;

	while (ok && (c = next_char(p)) != '}')
		ok = c < 0 ? unfinished(p, "a ${ is never closed")
			   : scan_inner(p, c);
	return ok;
}

/* Behind "$((": true when "))" closes it, false when it is no arithmetic. */
static bool scan_arith(struct parser *p)
{
	int depth = 0, c;

	for (;;) {
		c = next_char(p);
		if (c < 0)
			return false;
		if (c == '(')
			depth++;
		else if (c == ')' && depth-- == 0)
			return next_char(p) == ')';
		else if (!scan_inner(p, c))
			return false;
	}
}

/* Behind "$(": the text is parsed to find its end, and the tree dropped. */
static bool scan_command(struct parser *p)
{
	struct arena scratch = { 0 };
	struct parser sub;

	parser_init(&sub, p->src, &scratch);
	next_token(&sub);
	parse_list(&sub);
	arena_free(&scratch);
	if (sub.error || sub.tok != TOK_RPAREN)
		return unfinished(p, "a $( is never closed, or wrong inside");
	return true;
}

static bool scan_dollar(struct parser *p)
{
	int c = source_peek(p->src, 0);
	unsigned line = p->src->line;
	size_t pos;

	if (c == '{') {
		next_char(p);
		return scan_brace(p);
	}
	if (c != '(')
		return true;
	next_char(p);
	if (source_peek(p->src, 0) != '(')
		return scan_command(p);

	pos = p->src->pos;
	next_char(p);
	if (scan_arith(p))
		return true;
	p->error = NULL;
	p->src->pos = pos;
	p->src->line = line;
	return scan_command(p);
}

bool scan_word_part(struct parser *p)
{
	int c = next_char(p);

	switch (c) {
	case '\'':
		return scan_single(p);
	case '"':
		return scan_double(p);
	case '`':
		return scan_back(p);
	case '$':
		return scan_dollar(p);
	case '\\':
		next_char(p);
		return true;
	}
	return true;
}

size_t part_end(const char *s, size_t i, bool in_double)
{
	struct arena scratch = { 0 };
	struct source src;
	struct parser p;
	size_t n = 0;

	source_string(&src, s + i);
	parser_init(&p, &src, &scratch);
	p.in_double = in_double;
	if (scan_word_part(&p))
		n = i + src.pos;
	else
		fail(2, "syntax error: %s", p.error);
	source_free(&src);
	arena_free(&scratch);
	return n;
}
