/* SPDX-License-Identifier: MIT */
/*
 * parentchild: an attached segment stays attached across fork, and both
 * processes see the same memory.
 *
 *   parent --- shmget, shmat, stores 1004 --- fork --- waits --- RMID
 *                                              '--- child reads 1004,
 *                                                   stores 7 beside it
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define VALUE 1004
#define ANSWER 7

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

static int child(int id, int *shared)
{
	printf("child:  the segment holds %d\n", shared[0]);
	check(attaches(id) == 2, "after fork it is attached twice");
	shared[1] = ANSWER;
	fflush(stdout);
	return bad || shared[0] != VALUE;
}

static void parent(int id, pid_t pid, int *shared)
{
	int status = -1;

	waitpid(pid, &status, 0);
	printf("parent: the segment holds %d\n", shared[0]);
	check(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	      "the child read the value stored before fork");
	check(shared[1] == ANSWER, "what the child stored is here");
	check(attaches(id) == 1, "the child's exit detached its copy");
	check(shmctl(id, IPC_RMID, NULL) == 0, "the segment is removed");
	check(shmdt(shared) == 0, "and detached: the last one");
	check(attaches(id) == -1 && (errno == EINVAL || errno == EIDRM),
	      "nothing is left of it");
}

int main(void)
{
	int id = shmget(IPC_PRIVATE, 2 * sizeof(int), IPC_CREAT | 0600);
	int *shared;
	pid_t pid;

	if (id < 0) {
		perror("parentchild: shmget");
		return 1;
	}
	shared = shmat(id, NULL, 0);
	if (shared == (void *)-1) {
		perror("parentchild: shmat");
		shmctl(id, IPC_RMID, NULL);
		return 1;
	}
	shared[0] = VALUE;
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(child(id, shared));
	if (pid < 0)
		perror("parentchild: fork");
	parent(id, pid, shared);
	if (bad)
		return 1;
	printf("ok: parent and child share one page\n");
	return 0;
}
