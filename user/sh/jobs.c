/* SPDX-License-Identifier: MIT */
/*
 * Children. A job is what one pipeline started. At the terminal each job is
 * a process group of its own, and the one in the foreground owns the
 * terminal; elsewhere children stay in the shell's group.
 *
 *   job_new -> job_fork, once a member -> job_wait (foreground)
 *                                      -> jobs_report, wait, fg, bg
 */
#include "sh.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static struct job *jobs; /* lowest number first */
static int terminal = -1; /* interactive: its descriptor */
static struct termios shell_modes; /* how jobs find and must leave it */
static bool modes_known;

void jobs_init(void)
{
	int fd = dup(STDIN_FILENO);

	if (fd < 0)
		return;
	terminal = fd_move_high(fd);
	modes_known = tcgetattr(terminal, &shell_modes) == 0;
	if (getpgrp() != getpid())
		setpgid(0, 0);
	tcsetpgrp(terminal, getpgrp());
}

struct job *jobs_list(void)
{
	return jobs;
}

void job_free(struct job *job)
{
	struct job **j = &jobs;

	while (*j && *j != job)
		j = &(*j)->next;
	if (*j)
		*j = job->next;
	free(job->pids);
	free(job->text);
	free(job);
}

void jobs_forget(void)
{
	while (jobs)
		job_free(jobs);
	terminal = -1;
}

struct job *job_new(const struct node *n, bool background)
{
	struct job *job = xmalloc(sizeof(*job)), **j = &jobs;
	int number = 0;

	while (*j) {
		number = (*j)->number;
		j = &(*j)->next;
	}
	memset(job, 0, sizeof(*job));
	job->number = number + 1;
	job->background = background;
	job->text = xstrdup(node_text(n));
	*j = job;
	return job;
}

static void join_group(struct job *job, pid_t pid)
{
	if (!sh.interactive || !job)
		return;
	if (!job->pgrp)
		job->pgrp = pid;
	setpgid(pid, job->pgrp);
	if (!job->background)
		tcsetpgrp(terminal, job->pgrp);
}

static void become_child(struct job *job)
{
	bool ignore = job && job->background && !sh.interactive;

	join_group(job, getpid());
	sh.subshell = true;
	sh.interactive = false;
	sh.line = 0;
	jobs_forget();
	trap_child();
	if (ignore) {
		signal(SIGINT, SIG_IGN);
		signal(SIGQUIT, SIG_IGN);
	}
}

/* No signal reaches a child before it has let go of the shell's handlers: a
 * ^C would be lost in them. */
static pid_t fork_child(struct job *job)
{
	sigset_t all, old;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	pid = fork();
	if (pid == 0)
		become_child(job);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return pid;
}

pid_t job_fork(struct job *job)
{
	pid_t pid;

	fflush(stdout);
	pid = fork_child(job);
	if (pid == 0)
		return 0;
	if (pid < 0) {
		complain("fork: %s", strerror(errno));
		return pid;
	}
	join_group(job, pid);
	if (job) {
		job->pids = xrealloc(job->pids,
				     (job->npids + 1) * sizeof(*job->pids));
		job->pids[job->npids++] = pid;
		job->last = pid;
		job->alive++;
	}
	return pid;
}

int exit_status(int wait_status)
{
	if (WIFEXITED(wait_status))
		return WEXITSTATUS(wait_status);
	if (WIFSTOPPED(wait_status))
		return 128 + WSTOPSIG(wait_status);
	return 128 + WTERMSIG(wait_status);
}

static void member_changed(struct job *job, int i, int status)
{
	pid_t pid = job->pids[i];

	job->known = false;
	if (WIFSTOPPED(status)) {
		job->stopped = true;
		job->status = status;
		return;
	}
	job->pids[i] = 0;
	job->alive--;
	if (pid == job->last)
		job->status = status;
}

static void child_changed(pid_t pid, int status)
{
	struct job *job;
	int i;

	for (job = jobs; job; job = job->next)
		for (i = 0; i < job->npids; i++)
			if (job->pids[i] == pid)
				member_changed(job, i, status);
}

int jobs_reap(bool block)
{
	int status, options = block ? 0 : WNOHANG;
	pid_t pid;

	if (sh.interactive)
		options |= WUNTRACED;
	pid = waitpid(-1, &status, options);
	if (pid > 0)
		child_changed(pid, status);
	return pid;
}

static void take_terminal_back(const struct job *job)
{
	if (terminal < 0)
		return;
	tcsetpgrp(terminal, getpgrp());
	if (modes_known && (job->stopped || WIFSIGNALED(job->status)))
		tcsetattr(terminal, TCSADRAIN, &shell_modes);
}

/* Says how a job that was killed came to its end, as other shells do. */
static void say_signal(const struct job *job)
{
	int sig;

	if (!job->npids || !WIFSIGNALED(job->status))
		return;
	sig = WTERMSIG(job->status);
	if (sig == SIGINT && sh.interactive)
		set_interrupt();
	else if (sig != SIGINT && sig != SIGPIPE)
		fprintf(stderr, "%s\n", strsignal(sig));
}

int job_wait(struct job *job)
{
	int status;

	while (job->alive > 0 && !job->stopped)
		if (jobs_reap(true) < 0 && errno != EINTR)
			break;
	take_terminal_back(job);
	status = job->npids ? exit_status(job->status) : 0;
	if (job->stopped) {
		fprintf(stderr, "\n[%d] Stopped  %s\n", job->number, job->text);
		job->background = true;
		job->known = true;
		return status;
	}
	say_signal(job);
	job_free(job);
	return status;
}

/* Of % alone: is JOB to be taken rather than FOUND? A stopped one, or the
 * last. */
static bool is_current(const struct job *job, const struct job *found)
{
	return !found || job->stopped || !found->stopped;
}

struct job *job_find(const char *spec)
{
	struct job *job, *found = NULL;
	long n = 0;
	int i;

	if (*spec == '%')
		n = strtol(spec + 1, NULL, 10);
	for (job = jobs; job; job = job->next) {
		if (!job->background)
			continue;
		if (*spec == '%' && n == 0 && is_current(job, found))
			found = job;
		if (*spec == '%' && n == job->number)
			found = job;
		for (i = 0; *spec != '%' && i < job->npids; i++)
			if (job->pids[i] == strtol(spec, NULL, 10) ||
			    job->last == strtol(spec, NULL, 10))
				found = job;
	}
	return found;
}

void job_continue(struct job *job, bool foreground)
{
	job->stopped = false;
	job->background = !foreground;
	if (foreground && terminal >= 0 && job->pgrp)
		tcsetpgrp(terminal, job->pgrp);
	kill(job->pgrp ? -job->pgrp : job->last, SIGCONT);
	if (!foreground) {
		fprintf(stderr, "[%d] %s &\n", job->number, job->text);
		return;
	}
	fprintf(stderr, "%s\n", job->text);
	sh.status = job_wait(job);
}

static const char *job_state(const struct job *job)
{
	static char text[32];

	if (job->alive)
		return job->stopped ? "Stopped" : "Running";
	if (WIFSIGNALED(job->status))
		return strsignal(WTERMSIG(job->status));
	if (WEXITSTATUS(job->status) == 0)
		return "Done";
	snprintf(text, sizeof(text), "Exit %d", WEXITSTATUS(job->status));
	return text;
}

void jobs_report(bool all)
{
	struct job *job, *next;

	while (jobs_reap(false) > 0)
		;
	for (job = jobs; job; job = next) {
		next = job->next;
		if (!job->background)
			continue;
		if (all || (!job->known && (!job->alive || job->stopped)))
			fprintf(all ? stdout : stderr, "[%d] %-10s %s\n",
				job->number, job_state(job), job->text);
		job->known = true;
		if (!job->alive)
			job_free(job);
	}
}

/* --- the text of a job ------------------------------------------------ */

static void add_text(struct str *b, const struct node *n)
{
	const struct word *w;

	if (n->kind == NODE_PIPE) {
		add_text(b, n->a);
		str_adds(b, " | ");
		add_text(b, n->b);
		return;
	}
	if (n->kind != NODE_SIMPLE) {
		str_adds(b, n->kind == NODE_SUBSHELL ? "( ... )" : "{ ... }");
		return;
	}
	for (w = n->words; w; w = w->next) {
		str_adds(b, w->text);
		if (w->next)
			str_add(b, ' ');
	}
}

const char *node_text(const struct node *n)
{
	static struct str text;

	text.len = 0;
	str_addn(&text, "", 0);
	add_text(&text, n);
	return text.s;
}
