/* SPDX-License-Identifier: MIT */
/*
 * First source of free frames: pages that are only kept because they might
 * be wanted again.
 *
 *   mem_map  [..|f|..|S|..|f|...]   the hand goes round frame by frame
 *                 ^ hand
 *     f  clean page of a file that can be read again (a_ops->readpage),
 *        mapped by nobody: dropped
 *     S  frame of the swap cache that nobody maps: dropped; written first if
 *        an earlier write of it failed
 *
 * Pages of ramfs are their file's only copy: unevictable, stepped over.
 * A page used since the hand came by last (PG_REFERENCED) is spared once.
 * See: docs/swap.md.
 */
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <mm/filemap.h>
#include <mm/swap/swap.h>

static u32 hand; /* pfn */

/* Is it kept by a cache alone, and no transfer under way? */
static bool only_kept(const struct page *page)
{
	return page->count == 1 && !(page->flags & PG_LOCKED);
}

/* Frees PAGE if it can go; true if it has. May sleep. */
static bool drop_page(struct page *page)
{
	if (!only_kept(page))
		return false;
	swap_counts.scanned[current->kthread]++;
	if (page->flags & PG_REFERENCED) {
		page->flags &= ~PG_REFERENCED;
		return false;
	}
	if (page->flags & PG_CACHE && page_can_be_read_again(page)) {
		TRACE(cache_drop, page_to_pfn(page), page->index);
		remove_from_page_cache(page);
		return true;
	}
	if (!(page->flags & PG_SWAPCACHE))
		return false;
	if (page->flags & PG_DIRTY)
		return write_swap_page(page);
	TRACE(cache_drop, page_to_pfn(page), page->index);
	delete_from_swap_cache(page);
	return true;
}

/* Can there be anything to find? Most machines have no disk. */
static bool nothing_kept(void)
{
	return !nr_buffer_pages && !nr_swap_cache;
}

__hop bool shrink_mmap(u32 urgency)
{
	u32 budget = max_pfn >> urgency;

	while (budget-- && !nothing_kept()) {
		if (++hand >= max_pfn)
			hand = 0;
		if (drop_page(pfn_to_page(hand)))
			return true;
	}
	return false;
}

u32 drop_clean_pages(void)
{
	struct page *page;
	u32 pfn, n = 0;

	for (pfn = 0; pfn < max_pfn && !nothing_kept(); pfn++) {
		page = pfn_to_page(pfn);
		page->flags &= ~PG_REFERENCED;
		if (!(page->flags & PG_DIRTY))
			n += drop_page(page);
	}
	return n;
}
