/* SPDX-License-Identifier: MIT */
/*
 * Running a tree. Every function leaves its exit status in sh.status; break,
 * continue, return and errors travel upward in sh.flow, which everything
 * that runs one command after another checks.
 */
#include "sh.h"

#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shell sh;

static void say(const char *format, va_list ap)
{
	fflush(stdout);
	if (sh.interactive || !sh.line)
		fprintf(stderr, "%s: ", sh.name);
	else
		fprintf(stderr, "%s: line %u: ", sh.name, sh.line);
	vfprintf(stderr, format, ap);
	fputc('\n', stderr);
}

void complain(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(format, ap);
	va_end(ap);
}

void fail(int status, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(format, ap);
	va_end(ap);
	sh.status = status;
	if (!sh.interactive)
		shell_exit(status);
	sh.flow = FLOW_ABORT;
}

void shell_exit(int status)
{
	sh.status = status;
	sh.flow = FLOW_NONE;
	trap_run_exit();
	fflush(stdout);
	exit(sh.status & 255);
}

/* set -e: a command outside every condition has failed. */
static void check_errexit(void)
{
	if (sh.errexit && sh.status && !sh.no_errexit && sh.flow == FLOW_NONE)
		shell_exit(sh.status);
}

static void run_condition(struct node *n)
{
	sh.no_errexit++;
	run_node(n);
	sh.no_errexit--;
}

/* --- conditions and loops --------------------------------------------- */

static void run_if(struct node *n, bool last)
{
	run_condition(n->a);
	if (sh.flow != FLOW_NONE)
		return;
	if (sh.status == 0) {
		run_tree(n->b, last);
	} else {
		sh.status = 0;
		run_tree(n->c, last);
	}
}

/* After a round: whether the loop ends here. */
static bool leaves_loop(void)
{
	if (sh.flow == FLOW_NONE)
		return false;
	if (sh.flow != FLOW_BREAK && sh.flow != FLOW_CONTINUE)
		return true;
	if (--sh.flow_count > 0)
		return true;
	if (sh.flow == FLOW_CONTINUE) {
		sh.flow = FLOW_NONE;
		return false;
	}
	sh.flow = FLOW_NONE;
	return true;
}

static void run_while(struct node *n)
{
	int status = 0;

	sh.loops++;
	for (;;) {
		run_condition(n->a);
		if (sh.flow != FLOW_NONE) {
			if (leaves_loop())
				break;
			continue;
		}
		if ((sh.status == 0) != (n->kind == NODE_WHILE))
			break;
		run_node(n->b);
		status = sh.status;
		if (leaves_loop())
			break;
	}
	sh.loops--;
	sh.status = sh.flow == FLOW_ABORT ? sh.status : status;
}

static void run_for(struct node *n)
{
	struct arena_mark mark = stack_mark();
	char **list;
	int i, count = positional.count;

	if (n->all_args) {
		list = stack_alloc((count + 1) * sizeof(*list));
		for (i = 0; i < count; i++)
			list[i] = stack_copy(positional.list[i],
					     strlen(positional.list[i]));
	} else {
		list = expand_words(n->words, &count);
	}
	sh.status = 0;
	sh.loops++;
	for (i = 0; i < count && sh.flow == FLOW_NONE; i++) {
		if (!var_set(n->name, list[i]))
			break;
		run_node(n->b);
		if (leaves_loop())
			break;
	}
	sh.loops--;
	stack_release(mark);
}

static bool item_matches(const struct case_item *it, const char *word)
{
	struct word *p;

	for (p = it->patterns; p; p = p->next)
		if (fnmatch(expand_pattern(p->text), word, 0) == 0)
			return true;
	return false;
}

static void run_case(struct node *n, bool last)
{
	struct arena_mark mark = stack_mark();
	const char *word = expand_string(n->words->text);
	struct case_item *it = n->items;

	while (it && sh.flow == FLOW_NONE && !item_matches(it, word))
		it = it->next;
	stack_release(mark);
	if (sh.flow != FLOW_NONE)
		return;
	sh.status = 0;
	if (it)
		run_tree(it->body, last);
}

/* --- any node --------------------------------------------------------- */

static void run_list(struct node *n, bool last)
{
	if (n->kind == NODE_SEQ) {
		run_node(n->a);
		run_tree(n->b, last);
		return;
	}
	run_condition(n->a);
	if (sh.flow == FLOW_NONE && (sh.status == 0) == (n->kind == NODE_AND))
		run_tree(n->b, last);
}

static void run_compound(struct node *n, bool last)
{
	switch (n->kind) {
	case NODE_SUBSHELL:
		run_subshell(n);
		check_errexit();
		break;
	case NODE_GROUP:
		run_tree(n->a, last);
		break;
	case NODE_IF:
		run_if(n, last);
		break;
	case NODE_WHILE:
	case NODE_UNTIL:
		run_while(n);
		break;
	case NODE_FOR:
		run_for(n);
		break;
	default:
		run_case(n, last);
		break;
	}
}

static void run_redirected(struct node *n)
{
	struct saved_fds save = { 0 };

	if (redirect(n->redirs, &save)) {
		run_compound(n, false);
	} else {
		sh.status = 1;
		check_errexit();
	}
	fflush(stdout);
	redirect_restore(&save);
}

/* LAST: nothing runs after N in this process. */
void run_tree(struct node *n, bool last)
{
	if (!n || sh.flow != FLOW_NONE || sh.noexec)
		return;
	trap_run_pending();
	if (take_interrupt()) {
		sh.status = 130;
		sh.flow = FLOW_ABORT;
		return;
	}
	sh.line = n->line;
	switch (n->kind) {
	case NODE_SIMPLE:
		run_simple(n, last);
		check_errexit();
		break;
	case NODE_PIPE:
		run_pipe(n);
		check_errexit();
		break;
	case NODE_AND:
	case NODE_OR:
	case NODE_SEQ:
		run_list(n, last);
		break;
	case NODE_BACKGROUND:
		run_background(n);
		break;
	case NODE_NOT:
		run_condition(n->a);
		sh.status = !sh.status;
		break;
	case NODE_FUNCTION:
		function_define(n);
		sh.status = 0;
		break;
	default:
		if (n->redirs)
			run_redirected(n);
		else
			run_compound(n, last);
	}
}

void run_node(struct node *n)
{
	run_tree(n, false);
}

void run_node_exit(struct node *n)
{
	run_tree(n, true);
	shell_exit(sh.status);
}
