/* SPDX-License-Identifier: MIT */
/*
 * mm/page_alloc.c and mm/kmalloc.c on 16 MiB of "RAM", mapped where the
 * kernel has its direct map. The model is an array: which allocation owns
 * each frame. buddy_check() runs after every change.
 */
#include <string.h>
#include <sys/mman.h>

#include <kernel/lock.h>
#include <kernel/panic.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <mm/kmalloc.h>
#include <mm/page_alloc.h>

#include "tap.h"

#define NFRAMES 4096u
#define HOLE_START 1000u /* frames never given to the allocator */
#define HOLE_END 1037u
#define MAX_BLOCKS 600u

struct task *current_task;
u32 trace_on;
u32 stage_on;
u32 free_pages_low = RESERVE_PAGES;

static struct block {
	struct page *page;
	u32 order;
} blocks[MAX_BLOCKS];
static u32 nblocks, owner[NFRAMES]; /* 0: free, ~0: reserved */

void may_sleep(void)
{
}

bool inject_alloc(bool may_park)
{
	return --current->fail_nth == 0;
}

void trace_emit(enum trace_id id, u32 a0, u32 a1, u32 a2, u32 a3, u32 a4,
		u32 a5)
{
}

void kswapd_wake(void)
{
}

bool try_to_free_page(enum gfp gfp)
{
	return gfp == GFP_KERNEL && page_stocks_drain();
}

u32 pgd_stock_drain(void)
{
	return 0;
}

u32 task_cache_drain(void)
{
	return 0;
}

static void ram_init(void)
{
	void *base = (void *)(uintptr_t)KERNEL_BASE;
	void *ram = mmap(base, NFRAMES * PAGE_SIZE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
			 0);
	u32 i;

	if (ram != base)
		skip_all("this machine has no user memory at 0xc0000000");
	current_task = calloc(1, sizeof(*current_task));
	mem_map = calloc(NFRAMES, sizeof(*mem_map));
	max_pfn = NFRAMES;
	for (i = 0; i < NFRAMES; i++) {
		mem_map[i].flags = PG_RESERVED;
		owner[i] = ~0u;
	}
	free_reserved(PAGE_SIZE, HOLE_START * PAGE_SIZE);
	free_reserved(HOLE_END * PAGE_SIZE, NFRAMES * PAGE_SIZE);
	for (i = 1; i < NFRAMES; i++)
		if (i < HOLE_START || i >= HOLE_END)
			owner[i] = 0;
}

static u32 model_free(void)
{
	u32 n = 0, i;

	for (i = 0; i < NFRAMES; i++)
		n += !owner[i];
	return n;
}

/* Is there an aligned run of 2^ORDER free frames? */
static bool model_fits(u32 order)
{
	u32 size = 1u << order, pfn, i;

	for (pfn = 0; pfn < NFRAMES; pfn += size) {
		for (i = 0; i < size && !owner[pfn + i]; i++)
			;
		if (i == size)
			return true;
	}
	return false;
}

static bool op_alloc(u32 order, enum gfp gfp)
{
	struct page *page = alloc_pages(gfp, order);
	u32 size = 1u << order, pfn, i;

	if (!page)
		return !model_fits(order) ||
		       (gfp == GFP_KERNEL && model_free() < 16 + size);
	pfn = page_to_pfn(page);
	if (pfn & (size - 1) || page->count != 1 || page->order != order)
		return false;
	for (i = 0; i < size; i++) {
		if (owner[pfn + i])
			return false;
		owner[pfn + i] = nblocks + 1;
	}
	blocks[nblocks++] = (struct block){ page, order };
	return true;
}

static void op_free(u32 i)
{
	struct block b = blocks[i];
	u32 pfn = page_to_pfn(b.page), j;

	free_pages(b.page, b.order);
	for (j = 0; j < 1u << b.order; j++)
		owner[pfn + j] = 0;
	blocks[i] = blocks[--nblocks];
	if (i == nblocks)
		return;
	pfn = page_to_pfn(blocks[i].page);
	for (j = 0; j < 1u << blocks[i].order; j++)
		owner[pfn + j] = i + 1;
}

static u32 random_order(void)
{
	u32 order = 0;

	while (order < MAX_ORDER - 1 && rnd_below(3) == 0)
		order++;
	return order;
}

/* Rising and falling use, with memory short at the top of each wave. */
static void test_random(void)
{
	bool good = true, counted = true;
	u32 i;

	for (i = 0; i < 12000; i++) {
		bool grow = rnd_below(100) < (i / 1500 % 2 ? 40 : 62);

		if (grow && nblocks < MAX_BLOCKS)
			good &= op_alloc(i % 50 ? random_order()
						: rnd_below(MAX_ORDER),
					 rnd_below(2) ? GFP_KERNEL
						      : GFP_ATOMIC);
		else if (nblocks)
			op_free(rnd_below(nblocks));
		buddy_check();
		counted &= nr_free_pages == model_free();
	}
	ok(good, "blocks are aligned, whole, nobody else's; NULL only if none");
	ok(counted, "nr_free_pages is the number of free frames");
	while (nblocks)
		op_free(nblocks - 1);
	buddy_check();
}

static void test_exhaustion(void)
{
	u32 n = 0, before = nr_free_pages, got_kernel;
	struct page *page, *all = NULL;

	while ((page = alloc_page(GFP_KERNEL))) {
		page->next = all;
		all = page;
		n++;
	}
	got_kernel = n;
	ok(n == before - 16, "GFP_KERNEL leaves 16 frames: took %u of %u", n,
	   before);
	for (; (page = alloc_page(GFP_ATOMIC)); n++) {
		page->next = all;
		all = page;
	}
	ok(n == before && n > got_kernel, "GFP_ATOMIC takes the last one");
	ok(!alloc_pages(GFP_ATOMIC, 3), "then there is nothing");
	while ((page = all)) {
		all = page->next;
		free_page(page);
	}
	buddy_check();
	ok(nr_free_pages == before, "all of them come back");
	page = alloc_pages(GFP_ATOMIC, MAX_ORDER - 1);
	ok(page, "and join to the largest block again");
	free_pages(page, MAX_ORDER - 1);
}

static void test_references(void)
{
	u32 before = nr_free_pages;
	struct page *page = alloc_page(GFP_KERNEL);

	get_page(page);
	free_page(page);
	ok(page->count == 1 && nr_free_pages == before - 1,
	   "a frame with two users loses one");
	free_page(page);
	ok(nr_free_pages == before, "and is free with the last");
	if (PANICS)
		ok(true, "a second free panics: %s", panic_text);
	else
		free_page(page), ok(false, "a second free panics");
	page = &mem_map[HOLE_START];
	get_page(page);
	free_page(page);
	free_page(page);
	ok(page->flags == PG_RESERVED && !page->count,
	   "reserved frames are never counted");
}

static bool is_zero(const struct page *page)
{
	const u32 *word = page_kva(page);
	u32 i, all = 0;

	for (i = 0; i < PAGE_SIZE / 4; i++)
		all |= word[i];
	return !all;
}

static void test_zeroed(void)
{
	u32 before = nr_free_pages, stocked;
	struct page *pages[60];
	bool zero = true;

	for (u32 i = 0; i < 60; i++) {
		pages[i] = i % 2 ? zero_stock_get(GFP_KERNEL)
				 : get_free_page(GFP_KERNEL);
		zero &= is_zero(pages[i]) && pages[i]->count == 1;
	}
	for (u32 i = 0; i < 60; i += 2) {
		memset(page_kva(pages[i]), 0xa5, PAGE_SIZE);
		free_page(pages[i]);
	}
	for (u32 i = 1; i < 60; i += 2)
		zero_stock_put(pages[i]);
	stocked = before - nr_free_pages;
	ok(stocked > 0 && stocked <= 30, "%u zeroed frames are kept back",
	   stocked);
	for (u32 i = 0; i < 60; i++) {
		pages[i] = i % 2 ? zero_stock_get(GFP_KERNEL)
				 : get_free_page(GFP_KERNEL);
		zero &= is_zero(pages[i]) && pages[i]->count == 1;
	}
	ok(zero, "zeroed frames are zero, fresh or from the stock");
	for (u32 i = 0; i < 60; i++)
		free_page(pages[i]);
	zero_stock_drain();
	buddy_check();
	ok(nr_free_pages == before, "none is lost");
}

#define MAX_OBJECTS 2000u

static struct object {
	u8 *mem;
	u32 size;
	u8 fill;
} objects[MAX_OBJECTS];
static u32 nobjects;

static bool object_intact(const struct object *o)
{
	for (u32 i = 0; i < o->size; i++)
		if (o->mem[i] != o->fill)
			return false;
	return true;
}

static bool object_new(void)
{
	u32 size = rnd_below(20) ? 1 + rnd_below(2100) : rnd_below(65537);
	bool zeroed = rnd_below(2);
	struct object o = { NULL, size, (u8)rnd() };

	o.mem = zeroed ? kzalloc(size, GFP_KERNEL) : kmalloc(size, GFP_KERNEL);
	if (!o.mem)
		return false;
	for (u32 i = 0; zeroed && i < size; i++)
		if (o.mem[i])
			return false;
	memset(o.mem, o.fill, size);
	objects[nobjects++] = o;
	return ((uintptr_t)o.mem & 7) == 0;
}

static void test_kmalloc(void)
{
	bool made = true, intact = true;
	u32 before, i, n;
	char *copy;

	page_stocks_drain();
	before = nr_free_pages;
	for (i = 0; i < 40000; i++) {
		bool grow = rnd_below(100) < (i / 5000 % 2 ? 45 : 55);

		if (grow && nobjects < MAX_OBJECTS) {
			made &= object_new();
		} else if (nobjects) {
			n = rnd_below(nobjects);
			intact &= object_intact(&objects[n]);
			kfree(objects[n].mem);
			objects[n] = objects[--nobjects];
		}
	}
	ok(made, "objects of 0 to 64 KiB, aligned, zeroed when asked");
	for (i = 0; i < nobjects; i++) {
		intact &= object_intact(&objects[i]);
		kfree(objects[i].mem);
	}
	ok(intact, "no object was written by another's owner");
	kfree(NULL);
	copy = kstrdup("a name", GFP_KERNEL);
	ok(copy && !strcmp(copy, "a name"), "kstrdup");
	kfree(copy);
	kmalloc_drain();
	buddy_check();
	ok(nr_free_pages == before, "every frame comes back");
	ok(!kmalloc(5u << 20, GFP_KERNEL) && !kmalloc(~0u, GFP_KERNEL),
	   "5 MiB and 4 GiB are refused");
}

/* The nth allocation fails and leaves nothing behind. */
static void test_injection(void)
{
	u32 before = nr_free_pages;
	void *a, *b, *c;

	current->fail_nth = 2;
	a = kmalloc(100, GFP_KERNEL);
	b = alloc_page(GFP_KERNEL);
	ok(!a != !b, "the second allocation fails, no other");
	current->fail_nth = 1;
	c = kzalloc(50000, GFP_KERNEL);
	ok(!c, "a large object fails too");
	current->fail_nth = 0;
	kfree(a);
	if (b)
		free_page(b);
	kmalloc_drain();
	ok(nr_free_pages == before, "nothing is lost");
}

static void test_checker(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 4);
	u32 i;

	free_pages(page, 4);
	for (i = 0; !(mem_map[i].flags & PG_BUDDY); i++)
		;
	page = &mem_map[i];
	page->count = 1;
	if (PANICS)
		ok(true, "buddy_check sees a count: %s", panic_text);
	else
		buddy_check(), ok(false, "buddy_check sees a count");
	page->count = 0;
	nr_free_pages++;
	if (PANICS)
		ok(true, "buddy_check sees a wrong total: %s", panic_text);
	else
		buddy_check(), ok(false, "buddy_check sees a wrong total");
	nr_free_pages--;
	page->order ^= 1;
	if (PANICS)
		ok(true, "buddy_check sees a wrong order: %s", panic_text);
	else
		buddy_check(), ok(false, "buddy_check sees a wrong order");
	page->order ^= 1;
	buddy_check();
}

/* A frame is cleared and copied whole, and no byte beside it, by either of
 * the two ways; what the caller has in xmm0 is left alone. */
static void test_copies(void)
{
	struct page *block = alloc_pages(GFP_KERNEL, 2);
	u8 *kva = page_kva(block);
	float before = 1.5f, after = 0;
	u32 way, i, bad;

	for (way = 0; way < 2; way++) {
		page_by_sse = way;
		for (i = bad = 0; i < 4 * PAGE_SIZE; i++)
			kva[i] = 1 + i % 251;
		asm volatile("movss %0, %%xmm0" : : "m"(before));
		copy_page(kva + PAGE_SIZE, kva + 2 * PAGE_SIZE);
		clear_page(kva + 2 * PAGE_SIZE);
		asm volatile("movss %%xmm0, %0" : "=m"(after));
		for (i = 0; i < PAGE_SIZE; i++) {
			bad += kva[i] != 1 + i % 251;
			bad += kva[PAGE_SIZE + i] !=
			       1 + (2 * PAGE_SIZE + i) % 251;
			bad += kva[2 * PAGE_SIZE + i] != 0;
			bad += kva[3 * PAGE_SIZE + i] !=
			       1 + (3 * PAGE_SIZE + i) % 251;
		}
		ok(!bad && (!way || before == after),
		   "a page is copied and cleared %s SSE", way ? "with" :
								 "without");
	}
	free_pages(block, 2);
}

int main(void)
{
	ram_init();
	ok(nr_free_pages == model_free(), "%u frames to begin with",
	   nr_free_pages);
	test_random();
	test_exhaustion();
	test_references();
	test_zeroed();
	test_copies();
	test_kmalloc();
	test_injection();
	test_checker();
	return tap_done();
}
