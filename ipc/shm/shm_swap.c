/* SPDX-License-Identifier: MIT */
/*
 * Second source of free frames: a page of a segment leaves memory. The
 * functions stand in the order in which they run.
 *
 *   1  the policy names a page                       mm/swap/swap_policy.c
 *   2  who maps it? along the ring of attaches       shm_look_at
 *        locked, or somebody is just using it        -> another page
 *        used lately                                 -> spared, for now
 *   3  every entry becomes its signature again       shm_unmap_page
 *   4  the page slot becomes the swap entry          shm_slot_to_swap
 *        from here on whoever touches the page waits for the write
 *   5  the frame is written and freed                write_swap_page
 *
 *        ring   [vma A]      [vma B]      [vma C]
 *        entry  frame->sig   sig          frame->sig
 *        slot   frame -> (area, slot)
 *
 * INV-E1  1 to 4 do not sleep: nobody sees a page half gone.
 * INV-E2  after 4 neither the segment nor an area is touched. The write may
 *         outlive both; the swap cache holds the slot until it is over (B38).
 *
 * The walk along the ring ends with the last entry that can be there, by the
 * frame's count, and the ring is turned so that the next walk begins where
 * this one found something: attaches that do not map the page cost nothing.
 *
 * See: docs/swap.md, shm-spec 5.2. Coming back is ipc/shm/shm_fault.c.
 */
#include <ipc/shm/shm.h>
#include <kernel/panic.h>
#include <kernel/signal/signal.h>
#include <kernel/trace/stage.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <mm/swap/swap.h>
#include <mm/swap/swap_policy.h>
#include <uapi/errno.h>
#include <uapi/ipc.h>

/* A walk over the entries that map one page. */
struct shm_walk {
	struct page *page;
	struct list_head *at; /* the area looked at last, or the ring's head */
	u32 left; /* entries that can still be found */
	struct vm_area_struct *vma; /* found: its area, */
	vaddr_t addr; /* address */
	pte_t *ptep; /* and entry */
};

static enum shm_verdict shm_look_at(struct page *page, bool spare);
static void shm_make_old(struct page *page);
static bool shm_evict(struct page *page, pte_t entry);
static void shm_unmap_page(struct page *page);
static void shm_slot_to_swap(struct page *page, pte_t entry);
static void shm_walk_begin(struct shm_walk *walk, struct page *page);
static bool shm_walk_next(struct shm_walk *walk);
static void shm_turn_ring(struct list_head *ring, struct list_head *first);

__hop bool shm_swap(u32 urgency)
{
	u32 budget = nr_policy_pages >> urgency;
	pte_t entry = { 0 };
	struct page *page;

	if (budget)
		entry = get_swap_page();
	if (pte_none(entry))
		return false;
	while (budget--) {
		page = swap_policy->next();
		if (!page)
			break;
		shm_totals.swap_attempts++;
		swap_counts.scanned[current->kthread]++;
		switch (shm_look_at(page, urgency > 0)) {
		case SHM_SCAN_TAKE:
			return shm_evict(page, entry);
		case SHM_SCAN_YOUNG:
			shm_make_old(page);
			break;
		default:
			break;
		}
	}
	swap_free(entry);
	return false;
}

/* Who maps PAGE, and may it go? SPARE: the policy is asked. */
static enum shm_verdict shm_look_at(struct page *page, bool spare)
{
	enum shm_verdict verdict = SHM_SCAN_TAKE;
	struct list_head *first = NULL;
	bool young = false, locked = false;
	u32 mapped = 0;
	struct shm_walk walk;

	shm_walk_begin(&walk, page);
	while (shm_walk_next(&walk)) {
		first = first ? first : walk.at;
		mapped++;
		young |= !!(walk.ptep->val & PTE_A);
		locked |= !!(walk.vma->vm_flags & VM_LOCKED);
	}
	shm_turn_ring(&page->seg->attaches, first);
	if (locked || page->flags & PG_LOCKED ||
	    page->seg->shm_perm.mode & SHM_LOCKED)
		verdict = SHM_SCAN_LOCKED;
	else if (page->count != 1 + mapped)
		verdict = SHM_SCAN_BUSY;
	else if (spare && swap_policy->spare(page, young))
		verdict = SHM_SCAN_YOUNG;
	TRACE(shm_scan, page->seg->shm_perm.id, page->seg_index,
	      page_to_pfn(page), mapped, young, verdict);
	return verdict;
}

/* It is spared: its entries forget that it was used. */
static void shm_make_old(struct page *page)
{
	struct shm_walk walk;

	shm_walk_begin(&walk, page);
	while (shm_walk_next(&walk))
		pte_test_and_clear_young(walk.vma->vm_mm, walk.addr,
					 walk.ptep);
}

/* PAGE leaves for the slot ENTRY, which is ours; true if its frame is free. */
static __hop bool shm_evict(struct page *page, pte_t entry)
{
	bool freed;

	shm_unmap_page(page);
	shm_slot_to_swap(page, entry);
	freed = write_swap_page(page);
	shm_totals.swap_successes += freed;
	return freed;
}

/* Every entry becomes its signature again, and gives up its count. */
static __hop void shm_unmap_page(struct page *page)
{
	struct shm_walk walk;

	shm_walk_begin(&walk, page);
	while (shm_walk_next(&walk)) {
		set_pte(walk.vma->vm_mm, walk.addr, walk.ptep,
			shm_signature_add(walk.vma->vm_pte, page->seg_index));
		page->count--;
	}
}

/* The page slot names ENTRY from now on; its count of the frame and of the
 * slot's holders: the first goes to the swap cache, the second is ENTRY's. */
static __hop void shm_slot_to_swap(struct page *page, pte_t entry)
{
	struct shmid_kernel *seg = page->seg;
	u32 index = page->seg_index;

	ASSERT_MSG(page->count == 1 && seg->rss &&
			   pte_pfn(*shm_slot(seg, index)) == page_to_pfn(page),
		   "INV-E1: frame %x, count %u, leaves page slot %u with %08x",
		   page_to_pfn(page), page->count, index,
		   shm_slot(seg, index)->val);
	TRACE(shm_evict, seg->shm_perm.id, index, page_to_pfn(page),
	      swp_type(entry), swp_slot(entry));
	*shm_slot(seg, index) = entry;
	seg->rss--;
	seg->swp++;
	shm_totals.rss--;
	shm_totals.swp++;
	swap_policy_leave(page);
	page->flags |= PG_UPTODATE | PG_DIRTY;
	swap_duplicate(entry);
	add_to_swap_cache(page, entry);
}

int shm_evict_now(s32 id, u32 index)
{
	struct shmid_kernel *seg = shm_lookup(id);
	struct page *page;
	pte_t entry;

	if (!seg || index >= seg->shm_npages)
		return -EINVAL;
	if (!pte_resident(*shm_slot(seg, index)))
		return -ENOENT;
	page = pte_page(*shm_slot(seg, index));
	if (shm_look_at(page, false) != SHM_SCAN_TAKE)
		return -EBUSY;
	entry = get_swap_page();
	if (pte_none(entry))
		return -ENOSPC;
	shm_evict(page, entry);
	return 0;
}

/* ------------------------------------------------------------------ */
/* the walk along the ring                                             */

static void shm_walk_begin(struct shm_walk *walk, struct page *page)
{
	ASSERT_MSG(page->flags & PG_SHM && page->count,
		   "frame %x, flags %x, count %u, is of no segment",
		   page_to_pfn(page), page->flags, page->count);
	walk->page = page;
	walk->at = &page->seg->attaches;
	walk->left = page->count - 1; /* one is the page slot's */
}

/* Does VMA map the page? Then its address and entry are in the walk. */
static bool shm_walk_look(struct shm_walk *walk, struct vm_area_struct *vma)
{
	u32 first = vma->vm_offset >> PAGE_SHIFT;
	u32 index = walk->page->seg_index;

	if (index < first || index - first >= vma_npages(vma))
		return false;
	walk->vma = vma;
	walk->addr = vma->vm_start + ((index - first) << PAGE_SHIFT);
	walk->ptep = pte_lookup(vma->vm_mm, walk->addr);
	return walk->ptep && pte_resident(*walk->ptep);
}

/* On to the next entry that maps the page; false: there is none. */
static bool shm_walk_next(struct shm_walk *walk)
{
	struct list_head *ring = &walk->page->seg->attaches;

	while (walk->left) {
		walk->at = walk->at->next;
		if (walk->at == ring)
			return false;
		if (!shm_walk_look(walk, list_entry(walk->at,
						    struct vm_area_struct,
						    vm_share)))
			continue;
		walk->left--;
		return true;
	}
	return false;
}

/* The next walk begins with the area found FIRST; NULL: none. */
static void shm_turn_ring(struct list_head *ring, struct list_head *first)
{
	if (!first || ring->next == first)
		return;
	list_del(ring);
	list_add_tail(ring, first);
}
