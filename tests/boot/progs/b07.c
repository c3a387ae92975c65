/* SPDX-License-Identifier: MIT */
/*
 * B07: the slot that a reader has read is given away and taken again while
 * the reader sleeps; its page slot looks as if nothing had happened.
 *
 *   reader                  writer                   this process
 *   reads slot S: 'a'
 *   (swap_read_done)        touches the page
 *                           S is free, writes 'b'
 *                                                    evicts it: S again
 *   entry still names S:
 *   installs its 'a'                                 'b' is lost
 *
 * With the guard the writer finds the reader's frame, and waits for it.
 */
#include "staged.h"

#define PAGES 32 /* more than there are slots */

static int id;
static char *at;

static void reader(void)
{
	char *mine = attach(id);

	hold_me("swap_read_done");
	(void)*(volatile char *)mine;
}

static void writer(void)
{
	char *mine = attach(id);

	hold_me("swap_wait");
	*mine = 'b';
}

/* Page 0 leaves first, for slot S; then no other slot is free. */
static void send_out_page(void)
{
	int i;

	memset(at, 'a', PAGES * PAGE);
	for (i = 0; i < PAGES; i++)
		if (evict_shm(id, i) == ENOSPC)
			break;
	holds(i > 1 && i < PAGES, "swap is full", "%d pages", i);
}

static void scene(void)
{
	pid_t first, second;
	bool waits;

	id = new_segment(PAGES);
	at = attach(id);
	send_out_page();
	first = actor(reader);
	holds(staged(first), "the reader sleeps, its read done", "status %x",
	      status);
	second = actor(writer);
	waits = staged(second);
	holds(waits, "the writer finds its frame, and waits", "it has not");
	if (waits)
		release(second);
	else
		evict_shm(id, 0);
	release(first);
	holds(ended(first) && (!waits || ended(second)), "both end",
	      "status %x", status);
	holds(at[0] == 'b', "what the writer wrote is there", "%c", at[0]);
	shmdt(at);
	shmctl(id, IPC_RMID, NULL);
	check();
}

int main(int argc, char **argv)
{
	return play(argc, argv, scene);
}
