/* SPDX-License-Identifier: MIT */
/*
 * planted: has one of everything the kernel's checkers look at (anonymous
 * pages, a segment attached twice, once read-only, another one unattached),
 * then reads /proc/check, where a debugger plants mistakes.
 */
#include "prog.h"

int main(void)
{
	int id = shmget(IPC_PRIVATE, 4 * PAGE, 0600);
	char *rw = shmat(id, NULL, 0), *ro = shmat(id, NULL, SHM_RDONLY);
	char *anon = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (rw == (void *)-1 || ro == (void *)-1 || anon == MAP_FAILED ||
	    shmget(IPC_PRIVATE, PAGE, 0600) < 0)
		die("shmget, shmat, mmap");
	anon[0] = anon[PAGE] = 1;
	rw[0] = 1;
	(void)*(volatile char *)ro;
	printf("%ld frames are free\n", check());
	return 0;
}
