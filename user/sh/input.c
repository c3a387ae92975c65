/* SPDX-License-Identifier: MIT */
/*
 * Where command text comes from: a string, a file, or the line editor.
 * Text is read a line at a time, and never beyond the line when it is
 * standard input: what follows belongs to the commands.
 */
#include "sh.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void source_append(struct source *src, const char *s, size_t n)
{
	if (n == 0)
		return;
	if (src->len + n > src->cap) {
		src->cap = (src->len + n) * 2;
		src->buf = xrealloc(src->buf, src->cap);
	}
	memcpy(src->buf + src->len, s, n);
	src->len += n;
}

void source_string(struct source *src, const char *text)
{
	memset(src, 0, sizeof(*src));
	src->fd = -1;
	src->line = 1;
	source_append(src, text, strlen(text));
}

void source_fd(struct source *src, int fd, bool interactive)
{
	memset(src, 0, sizeof(*src));
	src->fd = fd;
	src->interactive = interactive;
	src->line = 1;
}

void source_free(struct source *src)
{
	free(src->buf);
	src->buf = NULL;
}

void source_discard(struct source *src)
{
	if (src->pos)
		memmove(src->buf, src->buf + src->pos, src->len - src->pos);
	src->len -= src->pos;
	src->pos = 0;
}

static bool read_edited(struct source *src)
{
	const char *ps = var_get(src->continued ? "PS2" : "PS1");
	char *line = edit_line(expand_prompt(ps ? ps : "$ "));

	if (!line)
		return false;
	if (*line)
		history_add(line);
	source_append(src, line, strlen(line));
	source_append(src, "\n", 1);
	free(line);
	return true;
}

static ssize_t read_some(struct source *src, char *buf, size_t size)
{
	ssize_t n;

	do
		n = read(src->fd, buf, size);
	while (n < 0 && errno == EINTR);
	return n;
}

static bool read_line(struct source *src)
{
	size_t before = src->len;
	char c;

	while (read_some(src, &c, 1) == 1) {
		if (c != '\0')
			source_append(src, &c, 1);
		if (c == '\n')
			break;
	}
	return src->len > before;
}

static bool read_more(struct source *src)
{
	char buf[1024];
	ssize_t n;

	if (src->fd < 0 || src->eof)
		return false;
	if (src->interactive)
		return read_edited(src);
	if (src->fd == STDIN_FILENO)
		return read_line(src);

	n = read_some(src, buf, sizeof(buf));
	if (n > 0)
		source_append(src, buf, n);
	return n > 0;
}

int source_peek(struct source *src, size_t ahead)
{
	while (src->pos + ahead >= src->len) {
		if (!read_more(src)) {
			src->eof = true;
			return -1;
		}
	}
	return (unsigned char)src->buf[src->pos + ahead];
}
