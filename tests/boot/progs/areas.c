/* SPDX-License-Identifier: MIT */
/* A process with 1,000 areas, a segment attached twice, and a child that has
 * touched it and waits. tests/boot/gdb-commands.t looks at both. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#define AREAS 1000
#define PAGE 4096

int main(void)
{
	char *p = mmap((void *)0x60000000, AREAS * PAGE, PROT_READ,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	int id = shmget(IPC_PRIVATE, 4 * PAGE, IPC_CREAT | 0600), i, up[2];
	volatile int *a = shmat(id, (void *)0x70000000, 0);
	volatile int *b = shmat(id, (void *)0x70100000, SHM_RDONLY);
	char byte = 0;

	for (i = 0; i < AREAS; i += 2)
		if (mprotect(p + i * PAGE, PAGE, PROT_READ | PROT_WRITE))
			return 1;
	for (i = 0; i < AREAS; i += 10)
		p[i * PAGE] = 1;
	a[0] = 1;
	if (b[0] != 1 || pipe(up) < 0)
		return 1;
	if (fork() == 0) {
		a[0] = 2;
		a[1024] = 3;
		if (write(up[1], &byte, 1) != 1)
			return 1;
		pause();
	}
	if (read(up[0], &byte, 1) != 1)
		return 1;
	getpriority(0, 12345); /* the mark for gdb */
	return 0;
}
