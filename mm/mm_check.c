/* SPDX-License-Identifier: MIT */
/*
 * Walks every address space and proves that the counts agree, or stops the
 * machine with a sentence that holds the values.
 *
 *   I5   count of a frame == its entries + page slot + page or swap cache
 *        + a write under way
 *   I7   an entry inside an attach: none, its own signature, or the frame
 *        of the page slot; writable only if the area is
 *   I6   holders of a swap slot (mm/swap/swap_check.c)
 *   I9   mm.rss == frames in its entries, mm.total_vm == pages of its areas
 *   I10  list == tree in order, heights, holes, no overlap (INV-V1..V4)
 *   INV-T1 and the buddy invariants as well
 *
 * Never sleeps, so nothing moves meanwhile. A task that sleeps with a lock
 * held may hold one more reference to a frame; I5 is then an inequality.
 * (Numbers with I are those of the specification: docs/shm.md.)
 */
#include <kernel/panic.h>
#include <kernel/task.h>
#include <lib/string.h>
#include <mm/filemap.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>

/* One entry that is not none; 1 if it counts in the rss. */
static u32 check_entry(const struct vm_area_struct *vma, vaddr_t addr,
		       pte_t pte)
{
	struct page *page;

	if (vma->vm_ops && vma->vm_ops->check)
		vma->vm_ops->check(vma, addr, pte);
	else
		ASSERT_MSG(pte_resident(pte) || is_swap_entry(pte),
			   "entry %08x at %08x of pid %d belongs to nobody",
			   pte.val, addr, current->pid);
	ASSERT_MSG(!pte_writable(pte) || vma->vm_flags & VM_WRITE,
		   "I7: writable entry %08x at %08x in a read-only area",
		   pte.val, addr);
	if (!pte_resident(pte))
		return 0;
	ASSERT_MSG(pte_pfn(pte) < max_pfn, "entry %08x at %08x: no such frame",
		   pte.val, addr);
	page = pte_page(pte);
	if (page->flags & PG_RESERVED)
		return 0;
	page->check++;
	return 1;
}

/* What was found in one address space. */
struct mm_sum {
	u32 used, held, rss, swapped, total_vm, vmas;
};

static void check_area(const struct vm_area_struct *vma, struct mm_sum *sum)
{
	vaddr_t addr = vma->vm_start;
	const pte_t *ptep;

	sum->vmas++;
	sum->total_vm += vma_npages(vma);
	while (addr < vma->vm_end) {
		ptep = pte_lookup(vma->vm_mm, addr);
		if (!ptep) { /* no table: on to the next one */
			addr = (addr | (TABLE_SPAN - 1)) + 1;
			continue;
		}
		if (!pte_none(*ptep)) {
			sum->used++;
			sum->swapped += is_swap_entry(*ptep);
			sum->held += pte_resident(*ptep) ||
				     is_swap_entry(*ptep);
			sum->rss += check_entry(vma, addr, *ptep);
		}
		addr += PAGE_SIZE;
	}
}

/* The tables of MM hold what the areas accounted for, and nothing else. */
static void check_tables(const struct mm_struct *mm, const struct mm_sum *sum)
{
	u32 i, tables = 0, used = 0, held = 0;
	const struct page *page;

	for (i = 0; i < KERNEL_BASE >> PGD_SHIFT; i++) {
		if (!(mm->pgd[i] & PTE_P))
			continue;
		page = pfn_to_page(mm->pgd[i] >> PAGE_SHIFT);
		ASSERT_MSG(page->flags & PG_TABLE && page->count == 1,
			   "INV-T1: directory entry %u is no page table", i);
		tables++;
		used += page->pt_used;
		held += page->pt_held;
	}
	ASSERT_MSG(tables == mm->pt_tables && used == sum->used &&
			   held == sum->held,
		   "INV-T1: %u tables with %u/%u entries, found %u with %u/%u",
		   mm->pt_tables, used, held, tables, sum->used, sum->held);
}

/* INV-V5: what the search for a free range relies on. */
static void check_hole_hint(const struct mm_struct *mm)
{
	const struct vm_area_struct *vma;
	vaddr_t hole;

	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		hole = vma->vm_start - vma->vm_hole;
		ASSERT_MSG(hole < MMAP_BASE || hole >= mm->hole_from ||
				   vma->vm_hole < mm->hole_len,
			   "INV-V5: hole of %u at %08x below %08x",
			   vma->vm_hole, hole, mm->hole_from);
	}
}

static void check_mm(const struct mm_struct *mm, struct mm_check_result *res)
{
	struct mm_sum sum = { 0 };
	const struct vm_area_struct *vma;
	const char *breach = avl_check(mm->mmap_avl, mm->mmap);

	ASSERT_MSG(!mm->mmap || mm->mmap->vm_start >= MMAP_MIN_ADDR,
		   "INV-V4: an area at %08x", mm->mmap->vm_start);
	ASSERT_MSG(!breach, "I10 %s", breach);
	check_hole_hint(mm);
	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		ASSERT_MSG(vma->vm_mm == mm, "I10: area %08x of another mm",
			   vma->vm_start);
		check_area(vma, &sum);
	}
	ASSERT_MSG(sum.rss == mm->rss, "I9: rss %u, found %u", mm->rss,
		   sum.rss);
	ASSERT_MSG(sum.swapped == mm->swapped, "INV-T2: swapped %u, found %u",
		   mm->swapped, sum.swapped);
	ASSERT_MSG(sum.total_vm == mm->total_vm, "I9: total_vm %u, found %u",
		   mm->total_vm, sum.total_vm);
	ASSERT_MSG(sum.vmas == mm->map_count, "I10: map_count %u, found %u",
		   mm->map_count, sum.vmas);
	check_tables(mm, &sum);
	res->mms++;
	res->vmas += sum.vmas;
	res->ptes += sum.used;
}

/* Does any other task sleep with a lock held, or in swapoff? */
static bool someone_is_inside(void)
{
	struct task *t;
	u32 i;

	for (i = 0; i < MAX_SWAPFILES; i++)
		if (swap_info[i].used && !swap_info[i].writeok)
			return true;
	for_each_task(t)
		if (t != current && t->held_locks)
			return true;
	return false;
}

/* Users of PAGE that are no entries and no page slots: a cache, and whoever
 * writes it out (a reader waits with a lock held). */
static u32 users_in_caches(const struct page *page)
{
	u32 flags = page->flags;

	return !!(flags & (PG_CACHE | PG_SWAPCACHE)) +
	       (flags & PG_SWAPCACHE && flags & PG_LOCKED);
}

/* Who reads or writes a disk counts its page, and sleeps without a lock. */
static bool has_lockless_users(const struct page *page)
{
	return page->flags & PG_CACHE && page_can_be_read_again(page);
}

static void check_frames(struct mm_check_result *res)
{
	bool strict = !someone_is_inside();
	struct page *page;
	u32 pfn;

	for (pfn = 0; pfn < max_pfn; pfn++) {
		page = pfn_to_page(pfn);
		if (page->flags & PG_RESERVED)
			continue;
		if (page->flags & PG_SLAB)
			res->objects += page->inuse;
		page->check += users_in_caches(page);
		if (!page->check)
			continue;
		res->frames_mapped++;
		ASSERT_MSG(strict && !has_lockless_users(page) ?
				   page->count == page->check :
				   page->count >= page->check,
			   "I5: frame %x has count %u, %u users were found",
			   pfn, page->count, page->check);
	}
}

/* A page slot that names a frame is one of its users. */
static void mark_slot(pte_t slot, s32 unused)
{
	if (pte_resident(slot))
		pte_page(slot)->check++;
}

void mm_check(struct mm_check_result *res)
{
	struct mm_struct *mm;
	u32 pfn;

	memset(res, 0, sizeof(*res));
	for (pfn = 0; pfn < max_pfn; pfn++)
		mem_map[pfn].check = 0;
	list_for_each_entry(mm, &all_mms, all)
		check_mm(mm, res);
	swap_objects->for_each_slot(mark_slot, 0);
	check_frames(res);
	swap_check();
	buddy_check();
	res->free_pages = nr_free_pages;
}
