/* SPDX-License-Identifier: MIT */
/*
 * twoviews: one segment, attached twice by one process. Two addresses, one
 * frame; and the second view may only read.
 *
 *   0x4000...  view 1, read and write --.
 *                                        >--- one frame
 *   0x4000...  view 2, SHM_RDONLY ------'
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

static int bad; /* checks that failed */

static void check(int holds, const char *what)
{
	printf("  %s  %s\n", holds ? "yes" : "NO ", what);
	bad += !holds;
}

static long attaches(int id)
{
	struct shmid_ds ds;

	memset(&ds, 0, sizeof(ds));
	return shmctl(id, IPC_STAT, &ds) < 0 ? -1 : (long)ds.shm_nattch;
}

/* The signal that ended a child which wrote to *P; 0: it lived on. */
static int signal_of_writer(volatile int *p)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		*p = 3;
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void look(int id, volatile int *one, const volatile int *two)
{
	check(one != two, "the two views have different addresses");
	check(attaches(id) == 2, "the segment counts two attaches");
	*one = 1;
	check(*two == 1, "what is written through one is seen in the other");
	*one = 2;
	check(*two == 2, "and again, with both pages present");
	check(signal_of_writer((volatile int *)two) == SIGSEGV,
	      "a write through the read-only view is SIGSEGV");
	check(*one == 2 && *two == 2, "and it has changed nothing");
	check(signal_of_writer(one) == 0 && *two == 3,
	      "a child's write through the other view is seen here");
}

int main(void)
{
	int id = shmget(IPC_PRIVATE, sizeof(int), IPC_CREAT | 0600);
	void *one, *two;

	if (id < 0) {
		perror("twoviews: shmget");
		return 1;
	}
	one = shmat(id, NULL, 0);
	two = shmat(id, NULL, SHM_RDONLY);
	shmctl(id, IPC_RMID, NULL);
	if (one == (void *)-1 || two == (void *)-1) {
		perror("twoviews: shmat");
		return 1;
	}
	printf("twoviews: one segment at two addresses, checking:\n");
	look(id, one, two);
	check(shmdt(two) == 0 && attaches(id) == 1,
	      "one view detached, one attach is left");
	check(*(volatile int *)one == 3, "the other still reads its page");
	check(shmdt(one) == 0 && attaches(id) == -1,
	      "both detached, the segment is gone");
	if (bad)
		return 1;
	printf("ok: two views of one page\n");
	return 0;
}
