/* SPDX-License-Identifier: MIT */
/*
 * planted: has one of everything the kernel's checkers look at (anonymous
 * pages, a segment attached twice, once read-only, another one unattached; of
 * both kinds of memory a page in swap, and one in the swap cache), then reads
 * /proc/check, where a debugger plants mistakes.
 */
#include "prog.h"

/* The page that the words name goes to swap. */
static void evict(const char *format, int a, unsigned long b)
{
	FILE *file = fopen("/proc/sys/vm/evict", "w");

	if (!file || fprintf(file, format, a, b) < 0 || fclose(file))
		die(format);
}

int main(void)
{
	int id = shmget(IPC_PRIVATE, 4 * PAGE, 0600);
	char *rw = shmat(id, NULL, 0), *ro = shmat(id, NULL, SHM_RDONLY);
	char *anon = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (rw == (void *)-1 || ro == (void *)-1 || anon == MAP_FAILED ||
	    shmget(IPC_PRIVATE, PAGE, 0600) < 0)
		die("shmget, shmat, mmap");
	anon[0] = anon[PAGE] = anon[2 * PAGE] = anon[3 * PAGE] = 1;
	rw[0] = rw[PAGE] = 1;
	evict("shm %d %lu", id, 1);
	evict("%d %lx", getpid(), (unsigned long)anon + 2 * PAGE);
	evict("%d %lx", getpid(), (unsigned long)anon + 3 * PAGE);
	(void)*(volatile char *)(anon + 3 * PAGE);
	(void)*(volatile char *)ro;
	printf("%ld frames are free\n", check());
	return 0;
}
