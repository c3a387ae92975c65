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

#include <kernel/panic.h>
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
	ASSERT_MSG(page->count && !(page->flags & PG_OWNED),
		   "INV-P3: frame %x, count %u, flags %x, gets a segment",
		   page_to_pfn(page), page->count, page->flags);
	page->flags |= PG_SHM;
	swap_queue_append(page);
	nr_policy_pages++;
}

static __always_inline void
swap_policy_leave(struct page *page)
{
	ASSERT_MSG(page->flags & PG_SHM && nr_policy_pages,
		   "INV-P3: frame %x with flags %x leaves a segment",
		   page_to_pfn(page), page->flags);
	page->flags &= ~PG_SHM;
	swap_queue_remove(page);
	nr_policy_pages--;
}

void swap_policy_init(void); /* swap_policy= of the command line */

/* The policy called by the LEN bytes at NAME, a newline at its end or not, is
 * used from now on: 0, or -EINVAL: there is none. */
int swap_policy_choose(const char *name, u32 len);
/* The policy I of the table, from 0 on; NULL: there are no more. */
const struct swap_policy *swap_policy_at(u32 i);

#endif
