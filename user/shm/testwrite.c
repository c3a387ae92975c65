/* SPDX-License-Identifier: MIT */
/*
 * testwrite: stores ten records {name, age} in a shared memory segment and
 * exits. The segment stays: testread, started later, finds it by its key.
 *
 *   testwrite        segment (key made of "/" and 'F')        testread
 *      |---- shmget ---> [b 20][c 21][d 22] ... [k 29] <--- shmget ----|
 *      '---- exits            stays until ipcrm
 */
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#define KEY_PATH "/"
#define KEY_LETTER 'F'
#define RECORDS 10

struct record {
	char name[4];
	int age;
};

static int bad; /* checks that failed */

static void check(int holds, const char *what)
{
	printf("  %s  %s\n", holds ? "yes" : "NO ", what);
	bad += !holds;
}

static void fill(struct record *r)
{
	int i;

	for (i = 0; i < RECORDS; i++) {
		memset(&r[i], 0, sizeof(r[i]));
		r[i].name[0] = (char)('b' + i);
		r[i].age = 20 + i;
	}
}

/* Whether a fresh attach of segment ID shows what fill() wrote. */
static int reads_back(int id)
{
	struct record want[RECORDS], *r = shmat(id, NULL, SHM_RDONLY);
	int same;

	if (r == (void *)-1)
		return 0;
	fill(want);
	same = memcmp(r, want, sizeof(want)) == 0;
	return shmdt(r) == 0 && same;
}

int main(void)
{
	key_t key = ftok(KEY_PATH, KEY_LETTER);
	struct shmid_ds before, after;
	struct record *r;
	int id;

	id = shmget(key, RECORDS * sizeof(*r), IPC_CREAT | 0600);
	if (id < 0) {
		perror("testwrite: shmget");
		return 1;
	}
	memset(&before, 0, sizeof(before));
	memset(&after, 0, sizeof(after));
	shmctl(id, IPC_STAT, &before);
	r = shmat(id, NULL, 0);
	if (r == (void *)-1) {
		perror("testwrite: shmat");
		return 1;
	}
	fill(r);
	printf("testwrite: %d records {name, age} stored, checking:\n",
	       RECORDS);
	check(shmdt(r) == 0, "the segment is detached");
	shmctl(id, IPC_STAT, &after);
	check(after.shm_nattch == before.shm_nattch,
	      "the number of attaches is as before");
	check(after.shm_segsz >= RECORDS * sizeof(*r),
	      "the segment is still there, and large enough");
	check(reads_back(id), "attached anew, it holds the ten records");
	if (bad)
		return 1;
	printf("ok: the records stay behind; testread reads them, "
	       "ipcs -m shows them\n");
	return 0;
}
