/* SPDX-License-Identifier: MIT */
/*
 * Redirections. For a command that runs in the shell itself, the descriptors
 * that are changed are first copied to 10 and above, and come back after it.
 */
#include "sh.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HIGH_FD 10
#define HERE_IN_PIPE 4096u /* bytes every pipe takes without a reader */

int fd_move_high(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);

	if (high < 0)
		return fd;
	close(fd);
	return high;
}

static void save_fd(struct saved_fds *save, int fd)
{
	int i;

	if (!save)
		return;
	for (i = 0; i < save->count; i++)
		if (save->list[i].fd == fd)
			return;
	if (save->count == (int)(sizeof(save->list) / sizeof(*save->list)))
		return;
	save->list[i].fd = fd;
	save->list[i].copy = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);
	save->count++;
}

void redirect_restore(struct saved_fds *save)
{
	int i;

	for (i = save->count - 1; i >= 0; i--) {
		if (save->list[i].copy < 0) {
			close(save->list[i].fd);
			continue;
		}
		dup2(save->list[i].copy, save->list[i].fd);
		close(save->list[i].copy);
	}
	save->count = 0;
}

static void write_all(int fd, const char *s, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, s, len);
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			s += n;
			len -= n;
		}
	}
}

/* A descriptor from which TEXT can be read. */
static int open_here(const char *text)
{
	size_t len = strlen(text);
	int fds[2];

	if (pipe(fds) < 0)
		return -1;
	if (len <= HERE_IN_PIPE) {
		write_all(fds[1], text, len);
	} else if (job_fork(NULL) == 0) {
		close(fds[0]);
		write_all(fds[1], text, len);
		_exit(0);
	}
	close(fds[1]);
	return fds[0];
}

static int open_flags(enum redir_kind kind)
{
	switch (kind) {
	case REDIR_IN:
		return O_RDONLY;
	case REDIR_APPEND:
		return O_WRONLY | O_CREAT | O_APPEND;
	case REDIR_RDWR:
		return O_RDWR | O_CREAT;
	default:
		return O_WRONLY | O_CREAT | O_TRUNC;
	}
}

static bool dup_to(const struct redir *r, struct saved_fds *save)
{
	const char *word = expand_string(r->text);
	char *end;
	long from;

	if (strcmp(word, "-") == 0) {
		save_fd(save, r->fd);
		close(r->fd);
		return true;
	}
	from = strtol(word, &end, 10);
	if (!*word || *end || from < 0 || from > 9999 ||
	    fcntl((int)from, F_GETFD) < 0) {
		complain("%s: is no open file descriptor", word);
		return false;
	}
	save_fd(save, r->fd);
	if (from == r->fd)
		return true;
	return dup2((int)from, r->fd) >= 0;
}

static int open_target(const struct redir *r)
{
	const char *path;
	int fd;

	if (r->kind == REDIR_HERE) {
		fd = open_here(r->literal ? r->text : expand_here(r->text));
		if (fd < 0)
			complain("here-document: %s", strerror(errno));
		return fd;
	}
	path = expand_string(r->text);
	if (sh.flow != FLOW_NONE)
		return -1;
	fd = open(path, open_flags(r->kind), 0666);
	if (fd < 0)
		complain("%s: %s", path, strerror(errno));
	return fd;
}

static bool redirect_one(const struct redir *r, struct saved_fds *save)
{
	int fd;

	if (r->kind == REDIR_DUP)
		return dup_to(r, save);
	fd = open_target(r);
	if (fd < 0)
		return false;
	if (fd == r->fd)
		return true;
	save_fd(save, r->fd);
	if (dup2(fd, r->fd) < 0) {
		complain("%d: %s", r->fd, strerror(errno));
		close(fd);
		return false;
	}
	close(fd);
	return true;
}

bool redirect(const struct redir *r, struct saved_fds *save)
{
	for (; r; r = r->next)
		if (!redirect_one(r, save))
			return false;
	return true;
}
