/* SPDX-License-Identifier: MIT */
/*
 * Policies of replacement: which page of a segment goes. (Of the private pages
 * of a process, swap_out() shows one after the other, and asks.)
 *
 *   queue  oldest <-> .. <-> newest      every resident page, in the order of
 *                                        its arrival: swap_queue
 *   hand   segment n, page slot i        for clock: swap_objects
 *
 *   fifo           the oldest, used or not
 *   second-chance  the oldest; if used, it goes to the end of the queue
 *   clock          the page slot at the hand, segment by segment as Linux 1.x
 *                  and 2.0 did; if used, the hand moves on
 *   random         any
 *
 * All of them: a page that cannot go now (its segment is locked, somebody is
 * just using it) is stepped over. A lab adds a policy with two functions and
 * a row of the table.
 *
 * Context: atomic. See: docs/swap.md.
 */
#include <boot/boot_info.h>
#include <kernel/printk.h>
#include <lib/string.h>
#include <lib/xorshift.h>
#include <mm/swap/swap.h>
#include <mm/swap/swap_policy.h>
#include <uapi/errno.h>

#define RANDOM_PROBES 64u /* frames to try before the queue is asked */

u32 nr_policy_pages;
struct page swap_queue = { .next = &swap_queue, .prev = &swap_queue };

static u32 random_state = 1;

/* ------------------------------------------------------------------ */
/* the queue                                                           */

/* The oldest page; it is the newest when it comes back from its look. */
static struct page *queue_next(void)
{
	struct page *page = swap_queue.next;

	if (page == &swap_queue)
		return NULL;
	swap_queue_remove(page);
	swap_queue_append(page);
	return page;
}

static bool never_spare(struct page *page, bool young)
{
	return false;
}

static bool spare_young(struct page *page, bool young)
{
	return young;
}

/* The hand goes over the objects' page slots: they move it. */
static struct page *clock_next(void)
{
	return nr_policy_pages ? swap_objects->next_resident() : NULL;
}

/* ------------------------------------------------------------------ */
/* chance                                                              */

/* The pages repeat from boot to boot, as all does that is to be compared. */
static struct page *random_next(void)
{
	struct page *page;
	u32 i;

	for (i = 0; i < RANDOM_PROBES && nr_policy_pages; i++) {
		page = pfn_to_page(xorshift(&random_state) % max_pfn);
		if (page->flags & PG_SHM)
			return page;
	}
	return queue_next();
}

/* swap_out() comes by in order, so half of what it shows is left alone. */
static bool spare_half(struct page *page, bool young)
{
	return !(page->flags & PG_SHM) && xorshift(&random_state) & 1;
}

/* ------------------------------------------------------------------ */
/* the table                                                           */

static const struct swap_policy policies[] = {
	{ "second-chance", queue_next, spare_young },
	{ "clock", clock_next, spare_young },
	{ "fifo", queue_next, never_spare },
	{ "random", random_next, spare_half },
};

const struct swap_policy *swap_policy = &policies[0];

int swap_policy_choose(const char *name, u32 len)
{
	u32 i;

	if (len && name[len - 1] == '\n')
		len--;
	for (i = 0; i < ARRAY_SIZE(policies); i++)
		if (strlen(policies[i].name) == len &&
		    !strncmp(policies[i].name, name, len)) {
			swap_policy = &policies[i];
			return 0;
		}
	return -EINVAL;
}

const struct swap_policy *swap_policy_at(u32 i)
{
	return i < ARRAY_SIZE(policies) ? &policies[i] : NULL;
}

void swap_policy_init(void)
{
	char name[32];

	if (cmdline_get("swap_policy", name, sizeof(name)) &&
	    swap_policy_choose(name, strlen(name)))
		printk("swap_policy=%s: there is no such policy, %s is used\n",
		       name, swap_policy->name);
}
