/* SPDX-License-Identifier: MIT */
/*
 * Frames: the buddy allocator and the small stock of zeroed frames.
 * kmalloc() for objects is in mm/kmalloc.h.
 *
 * Context: GFP_KERNEL may sleep, so whatever the caller knew about shared
 * state must be looked at again afterwards. GFP_ATOMIC never sleeps.
 * Every call can return NULL, and in fault-injection tests will.
 */
#ifndef MM_PAGE_ALLOC_H
#define MM_PAGE_ALLOC_H

#include <kernel/panic.h>
#include <mm/page.h>

#define RESERVE_PAGES 16u /* GFP_KERNEL leaves these to GFP_ATOMIC */
#define MAX_ORDER 11 /* largest block: 2^10 frames, 4 MiB */

enum gfp {
	GFP_ATOMIC = 0, /* never sleeps, may use the reserve */
	GFP_KERNEL = 1, /* may sleep and reclaim */
};

struct boot_info;

/* Builds mem_map, the direct map and the free lists. Once, at boot. */
void mem_init(const struct boot_info *info);

/* 2^ORDER contiguous frames with count 1, contents undefined; NULL: none. */
struct page *alloc_pages(enum gfp gfp, u32 order);
void free_pages(struct page *page, u32 order);

/* One frame, contents undefined. */
struct page *alloc_page(enum gfp gfp);

/* One zeroed frame: hop 10 of the fault path (docs/page-fault.md). */
struct page *get_free_page(enum gfp gfp);

/* Drops one reference; at zero the frame is free. No-op on reserved ones. */
void free_page(struct page *page);

/* Takes one more reference. No-op on reserved frames. */
static __always_inline void get_page(struct page *page)
{
	if (page->flags & PG_RESERVED)
		return;
	ASSERT_MSG(page->count, "get_page: frame %x is free",
		   page_to_pfn(page));
	page->count++;
}

/*
 * Frames known to be all zero, kept back so that page tables and slot pages
 * need not be cleared again. zero_stock_put() takes over a frame whose 4096
 * bytes are all zero; zero_stock_get() returns one with count 1, clearing a
 * fresh frame when the stock is empty.
 */
struct page *zero_stock_get(enum gfp gfp);
void zero_stock_put(struct page *page);

/* Gives kept-back frames to the free lists; returns how many. */
u32 zero_stock_drain(void);
/* The same for everything kept back for speed (directories, task blocks,
 * slab pages, zeroed frames). */
u32 page_stocks_drain(void);

/* Tries to make a frame free; true if it did, or if it is worth trying again.
 * May sleep (mm/swap/vmscan.c). */
bool try_to_free_page(enum gfp gfp);

/* Writes zeros over, or copies, a whole frame (mm/page_copy.c). */
extern bool page_by_sse; /* set by fpu_init(), where the processor can */
void clear_page(void *kva);
void copy_page(void *dst, const void *src);

extern u32 nr_free_pages; /* on the free lists */
extern u32 nr_total_pages; /* usable RAM, kernel image left out */
extern u32 nr_kernel_pages; /* image, mem_map, direct-map tables */

/* Puts frames of [start, end) that were reserved at boot into use:
 * free_reserved() onto the free lists; adopt_reserved() hands one frame to
 * the caller with count 1, as if alloc_page() had returned it. */
void free_reserved(paddr_t start, paddr_t end);
struct page *adopt_reserved(paddr_t paddr);

/* Proves the free lists: alignment, PG_BUDDY, no block twice, the total. */
void buddy_check(void);

#endif
