/* SPDX-License-Identifier: MIT */
/*
 * select and pselect6: poll() with bit maps.
 *
 *   readable     data, end of file, hang-up or error
 *   writable     room, or an error
 *   exceptional  nothing we have
 *
 * Bits from the first descriptor on that the table has no place for are not
 * looked at. What is left of the time is written back, as Linux does.
 */
#include <fs/internal.h>
#include <fs/poll.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <lib/bitmap.h>
#include <mm/kmalloc.h>
#include <uapi/resource.h>

#define NSEC_PER_USEC 1000u
#define USEC_PER_SEC 1000000
#define WORDS (NR_OPEN_MAX / 32)
#define KINDS 3

struct select_sets { /* one call's */
	u32 n; /* descriptors to look at */
	u32 asked[KINDS][WORDS]; /* readable, writable, exceptional */
	u32 found[KINDS][WORDS];
};

/* Arguments of the old call. */
struct select_args {
	s32 n;
	void *user[KINDS], *timeout;
};

/* Arguments behind pselect6's sixth. */
struct select_mask {
	const void *set;
	u32 size;
};

static const u32 kind_events[KINDS] = {
	POLLIN | POLLRDNORM | POLLHUP | POLLERR,
	POLLOUT | POLLWRNORM | POLLERR,
	POLLPRI,
};

/* --- looking ------------------------------------------------------------ */

/* Looks at FD; how many of its bits are set, or -EBADF. */
static long look_at(struct select_sets *sets, u32 fd)
{
	struct file *file = fget(fd);
	long found = 0;
	u32 ready, i;

	if (!file)
		return -EBADF;
	ready = poll_file(file);
	for (i = 0; i < KINDS; i++) {
		if (!bitmap_test(sets->asked[i], fd) ||
		    !(ready & kind_events[i]))
			continue;
		bitmap_set(sets->found[i], fd);
		found++;
	}
	fput(file);
	return found;
}

static long select_look(void *arg)
{
	struct select_sets *sets = arg;
	long found = 0, n;
	u32 fd, any;

	for (fd = 0; fd < sets->n; fd++) {
		any = sets->asked[0][fd / 32] | sets->asked[1][fd / 32] |
		      sets->asked[2][fd / 32];
		if (!any)
			fd |= 31; /* none of this word */
		if (!(any & 1u << fd % 32))
			continue;
		n = look_at(sets, fd);
		if (n < 0)
			return n;
		found += n;
	}
	return found;
}

/* --- copies ------------------------------------------------------------- */

static int read_sets(struct select_sets *sets, void *const *user)
{
	u32 bytes = DIV_ROUND_UP(sets->n, 32u) * 4, i;

	for (i = 0; i < KINDS; i++)
		if (user[i] && copy_from_user(sets->asked[i], user[i], bytes))
			return -EFAULT;
	return 0;
}

static int write_sets(const struct select_sets *sets, void *const *user)
{
	u32 bytes = DIV_ROUND_UP(sets->n, 32u) * 4, i;

	for (i = 0; i < KINDS; i++)
		if (user[i] && copy_to_user(user[i], sets->found[i], bytes))
			return -EFAULT;
	return 0;
}

static long select_user(struct select_sets *sets, void *const *user,
			const struct timespec64 *until)
{
	long res = read_sets(sets, user);

	if (res)
		return res;
	res = poll_until(select_look, sets, until);
	if (res >= 0 && write_sets(sets, user))
		return -EFAULT;
	return res;
}

static long do_select(s32 n, void *const *user, const struct timespec64 *until)
{
	struct select_sets *sets;
	long res;

	if (n < 0)
		return -EINVAL;
	sets = kzalloc(sizeof(*sets), GFP_KERNEL);
	if (!sets)
		return -ENOMEM;
	sets->n = MIN((u32)n, current->process->files->nfds);
	res = select_user(sets, user, until);
	kfree(sets);
	return res;
}

/* --- time --------------------------------------------------------------- */

int wait_time_read(struct timespec64 *until, const void *uts, bool time64)
{
	int err = 0;

	if (!uts)
		return 0;
	err = time_read_user(until, uts, time64);
	if (!err)
		*until = time_from_now(*until);
	return err;
}

/* What is left up to UNTIL, not below nothing. */
static struct timespec64 time_left(struct timespec64 until)
{
	struct timespec64 left = time_sub(until, time_monotonic());

	return left.sec < 0 ? (struct timespec64){ 0, 0 } : left;
}

long wait_time_write(void *uts, struct timespec64 until, bool time64, long res)
{
	if (uts && time_write_user(uts, time_left(until), time64) &&
	    res == -ERESTARTNOHAND)
		return -EINTR;
	return res;
}

/* A struct timeval; its microseconds may be more than a second's. */
static int read_timeval(struct timespec64 *until, const void *utv)
{
	struct timeval32 tv;
	struct timespec64 t;

	if (!utv)
		return 0;
	if (copy_from_user(&tv, utv, sizeof(tv)))
		return -EFAULT;
	t.sec = (s64)tv.tv_sec + tv.tv_usec / USEC_PER_SEC;
	if (tv.tv_usec < 0 || t.sec < 0)
		return -EINVAL;
	t.nsec = (u32)(tv.tv_usec % USEC_PER_SEC) * NSEC_PER_USEC;
	*until = time_from_now(t);
	return 0;
}

static long write_timeval(void *utv, struct timespec64 until, long res)
{
	struct timespec64 left;
	struct timeval32 tv;

	if (!utv)
		return res;
	left = time_left(until);
	tv.tv_sec = (s32)left.sec;
	tv.tv_usec = (s32)(left.nsec / NSEC_PER_USEC);
	if (copy_to_user(utv, &tv, sizeof(tv)) && res == -ERESTARTNOHAND)
		return -EINTR;
	return res;
}

/* --- calls -------------------------------------------------------------- */

long sys__newselect(s32 n, void *in, void *out, void *except, void *utv)
{
	void *user[KINDS] = { in, out, except };
	struct timespec64 until;
	long res = read_timeval(&until, utv);

	if (res)
		return res;
	res = do_select(n, user, utv ? &until : NULL);
	return write_timeval(utv, until, res);
}

long sys_select(const void *uargs)
{
	struct select_args args;

	if (copy_from_user(&args, uargs, sizeof(args)))
		return -EFAULT;
	return sys__newselect(args.n, args.user[0], args.user[1], args.user[2],
			      args.timeout);
}

static long pselect(s32 n, void *const *user, void *uts, const void *umask,
		    bool time64)
{
	struct select_mask mask = { NULL, 0 };
	struct timespec64 until;
	long res;

	if (umask && copy_from_user(&mask, umask, sizeof(mask)))
		return -EFAULT;
	res = wait_time_read(&until, uts, time64);
	if (!res)
		res = signal_mask_begin(mask.set, mask.size);
	if (res)
		return res;
	res = do_select(n, user, uts ? &until : NULL);
	res = signal_mask_end(mask.set, res);
	return wait_time_write(uts, until, time64, res);
}

long sys_pselect6(s32 n, void *in, void *out, void *except, void *ts,
		  const void *mask)
{
	void *user[KINDS] = { in, out, except };

	return pselect(n, user, ts, mask, false);
}

long sys_pselect6_time64(s32 n, void *in, void *out, void *except, void *ts,
			 const void *mask)
{
	void *user[KINDS] = { in, out, except };

	return pselect(n, user, ts, mask, true);
}
