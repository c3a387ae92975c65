/* SPDX-License-Identifier: MIT */
/*
 * What inject.c lets fail: calls and faults of memory and shared memory. Each
 * returns 0, or -1 with errno. What the child that runs one has:
 *
 *   at      an attach of `id`, a segment of PAGES pages; page 2 is resident
 *   anon    12 MiB of private memory; page 0 is the parent's as well
 *   mapped  two pages of a file, private
 */
#ifndef TESTS_USER_INJECT_MEM_H
#define TESTS_USER_INJECT_MEM_H

#include "t.h"
#include <sys/ipc.h>
#include <sys/shm.h>

#define PAGES 16u
#define FAR ((char *)0x60000000) /* no page table there yet */
#define SPAN ((char *)0x603fe000) /* two pages below the end of its table */

static int id, big; /* segments of PAGES and of 2049 pages */
static char *at, *anon, *mapped;
static int zero_fd; /* /dev/zero */

extern char data_start[], end[]; /* of the linker */

/* All pages this process writes become its own, so that what it allocates
 * from now on is what its next call asks for. */
static void settle(void)
{
	volatile char room[2 * PAGE], *p;

	for (p = room; p < room + sizeof(room); p += PAGE)
		*p = 0;
	for (p = data_start; p < end; p += PAGE)
		*p = *p;
	errno = 0;
}

static int is_map(void *p)
{
	return p == (void *)-1 ? -1 : 0;
}

static int call_shmget(void)
{
	return shmget(IPC_PRIVATE, 9 << 20, 0600) < 0 ? -1 : 0;
}

static int call_shmget_key(void)
{
	return shmget(0x1234, PAGE, IPC_CREAT | 0600) < 0 ? -1 : 0;
}

static int call_shmat(void)
{
	return is_map(shmat(id, NULL, 0));
}

static int call_shmat_far(void)
{
	return is_map(shmat(id, FAR, SHM_RDONLY));
}

static int call_shmat_span(void)
{
	return is_map(shmat(id, SPAN, 0));
}

static int call_shmat_big(void)
{
	return is_map(shmat(big, SPAN, 0));
}

static int call_shmat_remap(void)
{
	return is_map(shmat(id, at + 4 * PAGE, SHM_REMAP));
}

/* Replaces what lies on both sides of the end of a table. */
static int call_shmat_remap_span(void)
{
	return is_map(shmat(id, SPAN, SHM_REMAP));
}

static int call_shmdt(void)
{
	return shmdt(at);
}

static int call_shmctl(void)
{
	static struct shmid_ds ds;

	return shmctl(id, IPC_STAT, &ds) || shmctl(id, IPC_SET, &ds) ||
			       shmctl(id, SHM_LOCK, NULL) ||
			       shmctl(id, SHM_UNLOCK, NULL)
		       ? -1
		       : 0;
}

static int call_mmap(void)
{
	return is_map(mmap(FAR, 4 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static int call_mmap_over(void)
{
	return is_map(mmap(at + 3 * PAGE, 2 * PAGE, PROT_READ,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
}

static int call_hole(void)
{
	return munmap(anon + 3 * PAGE, PAGE);
}

static int call_hole_attach(void)
{
	return munmap(at + 3 * PAGE, PAGE);
}

static int call_mprotect(void)
{
	return mprotect(anon + 3 * PAGE, PAGE, PROT_READ);
}

static int call_mprotect_attach(void)
{
	return mprotect(at + 3 * PAGE, PAGE, PROT_READ);
}

static int call_mlock(void)
{
	return mlock(at + 5 * PAGE, PAGE);
}

static int call_mremap(void)
{
	return is_map(mremap(anon, PAGES * PAGE, PAGES * PAGE,
			     MREMAP_MAYMOVE | MREMAP_FIXED, SPAN));
}

static int call_mremap_attach(void)
{
	return is_map(mremap(at, PAGES * PAGE, PAGES * PAGE,
			     MREMAP_MAYMOVE | MREMAP_FIXED, SPAN));
}

/* A page of an area to where its neighbour is. */
static int call_mremap_beside(void)
{
	return is_map(mremap(at + 3 * PAGE, PAGE, PAGE,
			     MREMAP_MAYMOVE | MREMAP_FIXED, at + 4 * PAGE));
}

static int call_brk(void)
{
	return is_map(sbrk(PAGES * PAGE));
}

static int call_touch_anon(void)
{
	anon[5 * PAGE] = 1;
	return 0;
}

/* In a table of its own. */
static int call_touch_far(void)
{
	char *p = anon + (8 << 20);

	return *(volatile char *)p;
}

static int call_touch_cow(void)
{
	anon[0] = 2; /* the parent has it, too */
	return 0;
}

static int call_touch_shm(void)
{
	at[7 * PAGE] = 1;
	return 0;
}

static int call_read_shm(void)
{
	return *(volatile char *)(at + 8 * PAGE);
}

/* An old size of 0: a second area of the same pages. */
static int call_mremap_double(void)
{
	return is_map(mremap(at, 0, PAGES * PAGE, MREMAP_MAYMOVE));
}

static int call_touch_file(void)
{
	mapped[0] = 1;
	return 0;
}

static int deep(int n)
{
	volatile char room[4000]; /* a known index may shrink it */

	room[n] = n;
	return n ? deep(n - 1) + room[n] : 0;
}

static int call_stack(void)
{
	deep(100);
	return 0;
}

/* The kernel touches them first: EFAULT, or the process is killed. */
static int call_read_into(void)
{
	ssize_t n = read(zero_fd, at + 9 * PAGE, 2 * PAGE);

	if (n >= 0 && n < (ssize_t)(2 * PAGE))
		errno = EFAULT;
	return n == (ssize_t)(2 * PAGE) ? 0 : -1;
}

/* Two processes, two pages, a hole between them. */
static int call_shared_anon(void)
{
	char *p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int r = -1;
	pid_t pid;

	if (p == MAP_FAILED)
		return -1;
	p[0] = 1;
	pid = fork();
	if (pid == 0) {
		p[2 * PAGE] = 2;
		_exit(0);
	}
	if (pid > 0)
		r = waitpid(pid, NULL, 0) == pid ? 0 : -1;
	if (!r)
		r = munmap(p + PAGE, PAGE);
	return r;
}

#endif
