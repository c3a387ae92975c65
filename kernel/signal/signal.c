/* SPDX-License-Identifier: MIT */
/*
 * Signals: who gets one, and what happens to it.
 *
 *   send_sig() --> task->pending --> signal_deliver() --> default action
 *      |  dropped when ignored        on the way to        \-> handler
 *      '- wakes an interruptible      user mode                (sigframe.c)
 *         sleeper
 *
 * INV-S1  a pending signal that is not blocked implies WORK_SIGNAL: only
 *         take_signal() clears the bit, when nothing is left. So a system
 *         call that was interrupted always passes through signal_deliver().
 * INV-S2  SIGKILL and SIGSTOP are never in `blocked`.
 * INV-S3  process 1 is only ended by a fault of its own.
 *
 * A real-time signal sent twice is delivered once. Fields of a task are
 * changed with interrupts off: the timer and the tty send signals too.
 * See: kernel/signal/signal_sys.c for the calls, docs/abi.md.
 */
#include <kernel/panic.h>
#include <kernel/task.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

#define SIG_STOPS (1ull << (SIGSTOP - 1) | 1ull << (SIGTSTP - 1) | \
		   1ull << (SIGTTIN - 1) | 1ull << (SIGTTOU - 1))
#define SIG_FAULTS (1ull << (SIGSEGV - 1) | 1ull << (SIGBUS - 1) | \
		    1ull << (SIGILL - 1) | 1ull << (SIGTRAP - 1) | \
		    1ull << (SIGFPE - 1) | 1ull << (SIGSYS - 1))
#define SIG_QUIET (1ull << (SIGCHLD - 1) | 1ull << (SIGCONT - 1) | \
		   1ull << (SIGURG - 1) | 1ull << (SIGWINCH - 1))

#define WAIT_STOPPED(signo) ((signo) << 8 | 0x7f)
#define WAIT_CONTINUED 0xffff

bool signal_ignored(const struct task *task, s32 signo)
{
	u32 handler = task->process->sighand->action[signo - 1].handler;

	return handler == SIG_IGN ||
	       (handler == SIG_DFL && (sig_bit(signo) & SIG_QUIET));
}

void signal_flush(struct task *task, u64 mask)
{
	u32 i, flags = irq_save();

	task->pending &= ~mask;
	for (i = 0; i < SIG_QUEUED; i++)
		if (task->sig_info[i].signo &&
		    (sig_bit(task->sig_info[i].signo) & mask))
			task->sig_info[i].signo = 0;
	irq_restore(flags);
}

/* --- sending: interrupts are off ---------------------------------------- */

static void keep_info(struct task *task, s32 signo,
		      const struct siginfo_k *info)
{
	u32 i;

	for (i = 0; i < SIG_QUEUED; i++)
		if (!task->sig_info[i].signo)
			break;
	if (i == SIG_QUEUED)
		return;
	task->sig_info[i] = *info;
	task->sig_info[i].signo = signo;
}

static void post_signal(struct task *task, s32 signo,
			const struct siginfo_k *info)
{
	if (info && !(task->pending & sig_bit(signo)))
		keep_info(task, signo, info);
	task->pending |= sig_bit(signo);
	if (task->blocked & sig_bit(signo))
		return;
	task->work |= WORK_SIGNAL;
	if (task->state == TASK_INTERRUPTIBLE ||
	    (task->state == TASK_STOPPED && signo == SIGKILL))
		wake_up_process(task);
}

void tell_parent(struct task *task, s32 signo, s32 code, s32 status)
{
	struct process *parent = task->process->parent;
	struct siginfo_k info = {
		.code = code,
		.pid = task->process->pid,
		.uid = task->cred.uid,
		.status = status,
	};

	if (signo)
		send_sig(signo, parent->leader, &info);
	wake_up(&parent->child_exit);
}

/* A child stopped or went on: SIGCHLD, if its parent wants it for that. */
static void tell_stop(struct task *task, s32 code, s32 status)
{
	const struct sighand *parent = task->process->parent->sighand;
	bool wanted = parent && !(parent->action[SIGCHLD - 1].flags &
				  SA_NOCLDSTOP);

	tell_parent(task, wanted ? SIGCHLD : 0, code, status);
}

/* Stop signals and SIGCONT undo each other, whatever becomes of them. */
static void cancel_opposite(struct task *task, s32 signo)
{
	if (sig_bit(signo) & SIG_STOPS)
		signal_flush(task, sig_bit(SIGCONT));
	if (signo != SIGCONT)
		return;
	signal_flush(task, SIG_STOPS);
	if (task->state != TASK_STOPPED)
		return;
	task->process->exit_code = WAIT_CONTINUED;
	wake_up_process(task);
	tell_stop(task, CLD_CONTINUED, SIGCONT);
}

static bool gets_signals(const struct task *task)
{
	return !task->exiting && !task->kthread && task->process->sighand &&
	       task->state != TASK_ZOMBIE;
}

/* INV-S3: what has no handler does not reach process 1. */
static bool shielded(const struct task *task, s32 signo)
{
	return task == init_task &&
	       task->process->sighand->action[signo - 1].handler == SIG_DFL;
}

void send_sig(s32 signo, struct task *task, const struct siginfo_k *info)
{
	u32 flags = irq_save();

	ASSERT(signo >= 1 && signo <= NSIG);
	if (gets_signals(task) && !shielded(task, signo)) {
		cancel_opposite(task, signo);
		if (task->blocked & sig_bit(signo) ||
		    !signal_ignored(task, signo))
			post_signal(task, signo, info);
	}
	irq_restore(flags);
}

u32 send_sig_pgrp(s32 signo, s32 pgrp)
{
	struct task *task;
	u32 reached = 0, flags = irq_save();

	for_each_task(task) {
		if (task->process->pgrp != pgrp || task->kthread)
			continue;
		send_sig(signo, task, NULL);
		reached++;
	}
	irq_restore(flags);
	return reached;
}

void force_sig_fault(s32 signo, s32 code, u32 addr)
{
	struct sighand *sighand = current->process->sighand;
	struct k_sigaction *action = &sighand->action[signo - 1];
	struct siginfo_k info = { .code = code, .addr = addr };
	u32 flags = irq_save();

	if (current->blocked & sig_bit(signo) || action->handler == SIG_IGN) {
		action->handler = SIG_DFL;
		current->blocked &= ~sig_bit(signo);
	}
	/* An older one, sent with kill(), must not hide the address. */
	signal_flush(current, sig_bit(signo));
	if (current->sig_info[SIG_QUEUED - 1].signo)
		current->sig_info[SIG_QUEUED - 1].signo = 0;
	post_signal(current, signo, &info);
	irq_restore(flags);
}

/* --- taking ------------------------------------------------------------- */

bool signal_pending(void)
{
	return current->pending & ~current->blocked;
}

void signal_set_blocked(u64 mask)
{
	u32 flags = irq_save();

	current->blocked = mask & ~SIG_UNBLOCKABLE;
	if (signal_pending())
		current->work |= WORK_SIGNAL;
	irq_restore(flags);
}

/* SIGKILL before all, then faults of the program itself, then by number. */
static s32 next_signal(u64 ready)
{
	s32 signo = 1;

	if (ready & sig_bit(SIGKILL))
		return SIGKILL;
	if (ready & SIG_FAULTS)
		ready &= SIG_FAULTS;
	while (!(ready & sig_bit(signo)))
		signo++;
	return signo;
}

static void take_info(s32 signo, struct siginfo_k *info)
{
	u32 i;

	*info = (struct siginfo_k){ .signo = signo, .code = SI_KERNEL };
	for (i = 0; i < SIG_QUEUED; i++) {
		if (current->sig_info[i].signo != signo)
			continue;
		*info = current->sig_info[i];
		current->sig_info[i].signo = 0;
		return;
	}
}

/* The next signal to act on, with its details; 0: none (INV-S1). */
static s32 take_signal(struct siginfo_k *info)
{
	u32 flags = irq_save();
	u64 ready = current->pending & ~current->blocked;
	s32 signo = 0;

	if (ready) {
		signo = next_signal(ready);
		take_info(signo, info);
		current->pending &= ~sig_bit(signo);
	} else {
		current->work &= ~WORK_SIGNAL;
	}
	irq_restore(flags);
	return signo;
}

/* --- default actions ---------------------------------------------------- */

bool pgrp_orphaned(s32 pgrp)
{
	struct task *task;

	for_each_task(task)
		if (task->process->pgrp == pgrp && task->state != TASK_ZOMBIE &&
		    task->process->parent->pgrp != pgrp &&
		    task->process->parent->session == task->process->session)
			return false;
	return true;
}

static void stop_current(s32 signo)
{
	u32 flags;

	if (signo != SIGSTOP && pgrp_orphaned(current->process->pgrp))
		return;
	flags = irq_save();
	current->process->exit_code = WAIT_STOPPED(signo);
	current->state = TASK_STOPPED;
	tell_stop(current, CLD_STOPPED, signo);
	schedule();
	irq_restore(flags);
}

static void default_action(s32 signo, const struct siginfo_k *info)
{
	bool fault = info->code > 0 && info->code < SI_KERNEL;

	if (sig_bit(signo) & SIG_QUIET)
		return;
	/* It had a handler when it was sent. */
	if (current == init_task && !fault && signo != SIGKILL &&
	    signo != SIGSEGV)
		return;
	if (sig_bit(signo) & SIG_STOPS)
		stop_current(signo);
	else
		do_exit(signo);
}

/* --- system calls that a signal broke off ------------------------------- */

static bool call_interrupted(const struct trap_frame *frame)
{
	s32 result = (s32)frame->eax;

	return frame->vector == VECTOR_SYSCALL && (s32)frame->error_code >= 0 &&
	       (result == -ERESTARTSYS || result == -ERESTARTNOHAND ||
		result == -ERESTART_RESTARTBLOCK);
}

/* Back onto the two bytes of int 0x80, with call NR in eax. */
static void restart_call(struct trap_frame *frame, u32 nr)
{
	frame->eax = nr;
	frame->eip -= 2;
}

static void finish_call(struct trap_frame *frame,
			const struct k_sigaction *action)
{
	if (!call_interrupted(frame))
		return;
	if (!action)
		restart_call(frame, (s32)frame->eax == -ERESTART_RESTARTBLOCK ?
					    0 : frame->error_code);
	else if ((s32)frame->eax == -ERESTARTSYS &&
		 (action->flags & SA_RESTART))
		restart_call(frame, frame->error_code);
	else
		frame->eax = (u32)-EINTR;
	frame->error_code = ~0u; /* only once */
}

/* --- delivery ----------------------------------------------------------- */

static void run_handler(struct trap_frame *frame, s32 signo,
			const struct siginfo_k *info)
{
	struct sighand *sighand = current->process->sighand;
	struct k_sigaction *entry = &sighand->action[signo - 1];
	struct k_sigaction action = *entry;
	u64 oldmask = current->restore_blocked ? current->saved_blocked :
						 current->blocked;

	finish_call(frame, &action);
	if (action.flags & SA_RESETHAND)
		entry->handler = SIG_DFL;
	if (signal_setup_frame(frame, &action, info, oldmask)) {
		/* A stack that cannot hold the frame of SIGSEGV is the end. */
		if (signo == SIGSEGV)
			entry->handler = SIG_DFL;
		force_sig_fault(SIGSEGV, SI_KERNEL, 0);
		return;
	}
	current->restore_blocked = false;
	if (!(action.flags & SA_NODEFER))
		action.mask |= sig_bit(signo);
	signal_set_blocked(current->blocked | action.mask);
}

void signal_deliver(struct trap_frame *frame)
{
	struct siginfo_k info;
	u32 handler;
	s32 signo;

	for (signo = take_signal(&info); signo; signo = take_signal(&info)) {
		handler = current->process->sighand->action[signo - 1].handler;
		if (handler == SIG_DFL)
			default_action(signo, &info);
		else if (handler != SIG_IGN)
			run_handler(frame, signo, &info);
	}
	finish_call(frame, NULL);
	if (current->restore_blocked) {
		current->restore_blocked = false;
		signal_set_blocked(current->saved_blocked);
	}
}

/* --- life of a task ----------------------------------------------------- */

void signal_fork(struct task *child)
{
	u32 i;

	child->pending = 0;
	for (i = 0; i < SIG_QUEUED; i++)
		child->sig_info[i].signo = 0;
	child->restore_blocked = false;
}

void signal_exec(void)
{
	struct k_sigaction *action = current->process->sighand->action;
	u32 i;

	for (i = 0; i < NSIG; i++) {
		if (action[i].handler != SIG_IGN)
			action[i].handler = SIG_DFL;
		action[i].flags = 0;
		action[i].restorer = 0;
		action[i].mask = 0;
	}
	current->altstack = current->altstack_size = 0;
}

void signal_exit(struct task *task)
{
	task->exiting = true;
	timer_del(&task->process->alarm);
	signal_flush(task, ~0ull);
}
