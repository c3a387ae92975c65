/* SPDX-License-Identifier: MIT */
/*
 * futex between processes: what is refused, who is woken. A word is shared
 * through a map inherited over fork, through a segment attached twice, and
 * not at all by a private page.
 */
#include "t.h"
#include <linux/futex.h>
#include <sys/shm.h>
#include <time.h>

struct room {
	int word; /* the futex */
	int waiting, left; /* children that came, and that went on */
};

static struct room *room;

static long futex(void *addr, int op, int val, const void *timeout, int bits)
{
	return syscall(SYS_futex, addr, op, val, timeout, NULL, bits);
}

static void nap(void)
{
	struct timespec t = { .tv_nsec = 30000000 };

	nanosleep(&t, NULL);
}

static void refused(void)
{
	static int word = 1;
	struct timespec t = { .tv_nsec = 20000000 }, odd = { .tv_sec = -1 };

	V("wake, nobody", futex(&word, FUTEX_WAKE, 1, NULL, 0));
	V("wake private", futex(&word, FUTEX_WAKE_PRIVATE, 9, NULL, 0));
	R("another value", futex(&word, FUTEX_WAIT, 2, NULL, 0));
	R("time is up", futex(&word, FUTEX_WAIT, 1, &t, 0));
	R("time is over",
	  futex(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 1, &t, 1));
	R("no time", futex(&word, FUTEX_WAIT, 1, &odd, 0));
	R("bad time", futex(&word, FUTEX_WAIT, 1, (void *)1, 0));
	R("odd address", futex((char *)&word + 1, FUTEX_WAKE, 1, NULL, 0));
	R("nothing there", futex((void *)4096, FUTEX_WAKE, 1, NULL, 0));
	R("nothing there, wait", futex((void *)4096, FUTEX_WAIT, 1, NULL, 0));
	V("nothing there, private",
	  futex((void *)4096, FUTEX_WAKE_PRIVATE, 1, NULL, 0));
	R("no bits", futex(&word, FUTEX_WAIT_BITSET, 1, NULL, 0));
	R("no bits to wake", futex(&word, FUTEX_WAKE_BITSET, 1, NULL, 0));
	R("operation 99", futex(&word, 99, 1, NULL, 0));
	R("wake by clock",
	  futex(&word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL, 0));
}

static void waiter(struct room *r, int bits)
{
	__atomic_add_fetch(&r->waiting, 1, __ATOMIC_SEQ_CST);
	if (futex(&r->word, FUTEX_WAIT_BITSET, 0, NULL, bits) == 0)
		__atomic_add_fetch(&r->left, 1, __ATOMIC_SEQ_CST);
	_exit(0);
}

static void start(int n)
{
	pid_t pids[8];

	room->word = room->waiting = room->left = 0;
	for (int i = 0; i < n; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			waiter(room, 1 << i);
	}
	while (room->waiting < n)
		nap();
	for (int i = 0; i < n; i++)
		until_asleep(pids[i]);
}

static void reap(int n)
{
	while (n--)
		wait(NULL);
	say("%d went on", room->left);
}

static void woken(void)
{
	start(5);
	V("wake with bit 3", futex(&room->word, FUTEX_WAKE_BITSET, 9, NULL, 8));
	reap(1);
	V("wake one", futex(&room->word, FUTEX_WAKE, 1, NULL, 0));
	reap(1);
	V("wake private", futex(&room->word, FUTEX_WAKE_PRIVATE, 9, NULL, 0));
	V("wake beside", futex(&room->waiting, FUTEX_WAKE, 9, NULL, 0));
	V("wake two", futex(&room->word, FUTEX_WAKE, 2, NULL, 0));
	reap(2);
	V("wake all", futex(&room->word, FUTEX_WAKE, 9, NULL, 0));
	reap(1);
	V("nobody left", futex(&room->word, FUTEX_WAKE, 9, NULL, 0));
}

/* The waiter and the one that wakes see the word at different addresses. */
static void segments(void)
{
	int id = shmget(IPC_PRIVATE, 8192, 0600), status;
	struct room *a = (void *)((char *)shmat(id, NULL, 0) + PAGE);
	struct room *b = (void *)((char *)shmat(id, NULL, 0) + PAGE);
	pid_t pid = fork();

	if (pid == 0)
		waiter(b, 1);
	while (!a->waiting)
		nap();
	until_asleep(pid);
	V("through a segment", futex(&a->word, FUTEX_WAKE, 9, NULL, 0));
	waitpid(pid, &status, 0);
	say("%d went on", b->left);
	shmctl(id, IPC_RMID, NULL);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void interrupted(void)
{
	struct sigaction act = { .sa_handler = on_alarm };
	struct timespec t = { .tv_sec = 9 };
	pid_t pid;

	sigaction(SIGALRM, &act, NULL);
	alarm(1);
	R("a signal", futex(&room->word, FUTEX_WAIT, room->word, NULL, 0));
	act.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &act, NULL);
	alarm(1);
	R("a signal, with a time",
	  futex(&room->word, FUTEX_WAIT, room->word, &t, 0));
	start(1);
	pid = fork();
	if (pid == 0)
		waiter(room, 1);
	until_asleep(pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	V("one was killed", futex(&room->word, FUTEX_WAKE, 9, NULL, 0));
	reap(1);
}

int main(void)
{
	room = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	refused();
	woken();
	segments();
	interrupted();
	return 0;
}
