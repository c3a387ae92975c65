/* SPDX-License-Identifier: MIT */
/* A parent and its child touch a segment, and the child becomes testread in
 * between. tests/boot/gdb-step.t looks whose names a backtrace has, and that a
 * function with the name of one of the kernel does not stop gdb. */
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

static __attribute__((noinline)) void child_touches(volatile char *p)
{
	*p = 1;
}

static __attribute__((noinline)) void shm_swap_in(volatile char *p)
{
	*p = 2;
}

int main(void)
{
	int id = shmget(IPC_PRIVATE, 2 * PAGE, IPC_CREAT | 0600);
	char *p = shmat(id, NULL, 0);

	if (p == (char *)-1)
		return 1;
	if (!fork()) {
		child_touches(p);
		execl("/bin/testread", "testread", (char *)NULL);
		_exit(127);
	}
	wait(NULL);
	shm_swap_in(p + PAGE);
	return shmctl(id, IPC_RMID, NULL);
}
