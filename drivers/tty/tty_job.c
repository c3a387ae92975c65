/* SPDX-License-Identifier: MIT */
/*
 * Job control: which session a terminal belongs to, which of its process
 * groups is in the foreground, and what happens to the others.
 *
 *   session leader --TIOCSCTTY--> tty->session; its tasks have task->tty
 *   shell          --TIOCSPGRP--> tty->pgrp: gets ^C, may read
 *   background job   reads: SIGTTIN      changes modes: SIGTTOU
 *   leader exits, or the terminal hangs up:
 *                    SIGHUP and SIGCONT to the leader and the foreground;
 *                    its files are dead, the session has no terminal
 *   leader gives it up (TIOCNOTTY): the same, but its files live on
 *
 * All of it is atomic. POSIX.1-2017, chapter 11.1.
 */
#include <drivers/drivers.h>
#include <drivers/tty/tty.h>
#include <kernel/syscall.h>
#include <kernel/usercopy.h>
#include <uapi/errno.h>

static bool signal_shut_out(s32 signo)
{
	return (current->blocked & 1ull << (signo - 1)) ||
	       current->process->sighand->action[signo - 1].handler == SIG_IGN;
}

int tty_check_job(struct tty *tty, s32 signo)
{
	const struct process *process = current->process;

	if (process->tty != tty || !tty->pgrp || process->pgrp == tty->pgrp)
		return 0;
	if (signal_shut_out(signo))
		return signo == SIGTTIN ? -EIO : 0;
	if (pgrp_orphaned(process->pgrp))
		return -EIO;
	send_sig_pgrp(signo, current->process->pgrp);
	return -ERESTARTSYS;
}

static bool is_session_leader(const struct task *task)
{
	return task->process->session == task->process->pid;
}

/* Takes TTY away from the tasks of its session. */
static void leave_session(struct tty *tty)
{
	struct task *t;

	for_each_task(t)
		if (t->process->tty == tty)
			t->process->tty = NULL;
	tty->session = tty->pgrp = 0;
}

/* TIOCSCTTY; STEAL 1: even from another session, for root. */
static long set_controlling(struct tty *tty, u32 steal)
{
	if (current->process->tty == tty && is_session_leader(current))
		return 0;
	if (current->process->tty || !is_session_leader(current))
		return -EPERM;
	if (tty->session && !(steal == 1 && capable()))
		return -EPERM;
	leave_session(tty);
	tty->session = current->process->session;
	tty->pgrp = current->process->pgrp;
	current->process->tty = tty;
	return 0;
}

/* 0: PGRP is a group of this session; -EPERM: of another; -ESRCH: of none. */
static int may_be_foreground(pid_t pgrp)
{
	struct task *t;
	int err = -ESRCH;

	for_each_task(t) {
		if (t->process->pgrp != pgrp || t->kthread)
			continue;
		if (t->process->session == current->process->session)
			return 0;
		err = -EPERM;
	}
	return err;
}

static long set_foreground(struct tty *tty, const void *arg)
{
	u32 pgrp;
	int err = tty_check_job(tty, SIGTTOU);

	if (err)
		return err == -EIO ? -ENOTTY : err;
	if (current->process->tty != tty)
		return -ENOTTY;
	if (get_user_u32(&pgrp, arg))
		return -EFAULT;
	if ((s32)pgrp < 0)
		return -EINVAL;
	err = may_be_foreground(pgrp);
	if (!err)
		tty->pgrp = pgrp;
	return err;
}

void tty_acquire(struct tty *tty)
{
	if (current->process->tty || tty->session ||
	    !is_session_leader(current) || current->kthread)
		return;
	tty->session = current->process->session;
	tty->pgrp = current->process->pgrp;
	current->process->tty = tty;
}

/* All but the input, which who comes next may have typed. */
static void end_uses(struct tty *tty)
{
	pid_t pgrp = tty->pgrp;
	struct task *leader = tty->session ? find_task(tty->session) : NULL;

	if (leader && leader->process->tty == tty) {
		send_sig(SIGHUP, leader, NULL);
		send_sig(SIGCONT, leader, NULL);
	}
	if (pgrp && (!leader || leader->process->pgrp != pgrp)) {
		send_sig_pgrp(SIGHUP, pgrp);
		send_sig_pgrp(SIGCONT, pgrp);
	}
	leave_session(tty);
	tty->hangups++;
	tty->exclusive = false;
	tty_wake_readers(tty);
	tty_stop(tty, false);
	if (tty->closed)
		tty->closed(tty);
}

void tty_hang_up(struct tty *tty)
{
	tty_flush_input(tty);
	end_uses(tty);
}

/* As Linux: the leader's end hangs up a line, but not a pseudo terminal,
 * whose other side may still want to read. Unlike Linux, what was typed ahead
 * is for the next one who sits there: on this machine the same person. */
void tty_session_end(struct task *leader)
{
	struct tty *tty = leader->process->tty;

	if (!tty || !is_session_leader(leader))
		return;
	if (!tty->pseudo) {
		end_uses(tty);
		return;
	}
	send_sig_pgrp(SIGHUP, tty->pgrp);
	leave_session(tty);
}

/* TIOCNOTTY; from the leader the whole session loses the terminal. */
static void give_up(struct tty *tty)
{
	current->process->tty = NULL;
	if (!is_session_leader(current))
		return;
	send_sig_pgrp(SIGHUP, tty->pgrp);
	send_sig_pgrp(SIGCONT, tty->pgrp);
	leave_session(tty);
}

long sys_vhangup(void)
{
	if (!capable())
		return -EPERM;
	if (current->process->tty)
		tty_hang_up(current->process->tty);
	return 0;
}

long tty_job_ioctl(struct tty *tty, u32 cmd, u32 arg)
{
	if (cmd == TIOCSCTTY)
		return set_controlling(tty, arg);
	if (cmd == TIOCSPGRP)
		return set_foreground(tty, (const void *)arg);
	if (current->process->tty != tty)
		return -ENOTTY;
	switch (cmd) {
	case TIOCGPGRP:
		return put_user_u32(tty->pgrp, (void *)arg);
	case TIOCGSID:
		return put_user_u32(tty->session, (void *)arg);
	case TIOCNOTTY:
		give_up(tty);
		return 0;
	}
	return -ENOTTY;
}
