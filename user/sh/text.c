/* SPDX-License-Identifier: MIT */
/*
 * From text to running it, a command line at a time: each has an arena for
 * its tree, which goes when it has run, unless a function was defined.
 */
#include "sh.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void syntax_error(const struct parser *p)
{
	sh.line = p->src->line;
	if (p->near)
		fail(2, "syntax error near \"%s\": expected %s", p->near,
		     p->error);
	else
		fail(2, "syntax error: %s", p->error);
}

static bool only_blanks_left(struct source *src)
{
	size_t i;

	if (src->fd >= 0)
		return false;
	for (i = src->pos; i < src->len; i++)
		if (!strchr(" \t\n", src->buf[i]))
			return false;
	return true;
}

/* One command line of SRC; false at its end. */
static bool run_one(struct source *src, bool may_be_last)
{
	struct arena *arena = xmalloc(sizeof(*arena));
	struct parser p;
	struct node *n;
	bool more;

	memset(arena, 0, sizeof(*arena));
	if (src->interactive)
		take_interrupt(); /* it ended the command before */
	parser_init(&p, src, arena);
	n = parse_command(&p);
	more = p.tok != TOK_EOF || p.error;
	if (src->interactive && take_interrupt()) {
		src->eof = false;
		src->pos = src->len;
		sh.status = 130;
		more = true;
	} else if (p.error) {
		src->pos = src->len;
		syntax_error(&p);
	} else {
		run_tree(n, may_be_last && only_blanks_left(src));
	}
	if (!arena->keep) {
		arena_free(arena);
		free(arena);
	}
	source_discard(src);
	return more;
}

void run_source(struct source *src, bool last)
{
	while (sh.flow == FLOW_NONE && run_one(src, last)) {
		if (!src->interactive)
			continue;
		if (sh.flow == FLOW_ABORT)
			sh.flow = FLOW_NONE;
		jobs_report(false);
	}
	source_free(src);
}

void run_text(const char *text, bool last)
{
	struct source src;

	source_string(&src, text);
	run_source(&src, last);
}

int run_file(const char *path)
{
	struct source src;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	fd = fd_move_high(fd);
	source_fd(&src, fd, false);
	sh.calls++;
	run_source(&src, false);
	sh.calls--;
	close(fd);
	if (sh.flow == FLOW_RETURN)
		sh.flow = FLOW_NONE;
	return 0;
}
