/* SPDX-License-Identifier: MIT */
/*
 * Third source of free frames: private pages of processes, one entry after
 * the other. The functions stand in the order in which they run.
 *
 *   all_mms ->[mm]->[mm]->[mm]       the process cursor: which one
 *                    | swap_address  and where it goes on in there
 *                    v
 *   area -> entry:  accessed lately?        spared, forgets that it was
 *                   page of a file          entry dropped, it can be read
 *                   private                 entry -> swap entry, and when no
 *                                           entry maps the frame any more:
 *                                           written and freed
 *
 * Frames shared after a fork go entry by entry; all of them name one slot,
 * and the frame waits in the swap cache until the last one is gone.
 *
 * Areas of segments are left to shm_swap, locked areas to themselves.
 * Context: the walk does not sleep; the write at its end does, and nothing
 * of the address space is touched after it. See: docs/swap.md, shm-spec 5.3.
 */
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <mm/filemap.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>
#include <mm/swap/swap_policy.h>
#include <uapi/errno.h>

#define PAGES_MIN 8u /* entries of a process to look at in one visit */

static struct mm_struct *swap_mm; /* the process cursor; NULL: the first */

/* One call of swap_out. */
struct swap_scan {
	u32 left; /* resident entries still to be looked at in this visit */
	bool spare; /* the policy is asked; not when it is desperate */
	bool freed; /* there is a frame now */
	bool slept; /* nothing that was known before is known any more */
};

static struct mm_struct *next_swap_mm(void);
static void swap_out_mm(struct swap_scan *scan, struct mm_struct *mm);
static void scan_area(struct swap_scan *scan, struct vm_area_struct *vma);
static void try_to_swap_out(struct swap_scan *scan, struct vm_area_struct *vma,
			    vaddr_t addr, pte_t *ptep);
static void drop_file_entry(struct swap_scan *scan, struct vm_area_struct *vma,
			    vaddr_t addr, pte_t *ptep);
static void swap_out_entry(struct swap_scan *scan, struct vm_area_struct *vma,
			   vaddr_t addr, pte_t *ptep);
static pte_t slot_of_page(struct page *page);
static u32 pid_of_mm(const struct mm_struct *mm);

static bool scan_goes_on(const struct swap_scan *scan)
{
	return scan->left && !scan->freed && !scan->slept;
}

__hop bool swap_out(u32 urgency)
{
	struct swap_scan scan = { .spare = urgency > 0 };
	u32 visits = (nr_tasks * 2 >> urgency) + 1;
	struct mm_struct *mm;

	while (visits-- && !scan.freed && !scan.slept) {
		mm = next_swap_mm();
		if (!mm)
			return false;
		if (!mm->count || !mm->rss) /* 0: its end has begun */
			continue;
		scan.left = MAX(mm->rss >> MIN(urgency, 3u), PAGES_MIN);
		swap_out_mm(&scan, mm);
	}
	return scan.freed;
}

/* The process cursor moves on; what it pointed to before, or NULL. */
static struct mm_struct *next_swap_mm(void)
{
	struct list_head *at = swap_mm ? &swap_mm->all : all_mms.next;
	struct mm_struct *mm;

	if (list_empty(&all_mms))
		return NULL;
	mm = list_entry(at, struct mm_struct, all);
	swap_mm = at->next == &all_mms ?
			  NULL :
			  list_entry(at->next, struct mm_struct, all);
	return mm;
}

/* A visit of MM, from its cursor to the top and, if there is anything left
 * to look at, from the bottom. */
static __hop void swap_out_mm(struct swap_scan *scan, struct mm_struct *mm)
{
	struct vm_area_struct *vma = find_vma(mm, mm->swap_address);

	for (; vma && scan_goes_on(scan); vma = vma->vm_next)
		if (vma_swaps_out(vma))
			scan_area(scan, vma);
	if (scan_goes_on(scan))
		mm->swap_address = 0;
}

/* The entries of VMA from the address cursor on. */
static void scan_area(struct swap_scan *scan, struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	vaddr_t addr = MAX(vma->vm_start, mm->swap_address);
	pte_t *ptep;

	while (scan_goes_on(scan) &&
	       (ptep = pte_next_held(mm, &addr, vma->vm_end))) {
		mm->swap_address = addr + PAGE_SIZE;
		if (pte_resident(*ptep))
			try_to_swap_out(scan, vma, addr, ptep);
		addr += PAGE_SIZE;
	}
}

/* One entry of one area. */
static __hop void try_to_swap_out(struct swap_scan *scan,
				  struct vm_area_struct *vma, vaddr_t addr,
				  pte_t *ptep)
{
	struct page *page = pte_page(*ptep);

	ASSERT_MSG(scan->left && !(page->flags & PG_SHM) &&
			   (page->count || page->flags & PG_RESERVED),
		   "entry %08x at %08x: frame of a segment, flags %x, count %u",
		   ptep->val, addr, page->flags, page->count);
	ASSERT_MSG(!(page->flags & PG_SWAPCACHE && pte_writable(*ptep)),
		   "INV-W4: entry %08x at %08x may write to the swap cache",
		   ptep->val, addr);
	scan->left--;
	swap_counts.scanned[current->kthread]++;
	if (page->flags & (PG_RESERVED | PG_LOCKED))
		return;
	if (scan->spare && swap_policy->spare(page, ptep->val & PTE_A)) {
		pte_test_and_clear_young(vma->vm_mm, addr, ptep);
		return;
	}
	if (page->flags & PG_CACHE)
		drop_file_entry(scan, vma, addr, ptep);
	else
		swap_out_entry(scan, vma, addr, ptep);
}

/* A frame that a page cache holds: the entry goes if it can be read again. */
static void drop_file_entry(struct swap_scan *scan, struct vm_area_struct *vma,
			    vaddr_t addr, pte_t *ptep)
{
	struct page *page = pte_page(*ptep);

	if (!page_can_be_read_again(page) || ptep->val & PTE_D)
		return;
	set_pte(vma->vm_mm, addr, ptep, (pte_t){ 0 });
	free_page(page);
	if (page->count != 1 || page->flags & PG_LOCKED)
		return;
	TRACE(cache_drop, page_to_pfn(page), page->index);
	remove_from_page_cache(page);
	scan->freed = true;
}

/* The entry becomes a swap entry; the frame goes with the last one. */
static void swap_out_entry(struct swap_scan *scan, struct vm_area_struct *vma,
			   vaddr_t addr, pte_t *ptep)
{
	struct page *page = pte_page(*ptep);
	pte_t entry = slot_of_page(page);

	if (pte_none(entry))
		return;
	swap_duplicate(entry);
	TRACE(swap_out, pid_of_mm(vma->vm_mm), addr, page_to_pfn(page),
	      swp_type(entry), swp_slot(entry));
	set_pte(vma->vm_mm, addr, ptep, entry);
	free_page(page);
	if (page->count != 1)
		return;
	if (page->flags & PG_DIRTY) {
		scan->slept = true;
		scan->freed = write_swap_page(page);
		return;
	}
	delete_from_swap_cache(page);
	scan->freed = true;
}

/* The slot of a private page: the one it has in the swap cache, or a new one,
 * under which it is in the cache from now on. None: swap is full. */
static pte_t slot_of_page(struct page *page)
{
	pte_t entry;

	if (page->flags & PG_SWAPCACHE)
		return page_swap_entry(page);
	entry = get_swap_page();
	if (pte_none(entry))
		return entry;
	get_page(page);
	page->flags |= PG_UPTODATE | PG_DIRTY;
	add_to_swap_cache(page, entry);
	return entry;
}

/* For the trace: a process that has MM. */
static u32 pid_of_mm(const struct mm_struct *mm)
{
	struct task *t;

	for_each_task(t)
		if (t->mm == mm)
			return (u32)t->pid;
	return 0;
}

int swap_out_now(struct mm_struct *mm, vaddr_t addr)
{
	struct swap_scan scan = { .left = 1 };
	struct vm_area_struct *vma = find_vma(mm, addr);
	pte_t *ptep = pte_lookup(mm, addr), before;

	if (!vma || vma->vm_start > addr)
		return -EINVAL;
	if (!ptep || !pte_resident(*ptep))
		return -ENOENT;
	if (!vma_swaps_out(vma))
		return -EBUSY;
	before = *ptep;
	try_to_swap_out(&scan, vma, addr, ptep);
	if (scan.slept || ptep->val != before.val)
		return 0;
	return nr_swap_pages ? -EBUSY : -ENOSPC;
}

void swap_out_forget(struct mm_struct *mm)
{
	if (swap_mm == mm)
		swap_mm = NULL;
}
