/* SPDX-License-Identifier: MIT */
/*
 * Tokens to a tree, by recursive descent:
 *
 *   list      and_or { (; | & | newline) and_or }
 *   and_or    pipeline { (&& | ||) pipeline }
 *   pipeline  [!] command { | command }
 *   command   compound {redirection} | NAME ( ) compound | simple
 *
 * Each function is entered with the current token in p->tok and leaves the
 * first token it did not use there. After an error the token is TOK_EOF, so
 * that everything returns.
 */
#include "sh.h"

#include <string.h>

struct node *new_node(struct parser *p, enum node_kind kind)
{
	struct node *n = arena_alloc(p->arena, sizeof(*n));

	n->kind = kind;
	n->line = p->src->line;
	return n;
}

struct word *new_word(struct parser *p, char *text)
{
	struct word *w = arena_alloc(p->arena, sizeof(*w));

	w->text = text;
	return w;
}

bool at_word(const struct parser *p, const char *word)
{
	return p->tok == TOK_WORD && strcmp(p->text, word) == 0;
}

void skip_newlines(struct parser *p)
{
	while (p->tok == TOK_NEWLINE) {
		p->src->continued = true;
		next_token(p);
	}
}

bool expect_word(struct parser *p, const char *word)
{
	if (!at_word(p, word)) {
		parse_error(p, word);
		return false;
	}
	next_token(p);
	return true;
}

/* --- redirections ----------------------------------------------------- */

static bool is_redir_token(enum token tok)
{
	return tok == TOK_IONUMBER || tok >= TOK_LESS;
}

static enum redir_kind kind_of_token(enum token tok)
{
	static const enum redir_kind kinds[] = {
		[TOK_LESS - TOK_LESS] = REDIR_IN,
		[TOK_GREAT - TOK_LESS] = REDIR_OUT,
		[TOK_CLOBBER - TOK_LESS] = REDIR_CLOBBER,
		[TOK_DGREAT - TOK_LESS] = REDIR_APPEND,
		[TOK_LESSGREAT - TOK_LESS] = REDIR_RDWR,
		[TOK_LESSAND - TOK_LESS] = REDIR_DUP,
		[TOK_GREATAND - TOK_LESS] = REDIR_DUP,
		[TOK_DLESS - TOK_LESS] = REDIR_HERE,
		[TOK_DLESSDASH - TOK_LESS] = REDIR_HERE,
	};

	return kinds[tok - TOK_LESS];
}

static bool reads_by_default(enum token tok)
{
	return tok == TOK_LESS || tok == TOK_LESSGREAT || tok == TOK_LESSAND ||
	       tok == TOK_DLESS || tok == TOK_DLESSDASH;
}

static void expect_here(struct parser *p, struct redir *r, bool strip)
{
	struct here *h = arena_alloc(p->arena, sizeof(*h));

	h->redir = r;
	h->strip = strip;
	h->delimiter = remove_quotes(p->arena, p->text, &r->literal);
	*p->here_tail = h;
	p->here_tail = &h->next;
}

static int small_number(const char *digits)
{
	int n = 0;

	while (*digits && n < 100000)
		n = n * 10 + (*digits++ - '0');
	return n;
}

static struct redir *parse_redir(struct parser *p)
{
	struct redir *r = arena_alloc(p->arena, sizeof(*r));
	enum token op;
	int fd = -1;

	if (p->tok == TOK_IONUMBER) {
		fd = small_number(p->text);
		next_token(p);
	}
	op = p->tok;
	r->kind = kind_of_token(op);
	r->fd = fd >= 0 ? fd : reads_by_default(op) ? 0 : 1;
	next_token(p);
	if (p->tok != TOK_WORD && p->tok != TOK_IONUMBER) {
		parse_error(p, "a file name behind the redirection");
		return r;
	}
	r->text = p->text;
	if (r->kind == REDIR_HERE)
		expect_here(p, r, op == TOK_DLESSDASH);
	next_token(p);
	return r;
}

struct redir *parse_redirs(struct parser *p)
{
	struct redir *first = NULL, **tail = &first;

	while (is_redir_token(p->tok)) {
		*tail = parse_redir(p);
		tail = &(*tail)->next;
	}
	return first;
}

/* --- simple commands and functions ------------------------------------ */

static bool is_reserved(const char *s)
{
	static const char *const words[] = {
		"!",  "{",   "}",  "case", "do",   "done",  "elif",  "else",
		"fi", "for", "if", "esac", "then", "until", "while",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(s, words[i]) == 0)
			return true;
	return false;
}

static struct node *parse_function(struct parser *p, char *name)
{
	struct node *n = new_node(p, NODE_FUNCTION);

	n->name = name;
	n->arena = p->arena;
	next_token(p);
	if (p->tok != TOK_RPAREN) {
		parse_error(p, ")");
		return n;
	}
	next_token(p);
	skip_newlines(p);
	n->a = parse_compound(p);
	if (!n->a)
		parse_error(p, "a body such as { ...; }");
	else
		n->a->redirs = parse_redirs(p);
	return n;
}

static bool is_function_name(const struct node *n)
{
	const struct word *w = n->words;

	return w && !w->next && !n->assigns && !n->redirs &&
	       w->text[strcspn(w->text, "\"'\\$`=")] == '\0';
}

static struct node *parse_simple(struct parser *p)
{
	struct node *n = new_node(p, NODE_SIMPLE);
	struct word **words = &n->words, **assigns = &n->assigns;
	struct redir **redirs = &n->redirs;

	for (;;) {
		if (is_redir_token(p->tok)) {
			*redirs = parse_redirs(p);
			while (*redirs)
				redirs = &(*redirs)->next;
		} else if (p->tok == TOK_LPAREN && is_function_name(n)) {
			return parse_function(p, n->words->text);
		} else if (p->tok != TOK_WORD) {
			return n;
		} else {
			bool assign = !n->words && assignment_name(p->text);
			struct word ***tail = assign ? &assigns : &words;

			**tail = new_word(p, p->text);
			*tail = &(**tail)->next;
			next_token(p);
		}
	}
}

static bool starts_simple(const struct parser *p)
{
	return is_redir_token(p->tok) ||
	       (p->tok == TOK_WORD && !is_reserved(p->text));
}

static struct node *parse_one(struct parser *p)
{
	struct node *n = parse_compound(p);

	if (n) {
		n->redirs = parse_redirs(p);
		return n;
	}
	if (starts_simple(p))
		return parse_simple(p);
	parse_error(p, "a command");
	return NULL;
}

/* --- pipelines and lists ---------------------------------------------- */

static struct node *parse_pipeline(struct parser *p)
{
	struct node *n, *pipe, *not = NULL;

	if (at_word(p, "!")) {
		not = new_node(p, NODE_NOT);
		next_token(p);
	}
	n = parse_one(p);
	if (p->tok == TOK_PIPE) {
		pipe = new_node(p, NODE_PIPE);
		pipe->a = n;
		next_token(p);
		skip_newlines(p);
		pipe->b = parse_pipeline(p);
		n = pipe;
	}
	if (!not )
		return n;
	not ->a = n;
	return not ;
}

static struct node *parse_and_or(struct parser *p)
{
	struct node *n = parse_pipeline(p), *op;

	while (p->tok == TOK_AND_IF || p->tok == TOK_OR_IF) {
		op = new_node(p, p->tok == TOK_AND_IF ? NODE_AND : NODE_OR);
		next_token(p);
		skip_newlines(p);
		op->a = n;
		op->b = parse_pipeline(p);
		n = op;
	}
	return n;
}

static bool starts_command(const struct parser *p)
{
	static const char *const enders[] = { "}",    "do",   "done", "elif",
					      "else", "esac", "fi",   "then" };
	size_t i;

	if (p->tok != TOK_WORD)
		return p->tok == TOK_LPAREN || is_redir_token(p->tok);
	for (i = 0; i < sizeof(enders) / sizeof(*enders); i++)
		if (at_word(p, enders[i]))
			return false;
	return true;
}

/* The next command behind N, with its separator; true: there may be more. */
static bool parse_more(struct parser *p, struct node **n)
{
	struct node *item = parse_and_or(p), *wrap;

	if (p->tok == TOK_AMP) {
		wrap = new_node(p, NODE_BACKGROUND);
		wrap->a = item;
		item = wrap;
	}
	if (*n) {
		wrap = new_node(p, NODE_SEQ);
		wrap->a = *n;
		wrap->b = item;
		item = wrap;
	}
	*n = item;
	if (p->tok != TOK_AMP && p->tok != TOK_SEMI)
		return false;
	next_token(p);
	return true;
}

/* Commands up to a closing word, ), ;; or the end; NULL: there were none. */
struct node *parse_list(struct parser *p)
{
	struct node *n = NULL;

	skip_newlines(p);
	while (starts_command(p)) {
		if (!parse_more(p, &n) && p->tok != TOK_NEWLINE)
			break;
		skip_newlines(p);
	}
	return n;
}

struct node *parse_command(struct parser *p)
{
	struct node *n = NULL;

	p->src->continued = false;
	do
		next_token(p);
	while (p->tok == TOK_NEWLINE && !p->src->interactive);
	p->src->continued = true;

	while (starts_command(p))
		if (!parse_more(p, &n))
			break;
	if (!p->error && p->tok != TOK_NEWLINE && p->tok != TOK_EOF)
		parse_error(p, "the end of the command");
	return n;
}
