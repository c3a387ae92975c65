/* SPDX-License-Identifier: MIT */
/* select, pselect, ppoll: what is ready, time, signals. */
#include "tty.h"

#include <sys/select.h>

#define NS 1000000 /* nanoseconds in a millisecond */

static int p[2];
static volatile sig_atomic_t alarms;

static void on_alarm(int sig)
{
	(void)sig;
	alarms++;
}

/* select on one descriptor for WHAT ("r", "w", "e" or several). */
static void one(const char *name, int fd, const char *what)
{
	fd_set set[3];
	struct timeval tv = { 0, 0 };
	int n, i;

	for (i = 0; i < 3; i++) {
		FD_ZERO(&set[i]);
		if (strchr(what, "rwe"[i]))
			FD_SET(fd, &set[i]);
	}
	n = select(fd + 1, &set[0], &set[1], &set[2], &tv);
	if (n < 0)
		say("%s: %s", name, err_name(errno));
	else
		say("%s: %d%s%s%s", name, n, FD_ISSET(fd, &set[0]) ? " r" : "",
		    FD_ISSET(fd, &set[1]) ? " w" : "",
		    FD_ISSET(fd, &set[2]) ? " e" : "");
}

static void test_ready(void)
{
	int null = open("/dev/null", O_RDWR), fd, i;
	int q[2];

	one("empty pipe", p[0], "re");
	one("its other end", p[1], "we");
	if (write(p[1], "x", 1) != 1)
		say("write failed");
	one("pipe with a byte", p[0], "rwe");
	read(p[0], &(char){ 0 }, 1);
	one("/dev/null", null, "rwe");
	fd = open("/proc/self/exe", O_RDONLY);
	one("a file", fd, "rwe");
	close(fd);
	if (pipe(q))
		return;
	fcntl(q[1], F_SETFL, O_NONBLOCK);
	while (write(q[1], on_alarm, 4096) > 0)
		;
	one("full pipe", q[1], "w");
	close(q[1]);
	while (read(q[0], &(char[4096]){ 0 }, 4096) > 0)
		;
	one("pipe at its end", q[0], "r");
	close(q[0]);
	if (pipe(q))
		return;
	close(q[0]);
	one("broken pipe", q[1], "rwe");
	close(q[1]);
	tty_open();
	one("terminal", slave, "rwe");
	type("a line\n");
	ready(slave, POLLIN, PATIENCE);
	one("terminal with a line", slave, "rwe");
	close(master);
	one("terminal that hung up", slave, "rwe");
	close(slave);
	for (i = 20; i < 25; i++)
		dup2(p[1], i);
	one("the fifth of five", 24, "w");
	for (i = 20; i < 25; i++)
		close(i);
	close(null);
}

static void test_errors(void)
{
	struct timeval tv = { 0, 0 };
	fd_set set;

	one("closed descriptor", 30, "r");
	FD_ZERO(&set);
	R("none", select(0, NULL, NULL, NULL, &tv));
	R("n -1", select(-1, NULL, NULL, NULL, &tv));
	tv.tv_sec = -1;
	R("seconds -1", select(0, NULL, NULL, NULL, &tv));
	tv = (struct timeval){ 0, -1 };
	R("microseconds -1", select(0, NULL, NULL, NULL, &tv));
	tv = (struct timeval){ 0, 0 };
	R("bad set", syscall(SYS__newselect, 1, 1, NULL, NULL, &tv));
	R("bad time", syscall(SYS__newselect, 1, NULL, NULL, NULL, 1));
	R("a lot", select(1024, &set, NULL, NULL, &tv));
	R("bad mask size", syscall(SYS_ppoll, NULL, 0, &tv, &set, 4));
	R("bad nanoseconds",
	  ppoll(NULL, 0, &(struct timespec){ 0, 1000 * NS }, NULL));
	R("bad nanoseconds", pselect(0, NULL, NULL, NULL,
				     &(struct timespec){ 0, -1 }, NULL));
	R("old form", syscall(SYS_select, (long[]){ 0, 0, 0, 0, (long)&tv }));
	R("old form", syscall(SYS_select, 1));
}

static void test_time(void)
{
	struct timeval tv = { 0, 50000 };
	long start = msec();
	fd_set set;

	FD_ZERO(&set);
	FD_SET(p[0], &set);
	V("50 ms", select(p[0] + 1, &set, NULL, NULL, &tv));
	fact("not sooner", msec() - start >= 49);
	say("left %ld.%06ld, set %d", (long)tv.tv_sec, (long)tv.tv_usec,
	    FD_ISSET(p[0], &set));
	tv = (struct timeval){ 5, 0 };
	FD_SET(p[1], &set);
	V("ready at once", select(p[1] + 1, NULL, &set, NULL, &tv));
	fact("most of the time is left", tv.tv_sec == 4 || tv.tv_sec == 5);
	start = msec();
	V("poll 30 ms", poll(NULL, 0, 30));
	fact("not sooner", msec() - start >= 29);
	start = msec();
	V("ppoll 30 ms",
	  ppoll(NULL, 0, &(struct timespec){ 0, 30 * NS }, NULL));
	fact("not sooner", msec() - start >= 29);
}

/* A byte comes while we wait. */
static void test_wake(void)
{
	fd_set set;
	pid_t pid = fork();

	if (pid == 0) {
		poll(NULL, 0, 30);
		_exit(write(p[1], "x", 1) != 1);
	}
	FD_ZERO(&set);
	FD_SET(p[0], &set);
	V("a byte on its way", select(p[0] + 1, &set, NULL, NULL, NULL));
	read(p[0], &(char){ 0 }, 1);
	waitpid(pid, NULL, 0);
}

static void test_signals(void)
{
	struct sigaction act = { .sa_handler = on_alarm,
				 .sa_flags = SA_RESTART };
	struct timeval tv = { 5, 0 };
	sigset_t block, now, none;

	sigaction(SIGALRM, &act, NULL);
	if (fork() == 0) {
		until_asleep(getppid());
		_exit(kill(getppid(), SIGALRM));
	}
	V("select and a signal", select(0, NULL, NULL, NULL, &tv));
	wait(NULL);
	say("handler ran %d", alarms);
	sigemptyset(&block);
	sigaddset(&block, SIGALRM);
	sigprocmask(SIG_BLOCK, &block, NULL);
	raise(SIGALRM);
	sigemptyset(&none);
	V("blocked", poll(NULL, 0, 20));
	say("handler ran %d", alarms);
	V("pselect", pselect(0, NULL, NULL, NULL, NULL, &none));
	say("handler ran %d", alarms);
	sigprocmask(SIG_BLOCK, NULL, &now);
	fact("blocked again", sigismember(&now, SIGALRM));
	raise(SIGALRM);
	V("ppoll", ppoll(NULL, 0, NULL, &none));
	say("handler ran %d", alarms);
	raise(SIGALRM);
	V("ppoll with something ready",
	  ppoll(&(struct pollfd){ .fd = p[1], .events = POLLOUT }, 1, NULL,
		&none));
	say("handler ran %d", alarms);
	sigprocmask(SIG_BLOCK, NULL, &now);
	fact("blocked again", sigismember(&now, SIGALRM));
	sigprocmask(SIG_UNBLOCK, &block, NULL);
	say("handler ran %d", alarms);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	if (pipe(p))
		return 1;
	test_ready();
	test_errors();
	test_time();
	test_wake();
	test_signals();
	return 0;
}
