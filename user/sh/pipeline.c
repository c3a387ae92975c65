/* SPDX-License-Identifier: MIT */
/*
 * Commands that run in processes of their own: pipelines, ( ) and &.
 *
 *   a | b | c     three children, the shell waits for all of them;
 *                 the status is that of c
 */
#include "sh.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void move_fd(int from, int to)
{
	if (from == to)
		return;
	dup2(from, to);
	close(from);
}

/* One member of a pipeline reads IN (or -1) and writes FDS[1]. */
static pid_t start_member(struct job *job, struct node *n, int in, int *fds)
{
	pid_t pid = job_fork(job);

	if (pid != 0)
		return pid;
	if (in >= 0)
		move_fd(in, STDIN_FILENO);
	if (fds) {
		close(fds[0]);
		move_fd(fds[1], STDOUT_FILENO);
	}
	run_node_exit(n);
}

static bool open_pipe(int *fds)
{
	if (pipe(fds) == 0)
		return true;
	complain("pipe: %s", strerror(errno));
	return false;
}

void run_pipe(struct node *n)
{
	struct job *job = job_new(n, false);
	int in = -1, fds[2];
	pid_t pid = 0;

	for (; n->kind == NODE_PIPE && pid >= 0; n = n->b) {
		if (!open_pipe(fds)) {
			pid = -1;
			break;
		}
		pid = start_member(job, n->a, in, fds);
		close(fds[1]);
		if (in >= 0)
			close(in);
		in = fds[0];
	}
	if (pid >= 0)
		pid = start_member(job, n, in, NULL);
	if (in >= 0)
		close(in);
	sh.status = job_wait(job);
	if (pid < 0)
		sh.status = 2;
}

void run_subshell(struct node *n)
{
	struct job *job = job_new(n, false);
	pid_t pid = job_fork(job);

	if (pid == 0)
		run_node_exit(n->a);
	sh.status = job_wait(job);
	if (pid < 0)
		sh.status = 2;
}

void run_background(struct node *n)
{
	bool had_terminal = sh.interactive;
	struct job *job = job_new(n->a, true);
	pid_t pid = job_fork(job);
	int null;

	if (pid == 0) {
		null = had_terminal ? -1 : open("/dev/null", O_RDONLY);
		if (null >= 0)
			move_fd(null, STDIN_FILENO);
		run_node_exit(n->a);
	}
	sh.status = pid < 0 ? 2 : 0;
	if (pid < 0) {
		job_free(job);
		return;
	}
	sh.last_bg = pid;
	if (sh.interactive)
		fprintf(stderr, "[%d] %d\n", job->number, (int)pid);
}
