/* SPDX-License-Identifier: MIT */
/*
 * poll, ppoll: wait until one of several files is ready. select: select.c.
 *
 * f_op->poll answers from what it sees, without sleeping. There is one queue
 * for all sleepers: whatever becomes ready wakes them, and they look at
 * their files again. A file without f_op->poll is always ready.
 *
 * Interrupts are off from the look to the sleep, so no byte that a terminal
 * receives in between is missed.
 */
#include <fs/internal.h>
#include <fs/poll.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <mm/kmalloc.h>
#include <x86/cpu.h>

#define MSEC_PER_SEC 1000u
#define NSEC_PER_MSEC 1000000u

struct pollfd {
	s32 fd; /* negative: left out */
	s16 events, revents; /* POLLIN..: asked for, found */
};

struct poll_set { /* one call's */
	struct pollfd *fds;
	u32 count;
};

static struct wait_queue poll_wait = WAIT_QUEUE_INIT(poll_wait);

void poll_notify(void)
{
	if (unlikely(!list_empty(&poll_wait.waiters)))
		wake_up(&poll_wait);
}

u32 poll_file(struct file *file)
{
	if (!file->f_op->poll)
		return POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
	return file->f_op->poll(file);
}

long poll_until(long (*look)(void *arg), void *arg,
		const struct timespec64 *until)
{
	u32 flags = irq_save(), left;
	long found;
	int err = 0;

	for (found = look(arg); !found && !err; found = look(arg)) {
		if (!until) {
			err = sleep_on_interruptible(&poll_wait);
			continue;
		}
		left = time_ticks_until(*until);
		if (!left)
			break;
		err = sleep_on_interruptible_timeout(&poll_wait, &left);
	}
	irq_restore(flags);
	return found ? found : err ? -ERESTARTNOHAND : 0;
}

static u32 poll_one(const struct pollfd *p)
{
	struct file *file = fget(p->fd);
	u32 mask;

	if (!file)
		return POLLNVAL;
	mask = poll_file(file);
	fput(file);
	return mask & ((u16)p->events | POLLERR | POLLHUP);
}

/* Looks at all files once; how many are ready. */
static long poll_look(void *arg)
{
	const struct poll_set *set = arg;
	struct pollfd *p;
	long ready = 0;

	for (p = set->fds; p != set->fds + set->count; p++) {
		p->revents = p->fd < 0 ? 0 : poll_one(p);
		ready += p->revents != 0;
	}
	return ready;
}

static long poll_user(struct poll_set *set, void *ufds,
		      const struct timespec64 *until)
{
	u32 bytes = set->count * sizeof(*set->fds);
	long res;

	if (copy_from_user(set->fds, ufds, bytes))
		return -EFAULT;
	res = poll_until(poll_look, set, until);
	if (res >= 0 && copy_to_user(ufds, set->fds, bytes))
		return -EFAULT;
	return res;
}

static long do_poll(void *ufds, u32 nfds, const struct timespec64 *until)
{
	struct poll_set set = { .count = nfds };
	long res;

	if (nfds > rlimit(RLIMIT_NOFILE) || nfds > NR_OPEN_MAX)
		return -EINVAL;
	set.fds = kmalloc(MAX(nfds, 1u) * sizeof(*set.fds), GFP_KERNEL);
	if (!set.fds)
		return -ENOMEM;
	res = poll_user(&set, ufds, until);
	kfree(set.fds);
	return res;
}

long sys_poll(void *fds, u32 nfds, s32 timeout)
{
	struct timespec64 t;

	if (timeout < 0)
		return do_poll(fds, nfds, NULL);
	t.sec = (u32)timeout / MSEC_PER_SEC;
	t.nsec = (u32)timeout % MSEC_PER_SEC * NSEC_PER_MSEC;
	t = time_from_now(t);
	return do_poll(fds, nfds, &t);
}

static long ppoll(void *fds, u32 nfds, void *uts, const void *mask, u32 size,
		  bool time64)
{
	struct timespec64 until;
	long res = wait_time_read(&until, uts, time64);

	if (res)
		return res;
	res = signal_mask_begin(mask, size);
	if (res)
		return res;
	res = do_poll(fds, nfds, uts ? &until : NULL);
	res = signal_mask_end(mask, res);
	return wait_time_write(uts, until, time64, res);
}

long sys_ppoll(void *fds, u32 nfds, void *ts, const void *mask, u32 size)
{
	return ppoll(fds, nfds, ts, mask, size, false);
}

long sys_ppoll_time64(void *fds, u32 nfds, void *ts, const void *mask,
		      u32 size)
{
	return ppoll(fds, nfds, ts, mask, size, true);
}
