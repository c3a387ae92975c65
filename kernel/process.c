/* SPDX-License-Identifier: MIT */
/*
 * Processes: made, linked below a parent, freed. What fork copies into one is
 * in kernel/fork.c, what exit takes out of it in kernel/exit.c.
 */
#include <fs/file.h>
#include <kernel/internal.h>
#include <kernel/time/itimer.h>
#include <mm/kmalloc.h>

#define STACK_LIMIT (8u << 20)
#define MEMLOCK_LIMIT (64u << 10)

static struct sighand idle_sighand = { .count = 1 };

struct process idle_process = {
	.leader = &idle_task,
	.parent = &idle_process,
	.children = LIST_HEAD_INIT(idle_process.children),
	.sibling = LIST_HEAD_INIT(idle_process.sibling),
	.child_exit = WAIT_QUEUE_INIT(idle_process.child_exit),
	.sighand = &idle_sighand,
};

struct process *process_alloc(const struct process *from, struct task *leader)
{
	struct process *process = kmalloc(sizeof(*process), GFP_KERNEL);

	if (!process)
		return NULL;
	*process = *from;
	process->leader = leader;
	list_init(&process->children);
	list_init(&process->sibling);
	wait_queue_init(&process->child_exit);
	process->exit_code = 0;
	process->did_exec = false;
	process->files = NULL;
	process->fs_info = NULL;
	process->sighand = NULL;
	process->start_tick = ticks;
	process->cutime = process->cstime = 0;
	process->cmin_flt = process->cmaj_flt = 0;
	itimer_fork(process);
	return process;
}

void process_free(struct process *process)
{
	kfree(process);
}

void process_link(struct process *process, struct process *parent)
{
	process->parent = parent;
	list_add_tail(&process->sibling, &parent->children);
}

static void default_limits(struct rlimit *rlim)
{
	struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	u32 i;

	for (i = 0; i < RLIM_NLIMITS; i++)
		rlim[i] = none;
	rlim[RLIMIT_STACK].rlim_cur = STACK_LIMIT;
	rlim[RLIMIT_CORE].rlim_cur = 0;
	rlim[RLIMIT_NPROC].rlim_cur = max_tasks / 2;
	rlim[RLIMIT_NPROC].rlim_max = max_tasks / 2;
	rlim[RLIMIT_NOFILE].rlim_cur = NR_OPEN_MAX;
	rlim[RLIMIT_NOFILE].rlim_max = NR_OPEN_MAX;
	rlim[RLIMIT_MEMLOCK].rlim_cur = MEMLOCK_LIMIT;
	rlim[RLIMIT_MEMLOCK].rlim_max = MEMLOCK_LIMIT;
}

void process_init(void)
{
	default_limits(idle_process.rlim);
}
