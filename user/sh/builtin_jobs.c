/* SPDX-License-Identifier: MIT */
/* Built-in commands about children: wait, jobs, fg, bg, kill. */
#include "sh.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 0, or the status to end with: a trapped signal came. */
static int interrupted_status(void)
{
	if (take_interrupt())
		return 130;
	return trap_is_pending() ? 128 + trap_last_signal() : 0;
}

static int wait_for(const char *spec)
{
	struct job *job = job_find(spec);
	int status;

	if (!job)
		return 127;
	while (job->alive > 0 && !job->stopped) {
		if (jobs_reap(true) > 0)
			continue;
		if (errno != EINTR)
			break;
		status = interrupted_status();
		if (status)
			return status;
	}
	status = exit_status(job->status);
	if (!job->stopped)
		job_free(job);
	return status;
}

static bool any_running(void)
{
	struct job *job;

	for (job = jobs_list(); job; job = job->next)
		if (job->alive && !job->stopped)
			return true;
	return false;
}

static int wait_for_all(void)
{
	struct job *job, *next;
	int status;

	while (any_running()) {
		if (jobs_reap(true) > 0)
			continue;
		if (errno != EINTR)
			break;
		status = interrupted_status();
		if (status)
			return status;
	}
	for (job = jobs_list(); job; job = next) {
		next = job->next;
		if (!job->alive)
			job_free(job);
	}
	return 0;
}

int do_wait(int argc, char **argv)
{
	int i, status = 0;

	if (argc == 1)
		return wait_for_all();
	for (i = 1; i < argc; i++)
		status = wait_for(argv[i]);
	return status;
}

int do_jobs(int argc, char **argv)
{
	(void)argc, (void)argv;
	jobs_report(true);
	return 0;
}

static int continue_job(int argc, char **argv, bool foreground)
{
	struct job *job = job_find(argc > 1 ? argv[1] : "%");

	if (!job) {
		complain("%s: no such job", argv[0]);
		return 1;
	}
	sh.status = 0;
	job_continue(job, foreground);
	return sh.status;
}

int do_fg(int argc, char **argv)
{
	return continue_job(argc, argv, true);
}

int do_bg(int argc, char **argv)
{
	return continue_job(argc, argv, false);
}

/* The job's process group, as kill wants it; NULL: no such job. */
static char *job_target(const char *spec)
{
	struct job *job = job_find(spec);
	char text[16];

	if (!job) {
		complain("kill: %s: no such job", spec);
		return NULL;
	}
	snprintf(text, sizeof(text), "%d",
		 job->pgrp ? -(int)job->pgrp : (int)job->last);
	return stack_copy(text, strlen(text));
}

/* %1 becomes a process group, which must not look like a signal's number. */
int do_kill(int argc, char **argv)
{
	static char dash_s[] = "-s", term[] = "TERM";
	char **list = stack_alloc((argc + 3) * sizeof(*list));
	int i, n = 0;

	for (i = 0; i < argc; i++) {
		if (i == 1 && argv[i][0] == '%') {
			list[n++] = dash_s;
			list[n++] = term;
		}
		list[n++] = argv[i][0] == '%' ? job_target(argv[i]) : argv[i];
		if (!list[n - 1])
			return 1;
	}
	return kill_main(n, list);
}
