/* SPDX-License-Identifier: MIT */
/*
 * faultcount [swap]: touches pages of every kind and compares
 * /proc/self/faults with what it did; swap: pages that were evicted. A line
 * "yes WHAT" or "NO WHAT" for each kind, then "end".
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
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 8
#define KINDS 17

struct count {
	char name[20];
	long n;
};

struct counts {
	struct count kind[KINDS];
	long faults; /* min_flt + maj_flt */
};

static char text[1024]; /* of /proc/self/faults */
static struct counts before, after;
static sigjmp_buf back;
static volatile char sink;
static char *volatile nowhere = (char *)16;

static void read_counts(struct counts *c)
{
	int fd = open("/proc/self/faults", O_RDONLY), i, n;
	ssize_t len = read(fd, text, sizeof(text) - 1);
	struct rusage ru;
	char *s = text;

	getrusage(RUSAGE_SELF, &ru);
	c->faults = ru.ru_minflt + ru.ru_majflt;
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	for (i = 0; i < KINDS; i++, s += n)
		if (sscanf(s, "%19s %ld\n%n", c->kind[i].name, &c->kind[i].n,
			   &n) != 2)
			exit(1);
}

static void on_signal(int signo)
{
	siglongjmp(back, signo);
}

static long count(const struct counts *c, const char *name)
{
	int i;

	for (i = 0; i < KINDS; i++)
		if (!strcmp(c->kind[i].name, name))
			return c->kind[i].n;
	return -1;
}

static void expect(const char *name, long n)
{
	long got = count(&after, name) - count(&before, name);

	printf("%s %s: %ld (got %ld)\n", got == n ? "yes" : "NO", name, n, got);
}

static char *pages(int n, int fd)
{
	return mmap(NULL, (size_t)n * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);
}

static void write_each(volatile char *p, int n)
{
	int i;

	for (i = 0; i < n; i++)
		p[i * PAGE] = 1;
}

static void read_each(volatile char *p, int n)
{
	int i;

	for (i = 0; i < n; i++)
		sink = p[i * PAGE];
}

/* Five kinds of memory: fresh, zeros, of a file, and two attaches. */
static char *anon, *zero, *file, *attach[2];

static void touch(void)
{
	write_each(anon, 3);
	read_each(zero, 4);
	write_each(zero, 2); /* two of them are copied */
	read_each(file, 5);
	write_each(attach[0], PAGES);
	read_each(attach[1], PAGES);
	if (!sigsetjmp(back, 1))
		*nowhere = 1;
	if (!sigsetjmp(back, 1))
		*(volatile char *)(file + 6 * PAGE) = 1;
	mprotect(anon, PAGE, PROT_READ);
	if (!sigsetjmp(back, 1))
		anon[0] = 2;
	if (write(1, nowhere, 1) != -1)
		exit(1);
}

static void prepare(void)
{
	int fd = open("/tmp/file", O_RDWR | O_CREAT, 0600);
	int id = shmget(IPC_PRIVATE, PAGES * PAGE, IPC_CREAT | 0600);

	if (ftruncate(fd, 5 * PAGE) < 0 || id < 0)
		exit(1);
	anon = pages(3, -1);
	zero = pages(4, -1);
	file = pages(7, fd);
	attach[0] = shmat(id, NULL, 0);
	attach[1] = shmat(id, NULL, SHM_RDONLY);
	shmctl(id, IPC_RMID, NULL);
	signal(SIGSEGV, on_signal);
	signal(SIGBUS, on_signal);
	sigsetjmp(back, 1);
}

/* Sends a page away: the words of /proc/sys/vm/evict. */
static void evict(const char *format, int a, unsigned long b)
{
	int fd = open("/proc/sys/vm/evict", O_WRONLY);

	dprintf(fd, format, a, b);
	if (fd < 0 || close(fd) < 0)
		exit(1);
}

/* Eight pages of a segment and four of our own go and come back; two of the
 * latter are merely read. */
static void swapped(int id)
{
	int i;

	for (i = 0; i < PAGES; i++)
		evict("shm %d %lu", id, (unsigned long)i);
	for (i = 0; i < 4; i++)
		evict("%d %lx", getpid(), (unsigned long)(zero + i * PAGE));
	read_counts(&before);
	read_each(attach[0], PAGES);
	read_each(attach[1], PAGES);
	read_each(zero, 2);
	write_each(zero + 2 * PAGE, 2);
	read_counts(&after);
}

static int main_swap(void)
{
	int id = shmget(IPC_PRIVATE, PAGES * PAGE, IPC_CREAT | 0600), i;

	attach[0] = shmat(id, NULL, 0);
	attach[1] = shmat(id, NULL, SHM_RDONLY);
	zero = pages(4, -1);
	for (i = 0; i < 2; i++) { /* once, so that code and stack are there */
		write_each(attach[0], PAGES);
		write_each(zero, 4);
		swapped(id);
	}
	shmctl(id, IPC_RMID, NULL);
	expect("shm-first", 0);
	expect("shm-resident", PAGES);
	expect("shm-cached", 0);
	expect("shm-swapin", PAGES);
	expect("swap-read", 4);
	expect("anon-write", 0);
	expect("cow-copy", 0);
	expect("cow-reuse", 0);
	puts("end");
	return 0;
}

int main(int argc, char **argv)
{
	long sum = 0;
	int i;

	if (argc > 1 && !strcmp(argv[1], "swap"))
		return main_swap();
	prepare();
	touch(); /* once, so that code and stack are there; then anew */
	munmap(anon, 3 * PAGE);
	munmap(zero, 4 * PAGE);
	munmap(file, 7 * PAGE);
	shmdt(attach[0]);
	shmdt(attach[1]);
	read_counts(&after);
	prepare();
	read_counts(&before);
	touch();
	read_counts(&after);
	expect("zero-read", 4);
	expect("anon-write", 3);
	expect("file-cached", 5);
	expect("file-read", 0);
	expect("shm-first", PAGES);
	expect("shm-resident", PAGES);
	expect("shm-cached", 0);
	expect("shm-swapin", 0);
	expect("swap-cached", 0);
	expect("swap-read", 0);
	expect("cow-copy", 2);
	expect("cow-reuse", 0);
	expect("faster", 0);
	expect("refused-maperr", 2); /* one by write() */
	expect("refused-accerr", 1);
	expect("refused-bus", 1);
	expect("refused-oom", 0);
	for (i = 0; i < KINDS; i++)
		if (strncmp(after.kind[i].name, "refused", 7))
			sum += after.kind[i].n;
	printf("%s the kinds add up to min_flt + maj_flt: %ld, %ld\n",
	       sum == after.faults ? "yes" : "NO", sum, after.faults);
	puts("end");
	return 0;
}
