/* SPDX-License-Identifier: MIT */
/*
 * New tasks: fork, vfork, clone with the flags of processes, kernel threads.
 *
 *   do_fork: check -> task block -> files, fs, signals, mm -> registers
 *                 -> publish (cannot fail) -> run queue
 *
 *   the child's stack:    struct trap_frame   a copy, eax = 0     top
 *                         ret_from_fork       return address of switch_to()
 *                         4 registers         <- task->kesp
 *
 * Everything that can fail or sleep happens before the child is in any list;
 * on failure fork_undo() drops what it has got so far.
 *
 * Threads (CLONE_THREAD) are refused; sharing an mm without being a thread,
 * as posix_spawn() does with CLONE_VM | CLONE_VFORK, is supported.
 */
#include <fs/file.h>
#include <kernel/internal.h>
#include <kernel/syscall.h>
#include <kernel/thread/tls.h>
#include <kernel/trace/trace.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <mm/mm.h>
#include <uapi/errno.h>
#include <uapi/sched.h>
#include <x86/cpu.h>

#define CLONE_SUPPORTED                                                    \
	(CSIGNAL | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |     \
	 CLONE_VFORK | CLONE_PARENT | CLONE_SYSVSEM | CLONE_SETTLS |       \
	 CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_DETACHED |     \
	 CLONE_UNTRACED | CLONE_CHILD_SETTID)

/* What switch_to() pops when it goes to a task for the first time. */
struct switch_frame {
	u32 edi, esi, ebx, ebp;
	u32 ret;
};

struct fork_args {
	u32 flags; /* CLONE_*, and in the low byte the signal at exit */
	u32 stack; /* user esp of the child; 0: that of the parent */
	u32 *parent_tid; /* user addresses, used as the flags say */
	u32 *child_tid;
	u32 tls; /* user address of a struct user_desc */
};

/* --- parts -------------------------------------------------------------- */

struct sighand *sighand_dup(const struct sighand *old)
{
	struct sighand *sighand = kmalloc(sizeof(*sighand), GFP_KERNEL);

	if (!sighand)
		return NULL;
	*sighand = *old;
	sighand->count = 1;
	return sighand;
}

void sighand_put(struct sighand *sighand)
{
	if (!--sighand->count)
		kfree(sighand);
}

static bool copy_files(struct process *child, u32 flags)
{
	struct files_struct *own = current->process->files;

	if (flags & CLONE_FILES)
		own->count++;
	child->files = flags & CLONE_FILES ? own : files_dup(own);
	return child->files;
}

static bool copy_fs(struct process *child, u32 flags)
{
	struct fs_struct *own = current->process->fs_info;

	if (flags & CLONE_FS)
		own->count++;
	child->fs_info = flags & CLONE_FS ? own : fs_dup(own);
	return child->fs_info;
}

static bool copy_sighand(struct process *child, u32 flags)
{
	struct sighand *own = current->process->sighand;

	if (flags & CLONE_SIGHAND)
		own->count++;
	child->sighand = flags & CLONE_SIGHAND ? own : sighand_dup(own);
	return child->sighand;
}

/* What the process of CHILD shares with ours, or copies. */
static bool copy_process(struct process *child, u32 flags)
{
	return copy_files(child, flags) && copy_fs(child, flags) &&
	       copy_sighand(child, flags);
}

static bool copy_mm(struct task *child, u32 flags)
{
	if (flags & CLONE_VM) {
		child->mm = current->mm;
		child->mm->count++;
	} else {
		child->mm = dup_mm(current->mm);
	}
	return child->mm;
}

/* Gives back what a child that will not be has already got. */
static void fork_undo(struct task *child)
{
	struct process *process = child->process;

	if (child->mm)
		mmput(child->mm);
	if (process->sighand)
		sighand_put(process->sighand);
	if (process->fs_info)
		fs_put(process->fs_info);
	if (process->files)
		files_put(process->files);
	task_free(child);
}

static void prepare_stack(struct task *child)
{
	struct switch_frame *sf = (struct switch_frame *)task_frame(child) - 1;

	*sf = (struct switch_frame){ .ret = (u32)ret_from_fork };
	child->kesp = (u32)sf;
}

static int copy_registers(struct task *child, const struct fork_args *args)
{
	struct trap_frame *frame = task_frame(child);

	*frame = *task_frame(current);
	frame->eax = 0;
	if (args->stack)
		frame->esp = args->stack;
	prepare_stack(child);
	if (args->flags & CLONE_SETTLS)
		return tls_set(child, (const void *)args->tls, false);
	return 0;
}

/* --- limits ------------------------------------------------------------- */

static u32 count_user_tasks(u32 uid)
{
	const struct task *task;
	u32 n = 0;

	for_each_task(task)
		n += task->cred.uid == uid;
	return n;
}

static int check_limits(void)
{
	if (nr_tasks >= max_tasks)
		return -EAGAIN;
	if (!capable() && rlimit(RLIMIT_NPROC) < max_tasks &&
	    count_user_tasks(current->cred.uid) >= rlimit(RLIMIT_NPROC))
		return -EAGAIN;
	return 0;
}

static int check_flags(u32 flags)
{
	if (flags & ~CLONE_SUPPORTED || (flags & CSIGNAL) > NSIG)
		return -EINVAL;
	if ((flags & CLONE_SIGHAND) && !(flags & CLONE_VM))
		return -EINVAL;
	if ((flags & CLONE_PARENT) && current == init_task)
		return -EINVAL;
	return 0;
}

/* --- fork --------------------------------------------------------------- */

/* The commit: nothing here fails. Returns the child's number. */
static pid_t fork_commit(struct task *child, const struct fork_args *args)
{
	u32 flags = args->flags;
	pid_t pid;

	child->process->exit_signal = flags & CSIGNAL;
	if (flags & CLONE_CHILD_SETTID)
		child->set_child_tid = args->child_tid;
	if (flags & CLONE_CHILD_CLEARTID)
		child->clear_child_tid = args->child_tid;
	if (flags & CLONE_VFORK) {
		child->vfork_parent = current;
		current->vfork_child = child;
	}
	task_publish(child, flags & CLONE_PARENT ? current->process->parent :
						   current->process);
	pid = child->pid;
	TRACE(task_fork, pid, child->mm ? mm_number(child->mm) : 0);
	trace_name(child);
	wake_up_process(child);
	return pid;
}

/* Until the child has let our mm go. Not even a signal ends this: we share
 * a stack with it. */
static void wait_for_vfork_child(void)
{
	u32 flags = irq_save();

	current->wait_name = "vfork";
	while (current->vfork_child) {
		current->state = TASK_UNINTERRUPTIBLE;
		schedule();
	}
	current->wait_name = NULL;
	irq_restore(flags);
}

static long do_fork(const struct fork_args *args)
{
	struct task *child;
	pid_t pid;
	int err;

	may_sleep(SLEEP_fork);
	err = check_flags(args->flags);
	if (!err)
		err = check_limits();
	if (err)
		return err;

	task_save_registers(current);
	child = task_alloc(current);
	if (!child)
		return -ENOMEM;
	if (!copy_process(child->process, args->flags) ||
	    !copy_mm(child, args->flags))
		err = -ENOMEM;
	else
		err = copy_registers(child, args);
	/* all of this may have slept: others may have forked since */
	if (!err)
		err = check_limits();
	if (err) {
		fork_undo(child);
		return err;
	}

	pid = fork_commit(child, args);
	if (args->flags & CLONE_PARENT_SETTID)
		put_user_u32(pid, args->parent_tid);
	if (args->flags & CLONE_VFORK)
		wait_for_vfork_child();
	return pid;
}

/* --- kernel threads ----------------------------------------------------- */

/* A thread's function and argument stand where a user frame would. */
struct task *kernel_thread(void (*fn)(void *), void *arg, const char *name)
{
	struct task *task = task_alloc(&idle_task);
	struct trap_frame *frame;

	if (!task)
		return NULL;
	task->process->sighand = sighand_dup(idle_process.sighand);
	if (!task->process->sighand) {
		fork_undo(task);
		return NULL;
	}
	strlcpy(task->comm, name, sizeof(task->comm));
	frame = task_frame(task);
	*frame = (struct trap_frame){ .ebx = (u32)fn, .ecx = (u32)arg };
	prepare_stack(task);
	task_publish(task, init_task ? init_task->process : &idle_process);
	trace_name(task);
	wake_up_process(task);
	return task;
}

static void run_kthread(const struct trap_frame *frame)
{
	void (*fn)(void *arg) = (void (*)(void *))frame->ebx;

	fn((void *)frame->ecx);
	if (current->kthread)
		do_exit(0);
}

void task_first_run(struct trap_frame *frame)
{
	irq_enable();
	if (current->kthread)
		run_kthread(frame);
	else if (current->set_child_tid)
		put_user_u32(current->pid, current->set_child_tid);
}

/* --- system calls ------------------------------------------------------- */

long sys_fork(void)
{
	struct fork_args args = { .flags = SIGCHLD };

	return do_fork(&args);
}

long sys_vfork(void)
{
	struct fork_args args = { .flags = CLONE_VFORK | CLONE_VM | SIGCHLD };

	return do_fork(&args);
}

long sys_clone(u32 flags, u32 stack, u32 *ptid, u32 tls, u32 *ctid)
{
	struct fork_args args = {
		.flags = flags,
		.stack = stack,
		.parent_tid = ptid,
		.child_tid = ctid,
		.tls = tls,
	};

	return do_fork(&args);
}

long sys_set_tid_address(u32 *ctid)
{
	current->clear_child_tid = ctid;
	return current->pid;
}

long sys_set_robust_list(u32 head, u32 len)
{
	if (len != 12)
		return -EINVAL;
	current->robust_list = head;
	return 0;
}
