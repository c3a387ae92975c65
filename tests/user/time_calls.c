/* SPDX-License-Identifier: MIT */
/* Clocks and sleeping. */
#include "t.h"
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

static int64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void clocks(void)
{
	static const int ids[] = { 0, 1, 2, 3, 4, 5, 6, 7, 12, 100 };
	struct timespec t;
	int64_t a, b;
	char what[32];
	long i, bad = 0;

	for (i = 0; i < (long)COUNT(ids); i++) {
		snprintf(what, sizeof(what), "clock %d", ids[i]);
		R(what, syscall(SYS_clock_gettime, ids[i], &t));
		R("   in 64 bits", syscall(403, ids[i], &(long[4]){ 0 }));
		R("   resolution", syscall(SYS_clock_getres, ids[i], NULL));
	}
	R("bad pointer", syscall(SYS_clock_gettime, 0, 1));
	R("null pointer", syscall(SYS_clock_gettime, 0, 0));
	R("bad pointer 64", syscall(403, 0, 0xbffffffc));
	a = now_ns(CLOCK_MONOTONIC);
	for (i = 0; i < 50000; i++) {
		b = now_ns(CLOCK_MONOTONIC);
		bad += b < a;
		a = b;
	}
	say("monotonic went back %ld times", bad);
	fact("the year is plausible", time(NULL) > 1700000000);
	a = now_ns(CLOCK_REALTIME) / 1000000000;
	fact("time agrees", labs((long)(time(NULL) - a)) <= 1);
	R("time, bad pointer", syscall(SYS_time, 1));
	R("gettimeofday of nothing", syscall(SYS_gettimeofday, 0, 0));
	R("gettimeofday, bad pointer", syscall(SYS_gettimeofday, 1, 0));
	R("times, bad pointer", syscall(SYS_times, 1));
	fact("times", times(&(struct tms){ 0 }) != -1);
}

static void slept(const char *what, int64_t start, int64_t least)
{
	int64_t took = now_ns(CLOCK_MONOTONIC) - start;

	fact(what, took >= least);
}

static void sleeps(void)
{
	struct timespec t = { 0, 1000000000 }, rem = { 7, 7 };
	int64_t start;

	R("nsec 10^9", syscall(SYS_nanosleep, &t, 0));
	t.tv_nsec = -1;
	R("nsec -1", syscall(SYS_nanosleep, &t, 0));
	t = (struct timespec){ -1, 0 };
	R("sec -1", syscall(SYS_nanosleep, &t, 0));
	R("bad pointer", syscall(SYS_nanosleep, 1, 0));
	t = (struct timespec){ 0, 0 };
	R("zero", nanosleep(&t, NULL));
	start = now_ns(CLOCK_MONOTONIC);
	t.tv_nsec = 25000000;
	R("25 ms", nanosleep(&t, &rem));
	slept("at least 25 ms", start, 25000000);
	R("clock 99", syscall(SYS_clock_nanosleep, 99, 0, &t, 0));
	R("CPU clock of the thread", syscall(SYS_clock_nanosleep, 3, 0, &t, 0));
	R("coarse clock", syscall(SYS_clock_nanosleep, 6, 0, &t, 0));
	R("raw clock", syscall(SYS_clock_nanosleep, 4, 0, &t, 0));
	start = now_ns(CLOCK_MONOTONIC);
	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += 40000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_nsec -= 1000000000;
		t.tv_sec++;
	}
	R("until monotonic", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME,
					     &t, NULL));
	slept("at least 40 ms", start, 40000000);
	R("until the past", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME,
					    &t, NULL));
	start = now_ns(CLOCK_MONOTONIC);
	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += 30000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_nsec -= 1000000000;
		t.tv_sec++;
	}
	R("until realtime", clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME,
					    &t, NULL));
	slept("at least 30 ms", start, 30000000 - 1000000);
}

static void nothing(int sig)
{
}

static void interrupted(void)
{
	struct sigaction act = { .sa_handler = nothing };
	struct timespec t = { 10, 0 }, rem = { 0, 0 };
	int64_t start;
	int status, pid;

	sigaction(SIGALRM, &act, NULL);
	V("no alarm before", alarm(1));
	V("alarm before", alarm(1));
	R("a sleep of 10 s", nanosleep(&t, &rem));
	fact("a part is left", rem.tv_sec > 0 && rem.tv_sec < 10);
	alarm(1);
	value("clock_nanosleep", clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &rem));
	alarm(1);
	rem.tv_sec = 77;
	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += 10;
	value("absolute", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t,
					  &rem));
	say("rem is left alone: %ld", (long)rem.tv_sec);
	V("alarm of 100", alarm(100));
	V("alarm off", alarm(0));
	V("alarm of none", alarm(0));

	pid = fork();
	if (pid == 0) {
		struct timespec two = { 2, 0 };

		start = now_ns(CLOCK_MONOTONIC);
		value("sleep across a stop", nanosleep(&two, NULL));
		slept("two seconds", start, 2000000000ll);
		/* Begun anew after the stop it would be 3.5 s. */
		_exit(now_ns(CLOCK_MONOTONIC) - start > 3300000000ll);
	}
	usleep(1500000);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
	say("child: %s", status_name(status));
	fact("alarm is not inherited",
	     (alarm(50), fork() ? (wait(&status), WEXITSTATUS(status) == 0) :
				  (_exit(alarm(0)), 0)));
	V("and stays with the parent", alarm(0));
}

int main(void)
{
	clocks();
	sleeps();
	interrupted();
	return 0;
}
