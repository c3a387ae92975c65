/* SPDX-License-Identifier: MIT */
/*
 * The system calls about time: to read clocks and to sleep.
 *
 * Every call exists twice, with 32-bit and with 64-bit seconds; `time64`
 * says which, time_read_user() and time_write_user() know the layouts.
 *
 * A sleep ends at the first tick at or after its time. Interrupted by a
 * handler it is EINTR with the rest in *REM; by a stop and a continue it
 * goes on to the same end (restart_syscall).
 *
 * Sleeping: the calls named ...sleep and every user copy.
 */
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <uapi/errno.h>
#include <uapi/time.h>

/* --- layouts ------------------------------------------------------------ */

int time_write_user(void *to, struct timespec64 t, bool time64)
{
	struct timespec_abi64 wide = { t.sec, (s32)t.nsec, 0 };
	struct timespec32 narrow = { (s32)t.sec, (s32)t.nsec };
	u32 left;

	if (time64)
		left = copy_to_user(to, &wide, sizeof(wide));
	else
		left = copy_to_user(to, &narrow, sizeof(narrow));
	return left ? -EFAULT : 0;
}

int time_read_user(struct timespec64 *t, const void *from, bool time64)
{
	struct timespec_abi64 wide;
	struct timespec32 narrow;

	if (time64) {
		if (copy_from_user(&wide, from, sizeof(wide)))
			return -EFAULT;
		*t = (struct timespec64){ wide.tv_sec, (u32)wide.tv_nsec };
	} else {
		if (copy_from_user(&narrow, from, sizeof(narrow)))
			return -EFAULT;
		*t = (struct timespec64){ narrow.tv_sec, (u32)narrow.tv_nsec };
	}
	return t->sec < 0 || t->nsec >= NSEC_PER_SEC ? -EINVAL : 0;
}

/* --- reading ------------------------------------------------------------ */

static int read_clock(u32 clock, struct timespec64 *t)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*t = time_realtime();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*t = time_monotonic();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
		*t = time_from_ticks(current->utime + current->stime);
		return 0;
	}
	return -EINVAL;
}

static long clock_gettime(u32 clock, void *ts, bool time64)
{
	struct timespec64 t;

	if (read_clock(clock, &t))
		return -EINVAL;
	return time_write_user(ts, t, time64);
}

long sys_clock_gettime(u32 clock, void *ts)
{
	return clock_gettime(clock, ts, false);
}

long sys_clock_gettime64(u32 clock, void *ts)
{
	return clock_gettime(clock, ts, true);
}

static long clock_getres(u32 clock, void *ts, bool time64)
{
	struct timespec64 t, res = { 0, 1 };

	if (read_clock(clock, &t))
		return -EINVAL;
	if (clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE ||
	    clock == CLOCK_PROCESS_CPUTIME_ID ||
	    clock == CLOCK_THREAD_CPUTIME_ID)
		res.nsec = NSEC_PER_SEC / HZ;
	return ts ? time_write_user(ts, res, time64) : 0;
}

long sys_clock_getres(u32 clock, void *ts)
{
	return clock_getres(clock, ts, false);
}

long sys_clock_getres_time64(u32 clock, void *ts)
{
	return clock_getres(clock, ts, true);
}

long sys_time(s32 *t)
{
	s32 now = (s32)time_seconds();

	if (t && put_user_u32((u32)now, t))
		return -EFAULT;
	return now;
}

long sys_gettimeofday(void *tv, void *tz)
{
	const struct timezone utc = { 0, 0 };
	struct timespec64 now = time_realtime();
	struct timeval32 t = { (s32)now.sec, (s32)(now.nsec / 1000) };

	if (tv && copy_to_user(tv, &t, sizeof(t)))
		return -EFAULT;
	if (tz && copy_to_user(tz, &utc, sizeof(utc)))
		return -EFAULT;
	return 0;
}

long sys_times(void *buf)
{
	struct tms t = {
		(s32)current->utime, (s32)current->stime,
		(s32)current->process->cutime, (s32)current->process->cstime,
	};

	if (buf && copy_to_user(buf, &t, sizeof(t)))
		return -EFAULT;
	return (long)(ticks & 0x7fffffffu);
}

/* --- sleeping ----------------------------------------------------------- */

/* Until the monotonic clock shows UNTIL; 0 or -ERESTARTSYS. */
static int sleep_until(struct timespec64 until)
{
	struct wait_queue nobody = WAIT_QUEUE_INIT(nobody);
	struct timespec64 left;
	u32 count;
	int err = 0;

	for (;;) {
		left = time_sub(until, time_monotonic());
		if (left.sec < 0 || (left.sec == 0 && left.nsec == 0))
			return 0;
		if (err)
			return err;
		count = time_to_ticks(left);
		err = sleep_on_interruptible_timeout(&nobody, &count);
	}
}

static long sleep_relative(const struct sleep_restart *sleep)
{
	struct timespec64 left;

	if (!sleep_until(sleep->until))
		return 0;
	left = time_sub(sleep->until, time_monotonic());
	if (left.sec < 0)
		left = (struct timespec64){ 0, 0 };
	if (sleep->rem && time_write_user(sleep->rem, left, sleep->time64))
		return -EFAULT;
	current->sleep = *sleep;
	return -ERESTART_RESTARTBLOCK;
}

long sys_restart_syscall(void)
{
	struct sleep_restart sleep = current->sleep;

	/* Called by a program rather than by signal_deliver(). */
	if (sleep.until.sec == 0 && sleep.until.nsec == 0)
		return -EINTR;
	current->sleep = (struct sleep_restart){ .rem = NULL };
	return sleep_relative(&sleep);
}

static int clock_can_sleep(u32 clock)
{
	struct timespec64 unused;

	if (read_clock(clock, &unused))
		return -EINVAL;
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC &&
	    clock != CLOCK_BOOTTIME)
		return -EOPNOTSUPP;
	return 0;
}

static long clock_nanosleep(u32 clock, u32 flags, const void *req, void *rem,
			    bool time64)
{
	struct sleep_restart sleep = { .rem = rem, .time64 = time64 };
	struct timespec64 t;
	int err = clock_can_sleep(clock);

	if (!err)
		err = time_read_user(&t, req, time64);
	if (err)
		return err;

	if (!(flags & TIMER_ABSTIME)) {
		sleep.until = time_from_now(t);
		return sleep_relative(&sleep);
	}
	if (clock == CLOCK_REALTIME)
		t.sec -= time_boot_seconds();
	return sleep_until(t) ? -ERESTARTNOHAND : 0;
}

long sys_nanosleep(const void *req, void *rem)
{
	return clock_nanosleep(CLOCK_MONOTONIC, 0, req, rem, false);
}

long sys_clock_nanosleep(u32 clock, u32 flags, const void *req, void *rem)
{
	return clock_nanosleep(clock, flags, req, rem, false);
}

long sys_clock_nanosleep_time64(u32 clock, u32 flags, const void *req,
				void *rem)
{
	return clock_nanosleep(clock, flags, req, rem, true);
}
