/* SPDX-License-Identifier: MIT */
/*
 * The system calls about signals: to send, to choose an action, to block,
 * to wait. What happens to a signal is in kernel/signal/signal.c.
 *
 * A permission table of kill(2), for target T:
 *   effective uid 0, or own ruid/euid equal to T's ruid/suid; SIGCONT also
 *   within the session.
 *
 * Calls with a mask of 64 bits take its size and want 8.
 */
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <uapi/errno.h>

#define SIGSET_SIZE 8u

/* --- kill --------------------------------------------------------------- */

static bool may_signal(const struct task *task, s32 sig)
{
	const struct cred *own = &current->cred, *its = &task->cred;
	pid_t session = current->process->session;

	return capable() || own->euid == its->suid || own->euid == its->uid ||
	       own->uid == its->suid || own->uid == its->uid ||
	       (sig == SIGCONT && task->process->session == session);
}

/* SIG 0 only asks whether it could be sent. */
static long signal_one(struct task *task, s32 sig, s32 code)
{
	struct siginfo_k info = {
		.code = code,
		.pid = current->process->pid,
		.uid = current->cred.uid,
	};

	if (sig < 0 || sig > NSIG)
		return -EINVAL;
	if (!may_signal(task, sig))
		return -EPERM;
	if (sig)
		send_sig(sig, task, &info);
	return 0;
}

static long kill_pgrp(s32 pgrp, s32 sig)
{
	struct task *task;
	long err, result = -ESRCH;
	bool reached = false;

	for_each_task(task) {
		if (task->process->pgrp != pgrp || task->kthread)
			continue;
		err = signal_one(task, sig, SI_USER);
		if (err)
			result = err;
		else
			reached = true;
	}
	return reached ? 0 : result;
}

/* Everybody but process 1 and the caller; not being allowed is no error. */
static long kill_all(s32 sig)
{
	struct task *task;
	long err, result = -ESRCH;

	for_each_task(task) {
		if (task->pid <= 1 || task == current || task->kthread)
			continue;
		err = signal_one(task, sig, SI_USER);
		if (err != -EPERM)
			result = err;
		else if (result == -ESRCH)
			result = 0;
	}
	return result;
}

long sys_kill(s32 pid, s32 sig)
{
	struct task *task;

	if (pid == INT32_MIN)
		return -ESRCH;
	if (pid == -1)
		return kill_all(sig);
	if (pid <= 0)
		return kill_pgrp(pid ? -pid : current->process->pgrp, sig);
	task = find_task(pid);
	return task ? signal_one(task, sig, SI_USER) : -ESRCH;
}

long sys_tkill(s32 tid, s32 sig)
{
	struct task *task;

	if (tid <= 0)
		return -EINVAL;
	task = find_task(tid);
	return task ? signal_one(task, sig, SI_TKILL) : -ESRCH;
}

long sys_tgkill(s32 tgid, s32 tid, s32 sig)
{
	struct task *task;

	if (tgid <= 0 || tid <= 0)
		return -EINVAL;
	task = find_task(tid);
	if (!task || task->process->pid != tgid)
		return -ESRCH;
	return signal_one(task, sig, SI_TKILL);
}

/* --- actions ------------------------------------------------------------ */

/* Swaps the action of SIG: ACT (or NULL) in, *OLD (or NULL) out. */
static long do_sigaction(s32 sig, const struct k_sigaction *act,
			 struct k_sigaction *old)
{
	struct k_sigaction *entry;

	if (sig < 1 || sig > NSIG)
		return -EINVAL;
	if (act && (sig_bit(sig) & SIG_UNBLOCKABLE))
		return -EINVAL;
	entry = &current->process->sighand->action[sig - 1];
	if (old)
		*old = *entry;
	if (!act)
		return 0;
	*entry = *act;
	entry->mask &= ~SIG_UNBLOCKABLE;
	if (signal_ignored(current, sig))
		signal_flush(current, sig_bit(sig));
	return 0;
}

long sys_rt_sigaction(s32 sig, const void *act, void *old, u32 size)
{
	struct k_sigaction in, out;
	long err;

	if (size != SIGSET_SIZE)
		return -EINVAL;
	if (act && copy_from_user(&in, act, sizeof(in)))
		return -EFAULT;
	err = do_sigaction(sig, act ? &in : NULL, &out);
	if (!err && old && copy_to_user(old, &out, sizeof(out)))
		err = -EFAULT;
	return err;
}

long sys_sigaction(s32 sig, const void *act, void *old)
{
	struct old_sigaction user;
	struct k_sigaction in, out;
	long err;

	if (act && copy_from_user(&user, act, sizeof(user)))
		return -EFAULT;
	if (act)
		in = (struct k_sigaction){ user.handler, user.flags,
					   user.restorer, user.mask };
	err = do_sigaction(sig, act ? &in : NULL, &out);
	if (err || !old)
		return err;
	user = (struct old_sigaction){ out.handler, (u32)out.mask, out.flags,
				       out.restorer };
	return copy_to_user(old, &user, sizeof(user)) ? -EFAULT : 0;
}

long sys_signal(s32 sig, u32 handler)
{
	struct k_sigaction out, in = {
		.handler = handler,
		.flags = SA_RESETHAND | SA_NODEFER,
	};
	long err = do_sigaction(sig, &in, &out);

	return err ? err : (long)out.handler;
}

/* --- masks -------------------------------------------------------------- */

/* Changes the part WITHIN of the mask as HOW says; 0 or -EINVAL. */
static long change_mask(s32 how, u64 set, u64 within)
{
	u64 blocked = current->blocked;

	if (how == SIG_BLOCK)
		blocked |= set;
	else if (how == SIG_UNBLOCK)
		blocked &= ~set;
	else if (how == SIG_SETMASK)
		blocked = (blocked & ~within) | set;
	else
		return -EINVAL;
	signal_set_blocked(blocked);
	return 0;
}

long sys_rt_sigprocmask(s32 how, const void *set, void *old, u32 size)
{
	u64 in, out = current->blocked;
	long err = 0;

	if (size != SIGSET_SIZE)
		return -EINVAL;
	if (set && copy_from_user(&in, set, sizeof(in)))
		return -EFAULT;
	if (set)
		err = change_mask(how, in, ~0ull);
	if (!err && old && copy_to_user(old, &out, sizeof(out)))
		err = -EFAULT;
	return err;
}

long sys_sigprocmask(s32 how, const u32 *set, u32 *old)
{
	u32 in, out = (u32)current->blocked;
	long err = 0;

	if (set && get_user_u32(&in, set))
		return -EFAULT;
	if (set)
		err = change_mask(how, in, 0xffffffffull);
	if (!err && old && put_user_u32(out, old))
		err = -EFAULT;
	return err;
}

long sys_rt_sigpending(void *set, u32 size)
{
	u64 waiting = current->pending & current->blocked;

	if (size > SIGSET_SIZE)
		return -EINVAL;
	return copy_to_user(set, &waiting, size) ? -EFAULT : 0;
}

/* --- waiting ------------------------------------------------------------ */

static long wait_for_signal(void)
{
	struct wait_queue nobody = WAIT_QUEUE_INIT(nobody);

	while (!signal_pending())
		sleep_on_interruptible(&nobody);
	return -ERESTARTNOHAND;
}

long sys_pause(void)
{
	return wait_for_signal();
}

int signal_mask_begin(const void *uset, u32 size)
{
	u64 mask;

	if (!uset)
		return 0;
	if (size != SIGSET_SIZE)
		return -EINVAL;
	if (copy_from_user(&mask, uset, sizeof(mask)))
		return -EFAULT;
	current->saved_blocked = current->blocked;
	current->restore_blocked = true;
	signal_set_blocked(mask);
	return 0;
}

long signal_mask_end(const void *uset, long res)
{
	if (!uset || res == -ERESTARTNOHAND)
		return res;
	current->restore_blocked = false;
	signal_set_blocked(current->saved_blocked);
	return res;
}

long sys_rt_sigsuspend(const void *set, u32 size)
{
	int err = set ? signal_mask_begin(set, size) : -EFAULT;

	return err ? err : wait_for_signal();
}

long sys_sigaltstack(const void *ss, void *old)
{
	bool running = on_altstack(task_frame(current)->esp);
	struct sigaltstack in, out = {
		.ss_sp = current->altstack,
		.ss_size = current->altstack_size,
		.ss_flags = !current->altstack_size ? SS_DISABLE :
			    running ? SS_ONSTACK : 0,
	};

	if (ss && copy_from_user(&in, ss, sizeof(in)))
		return -EFAULT;
	if (ss && running)
		return -EPERM;
	if (ss && in.ss_flags > SS_DISABLE)
		return -EINVAL;
	if (ss && in.ss_flags != SS_DISABLE && in.ss_size < MINSIGSTKSZ &&
	    (in.ss_sp != current->altstack ||
	     in.ss_size != current->altstack_size))
		return -ENOMEM;

	if (ss) {
		current->altstack_size =
			in.ss_flags == SS_DISABLE ? 0 : in.ss_size;
		current->altstack = current->altstack_size ? in.ss_sp : 0;
	}
	return old && copy_to_user(old, &out, sizeof(out)) ? -EFAULT : 0;
}
