/* SPDX-License-Identifier: MIT */
/*
 * swaps: one page on its way out of memory, or back, for every list of
 * docs/swap.md, each between two marks in the event trace. For each it prints
 *
 *     case N NAME key=value ...
 *
 * then the trace. Pages leave through /proc/sys/vm/evict, which names them.
 *
 * Usage: echo clear >/proc/trace; swaps
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

static int trace_fd, mark_fd, evict_fd;
static int number; /* of the case */
static sigjmp_buf jump;
static volatile char sink;
static volatile int *turn; /* shared between parent and child */

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void put(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		die(text);
}

static void mark(int n)
{
	char digits[4] = { '0' + n / 10, '0' + n % 10, '\n' };

	if (write(mark_fd, digits, 3) != 3)
		die("/dev/trace");
}

static void on_signal(int signo)
{
	siglongjmp(jump, signo);
}

/* The touch of the case at hand. */
static void touch(char *p, int write)
{
	mark(number);
	if (sigsetjmp(jump, 1) == 0) {
		if (write)
			*(volatile char *)p = 1;
		else
			sink = *(volatile char *)p;
	}
	mark(0);
}

/* What the signal handler writes to is there already when it is needed. */
static void settle(void)
{
	if (sigsetjmp(jump, 1) == 0)
		raise(SIGBUS);
}

/* The page that TEXT names leaves; COUNTED: that is the case at hand. */
static void evict(const char *text, int counted)
{
	if (counted)
		mark(number);
	put(evict_fd, text);
	if (counted)
		mark(0);
}

static void evict_private(char *p, int counted)
{
	char text[40];

	snprintf(text, sizeof(text), "%d %lx", getpid(), (unsigned long)p);
	evict(text, counted);
}

/* Announces a case. */
static void begin(const char *name)
{
	char line[80];
	int len = snprintf(line, sizeof(line), "case %d %s pid=%d\n", ++number,
			   name, getpid());

	if (write(1, line, len) != len)
		die("write");
}

static char *map_page(int flags)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		       flags | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	p[0] = 7;
	return p;
}

/* Lets the other process do its part: it waits for N. */
static void wait_turn(int n)
{
	while (*turn != n)
		usleep(1000);
}

/* A page of a segment that two processes have mapped goes, and comes back. */
static void segment_cases(void)
{
	int id = shmget(IPC_PRIVATE, PAGE, 0600);
	char *p = shmat(id, NULL, 0), text[40];
	pid_t child;

	if (p == (char *)-1)
		die("shmat");
	p[0] = 1;
	child = fork();
	if (child == 0) {
		sink = p[0];
		*turn = 1;
		wait_turn(2);
		_exit(0);
	}
	wait_turn(1);
	snprintf(text, sizeof(text), "shm %d 0", id);
	begin("shm-evict");
	evict(text, 1);
	begin("shm-swap-in");
	touch(p, 1);
	evict(text, 0);
	settle();
	begin("shm-swap-error");
	put(open("/proc/self/fail-io-nth", O_WRONLY), "1");
	touch(p, 0);
	*turn = 2;
	waitpid(child, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	shmdt(p);
}

static void private_cases(void)
{
	char *p = map_page(MAP_PRIVATE);

	begin("private-evict");
	evict_private(p, 1);
	begin("private-swap-in");
	touch(p, 1);
	evict_private(p, 0);
	sink = p[0]; /* only read: the copy on disk stays good */
	begin("private-clean");
	evict_private(p, 1);
}

/* Two processes have one page in one slot after a fork. */
static void forked_cases(void)
{
	char *p = map_page(MAP_PRIVATE), *q = map_page(MAP_PRIVATE);
	pid_t child;

	evict_private(p, 0);
	evict_private(q, 0);
	*turn = 10;
	child = fork();
	if (child == 0) {
		wait_turn(11);
		begin("private-cached");
		touch(p, 0);
		begin("private-swap-copy");
		touch(q, 1);
		_exit(0);
	}
	sink = p[0];
	*turn = 11;
	waitpid(child, NULL, 0);
}

static void show_trace(void)
{
	char buf[4096];
	int fd = open("/proc/trace", O_RDONLY), n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (write(1, buf, n) != n)
			die("write");
}

int main(void)
{
	trace_fd = open("/proc/trace", O_WRONLY);
	mark_fd = open("/dev/trace", O_WRONLY);
	evict_fd = open("/proc/sys/vm/evict", O_WRONLY);
	if (trace_fd < 0 || mark_fd < 0 || evict_fd < 0)
		die("/proc");
	signal(SIGBUS, on_signal);
	turn = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	*turn = 0;
	put(trace_fd, "clear");
	settle();
	put(trace_fd, "on");
	segment_cases();
	private_cases();
	forked_cases();
	put(trace_fd, "off");
	show_trace();
	return 0;
}
