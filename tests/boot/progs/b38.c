/* SPDX-License-Identifier: MIT */
/*
 * B38: a segment is destroyed while a page of it is being written to swap.
 * If its slot is free at once, another page gets it, and the old write lands
 * on top of the new one.
 */
#include "staged.h"

#define PAGES 32 /* more than there are slots */

static int id, other;
static char *doomed; /* page of segment ID */

static void evictor(void)
{
	shmdt(doomed);
	hold_me("swap_write");
	_exit(evict_shm(id, 0));
}

/* All slots but one become taken; the page of OTHER that follows. */
static int fill_swap(char *at)
{
	int i;

	for (i = 0; i < PAGES; i++) {
		memset(at + i * PAGE, 'a' + i % 26, PAGE);
		if (evict_shm(other, i) == ENOSPC)
			break;
	}
	holds(i > 1 && i < PAGES, "swap is full", "%d pages", i);
	(void)*(volatile char *)(at + (i - 1) * PAGE);
	return i - 1;
}

/* What OTHER held it holds. */
static bool is_intact(const char *at, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (at[i * PAGE] != 'a' + i % 26)
			return false;
	return true;
}

static void scene(void)
{
	char *at;
	pid_t pid;
	int n;

	id = new_segment(1);
	doomed = attach(id);
	doomed[0] = '!';
	other = new_segment(PAGES);
	at = attach(other);
	n = fill_swap(at);
	pid = actor(evictor);
	holds(staged(pid), "a page is about to be written", "status %x",
	      status);
	shmdt(doomed);
	shmctl(id, IPC_RMID, NULL);
	/* refused, unless the slot of the doomed page is free */
	evict_shm(other, n);
	release(pid);
	holds(ended(pid), "its segment gone, the write ends", "it hangs");
	holds(is_intact(at, n + 1), "the pages of others are what they were",
	      "they are not");
	shmdt(at);
	shmctl(other, IPC_RMID, NULL);
	check();
}

int main(int argc, char **argv)
{
	return play(argc, argv, scene);
}
