/* SPDX-License-Identifier: MIT */
/*
 * B02: attaches were counted in 16 bits with a sign. 33,000 pieces of one
 * segment, made by unmapping every second page, made the count negative, and
 * IPC_RMID destroyed memory that was in use.
 */
#include "staged.h"

#define PIECES 33000
#define PER_ATTACH 4000 /* pieces of 1 page, and as many holes */

static void cut(char *at)
{
	int i;

	for (i = 0; i < PER_ATTACH; i++)
		munmap(at + (2 * i + 1) * PAGE, PAGE);
}

static void scene(void)
{
	int id = new_segment(2 * PER_ATTACH), n;
	struct shmid_ds ds;
	char *at[PIECES / PER_ATTACH + 1];

	for (n = 0; n * PER_ATTACH < PIECES; n++) {
		at[n] = attach(id);
		cut(at[n]);
	}
	at[0][0] = 77;
	shmctl(id, IPC_STAT, &ds);
	holds(ds.shm_nattch >= PIECES, "more attaches than 16 bits can count",
	      "%lu", (unsigned long)ds.shm_nattch);
	shmctl(id, IPC_RMID, NULL);
	holds(shmctl(id, IPC_STAT, &ds) == 0,
	      "removed, the segment lives while it is attached", "%s",
	      strerror(errno));
	check();
	holds(at[1][0] == 77, "and all pieces see one page", "%d", at[1][0]);
	while (n--)
		munmap(at[n], 2 * PER_ATTACH * PAGE);
	holds(shmctl(id, IPC_STAT, &ds) < 0, "it dies with the last piece",
	      "it lives");
}

int main(int argc, char **argv)
{
	return play(argc, argv, scene);
}
