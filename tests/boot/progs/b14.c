/* SPDX-License-Identifier: MIT */
/*
 * B14: a page that comes back from swap is mapped writable, whatever its area
 * allows: by a read, and by swapoff.
 */
#include "staged.h"

static char page[PAGE] __attribute__((aligned(PAGE)));
static struct {
	int seen; /* what the page held when it was back */
	int errors; /* errno of what should have worked, or 0 */
} * ctl;

/* The page is written, made read-only, and sent out. */
static void send_out(void)
{
	page[0] = 42;
	if (mprotect(page, PAGE, PROT_READ))
		ctl->errors = errno;
	else
		ctl->errors = evict_private(getpid(), page);
}

static void write_after_read(void)
{
	send_out();
	ctl->seen = *(volatile char *)page;
	*(volatile char *)page = 43;
}

static void write_after_swapoff(void)
{
	send_out();
	if (swapoff(SWAP))
		ctl->errors = errno;
	*(volatile char *)page = 43;
}

static void scene(void)
{
	pid_t pid = actor(write_after_read);

	holds(ended(pid) && !ctl->errors && ctl->seen == 42,
	      "a read-only page comes back by a read", "errno %d, saw %d",
	      ctl->errors, ctl->seen);
	holds(was_refused(), "and stays read-only", "status %x", status);
	pid = actor(write_after_swapoff);
	holds(ended(pid) && !ctl->errors, "it comes back by swapoff",
	      "errno %d", ctl->errors);
	holds(was_refused(), "and is read-only then", "status %x", status);
	if (swapon(SWAP, 0))
		die("swapon");
}

int main(int argc, char **argv)
{
	ctl = shared(1);
	return play(argc, argv, scene);
}
