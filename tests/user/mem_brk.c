/* SPDX-License-Identifier: MIT */
/* brk and the stack: growth, limits, what stands in the way. */
#include "t.h"
#include <sys/shm.h>

static char *raw_brk(char *to)
{
	return (char *)syscall(SYS_brk, to);
}

static void heap(void)
{
	char *start = raw_brk(NULL), *p;

	p = (char *)(((uintptr_t)start + PAGE) & ~(PAGE - 1));
	fact("grows", raw_brk(p + 10 * PAGE) == p + 10 * PAGE);
	say("zero: %d, written: %s", p[5 * PAGE], touch(p + 9 * PAGE, true));
	p[5 * PAGE] = 'h';
	fact("to the byte", raw_brk(p + 10 * PAGE - 17) == p + 10 * PAGE - 17);
	fact("shrinks", raw_brk(p + PAGE) == p + PAGE);
	say("behind the end: %s", touch(p + 5 * PAGE, false));
	raw_brk(p + 10 * PAGE);
	say("grown again, zero again: %d", p[5 * PAGE]);
	fact("below its start: unchanged",
	     raw_brk((char *)0x1000) == p + 10 * PAGE);
	raw_brk(start);
}

static void blocked_by_shm(void)
{
	int id = shmget(IPC_PRIVATE, PAGE, 0600);
	char *end = sbrk(0), *p;

	p = (char *)(((uintptr_t)end + 5 * PAGE) & ~(PAGE - 1));
	fact("an attach above the heap", shmat(id, p, 0) == p);
	R("sbrk into it", sbrk(8 * PAGE));
	R("sbrk up to it", sbrk(2 * PAGE));
	shmdt(p);
	R("after shmdt", sbrk(8 * PAGE));
	sbrk(-10 * (int)PAGE);
	shmctl(id, IPC_RMID, NULL);
}

static void data_limit(void *arg)
{
	struct rlimit rl = { 1 << 20, 1 << 20 };

	(void)arg;
	setrlimit(RLIMIT_DATA, &rl);
	R("RLIMIT_DATA 1 MiB, sbrk of 2 MiB", sbrk(2 << 20));
	R("sbrk of 512 KiB", sbrk(512 << 10));
}

static int deep(int n)
{
	volatile char room[1000];

	room[0] = (char)n;
	room[999] = 1;
	return n ? deep(n - 1) + room[999] : 0;
}

static void recursion(void *arg)
{
	say("depth %d: %d", *(int *)arg, deep(*(int *)arg));
}

static void runaway(void *arg)
{
	(void)arg;
	deep(1 << 30);
}

/* A program started under a limit of 64 KiB of stack. */
static void small_stack(char *self)
{
	struct rlimit rl = { 256 << 10, 256 << 10 };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_STACK, &rl);
		execl(self, self, "deep", NULL);
		_exit(97);
	}
	waitpid(pid, &status, 0);
	say("RLIMIT_STACK 256 KiB: %s", status_name(status));
}

static void far_below(void *arg)
{
	volatile uintptr_t here = (uintptr_t)&here;

	(void)arg;
	*(volatile char *)(here - (16 << 20)) = 1;
}

static void skips_a_bit(void *arg)
{
	volatile uintptr_t here = (uintptr_t)&here;

	(void)arg;
	*(volatile char *)(here - (200 << 10)) = 1;
	say("200 KiB below the stack pointer is fine");
}

static char *attach;

static void grows_into_attach(void *arg)
{
	(void)arg;
	deep(1 << 20);
}

/* The stack must stop above an attach, and leave it alone. */
static void attach_below(void)
{
	int id = shmget(IPC_PRIVATE, 16 * PAGE, 0600), i, sum = 0;
	char here;

	attach = (char *)(((uintptr_t)&here - (4 << 20)) & ~(PAGE - 1));
	fact("attached 4 MiB below the stack", shmat(id, attach, 0) == attach);
	for (i = 0; i < 16; i++)
		attach[i * PAGE] = 3;
	child("recursion of 1 GiB", grows_into_attach, NULL);
	for (i = 0; i < 16; i++)
		sum += attach[i * PAGE];
	say("the attach holds %d", sum);
	shmdt(attach);
	shmctl(id, IPC_RMID, NULL);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		recursion(&(int){ 150 });
		runaway(NULL);
		return 0;
	}
	heap();
	blocked_by_shm();
	child("data limit", data_limit, NULL);
	child("4 MiB of stack", recursion, &(int){ 4000 });
	child("runaway", runaway, NULL);
	small_stack(argv[0]);
	child("a touch 16 MiB below", far_below, NULL);
	child("a touch 200 KiB below", skips_a_bit, NULL);
	attach_below();
	return 0;
}
