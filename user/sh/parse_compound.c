/* SPDX-License-Identifier: MIT */
/*
 * Compound commands:
 *
 *   ( list )    { list; }
 *   if list; then list; [elif list; then list;] [else list;] fi
 *   while list; do list; done    until list; do list; done
 *   for NAME [in words]; do list; done
 *   case word in [(] pattern | pattern ) list ;; ... esac
 */
#include "sh.h"

#include <string.h>

/* A list that may not be empty. */
static struct node *body(struct parser *p)
{
	struct node *n = parse_list(p);

	if (!n)
		parse_error(p, "a command");
	return n;
}

static struct node *parse_subshell(struct parser *p)
{
	struct node *n = new_node(p, NODE_SUBSHELL);

	next_token(p);
	n->a = body(p);
	if (p->tok == TOK_RPAREN)
		next_token(p);
	else
		parse_error(p, ")");
	return n;
}

static struct node *parse_group(struct parser *p)
{
	struct node *n = new_node(p, NODE_GROUP);

	next_token(p);
	n->a = body(p);
	expect_word(p, "}");
	return n;
}

/* Behind "if" or "elif", up to "fi", which stays for the outermost. */
static struct node *parse_if_rest(struct parser *p)
{
	struct node *n = new_node(p, NODE_IF);

	next_token(p);
	n->a = body(p);
	expect_word(p, "then");
	n->b = body(p);
	if (at_word(p, "elif")) {
		n->c = parse_if_rest(p);
	} else if (at_word(p, "else")) {
		next_token(p);
		n->c = body(p);
	}
	return n;
}

static struct node *parse_if(struct parser *p)
{
	struct node *n = parse_if_rest(p);

	expect_word(p, "fi");
	return n;
}

static struct node *parse_do(struct parser *p)
{
	struct node *n;

	expect_word(p, "do");
	n = body(p);
	expect_word(p, "done");
	return n;
}

static struct node *parse_while(struct parser *p, enum node_kind kind)
{
	struct node *n = new_node(p, kind);

	next_token(p);
	n->a = body(p);
	n->b = parse_do(p);
	return n;
}

static void parse_for_words(struct parser *p, struct node *n)
{
	struct word **tail = &n->words;

	next_token(p);
	while (p->tok == TOK_WORD || p->tok == TOK_IONUMBER) {
		*tail = new_word(p, p->text);
		tail = &(*tail)->next;
		next_token(p);
	}
	if (p->tok != TOK_SEMI && p->tok != TOK_NEWLINE)
		parse_error(p, "; or a new line");
	else
		next_token(p);
}

static struct node *parse_for(struct parser *p)
{
	struct node *n = new_node(p, NODE_FOR);

	next_token(p);
	if (p->tok != TOK_WORD || p->text[name_length(p->text)] || !*p->text) {
		parse_error(p, "a variable's name");
		return n;
	}
	n->name = p->text;
	next_token(p);
	n->all_args = true;
	if (p->tok == TOK_SEMI)
		next_token(p);
	skip_newlines(p);
	if (at_word(p, "in")) {
		n->all_args = false;
		parse_for_words(p, n);
	}
	skip_newlines(p);
	n->b = parse_do(p);
	return n;
}

static struct case_item *parse_item(struct parser *p)
{
	struct case_item *it = arena_alloc(p->arena, sizeof(*it));
	struct word **tail = &it->patterns;

	if (p->tok == TOK_LPAREN)
		next_token(p);
	for (;;) {
		if (p->tok != TOK_WORD) {
			parse_error(p, "a pattern");
			return it;
		}
		*tail = new_word(p, p->text);
		tail = &(*tail)->next;
		next_token(p);
		if (p->tok != TOK_PIPE)
			break;
		next_token(p);
	}
	if (p->tok != TOK_RPAREN) {
		parse_error(p, ")");
		return it;
	}
	next_token(p);
	it->body = parse_list(p);
	return it;
}

static struct node *parse_case(struct parser *p)
{
	struct node *n = new_node(p, NODE_CASE);
	struct case_item **tail = &n->items;

	next_token(p);
	if (p->tok != TOK_WORD) {
		parse_error(p, "a word");
		return n;
	}
	n->words = new_word(p, p->text);
	next_token(p);
	skip_newlines(p);
	expect_word(p, "in");
	skip_newlines(p);
	while (!p->error && !at_word(p, "esac")) {
		*tail = parse_item(p);
		tail = &(*tail)->next;
		if (p->tok != TOK_DSEMI)
			break;
		next_token(p);
		skip_newlines(p);
	}
	expect_word(p, "esac");
	return n;
}

struct node *parse_compound(struct parser *p)
{
	if (p->tok == TOK_LPAREN)
		return parse_subshell(p);
	if (p->tok != TOK_WORD)
		return NULL;
	if (at_word(p, "{"))
		return parse_group(p);
	if (at_word(p, "if"))
		return parse_if(p);
	if (at_word(p, "while"))
		return parse_while(p, NODE_WHILE);
	if (at_word(p, "until"))
		return parse_while(p, NODE_UNTIL);
	if (at_word(p, "for"))
		return parse_for(p);
	if (at_word(p, "case"))
		return parse_case(p);
	return NULL;
}
