/* SPDX-License-Identifier: MIT */
/*
 * Interval timers: a signal after some time, and again every so often.
 *
 *   ITIMER_REAL     the clock on the wall     SIGALRM; alarm() is the same one
 *   ITIMER_VIRTUAL  time in user mode         SIGVTALRM
 *   ITIMER_PROF     time on the processor     SIGPROF
 *
 * The first is a kernel timer (timer.c), the others are counted down
 * by the tick that finds the task running. All go by ticks of 10 ms, rounded
 * up. They outlive exec, and fork does not pass them on.
 *
 * Context: itimer_tick() and the timer run in the timer interrupt.
 */
#include <kernel/time/itimer.h>
#include <kernel/rlimit.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <uapi/errno.h>
#include <uapi/time.h>
#include <x86/cpu.h>

#define NSEC_PER_USEC 1000u
#define USEC_PER_SEC 1000000
#define HALF_SECOND 500000

/* --- time goes by ------------------------------------------------------- */

static void count_down(struct task *task, struct cpu_itimer *t, s32 signo)
{
	if (!t->left || --t->left)
		return;
	t->left = t->interval;
	send_sig(signo, task, NULL);
}

void itimer_tick(struct task *task, bool user)
{
	if (user)
		count_down(task, &task->process->itimer_virtual, SIGVTALRM);
	count_down(task, &task->process->itimer_prof, SIGPROF);
}

/* A tick too early, or one of several pieces of a long time: once more. */
static void alarm_expired(void *arg)
{
	struct process *process = arg;
	struct timespec64 step = time_from_ticks(process->alarm_interval);
	u32 left = time_ticks_until(process->alarm_end);

	if (!left) {
		send_sig(SIGALRM, process->leader, NULL);
		left = process->alarm_interval;
		process->alarm_end = time_add(process->alarm_end, step);
	}
	if (left)
		timer_add(&process->alarm, ticks + left);
}

/* --- values ------------------------------------------------------------- */

static struct timeval32 to_timeval(struct timespec64 t)
{
	return (struct timeval32){ (s32)t.sec, (s32)(t.nsec / NSEC_PER_USEC) };
}

static int check_timeval(struct timeval32 tv)
{
	if (tv.tv_sec < 0 || tv.tv_usec < 0 || tv.tv_usec >= USEC_PER_SEC)
		return -EINVAL;
	return 0;
}

static struct timespec64 to_timespec(struct timeval32 tv)
{
	return (struct timespec64){ tv.tv_sec,
				    (u32)tv.tv_usec * NSEC_PER_USEC };
}

static struct cpu_itimer *cpu_itimer(u32 which)
{
	if (which == ITIMER_VIRTUAL)
		return &current->process->itimer_virtual;
	return &current->process->itimer_prof;
}

/* What is left of the alarm; a microsecond at least while it is set. */
static struct timeval32 alarm_left(void)
{
	struct timespec64 left;
	struct timeval32 tv = { 0, 0 };

	if (!current->process->alarm.armed)
		return tv;
	left = time_sub(current->process->alarm_end, time_monotonic());
	if (left.sec >= 0)
		tv = to_timeval(left);
	if (!tv.tv_sec && !tv.tv_usec)
		tv.tv_usec = 1;
	return tv;
}

static void get_itimer(u32 which, struct itimerval *val)
{
	if (which == ITIMER_REAL) {
		val->value = alarm_left();
		val->interval =
			ticks_to_timeval(current->process->alarm_interval);
		return;
	}
	val->value = ticks_to_timeval(cpu_itimer(which)->left);
	val->interval = ticks_to_timeval(cpu_itimer(which)->interval);
}

static void set_alarm(struct timespec64 value, u32 interval)
{
	struct timer *alarm = &current->process->alarm;

	timer_del(alarm);
	current->process->alarm_interval = 0;
	if (!value.sec && !value.nsec)
		return;
	alarm->fn = alarm_expired;
	alarm->arg = current->process;
	current->process->alarm_interval = interval;
	current->process->alarm_end = time_from_now(value);
	timer_add(alarm, ticks + time_to_ticks(value));
}

static void set_itimer(u32 which, const struct itimerval *val)
{
	u32 interval = time_to_ticks(to_timespec(val->interval));
	u32 flags = irq_save();

	if (which == ITIMER_REAL)
		set_alarm(to_timespec(val->value), interval);
	else
		*cpu_itimer(which) = (struct cpu_itimer){
			time_to_ticks(to_timespec(val->value)), interval,
		};
	irq_restore(flags);
}

/* --- calls -------------------------------------------------------------- */

long sys_getitimer(u32 which, void *uval)
{
	struct itimerval val;

	if (which > ITIMER_PROF)
		return -EINVAL;
	get_itimer(which, &val);
	return copy_to_user(uval, &val, sizeof(val)) ? -EFAULT : 0;
}

long sys_setitimer(u32 which, const void *uval, void *uold)
{
	struct itimerval val = { { 0, 0 }, { 0, 0 } }, old;

	if (uval && copy_from_user(&val, uval, sizeof(val)))
		return -EFAULT;
	if (which > ITIMER_PROF || check_timeval(val.value) ||
	    check_timeval(val.interval))
		return -EINVAL;

	get_itimer(which, &old);
	set_itimer(which, &val);
	if (uold && copy_to_user(uold, &old, sizeof(old)))
		return -EFAULT;
	return 0;
}

/* What is left of the old one in seconds, rounded, but not to 0. */
long sys_alarm(u32 seconds)
{
	struct timeval32 left = alarm_left();
	u32 flags = irq_save();

	set_alarm((struct timespec64){ seconds, 0 }, 0);
	irq_restore(flags);
	if (left.tv_usec >= HALF_SECOND || (!left.tv_sec && left.tv_usec))
		left.tv_sec++;
	return left.tv_sec;
}

void itimer_fork(struct process *child)
{
	child->alarm = (struct timer){ 0 };
	child->alarm_interval = 0;
	child->itimer_virtual = child->itimer_prof = (struct cpu_itimer){ 0 };
}
