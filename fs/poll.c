/* SPDX-License-Identifier: MIT */
/*
 * poll: waits until one of several files is ready.
 *
 * f_op->poll answers from what it sees, without sleeping. There is one queue
 * for all sleepers: whatever becomes ready wakes them, and they look at
 * their files again. A file without f_op->poll is always ready.
 *
 * Interrupts are off from the look to the sleep, so no byte that a terminal
 * receives in between is missed.
 */
#include <fs/internal.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <mm/kmalloc.h>
#include <x86/cpu.h>

#define MSEC_PER_TICK (1000 / HZ)

struct pollfd {
	s32 fd; /* negative: left out */
	s16 events, revents; /* POLLIN..: asked for, found */
};

static struct wait_queue poll_wait = WAIT_QUEUE_INIT(poll_wait);

void poll_notify(void)
{
	if (unlikely(!list_empty(&poll_wait.waiters)))
		wake_up(&poll_wait);
}

static u32 poll_file(const struct pollfd *p)
{
	struct file *file = fget(p->fd);
	u32 mask = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;

	if (!file)
		return POLLNVAL;
	if (file->f_op->poll)
		mask = file->f_op->poll(file);
	fput(file);
	return mask & ((u16)p->events | POLLERR | POLLHUP);
}

/* Looks at all files once; how many are ready. Atomic. */
static long poll_scan(struct pollfd *p, u32 count)
{
	long ready = 0;

	for (; count--; p++) {
		p->revents = p->fd < 0 ? 0 : poll_file(p);
		ready += p->revents != 0;
	}
	return ready;
}

/* Sleeps until a file is ready, TIMEOUT (ms; negative: none) or a signal. */
static long poll_loop(struct pollfd *p, u32 count, s32 timeout)
{
	u32 left = timeout > 0 ? DIV_ROUND_UP((u32)timeout, MSEC_PER_TICK) : 0;
	u32 flags = irq_save();
	long ready;
	int err = 0;

	for (;;) {
		ready = poll_scan(p, count);
		if (ready || err || (timeout >= 0 && !left))
			break;
		if (timeout < 0)
			err = sleep_on_interruptible(&poll_wait);
		else
			err = sleep_on_interruptible_timeout(&poll_wait, &left);
	}
	irq_restore(flags);
	return ready ? ready : err ? -ERESTARTNOHAND : 0;
}

static long poll_user(struct pollfd *p, void *fds, u32 count, s32 timeout)
{
	long res;

	if (copy_from_user(p, fds, count * sizeof(*p)))
		return -EFAULT;
	res = poll_loop(p, count, timeout);
	if (res >= 0 && copy_to_user(fds, p, count * sizeof(*p)))
		return -EFAULT;
	return res;
}

long sys_poll(void *fds, u32 nfds, s32 timeout)
{
	struct pollfd *p;
	long res;

	if (nfds > rlimit(RLIMIT_NOFILE) || nfds > NR_OPEN_MAX)
		return -EINVAL;
	p = kmalloc(MAX(nfds, 1u) * sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	res = poll_user(p, fds, nfds, timeout);
	kfree(p);
	return res;
}
