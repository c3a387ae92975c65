/* SPDX-License-Identifier: MIT */
/*
 * wait4 and waitpid: what became of the children.
 *
 *   for each child that the caller asks for:
 *       ZOMBIE                              its status, and it is released
 *       STOPPED, unreported, WUNTRACED      its status
 *       continued, unreported, WCONTINUED   its status
 *   none of that: no such child -> ECHILD; WNOHANG -> 0; else sleep
 *
 * task->exit_code holds the wait status; a stop or continue is told once,
 * then it is 0 again. Looking and taking is one stretch that does not sleep;
 * the results are copied to the user afterwards.
 */
#include <kernel/internal.h>
#include <kernel/rlimit.h>
#include <kernel/syscall.h>
#include <kernel/usercopy.h>
#include <uapi/errno.h>
#include <uapi/wait.h>

#define WAIT_OPTIONS \
	(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WALL | __WCLONE)
#define STATUS_CONTINUED 0xffff

struct wait_result {
	pid_t pid;
	s32 status;
	struct rusage usage;
};

/* PID as wait4 takes it: > 0 that child, 0 my group, -1 any, < -1 a group. */
static bool pid_matches(const struct task *child, pid_t pid)
{
	if (pid > 0)
		return child->pid == pid;
	if (pid == -1)
		return true;
	return child->process->pgrp == (pid ? -pid : current->process->pgrp);
}

/* Children made by clone() with another signal are waited for on request. */
static bool kind_matches(const struct task *child, u32 options)
{
	if (options & __WALL)
		return true;
	return (child->process->exit_signal != SIGCHLD) ==
	       !!(options & __WCLONE);
}

static void fill_usage(struct rusage *usage, const struct task *child)
{
	const struct process *process = child->process;

	*usage = (struct rusage){
		.ru_utime = ticks_to_timeval(child->utime + process->cutime),
		.ru_stime = ticks_to_timeval(child->stime + process->cstime),
		.ru_minflt = child->min_flt + process->cmin_flt,
		.ru_majflt = child->maj_flt + process->cmaj_flt,
		.ru_nvcsw = child->nvcsw,
		.ru_nivcsw = child->nivcsw,
	};
}

static void fill_result(struct wait_result *res, const struct task *child)
{
	res->pid = child->pid;
	res->status = child->process->exit_code;
	fill_usage(&res->usage, child);
}

static void reap(struct task *child)
{
	struct process *parent = current->process;

	parent->cutime += child->utime + child->process->cutime;
	parent->cstime += child->stime + child->process->cstime;
	parent->cmin_flt += child->min_flt + child->process->cmin_flt;
	parent->cmaj_flt += child->maj_flt + child->process->cmaj_flt;
	task_release(child);
}

/* Has CHILD something to tell? Takes it into RES. */
static bool take_event(struct task *child, u32 options,
		       struct wait_result *res)
{
	bool continued = child->process->exit_code == STATUS_CONTINUED;

	if (child->state == TASK_ZOMBIE) {
		fill_result(res, child);
		reap(child);
		return true;
	}
	if (!child->process->exit_code ||
	    !(options & (continued ? WCONTINUED : WUNTRACED)))
		return false;
	fill_result(res, child);
	child->process->exit_code = 0;
	return true;
}

/* 1: RES is filled; 0: nothing yet; -ECHILD: nobody to wait for. */
static int look(pid_t pid, u32 options, struct wait_result *res)
{
	struct process *process;
	struct task *child;
	int found = -ECHILD;

	list_for_each_entry(process, &current->process->children, sibling) {
		child = process->leader;
		if (!pid_matches(child, pid) || !kind_matches(child, options))
			continue;
		if (take_event(child, options, res))
			return 1;
		found = 0;
	}
	return found;
}

/* As look(), but sleeps until it is not 0, unless WNOHANG. */
static int wait_for_child(pid_t pid, u32 options, struct wait_result *res)
{
	int err = 0, found = look(pid, options, res);

	current->wait_name = "child";
	while (!found && !(options & WNOHANG) && !err) {
		err = sleep_on_interruptible(&current->process->child_exit);
		found = look(pid, options, res);
	}
	current->wait_name = NULL;
	return found ? found : err;
}

long sys_wait4(s32 pid, s32 *status, u32 options, void *rusage)
{
	struct wait_result res;
	int found;

	may_sleep(SLEEP_wait);
	if (options & ~WAIT_OPTIONS)
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH;

	found = wait_for_child(pid, options, &res);
	if (found <= 0)
		return found;

	if (status && put_user_u32(res.status, status))
		return -EFAULT;
	if (rusage && copy_to_user(rusage, &res.usage, sizeof(res.usage)))
		return -EFAULT;
	return res.pid;
}

long sys_waitpid(s32 pid, s32 *status, u32 options)
{
	return sys_wait4(pid, status, options, NULL);
}
