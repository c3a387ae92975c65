/* SPDX-License-Identifier: MIT */
/*
 * B01: the search for a page of a segment that may go has no end when all of
 * them are locked. Private pages are what there is to evict.
 */
#include "staged.h"

#define LOCKED 512 /* pages of the segment */
#define PRIVATE 4096 /* more than there is memory */

static void scene(void)
{
	int id = new_segment(LOCKED), i, wrong = 0;
	char *at = attach(id), *p;

	memset(at, 'x', LOCKED * PAGE);
	if (shmctl(id, SHM_LOCK, NULL))
		die("SHM_LOCK");
	p = mmap(NULL, PRIVATE * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (i = 0; i < PRIVATE; i++)
		*(int *)(p + i * PAGE) = i;
	holds(true, "all pages of segments locked, memory used up", "-");
	for (i = 0; i < PRIVATE; i++)
		wrong += *(int *)(p + i * PAGE) != i;
	holds(!wrong, "private pages have gone and come back", "%d are wrong",
	      wrong);
	holds(at[LOCKED * PAGE - 1] == 'x', "the locked ones are there", "%c",
	      at[LOCKED * PAGE - 1]);
	munmap(p, PRIVATE * PAGE);
	shmdt(at);
	shmctl(id, IPC_RMID, NULL);
	check();
}

int main(int argc, char **argv)
{
	return play(argc, argv, scene);
}
