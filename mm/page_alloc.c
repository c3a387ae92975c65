/* SPDX-License-Identifier: MIT */
/*
 * Frames of RAM: buddy lists, a hot list in front of them, and the stock of
 * zeroed frames.
 *
 *   free_page() --> hot list --(overflow)--> buddy list of order 0
 *                     |                       merged with its buddy: order 1..
 *   alloc_page() <----'   <--(empty)-- a batch, split off larger blocks
 *
 *   zero_stock_put() --> stock of zeroed frames --> zero_stock_get()
 *
 * INV-B1  a block of order k starts at a pfn divisible by 2^k, has PG_BUDDY
 *         and order k in its first frame, and count 0 in all frames.
 * INV-B2  nr_free_pages == frames in the lists + frames in the hot list.
 *
 * The hot list keeps a page that comes and goes from being merged and split
 * each time. Nothing here is called from interrupt handlers.
 */
#include <kernel/lock.h>
#include <kernel/panic.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <mm/kmalloc.h>
#include <mm/pgtable.h>
#include <mm/swap/swap.h>

#define HOT_MAX 512u
#define HOT_ORDER 5u /* 32 frames at a time come from the buddy lists */
#define ZERO_STOCK_MAX 32u

struct page *mem_map, *zero_page;
u32 max_pfn, nr_free_pages, nr_total_pages, nr_kernel_pages;

static struct page *free_list[MAX_ORDER]; /* NULL-ended, through next */
static struct page *hot_list;
static u32 hot_count;
static struct page *zero_stock;
static u32 zero_stock_count;

/* ------------------------------------------------------------------ */
/* buddy lists                                                         */

static void buddy_push(struct page *page, u32 order)
{
	ASSERT_MSG(!page->count && !page->flags &&
			   !(page_to_pfn(page) & ((1u << order) - 1)),
		   "INV-B1: block %x of order %u has count %u, flags %x",
		   page_to_pfn(page), order, page->count, page->flags);
	page->flags |= PG_BUDDY;
	page->order = order;
	page->prev = NULL;
	page->next = free_list[order];
	if (page->next)
		page->next->prev = page;
	free_list[order] = page;
}

static void buddy_unlink(struct page *page)
{
	ASSERT_MSG(page->flags == PG_BUDDY && page->order < MAX_ORDER,
		   "INV-B1: frame %x heads no free block, flags %x",
		   page_to_pfn(page), page->flags);
	if (page->prev)
		page->prev->next = page->next;
	else
		free_list[page->order] = page->next;
	if (page->next)
		page->next->prev = page->prev;
	page->flags &= ~PG_BUDDY;
}

/* Gives a block back, joining it with its buddy as often as that is free. */
static void buddy_free(struct page *page, u32 order)
{
	u32 pfn = page_to_pfn(page), other;

	for (; order < MAX_ORDER - 1; order++) {
		other = pfn ^ (1u << order);
		if (other >= max_pfn || !(mem_map[other].flags & PG_BUDDY) ||
		    mem_map[other].order != order)
			break;
		buddy_unlink(&mem_map[other]);
		pfn &= ~(1u << order);
	}
	buddy_push(&mem_map[pfn], order);
}

/* A block of ORDER, split off a larger one if need be; NULL: none. */
static struct page *buddy_take(u32 order)
{
	struct page *page;
	u32 k = order;

	while (k < MAX_ORDER && !free_list[k])
		k++;
	if (k == MAX_ORDER)
		return NULL;
	page = free_list[k];
	buddy_unlink(page);
	while (k > order) {
		k--;
		buddy_push(page + (1u << k), k);
	}
	return page;
}

static void hot_drain(u32 keep)
{
	struct page *page;

	while (hot_count > keep) {
		page = hot_list;
		ASSERT_MSG(page, "INV-B2: %u frames of the hot list are gone",
			   hot_count);
		hot_list = page->next;
		hot_count--;
		buddy_free(page, 0);
	}
}

/* The empty hot list gets one block, its lowest frame first. */
static void hot_refill(void)
{
	struct page *block = NULL;
	u32 order = HOT_ORDER + 1, i;

	while (!block && order)
		block = buddy_take(--order);
	if (!block)
		return;
	hot_count = i = 1u << order;
	while (i--) {
		block[i].next = hot_list;
		hot_list = &block[i];
	}
}

/* ------------------------------------------------------------------ */
/* allocation                                                          */

/* More than one frame: from the buddy lists, into which the hot list goes
 * when they have none. */
static struct page *take_large(u32 order)
{
	struct page *page = buddy_take(order);

	if (page || !hot_count)
		return page;
	hot_drain(0);
	return buddy_take(order);
}

static __always_inline struct page *take_block(u32 order)
{
	struct page *page;

	if (order)
		return take_large(order);
	if (!hot_list)
		hot_refill();
	page = hot_list;
	if (page) {
		hot_list = page->next;
		hot_count--;
	}
	return page;
}

/* Memory is short: kswapd is woken, and below the reserve we free frames
 * ourselves until there is a block. Others may take them meanwhile: a block of
 * several is given up when as many were freed as there are. */
static struct page *alloc_pages_slow(enum gfp gfp, u32 order)
{
	struct page *page = NULL;
	u32 tries = order ? nr_total_pages : UINT32_MAX;

	kswapd_wake();
	if (gfp != GFP_KERNEL)
		return take_block(order);
	may_sleep(SLEEP_page_alloc);
	while (nr_free_pages < RESERVE_PAGES + (1u << order) ||
	       !(page = take_block(order)))
		if (!tries-- || !try_to_free_page(gfp))
			return NULL;
	return page;
}

struct page *alloc_pages(enum gfp gfp, u32 order)
{
	struct page *page;

	if (should_fail(gfp == GFP_KERNEL))
		return NULL;
	if (unlikely(nr_free_pages < free_pages_low + (1u << order)) ||
	    unlikely(!(page = take_block(order)))) {
		page = alloc_pages_slow(gfp, order);
		if (!page)
			return NULL;
	}
	ASSERT_MSG(!page->count, "INV-B1: frame %x, taken, has count %u",
		   page_to_pfn(page), page->count);
	nr_free_pages -= 1u << order;
	page->count = 1;
	page->order = order;
	TRACE(page_alloc, page_to_pfn(page), order, nr_free_pages);
	return page;
}

struct page *alloc_page(enum gfp gfp)
{
	return alloc_pages(gfp, 0);
}

__hop struct page *get_free_page(enum gfp gfp)
{
	struct page *page = alloc_pages(gfp, 0);

	if (page)
		clear_page(page_kva(page));
	return page;
}

void free_pages(struct page *page, u32 order)
{
	ASSERT_MSG(page->count == 1 &&
			   !(page->flags &
			     (PG_OWNED | PG_RESERVED | PG_LOCKED)),
		   "free_pages: frame %x has count %u and flags %x",
		   page_to_pfn(page), page->count, page->flags);
	page->count = 0;
	page->flags = 0;
	nr_free_pages += 1u << order;
	if (order) {
		buddy_free(page, order);
	} else {
		page->next = hot_list;
		hot_list = page;
		if (++hot_count > HOT_MAX)
			hot_drain(HOT_MAX / 2);
	}
	TRACE(page_free, page_to_pfn(page), order, nr_free_pages);
}

void free_page(struct page *page)
{
	if (page->flags & PG_RESERVED)
		return;
	ASSERT_MSG(page->count, "free_page: frame %x is free already",
		   page_to_pfn(page));
	if (page->count > 1)
		page->count--;
	else
		free_pages(page, 0);
}

/* ------------------------------------------------------------------ */
/* zeroed frames                                                       */

struct page *zero_stock_get(enum gfp gfp)
{
	struct page *page;

	if (!zero_stock)
		return get_free_page(gfp);
	if (should_fail(gfp == GFP_KERNEL))
		return NULL;
	if (!zero_stock) /* may have slept: others took the last one */
		return get_free_page(gfp);
	page = zero_stock;
	ASSERT_MSG(page->count == 1 && !page->flags && zero_stock_count,
		   "zeroed frame %x has count %u and flags %x",
		   page_to_pfn(page), page->count, page->flags);
	zero_stock = page->next;
	zero_stock_count--;
	return page;
}

void zero_stock_put(struct page *page)
{
	const u32 *words = page_kva(page);

	ASSERT_MSG(!(words[0] | words[PAGE_SIZE / sizeof(u32) - 1]),
		   "frame %x is not zero: %08x .. %08x", page_to_pfn(page),
		   words[0], words[PAGE_SIZE / sizeof(u32) - 1]);
	if (zero_stock_count >= ZERO_STOCK_MAX || page->count != 1) {
		free_page(page);
		return;
	}
	page->flags = 0;
	page->next = zero_stock;
	zero_stock = page;
	zero_stock_count++;
}

u32 zero_stock_drain(void)
{
	u32 n = zero_stock_count;
	struct page *page;

	while ((page = zero_stock)) {
		zero_stock = page->next;
		free_page(page);
	}
	zero_stock_count = 0;
	return n;
}

u32 page_stocks_drain(void)
{
	return zero_stock_drain() + pgd_stock_drain() + task_cache_drain() +
	       kmalloc_drain();
}

/* ------------------------------------------------------------------ */
/* boot memory and the checker                                         */

struct page *adopt_reserved(paddr_t paddr)
{
	struct page *page = pfn_to_page(paddr >> PAGE_SHIFT);

	ASSERT_MSG(page->flags == PG_RESERVED,
		   "frame %x with flags %x was never reserved",
		   page_to_pfn(page), page->flags);
	page->flags = 0;
	page->count = 1;
	page->order = 0;
	return page;
}

void free_reserved(paddr_t start, paddr_t end)
{
	for (; start < end; start += PAGE_SIZE)
		free_page(adopt_reserved(start));
}

static u32 buddy_check_list(u32 order)
{
	const struct page *page;
	u32 n = 0, pfn, i;

	for (page = free_list[order]; page; page = page->next) {
		pfn = page_to_pfn(page);
		ASSERT_MSG(!(pfn & ((1u << order) - 1)) &&
				   page->flags == PG_BUDDY &&
				   page->order == order,
			   "INV-B1: free block %x of order %u is misplaced",
			   pfn, order);
		for (i = 0; i < 1u << order; i++)
			ASSERT_MSG(!page[i].count,
				   "INV-B1: free frame %x has count %u",
				   pfn + i, page[i].count);
		n += 1u << order;
	}
	return n;
}

void buddy_check(void)
{
	const struct page *page;
	u32 order, n = 0;

	for (order = 0; order < MAX_ORDER; order++)
		n += buddy_check_list(order);
	for (page = hot_list; page; page = page->next, n++)
		ASSERT_MSG(!page->count && !page->flags,
			   "INV-B1: hot frame %x has count %u",
			   page_to_pfn(page), page->count);
	ASSERT_MSG(n == nr_free_pages, "INV-B2: %u frames free, counted %u", n,
		   nr_free_pages);
}
