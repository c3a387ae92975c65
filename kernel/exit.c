/* SPDX-License-Identifier: MIT */
/*
 * The end of a task.
 *
 *   do_exit: address space -> files -> segments it created -> terminal of
 *            its session -> children to process 1 -> ZOMBIE, the parent is
 *            told -> schedule()
 *
 *   zombie --(wait4 of the parent)--> released
 *          '-(parent ignores SIGCHLD or has SA_NOCLDWAIT)--> released at once;
 *            its block is freed by the next schedule(), since it stands on it
 *
 * A zombie keeps its task block only: number, status, times.
 * do_exit() may sleep until the task is a zombie; from then on it is atomic.
 */
#include <drivers/drivers.h>
#include <fs/file.h>
#include <ipc/shm/shm.h>
#include <kernel/internal.h>
#include <kernel/panic.h>
#include <kernel/syscall.h>
#include <kernel/trace/trace.h>
#include <kernel/usercopy.h>
#include <mm/mm.h>
#include <x86/cpu.h>

void mm_release(void)
{
	struct task *parent = current->vfork_parent;

	if (current->clear_child_tid && current->mm->count > 1)
		put_user_u32(0, current->clear_child_tid);
	current->clear_child_tid = NULL;
	if (!parent)
		return;
	current->vfork_parent = NULL;
	parent->vfork_child = NULL;
	wake_up_process(parent);
}

static void exit_mm(void)
{
	struct mm_struct *mm = current->mm;

	if (!mm)
		return;
	mm_release();
	current->mm = NULL;
	mm_load(NULL);
	mmput(mm);
}

static void exit_files(void)
{
	struct process *process = current->process;
	struct files_struct *files = process->files;
	struct fs_struct *fs = process->fs_info;

	process->files = NULL;
	process->fs_info = NULL;
	if (files)
		files_put(files);
	if (fs)
		fs_put(fs);
}

/* Does PARENT want zombies, or are they to vanish? */
static bool parent_waits(const struct process *parent)
{
	const struct k_sigaction *action;

	if (!parent->sighand)
		return true;
	action = &parent->sighand->action[SIGCHLD - 1];
	return action->handler != SIG_IGN && !(action->flags & SA_NOCLDWAIT);
}

/* A zombie tells its parent, or goes at once if nobody will ask for it. */
static void notify_exit(struct task *task)
{
	const struct process *process = task->process;
	bool unwanted = process->exit_signal == SIGCHLD &&
			!parent_waits(process->parent);
	s32 killed = process->exit_code & 0x7f;

	tell_parent(task, process->exit_signal,
		    killed ? CLD_KILLED : CLD_EXITED,
		    killed ? killed : process->exit_code >> 8);
	if (unwanted || task->kthread)
		task_release(task);
}

/* A stopped group that nobody could continue any more is hung up. */
static void hang_up_orphans(pid_t pgrp)
{
	const struct task *task;

	if (!pgrp_orphaned(pgrp))
		return;
	for_each_task(task) {
		if (task->process->pgrp != pgrp || task->state != TASK_STOPPED)
			continue;
		send_sig_pgrp(SIGHUP, pgrp);
		send_sig_pgrp(SIGCONT, pgrp);
		return;
	}
}

/* Was PARENT one of those who keep the group of CHILD from being orphaned? */
static bool keeps_group(const struct process *parent,
			const struct process *child)
{
	return parent->session == child->session &&
	       parent->pgrp != child->pgrp;
}

static void reparent(struct process *child)
{
	list_del(&child->sibling);
	process_link(child, init_task->process);
	child->exit_signal = SIGCHLD;
	if (keeps_group(current->process, child))
		hang_up_orphans(child->pgrp);
	if (child->leader->state == TASK_ZOMBIE)
		notify_exit(child->leader);
}

static void reparent_children(void)
{
	struct list_head *pos, *next;

	list_for_each_safe(pos, next, &current->process->children)
		reparent(list_entry(pos, struct process, sibling));
}

static void check_may_exit(s32 code)
{
	ASSERT_MSG(!irq_depth, "an interrupt handler ended pid %d",
		   current->pid);
	ASSERT_MSG(!current->held_locks, "pid %d ends holding locks %x",
		   current->pid, current->held_locks);
	if (current != init_task)
		return;
	if (code & 0x7f)
		panic("init (%s) was ended by signal %d", current->comm,
		      code & 0x7f);
	panic("init (%s) ended with status %d", current->comm, code >> 8);
}

void do_exit(s32 code)
{
	struct process *process = current->process;
	struct sighand *sighand = process->sighand;

	may_sleep(SLEEP_exit);
	check_may_exit(code);
	TRACE(task_exit, code);
	signal_exit(current);
	exit_mm();
	exit_files();
	shm_exit_task(current);

	irq_disable();
	tty_session_end(current);
	reparent_children();
	process->sighand = NULL;
	sighand_put(sighand);
	process->exit_code = code;
	current->state = TASK_ZOMBIE;
	if (keeps_group(process->parent, process))
		hang_up_orphans(process->pgrp);
	notify_exit(current);
	schedule();
	panic("pid %d ran after its end", current->pid);
}

long sys_exit(s32 code)
{
	do_exit((code & 0xff) << 8);
}

long sys_exit_group(s32 code)
{
	do_exit((code & 0xff) << 8);
}
