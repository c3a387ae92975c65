/* SPDX-License-Identifier: MIT */
/*
 * Text to tokens. A word keeps its raw text; the bodies of here-documents
 * are read when the newline behind their command is.
 */
#include "sh.h"

#include <ctype.h>
#include <string.h>

struct operator
{
	const char *text;
	enum token tok;
};

/* Longer ones first. */
static const struct operator operators[] = {
	{ "<<-", TOK_DLESSDASH }, { "<<", TOK_DLESS },	{ "<&", TOK_LESSAND },
	{ "<>", TOK_LESSGREAT },  { ">>", TOK_DGREAT }, { ">&", TOK_GREATAND },
	{ ">|", TOK_CLOBBER },	  { "&&", TOK_AND_IF }, { "||", TOK_OR_IF },
	{ ";;", TOK_DSEMI },	  { "<", TOK_LESS },	{ ">", TOK_GREAT },
	{ "|", TOK_PIPE },	  { "&", TOK_AMP },	{ ";", TOK_SEMI },
	{ "(", TOK_LPAREN },	  { ")", TOK_RPAREN },
};

void parser_init(struct parser *p, struct source *src, struct arena *arena)
{
	memset(p, 0, sizeof(*p));
	p->src = src;
	p->arena = arena;
	p->here_tail = &p->heres;
}

const char *token_name(const struct parser *p)
{
	size_t i;

	if (p->tok == TOK_EOF)
		return "the end";
	if (p->tok == TOK_NEWLINE)
		return "the end of the line";
	if (p->tok == TOK_WORD || p->tok == TOK_IONUMBER)
		return p->text;
	for (i = 0; i < sizeof(operators) / sizeof(*operators); i++)
		if (operators[i].tok == p->tok)
			return operators[i].text;
	return "?";
}

void parse_error(struct parser *p, const char *expected)
{
	if (!p->error) {
		p->error = expected;
		p->near = token_name(p);
	}
	p->tok = TOK_EOF;
}

/* One line, without its newline, into LINE; false at the end of the text. */
static bool here_line(struct parser *p, struct str *line)
{
	int c = next_char(p);

	line->len = 0;
	str_addn(line, "", 0);
	if (c < 0)
		return false;
	for (; c >= 0 && c != '\n'; c = next_char(p))
		str_add(line, (char)c);
	return true;
}

static void read_here(struct parser *p, struct here *h)
{
	struct str line = { 0 }, body = { 0 };
	const char *s;

	str_addn(&body, "", 0);
	while (here_line(p, &line)) {
		s = line.s;
		while (h->strip && *s == '\t')
			s++;
		if (strcmp(s, h->delimiter) == 0)
			break;
		str_adds(&body, s);
		str_add(&body, '\n');
	}
	h->redir->text = arena_copy(p->arena, body.s, body.len);
	str_free(&line);
	str_free(&body);
}

static void read_heres(struct parser *p)
{
	struct here *h;

	for (h = p->heres; h; h = h->next)
		read_here(p, h);
	p->heres = NULL;
	p->here_tail = &p->heres;
}

static void skip_blanks(struct parser *p)
{
	int c;

	for (;;) {
		c = source_peek(p->src, 0);
		if (c == ' ' || c == '\t') {
			next_char(p);
		} else if (c == '\\' && source_peek(p->src, 1) == '\n') {
			next_char(p);
			next_char(p);
		} else if (c == '#') {
			while (c >= 0 && c != '\n') {
				p->src->pos++;
				c = source_peek(p->src, 0);
			}
		} else {
			return;
		}
	}
}

static bool lex_operator(struct parser *p)
{
	const struct operator* op;
	size_t i, k;

	for (i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		op = &operators[i];
		for (k = 0; op->text[k]; k++)
			if (source_peek(p->src, k) != op->text[k])
				break;
		if (!op->text[k]) {
			p->src->pos += k;
			p->tok = op->tok;
			return true;
		}
	}
	return false;
}

static bool ends_word(int c)
{
	return c < 0 || strchr(" \t\n;&|<>()", c);
}

static bool all_digits(const char *s)
{
	while (isdigit((unsigned char)*s))
		s++;
	return !*s;
}

static void lex_word(struct parser *p)
{
	size_t start = p->src->pos;
	int c;

	while (!ends_word(source_peek(p->src, 0)))
		if (!scan_word_part(p))
			break;
	p->tok = TOK_WORD;
	p->text =
		arena_copy(p->arena, p->src->buf + start, p->src->pos - start);
	c = source_peek(p->src, 0);
	if ((c == '<' || c == '>') && all_digits(p->text))
		p->tok = TOK_IONUMBER;
	if (p->error)
		p->tok = TOK_EOF;
}

void next_token(struct parser *p)
{
	int c;

	if (p->error)
		return;
	skip_blanks(p);
	c = source_peek(p->src, 0);
	if (c < 0) {
		p->tok = TOK_EOF;
		read_heres(p);
	} else if (c == '\n') {
		next_char(p);
		read_heres(p);
		p->tok = TOK_NEWLINE;
	} else if (!strchr(";&|<>()", c) || !lex_operator(p)) {
		lex_word(p);
	}
}
