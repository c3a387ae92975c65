/* SPDX-License-Identifier: MIT */
/*
 * Which page goes: one table of functions a policy. The default is
 * second-chance; `swap_policy=NAME` at boot or writing NAME to
 * /proc/sys/vm/swap_policy chooses another. A lab adds one by adding a row
 * to mm/swap/swap_policy.c.
 *
 *   shm_swap   asks next() for pages until one is not spared
 *   swap_out   comes by with the pages of a process, one after the other
 *
 * See: docs/swap.md.
 */
#ifndef MM_SWAP_POLICY_H
#define MM_SWAP_POLICY_H

#include <mm/page.h>

struct swap_policy {
	const char *name;
	/* The next resident page of a segment to look at; NULL: there is
	 * none. Atomic. */
	struct page *(*next)(void);
	/* Is PAGE left alone this time? YOUNG: it was accessed since it was
	 * looked at last; if it is left alone, that is forgotten. */
	bool (*spare)(struct page *page, bool young);
};

extern const struct swap_policy *swap_policy; /* the one in use */

extern struct page swap_queue; /* head of a ring: next is the oldest page */
extern u32 nr_policy_pages; /* resident pages of segments */

static __always_inline void
swap_queue_append(struct page *page)
{
	page->next = &swap_queue;
	page->prev = swap_queue.prev;
	page->prev->next = page;
	swap_queue.prev = page;
}

static __always_inline void
swap_queue_remove(struct page *page)
{
	page->next->prev = page->prev;
	page->prev->next = page->next;
}

/* A page of a segment has become resident, is resident no more. */
static __always_inline void
swap_policy_enter(struct page *page)
{
	page->flags |= PG_SHM;
	swap_queue_append(page);
	nr_policy_pages++;
}

static __always_inline void
swap_policy_leave(struct page *page)
{
	page->flags &= ~PG_SHM;
	swap_queue_remove(page);
	nr_policy_pages--;
}

void swap_policy_init(void); /* command line, /proc/sys/vm/swap_policy */

#endif
