/* SPDX-License-Identifier: MIT */
/*
 * B13: swapoff that does not look again after it has read a page: meanwhile
 * the process has fetched the page itself and written to it, or the segment
 * is gone.
 */
#include "staged.h"

static int id;
static struct {
	volatile int out, go; /* the page is out; write to it */
	int seen; /* what the page holds in the end */
	int result; /* errno of swapoff, or 0 */
} * ctl;

static void swapper(void)
{
	hold_me("swapoff_page");
	ctl->result = swapoff(SWAP) ? errno : 0;
}

static void writer(void)
{
	static char page[PAGE] __attribute__((aligned(PAGE)));

	page[0] = 1;
	if (evict_private(getpid(), page))
		die("evict");
	ctl->out = 1;
	while (ctl->go == 0)
		sched_yield();
	page[0] = 2;
	while (ctl->go == 1)
		sched_yield();
	ctl->seen = *(volatile char *)page;
}

static void let(volatile int *what, int value)
{
	*what = value;
	take_breath();
}

static void swap_again(void)
{
	if (swapon(SWAP, 0))
		die("swapon");
}

static void page_fetched_meanwhile(void)
{
	pid_t process, swap;

	ctl->out = ctl->go = 0;
	process = actor(writer);
	while (!ctl->out)
		sched_yield();
	swap = actor(swapper);
	holds(staged(swap), "swapoff has read a page", "status %x", status);
	let(&ctl->go, 1);
	release(swap);
	holds(ended(swap) && !ctl->result, "swapoff succeeds", "errno %d",
	      ctl->result);
	let(&ctl->go, 2);
	holds(ended(process) && ctl->seen == 2,
	      "what was written meanwhile is there", "%d, status %x",
	      ctl->seen, status);
	swap_again();
}

static void segment_gone_meanwhile(void)
{
	pid_t swap;
	char *at;

	id = new_segment(2);
	at = attach(id);
	at[0] = 1;
	evict_shm(id, 0);
	swap = actor(swapper);
	holds(staged(swap), "swapoff has read a page of a segment",
	      "status %x", status);
	shmdt(at);
	shmctl(id, IPC_RMID, NULL);
	release(swap);
	holds(ended(swap) && !ctl->result,
	      "the segment gone, swapoff succeeds", "errno %d", ctl->result);
	check();
	swap_again();
}

static void scene(void)
{
	page_fetched_meanwhile();
	segment_gone_meanwhile();
}

int main(int argc, char **argv)
{
	ctl = shared(1);
	return play(argc, argv, scene);
}
