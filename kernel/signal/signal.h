/* SPDX-License-Identifier: MIT */
/*
 * Signals: sending, default actions, delivery at one place on the way to
 * user mode (signal_deliver). Numbers and layouts: <uapi/signal.h>.
 */
#ifndef KERNEL_SIGNAL_H
#define KERNEL_SIGNAL_H

#include <lib/types.h>
#include <uapi/signal.h>

#define SIG_QUEUED 4 /* details kept per task; more lose only details */

struct task;
struct trap_frame;

struct siginfo_k { /* the kernel's form of siginfo_t */
	s32 signo; /* 0: slot is free */
	s32 code; /* SEGV_MAPERR.., SI_USER.. */
	u32 addr; /* fault signals */
	s32 pid; /* sender, or child */
	u32 uid;
	s32 status; /* SIGCHLD */
};

struct sighand {
	u32 count;
	struct k_sigaction action[NSIG]; /* [signo - 1] */
};

/* Sends to one task. Any context. INFO may be NULL (sent by the kernel). */
void send_sig(s32 signo, struct task *task, const struct siginfo_k *info);
/* The same for a fault of the current task: blocked or ignored, it still
 * ends the program. */
void force_sig_fault(s32 signo, s32 code, u32 addr);
/* What became of TASK, for the parent of its process: SIGNO (0: none) with CODE
 * and STATUS, and wait4() looks again. */
void tell_parent(struct task *task, s32 signo, s32 code, s32 status);
/* To every member of a process group; number of tasks reached. */
u32 send_sig_pgrp(s32 signo, s32 pgrp);

/* Is there nobody outside the group, but in its session, whose child is in
 * it and who could continue it when it stops? Any context. */
bool pgrp_orphaned(s32 pgrp);

/* Is there a signal the current task must act on? */
bool signal_pending(void);

/* On the way to user mode, with WORK_SIGNAL set. May not return (default
 * action: the end). May sleep. */
void signal_deliver(struct trap_frame *frame);

/* fork: CHILD, a copy of its parent, starts with nothing pending. */
void signal_fork(struct task *child);
/* exec: handlers go back to the default, ignored ones stay. */
void signal_exec(void);
/* exit: TASK gets no more signals, its alarm is off. */
void signal_exit(struct task *task);

/* For a call that waits with another mask of blocked signals, at USET (NULL:
 * none), of SIZE bytes: 0, -EINVAL, -EFAULT. */
int signal_mask_begin(const void *uset, u32 size);
/* Afterwards: the old mask at once, or after the handler if the call was
 * interrupted (RES is -ERESTARTNOHAND). RES. */
long signal_mask_end(const void *uset, long res);

/* --- between signal.c, sigframe.c and signal_sys.c ---------------------- */

static inline u64 sig_bit(s32 signo)
{
	return 1ull << (signo - 1);
}

/* Nobody blocks, ignores or catches these. */
#define SIG_UNBLOCKABLE (1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1))

/* Would SIGNO do nothing to TASK (ignored, by request or by default)? */
bool signal_ignored(const struct task *task, s32 signo);
/* Replaces the current task's mask; KILL and STOP stay out of it. */
void signal_set_blocked(u64 mask);
/* Forgets pending signals of TASK that are in MASK. */
void signal_flush(struct task *task, u64 mask);

/* Pushes the frame for ACTION's handler onto the user stack and points
 * FRAME at it; OLDMASK is what sigreturn puts back. 0 or -EFAULT. */
int signal_setup_frame(struct trap_frame *frame,
		       const struct k_sigaction *action,
		       const struct siginfo_k *info, u64 oldmask);
/* Is ESP on the current task's alternate stack? */
bool on_altstack(u32 esp);

#endif
