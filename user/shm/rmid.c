/* SPDX-License-Identifier: MIT */
/*
 * rmid: a segment that is removed while it is attached lives on, without a
 * name, until the last detach.
 *
 *   shmget  shmat        IPC_RMID               shmdt
 *   --|-------|-------------|---------------------|------> gone
 *                key: found | key: free, memory as before
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#define SIZE 5000

#ifndef SHM_DEST
#define SHM_DEST 01000
#endif

static int bad; /* checks that failed */

static void check(int holds, const char *what)
{
	printf("  %s  %s\n", holds ? "yes" : "NO ", what);
	bad += !holds;
}

/* A segment of our own key, even if an earlier run left one behind. */
static int create(key_t key)
{
	int old = shmget(key, 0, 0);

	if (old >= 0)
		shmctl(old, IPC_RMID, NULL);
	return shmget(key, SIZE, IPC_CREAT | IPC_EXCL | 0600);
}

static void while_removed(int id, key_t key, char *p)
{
	struct shmid_ds ds;
	char *again;

	memset(&ds, 0, sizeof(ds));
	check(shmctl(id, IPC_STAT, &ds) == 0,
	      "it can still be asked about by its id");
	check(ds.shm_perm.mode & SHM_DEST, "it is marked for destruction");
	check(ds.shm_nattch == 1 && ds.shm_segsz == SIZE,
	      "one attach holds its 5000 bytes");
	check(shmget(key, 0, 0) == -1 && errno == ENOENT,
	      "its key finds it no longer");
	check(strcmp(p + SIZE - 8, "written") == 0,
	      "what was written is still there");
	strcpy(p, "more");
	again = shmat(id, NULL, SHM_RDONLY);
	check(again != (void *)-1 && strcmp(again, "more") == 0,
	      "it can be attached once more, and shows a new write");
	check(again != (void *)-1 && shmdt(again) == 0, "and detached");
}

int main(void)
{
	key_t key = ftok("/", 'D');
	struct shmid_ds ds;
	int id = create(key), other;
	char *p;

	if (id < 0) {
		perror("rmid: shmget");
		return 1;
	}
	p = shmat(id, NULL, 0);
	if (p == (void *)-1) {
		perror("rmid: shmat");
		shmctl(id, IPC_RMID, NULL);
		return 1;
	}
	strcpy(p + SIZE - 8, "written");
	printf("rmid: a segment is removed while attached, checking:\n");
	check(shmctl(id, IPC_RMID, NULL) == 0, "IPC_RMID succeeds");
	while_removed(id, key, p);
	other = shmget(key, SIZE, IPC_CREAT | IPC_EXCL | 0600);
	check(other >= 0 && other != id, "its key is free for a new segment");
	shmctl(other, IPC_RMID, NULL);
	check(shmdt(p) == 0, "the last detach");
	check(shmctl(id, IPC_STAT, &ds) == -1 &&
		      (errno == EINVAL || errno == EIDRM),
	      "after it the segment is gone");
	if (bad)
		return 1;
	printf("ok: it lived until its last detach\n");
	return 0;
}
