/* SPDX-License-Identifier: MIT */
/*
 * Sleeping locks and wait queues.
 *
 * One processor, a kernel that is not preempted, interrupts that may
 * arrive: you are atomic until you sleep. A mutex is only needed around
 * stretches that sleep.
 *
 * Order, checked at every lock: a task holding a lock may only take one
 * further right.
 *
 *   creator, inode, pipe, tty  ->  user copies  ->  mmap_sem -> page -> swap
 *
 * A user copy asserts that nothing from mmap_sem on is held. docs/locking.md
 */
#ifndef KERNEL_LOCK_H
#define KERNEL_LOCK_H

#include <kernel/panic.h>
#include <lib/list.h>

struct task;

enum lock_class { /* bit numbers of task->held_locks, in lock order */
	LOCK_CREATOR, /* shmget: look up, else create */
	LOCK_RENAME, /* moves of directories, whole tree */
	LOCK_INODE, /* contents and size of one inode */
	LOCK_PIPE,
	LOCK_TTY,
	LOCK_MMAP, /* mm->mmap_sem; from here on no user copies */
};

struct wait_queue {
	struct list_head waiters; /* of struct wait_entry, on their stacks */
};

struct mutex {
	struct task *owner; /* NULL: free */
	struct wait_queue wait;
	u32 bit; /* of its class in task->held_locks */
	const char *name; /* for panics and gdb */
	bool nested; /* held, and one of its class was already held */
};

#define WAIT_QUEUE_INIT(wq) { LIST_HEAD_INIT((wq).waiters) }
#define MUTEX_INIT(m, cls) \
	{ NULL, WAIT_QUEUE_INIT((m).wait), 1u << (cls), #m, false }

void wait_queue_init(struct wait_queue *wq);
void mutex_init(struct mutex *m, enum lock_class class, const char *name);

/* Sleeps until the lock is free. Panics on a wrong order or a double lock. */
void mutex_lock(struct mutex *m);
void mutex_unlock(struct mutex *m);

/* A second lock of the same class (two inodes): the caller keeps the order
 * and unlocks it before the first. */
void mutex_lock_nested(struct mutex *m);

/* Stands among the first statements of a function whose comment says that M is
 * held. tools/lint sees to it; docs/locking.md says who may do without. */
#define assert_held(m)                                                    \
	ASSERT_MSG((m)->owner == current, "%s is not held by pid %d",     \
		   (m)->name, current->pid)

/*
 * Sleep until somebody wakes the queue. They may return early, so the
 * caller loops over its condition; wait_event() does that.
 *   interruptible: -ERESTARTSYS if a signal is pending, else 0.
 *   timeout: in ticks; returns the ticks left, 0 when the time is up.
 */
void sleep_on(struct wait_queue *wq);
int sleep_on_interruptible(struct wait_queue *wq);
u32 sleep_on_timeout(struct wait_queue *wq, u32 ticks);
int sleep_on_interruptible_timeout(struct wait_queue *wq, u32 *ticks);

/* Wake all, or the one that waits longest. Callable from interrupts. */
void wake_up(struct wait_queue *wq);
void wake_up_one(struct wait_queue *wq);

/* Interrupts are off between the test and the sleep: no wake-up is lost. */
#define wait_event(wq, cond)                   \
	do {                                   \
		u32 wait_flags_ = irq_save();  \
		while (!(cond))                \
			sleep_on(wq);          \
		irq_restore(wait_flags_);      \
	} while (0)

#endif
