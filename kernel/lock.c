/* SPDX-License-Identifier: MIT */
/*
 * Sleeping: wait queues, mutexes, and the check of the lock order.
 *
 *   wait_queue.waiters <-> wait_entry <-> wait_entry     first come, first
 *                             |  on the sleeper's stack
 *                             '--> task
 *
 *   task->held_locks   bit per lock class; locking class C requires that no
 *                      bit >= C is set (trying does not: it never waits)
 *
 * INV-MX1 a mutex with waiters and no owner has a waiter that was woken.
 * INV-MX2 whoever wakes a waiter takes its entry off the queue, so that
 *         wake_up_one() twice wakes two.
 *
 * Queues are changed with interrupts off: drivers wake from handlers. A
 * mutex is only ever taken and given back by tasks. docs/locking.md
 */
#include <kernel/lock.h>
#include <kernel/panic.h>
#include <kernel/trace/stage.h>
#include <kernel/task.h>
#include <kernel/time/time.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

struct wait_entry {
	struct list_head link; /* in wait_queue.waiters */
	struct task *task; /* who sleeps */
};

static inline void assert_may_sleep(void)
{
	if (unlikely(irq_depth))
		panic("a function that sleeps was called from an interrupt");
}

/* --- wait queues -------------------------------------------------------- */

void wait_queue_init(struct wait_queue *wq)
{
	list_init(&wq->waiters);
}

/* Sleeps in STATE; true if the queue was woken, false if only the task. */
static bool sleep_in(struct wait_queue *wq, enum task_state state)
{
	struct wait_entry entry = { .task = current };
	bool woken;

	list_add_tail(&entry.link, &wq->waiters);
	current->state = state;
	schedule();
	woken = list_empty(&entry.link);
	list_del(&entry.link);
	return woken;
}

void sleep_on(struct wait_queue *wq)
{
	u32 flags;

	assert_may_sleep();
	flags = irq_save();
	sleep_in(wq, TASK_UNINTERRUPTIBLE);
	irq_restore(flags);
}

int sleep_on_interruptible(struct wait_queue *wq)
{
	int err = 0;
	u32 flags;

	assert_may_sleep();
	flags = irq_save();
	if (signal_pending() ||
	    (!sleep_in(wq, TASK_INTERRUPTIBLE) && signal_pending()))
		err = -ERESTARTSYS;
	irq_restore(flags);
	return err;
}

static void time_is_up(void *arg)
{
	wake_up_process(arg);
}

/* Sleeps in STATE, for at most NTICKS; returns what is left of them. */
static u32 sleep_timeout(struct wait_queue *wq, enum task_state state,
			 u32 nticks)
{
	struct timer timer = { .fn = time_is_up, .arg = current };
	u32 end = ticks + nticks, left;

	timer_add(&timer, end);
	sleep_in(wq, state);
	timer_del(&timer);
	left = end - ticks;
	return (s32)left > 0 ? left : 0;
}

u32 sleep_on_timeout(struct wait_queue *wq, u32 nticks)
{
	u32 flags, left;

	assert_may_sleep();
	flags = irq_save();
	left = sleep_timeout(wq, TASK_UNINTERRUPTIBLE, nticks);
	irq_restore(flags);
	return left;
}

int sleep_on_interruptible_timeout(struct wait_queue *wq, u32 *nticks)
{
	int err = 0;
	u32 flags;

	assert_may_sleep();
	flags = irq_save();
	if (!signal_pending())
		*nticks = sleep_timeout(wq, TASK_INTERRUPTIBLE, *nticks);
	if (*nticks && signal_pending())
		err = -ERESTARTSYS;
	irq_restore(flags);
	return err;
}

static void wake_first(struct wait_queue *wq)
{
	struct wait_entry *entry =
		list_entry(wq->waiters.next, struct wait_entry, link);

	list_del(&entry->link);
	wake_up_process(entry->task);
}

void wake_up(struct wait_queue *wq)
{
	u32 flags = irq_save();

	while (!list_empty(&wq->waiters))
		wake_first(wq);
	irq_restore(flags);
}

void wake_up_one(struct wait_queue *wq)
{
	u32 flags = irq_save();

	if (!list_empty(&wq->waiters))
		wake_first(wq);
	irq_restore(flags);
}

/* --- mutexes ------------------------------------------------------------ */

void mutex_init(struct mutex *m, enum lock_class class, const char *name)
{
	*m = (struct mutex){ .bit = 1u << class, .name = name };
	wait_queue_init(&m->wait);
}

static void __noreturn bad_lock(const struct mutex *m)
{
	if (m->owner == current)
		panic("pid %d locks %s a second time", current->pid, m->name);
	panic("pid %d locks %s (class bit %x) holding classes %x",
	      current->pid, m->name, m->bit, current->held_locks);
}

/* The order is wrong if a bit at or above LIMIT is held. */
static inline void check_order(const struct mutex *m, u32 limit)
{
	if (unlikely(current->held_locks >= limit || m->owner == current))
		bad_lock(m);
}

static inline void take(struct mutex *m)
{
	m->owner = current;
	current->held_locks |= m->bit;
}

/* All the checks, and the wait. LIMIT as for check_order(). */
static void mutex_lock_slow(struct mutex *m, u32 limit)
{
	assert_may_sleep();
	check_order(m, limit);
	while (m->owner) {
		may_sleep(SLEEP_mutex_wait);
		current->wait_name = m->name;
		if (m->owner)
			sleep_on(&m->wait);
		current->wait_name = NULL;
	}
	take(m);
}

/* One test for all that is out of the ordinary. */
void mutex_lock(struct mutex *m)
{
	if (unlikely(irq_depth || m->owner || current->held_locks >= m->bit))
		mutex_lock_slow(m, m->bit);
	else
		take(m);
}

void mutex_lock_nested(struct mutex *m)
{
	bool nested = current->held_locks & m->bit;

	mutex_lock_slow(m, m->bit << 1);
	m->nested = nested;
}

static void __noreturn bad_unlock(const struct mutex *m)
{
	panic("pid %d unlocks %s, which is not its", current->pid, m->name);
}

void mutex_unlock(struct mutex *m)
{
	if (unlikely(m->owner != current))
		bad_unlock(m);
	m->owner = NULL;
	if (likely(!m->nested))
		current->held_locks &= ~m->bit;
	else
		m->nested = false;
	if (unlikely(!list_empty(&m->wait.waiters)))
		wake_up_one(&m->wait);
}
