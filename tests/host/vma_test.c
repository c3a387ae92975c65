/* SPDX-License-Identifier: MIT */
/*
 * mm/vma.c and mm/vma_avl.c against a model that cannot be wrong: an array
 * of flags, one a page, over a window of the address space. After every
 * random operation avl_check() must find nothing, and the areas must cover
 * exactly the pages the model has.
 */
#include <string.h>

#include <fs/file.h>
#include <kernel/trace/trace.h>
#include <mm/kmalloc.h>
#include <mm/mm.h>

#include "tap.h"

u32 trace_on;
struct task *current_task; /* NULL, as the owner of a lock that is free */

void trace_emit(enum trace_id id, u32 a0, u32 a1, u32 a2, u32 a3, u32 a4,
		u32 a5)
{
}

#define WINDOW 0x40000000u /* address of page 0 of the model */
#define NPAGES 300u

static u32 model[NPAGES]; /* flags of the area over a page; 0: none */
static struct mm_struct *mm;
static u32 allocs_left; /* allocations until one fails; 0: never */
static u32 live_objects;

void *kzalloc(size_t size, enum gfp gfp)
{
	if (allocs_left && !--allocs_left)
		return NULL;
	live_objects++;
	return calloc(1, size);
}

void kfree(void *obj)
{
	live_objects -= obj != NULL;
	free(obj);
}

void fput(struct file *file)
{
	file->count--;
}

u32 vm_page_prot(u32 vm_flags)
{
	return vm_flags & (VM_READ | VM_WRITE | VM_EXEC);
}

void change_protection(struct mm_struct *m, vaddr_t start, vaddr_t end,
		       u32 page_prot)
{
}

static vaddr_t addr_of(u32 page)
{
	return WINDOW + page * PAGE_SIZE;
}

static void new_mm(void)
{
	mm = calloc(1, sizeof(*mm));
	memset(model, 0, sizeof(model));
}

static void free_mm(void)
{
	while (mm->mmap) {
		struct vm_area_struct *vma = mm->mmap;

		remove_vm_struct(mm, vma);
		vma_free(vma);
	}
	free(mm);
}

static u32 list_len(void)
{
	u32 n = 0;

	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		n++;
	return n;
}

/* NULL, or what is wrong with the areas of MM. */
static const char *breach(void)
{
	const char *text = avl_check(mm->mmap_avl, mm->mmap);
	struct vm_area_struct *vma, *last = NULL;
	u32 page = 0;

	if (text)
		return text;
	for (vma = mm->mmap; vma; last = vma, vma = vma->vm_next) {
		if (vma->vm_prev != last)
			return "vm_prev does not point back";
		for (; addr_of(page) < vma->vm_start; page++)
			if (model[page])
				return "a page has lost its area";
		for (; addr_of(page) < vma->vm_end; page++)
			if (model[page] != vma->vm_flags)
				return "a page has other flags";
	}
	for (; page < NPAGES; page++)
		if (model[page])
			return "a page has lost its area";
	if (mm->mmap_last != last || mm->map_count != list_len())
		return "mmap_last or map_count";
	return NULL;
}

static bool range_free(u32 page, u32 count)
{
	for (; count; count--, page++)
		if (model[page])
			return false;
	return true;
}

static void add_area(u32 page, u32 count, u32 flags)
{
	struct vm_area_struct *vma = vma_alloc(mm);

	vma->vm_start = addr_of(page);
	vma->vm_end = addr_of(page + count);
	vma->vm_flags = flags;
	insert_vm_struct(mm, vma);
	while (count)
		model[page + --count] = flags;
}

static void op_insert(void)
{
	u32 page = rnd_below(NPAGES), count = 1 + rnd_below(6);

	if (page + count <= NPAGES && range_free(page, count))
		add_area(page, count, VM_READ | (rnd() & VM_WRITE));
}

static struct vm_area_struct *random_area(void)
{
	struct vm_area_struct *vma = mm->mmap;
	u32 skip = mm->map_count ? rnd_below(mm->map_count) : 0;

	while (skip--)
		vma = vma->vm_next;
	return vma;
}

static void set_model(vaddr_t start, vaddr_t end, u32 flags)
{
	for (; start < end; start += PAGE_SIZE)
		model[(start - WINDOW) / PAGE_SIZE] = flags;
}

static void op_remove(void)
{
	struct vm_area_struct *vma = random_area();

	if (!vma)
		return;
	set_model(vma->vm_start, vma->vm_end, 0);
	remove_vm_struct(mm, vma);
	vma_free(vma);
}

static void op_split(void)
{
	struct vm_area_struct *vma = random_area(), *upper;
	u32 pages;

	if (!vma || (pages = vma_npages(vma)) < 2)
		return;
	upper = vma_alloc(mm);
	vma_split(vma, vma->vm_start + (1 + rnd_below(pages - 1)) * PAGE_SIZE,
		  upper);
}

/* Shrinks or grows one area within the free space around it. */
static void op_bounds(void)
{
	struct vm_area_struct *vma = random_area();
	vaddr_t low, high, start, end;

	if (!vma)
		return;
	low = vma->vm_prev ? vma->vm_prev->vm_end : WINDOW;
	high = vma->vm_next ? vma->vm_next->vm_start : addr_of(NPAGES);
	start = low + rnd_below((vma->vm_end - low) / PAGE_SIZE) * PAGE_SIZE;
	start = rnd_below(2) ? start : vma->vm_start;
	end = high - rnd_below((high - start) / PAGE_SIZE) * PAGE_SIZE;
	end = rnd_below(2) && vma->vm_end > start ? vma->vm_end : end;
	set_model(vma->vm_start, vma->vm_end, 0);
	set_model(start, end, vma->vm_flags);
	vma_set_bounds(vma, start, end);
}

/* As mprotect and mlock do it; a failed allocation must change nothing. */
static void op_flags(void)
{
	u32 page = rnd_below(NPAGES), count = 1 + rnd_below(12), i;
	u32 set = rnd() & VM_WRITE, clear = rnd() & (VM_WRITE | VM_EXEC);

	count = MIN(count, NPAGES - page);
	clear &= ~set;
	allocs_left = rnd_below(4);
	if (vma_change_flags(mm, addr_of(page), addr_of(page + count), set,
			     clear) == 0)
		for (i = page; i < page + count; i++)
			if (model[i])
				model[i] = (model[i] & ~clear) | set;
	allocs_left = 0;
}

static void op_merge(void)
{
	u32 page = rnd_below(NPAGES);

	merge_segments(mm, addr_of(page),
		       addr_of(page + rnd_below(NPAGES - page + 1)));
}

static void test_random(u32 seed)
{
	static void (*const ops[])(void) = {
		op_insert, op_insert, op_insert, op_remove, op_split,
		op_bounds, op_flags,  op_flags,	 op_merge,
	};
	const char *text = NULL;
	u32 i;

	rnd_seed(seed);
	new_mm();
	for (i = 0; i < 4000 && !text; i++) {
		ops[rnd_below(ARRAY_SIZE(ops))]();
		text = breach();
	}
	ok(!text, "4,000 random changes, seed %u%s%s", seed, text ? ": " : "",
	   text ? text : "");
	free_mm();
}

/* The naive find_vma: the list, from its beginning. */
static struct vm_area_struct *naive_find(vaddr_t addr)
{
	struct vm_area_struct *vma = mm->mmap;

	while (vma && vma->vm_end <= addr)
		vma = vma->vm_next;
	return vma;
}

static vaddr_t naive_hole(vaddr_t from, u32 len)
{
	struct vm_area_struct *vma;

	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		if (vma->vm_end <= from)
			continue;
		if (vma->vm_start >= from && vma->vm_start - from >= len)
			return from;
		from = vma->vm_end;
	}
	return from <= TASK_SIZE && TASK_SIZE - from >= len ? from : 0;
}

static vaddr_t lowest_hole(vaddr_t from, u32 len)
{
	struct vm_area_struct *next;

	return find_hole(mm, from, len, &next);
}

static void test_search(void)
{
	bool find = true, cross = true, holes = true;
	vaddr_t addr, end;
	u32 len, i;

	new_mm();
	for (i = 0; i < 100000; i++) {
		if (i % 50 == 0)
			op_insert();
		if (i % 70 == 0)
			op_remove();
		addr = addr_of(rnd_below(NPAGES)) - 3 * PAGE_SIZE +
		       rnd_below(3) * 2047;
		find &= find_vma(mm, addr) == naive_find(addr);
		end = addr + 1 + rnd_below(5 * PAGE_SIZE);
		cross &= (find_vma_intersection(mm, addr, end) != NULL) ==
			 (naive_find(addr) && naive_find(addr)->vm_start < end);
		addr &= PAGE_MASK;
		len = (1 + rnd_below(i % 97 ? 9 : 600000)) * PAGE_SIZE;
		holes &= lowest_hole(addr, len) == naive_hole(addr, len);
	}
	ok(find, "find_vma is the first area that ends above");
	ok(cross, "find_vma_intersection");
	ok(holes, "find_hole is the lowest free range from an address on");
	free_mm();
}

static void test_holes_at_the_top(void)
{
	new_mm();
	ok(lowest_hole(WINDOW, TASK_SIZE - WINDOW) == WINDOW,
	   "an empty space has one hole up to TASK_SIZE");
	ok(!lowest_hole(WINDOW, TASK_SIZE - WINDOW + PAGE_SIZE),
	   "and none larger");
	ok(!lowest_hole(WINDOW, 0xfffff000u), "nor one that wraps");
	add_area(0, 1, VM_READ);
	mm->mmap->vm_end = TASK_SIZE;
	ok(!lowest_hole(WINDOW, PAGE_SIZE), "none behind the last area");
	ok(lowest_hole(PAGE_SIZE, WINDOW - PAGE_SIZE) == PAGE_SIZE,
	   "the hole right below an area, to the byte");
	free_mm();
}

static void test_many(void)
{
	u32 n = 0, height;

	new_mm();
	for (u32 round = 0; round < 3; round++)
		for (u32 page = round; page < NPAGES; page += 3, n++)
			add_area(page, 1, n % 2 ? VM_READ : VM_WRITE);
	height = mm->mmap_avl->vm_avl_height;
	ok(height <= 11, "%u areas: height %u is at most 1.44 log2 n", n,
	   height);
	ok(!breach(), "and the invariants hold");
	free_mm();
}

/* The checker itself: each planted breach must be seen. */
static void test_checker(void)
{
	struct vm_area_struct *vma;

	new_mm();
	for (u32 page = 0; page < 40; page += 2)
		add_area(page, 1, VM_READ);
	vma = mm->mmap_avl->vm_avl_left;
#define PLANT(field, value, what)                             \
	do {                                                  \
		__typeof__(vma->field) was_ = vma->field;     \
		vma->field = (value);                         \
		ok(avl_check(mm->mmap_avl, mm->mmap) != NULL, \
		   "avl_check sees " what);                   \
		vma->field = was_;                            \
	} while (0)
	PLANT(vm_avl_height, 1, "a wrong height");
	PLANT(vm_hole, 0, "a wrong hole");
	PLANT(vm_max_hole, vma->vm_max_hole + PAGE_SIZE, "a wrong maximum");
	PLANT(vm_end, vma->vm_end + 2 * PAGE_SIZE, "areas that overlap");
	PLANT(vm_end, vma->vm_end + 1, "an end within a page");
	PLANT(vm_end, vma->vm_start, "an empty area");
	PLANT(vm_avl_left, NULL, "a lost subtree");
	PLANT(vm_next, NULL, "a list that ends early");
	PLANT(vm_next, vma->vm_next->vm_next, "a list that skips one");
	ok(!avl_check(mm->mmap_avl, mm->mmap), "and nothing when all is well");
	free_mm();
}

int main(void)
{
	for (u32 seed = 1; seed <= 6; seed++)
		test_random(seed * 7919);
	test_search();
	test_holes_at_the_top();
	test_many();
	test_checker();
	ok(live_objects == 0, "every area object was freed");
	return tap_done();
}
