/* SPDX-License-Identifier: MIT */
/* setitimer, getitimer, alarm. */
#include "t.h"

#include <sys/time.h>
#include <time.h>

static volatile sig_atomic_t came[65];

static void note(int sig)
{
	came[sig]++;
}

/* Sets WHICH to VALUE and INTERVAL, in microseconds. */
static int set(int which, long value, long interval)
{
	struct itimerval t = {
		{ interval / 1000000, interval % 1000000 },
		{ value / 1000000, value % 1000000 },
	};

	return setitimer(which, &t, NULL);
}

static bool within(struct timeval t, long from, long to)
{
	long usec = t.tv_sec * 1000000 + t.tv_usec;

	return usec >= from && usec <= to;
}

static void test_values(int which)
{
	struct itimerval t = { { 9, 9 }, { 9, 9 } }, old;

	R("get", getitimer(which, &t));
	say("nothing is set: %ld.%06ld %ld.%06ld", (long)t.it_value.tv_sec,
	    (long)t.it_value.tv_usec, (long)t.it_interval.tv_sec,
	    (long)t.it_interval.tv_usec);
	R("set", set(which, 100000000, 2000000));
	getitimer(which, &t);
	fact("value", within(t.it_value, 98000000, 100010000));
	fact("interval", within(t.it_interval, 2000000, 2010000));
	t = (struct itimerval){ { 0, 0 }, { 0, 0 } };
	R("off", setitimer(which, &t, &old));
	fact("the old value", within(old.it_value, 98000000, 100010000));
	getitimer(which, &t);
	fact("is off", within(t.it_value, 0, 0) && within(t.it_interval, 0, 0));
}

static void test_errors(void)
{
	struct itimerval t = { { 0, 0 }, { 1, 1000000 } };

	R("which 3", getitimer(3, &t));
	R("which -1", setitimer(-1, &t, NULL));
	R("a million microseconds", setitimer(ITIMER_REAL, &t, NULL));
	t.it_value = (struct timeval){ -1, 0 };
	R("seconds -1", setitimer(ITIMER_REAL, &t, NULL));
	t = (struct itimerval){ { 0, -1 }, { 1, 0 } };
	R("interval -1", setitimer(ITIMER_REAL, &t, NULL));
	R("bad address", syscall(SYS_setitimer, ITIMER_REAL, 1, NULL));
	R("bad address", syscall(SYS_getitimer, ITIMER_REAL, 1));
}

/* Sleeps until N signals SIG have come. */
static void until(int sig, int n)
{
	sigset_t block, old;

	sigemptyset(&block);
	sigaddset(&block, sig);
	sigprocmask(SIG_BLOCK, &block, &old);
	while (came[sig] < n)
		sigsuspend(&old);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void test_real(void)
{
	struct timespec start, end;

	came[SIGALRM] = 0;
	clock_gettime(CLOCK_MONOTONIC, &start);
	set(ITIMER_REAL, 40000, 0);
	until(SIGALRM, 1);
	clock_gettime(CLOCK_MONOTONIC, &end);
	fact("not before its time",
	     (end.tv_sec - start.tv_sec) * 1000000000ll + end.tv_nsec -
			     start.tv_nsec >= 40000000);
	set(ITIMER_REAL, 20000, 20000);
	until(SIGALRM, 4);
	set(ITIMER_REAL, 0, 0);
	say("one, and three more");
	V("alarm", alarm(100));
	V("alarm again", alarm(50));
	set(ITIMER_REAL, 30000000, 0);
	V("alarm after setitimer", alarm(0));
	set(ITIMER_REAL, 400000, 0);
	V("less than a second", alarm(0));
	V("none", alarm(0));
}

static void test_busy(int which, int sig)
{
	came[sig] = 0;
	set(which, 30000, 10000);
	while (came[sig] < 3)
		;
	set(which, 0, 0);
	say("signal %d came three times", sig);
}

static void in_fork(void *arg)
{
	struct itimerval t;

	getitimer(ITIMER_REAL, &t);
	fact("not inherited", within(t.it_value, 0, 0));
	V("alarm of a child", alarm(0));
}

/* After exec, with the timer still set. */
static int after_exec(void)
{
	struct itimerval t;

	getitimer(ITIMER_REAL, &t);
	fact("kept by exec", within(t.it_value, 40000000, 50000000));
	alarm(0);
	return 0;
}

static void default_action(void *arg)
{
	signal(SIGVTALRM, SIG_DFL);
	set(ITIMER_VIRTUAL, 10000, 0);
	for (;;)
		;
}

static void to_exec(void *arg)
{
	alarm(50);
	execl("/proc/self/exe", "itimers", "exec", NULL);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return after_exec();
	signal(SIGALRM, note);
	signal(SIGVTALRM, note);
	signal(SIGPROF, note);
	test_values(ITIMER_REAL);
	test_values(ITIMER_VIRTUAL);
	test_values(ITIMER_PROF);
	test_errors();
	test_real();
	test_busy(ITIMER_VIRTUAL, SIGVTALRM);
	test_busy(ITIMER_PROF, SIGPROF);
	alarm(50);
	child("fork", in_fork, NULL);
	alarm(0);
	child("exec", to_exec, NULL);
	child("default action", default_action, NULL);
	return 0;
}
