/* SPDX-License-Identifier: MIT */
/*
 * The page behind an attach: what happens at the first touch of a page that
 * an area of a segment promises, or when it is touched after it was evicted.
 *
 *   page slot:   0 (never touched) --first touch--> resident frame <---.
 *                                                      ^    |          |
 *   entry:       signature, or none  --every touch-----' shm_swap   first
 *                                                           |       touch
 *   page slot:                                   swap entry <-----------'
 *
 * INV-S1  the page slot is read again after every sleep, before it is
 *         written: two processes that touch a page at once get one frame.
 * INV-S2  a frame has one count for its page slot and one for each entry.
 *
 * INV-S3  a page that comes back is read with its slot pinned through the swap
 *         cache. It is what the page slot stands for if that is the same
 *         afterwards and the cache still has the frame under it (B07).
 *
 * Context: mmap_sem of the toucher is held, so its attach cannot go, and the
 * attach holds the segment. get_free_page() and read_swap_page() may sleep.
 * See docs/shm.md, and docs/swap.md for the way out (ipc/shm/shm_swap.c).
 */
#include <ipc/shm/shm.h>
#include <kernel/panic.h>
#include <kernel/trace/stage.h>
#include <kernel/trace/trace.h>
#include <mm/fault.h>
#include <mm/swap/swap.h>
#include <mm/swap/swap_policy.h>
#include <uapi/errno.h>

/* Nobody walks a page slot as an entry: the bits only say "resident". */
#define SHM_SLOT_PROT (PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D)

/* Has the page slot changed while we slept? */
static __always_inline bool
shm_slot_changed(const pte_t *slot, pte_t seen)
{
	return slot->val != seen.val;
}

/* The page slot gets its frame; the segment takes over one reference. */
static __always_inline void
shm_slot_fill(struct shmid_kernel *seg, u32 index, pte_t *slot,
	      struct page *page)
{
	ASSERT_MSG(pte_none(*slot),
		   "INV-S1: page slot %u of segment %d has %08x", index,
		   seg->shm_perm.id, slot->val);
	*slot = mk_pte(page, SHM_SLOT_PROT);
	page->seg = seg;
	page->seg_index = index;
	swap_policy_enter(page);
	seg->rss++;
	shm_totals.rss++;
}

void shm_slot_from_swap(struct shmid_kernel *seg, u32 index, struct page *page)
{
	pte_t *slot = shm_slot(seg, index);

	ASSERT_MSG(is_swap_entry(*slot) && seg->swp,
		   "I2: page slot %u of segment %d has %08x, %u are in swap",
		   index, seg->shm_perm.id, slot->val, seg->swp);
	swap_free(*slot);
	slot->val = 0;
	seg->swp--;
	shm_totals.swp--;
	if (page->flags & PG_SWAPCACHE)
		delete_from_swap_cache(page);
	shm_slot_fill(seg, index, slot, page);
}

/* Is there nothing left for one more page of a segment? */
static __always_inline bool shm_memory_is_out(void)
{
	return unlikely(nr_free_pages < shm_margin) &&
	       nr_free_pages + freeable_pages() + nr_swap_pages < shm_margin;
}

/* A page that nobody has touched: a zeroed frame into its page slot, unless
 * somebody else was faster. */
static enum fault_outcome shm_new_page(struct shmid_kernel *seg, u32 index,
				       pte_t *slot, enum shm_page_state *state)
{
	struct page *page;

	if (shm_memory_is_out())
		return FAULT_OOM;
	page = get_free_page(GFP_KERNEL);
	if (!page)
		return FAULT_OOM;
	if (shm_slot_changed(slot, (pte_t){ 0 })) {
		free_page(page);
		*state = SHM_PAGE_RACED;
		return FAULT_DONE;
	}
	shm_slot_fill(seg, index, slot, page);
	*state = SHM_PAGE_NEW;
	return FAULT_DONE;
}

/* Is PAGE, which was read for the page slot when it was SEEN, still what it
 * stands for? A slot that was given back (MADV_REMOVE) may have become the page
 * slot's a second time; then the frame is no longer in the cache under it. */
static bool shm_page_is_stale(const pte_t *slot, pte_t seen,
			      const struct page *page)
{
	return shm_slot_changed(slot, seen) ||
	       lookup_swap_cache(seen) != page;
}

/* A page in swap: read, unless somebody else has got it back already. */
static enum fault_outcome shm_page_in(struct fault *fault, u32 index,
				      pte_t *slot, enum shm_page_state *state)
{
	struct shmid_kernel *seg = fault->vma->vm_segment;
	pte_t seen = *slot;
	struct page *page;
	int err = read_swap_page(seen, &page, &fault->major);

	if (err)
		return err == -ENOMEM ? FAULT_OOM : FAULT_BUS;
	may_sleep(SLEEP_shm_page_in);
	if (shm_page_is_stale(slot, seen, page)) {
		free_page_and_swap_cache(page);
		*state = SHM_PAGE_RACED;
		return FAULT_DONE;
	}
	shm_slot_from_swap(seg, index, page);
	*state = SHM_PAGE_READ;
	return FAULT_DONE;
}

/*
 * Hop 9: the entry is the signature SEEN; the page it stands for, with one
 * reference for the caller.
 *   1. the page must lie in the segment, the signature must name it
 *   2. no frame in its page slot: a zeroed one, or it is read from swap (may
 *      sleep, INV-S1)
 *   3. the frame of the page slot
 */
__hop enum fault_outcome shm_swap_in(struct fault *fault, pte_t seen,
				     struct page **page)
{
	struct shmid_kernel *seg = fault->vma->vm_segment;
	u32 index = vma_page_index(fault->vma, fault->addr);
	enum shm_page_state state = SHM_PAGE_RESIDENT;
	enum fault_outcome outcome;
	pte_t *slot, found;

	if (index >= seg->shm_npages)
		return FAULT_BUS; /* mremap made the area longer than that */
	ASSERT_MSG(pte_none(seen) ||
			   seen.val ==
				   shm_signature_add(fault->vma->vm_pte, index)
					   .val,
		   "I7: entry %08x at %08x is no signature of page %u",
		   seen.val, fault->addr, index);
	slot = shm_slot(seg, index);
	found = *slot;
	while (!pte_resident(*slot)) { /* whoever fills it */
		outcome = pte_none(*slot) ?
				  shm_new_page(seg, index, slot, &state) :
				  shm_page_in(fault, index, slot, &state);
		if (outcome != FAULT_DONE)
			return outcome;
		fault->class = state == SHM_PAGE_NEW  ? FAULT_CLASS_SHM_FIRST :
			       state == SHM_PAGE_READ ? FAULT_CLASS_SHM_SWAP :
							FAULT_CLASS_SHM;
	}
	*page = pte_page(*slot);
	(*page)->count++;
	TRACE(shm_page, seg->shm_perm.id, index, found.val,
	      page_to_pfn(*page), state);
	return FAULT_DONE;
}

/* The same for a none entry (MADV_DONTNEED, grown attaches). */
__hop enum fault_outcome shm_nopage(struct fault *fault, struct page **page)
{
	return shm_swap_in(fault, (pte_t){ 0 }, page);
}

/* The entry of page INDEX in VMA becomes its signature again. The table stays:
 * a task of that address space may be asleep in a fault that has found it. */
static void shm_unmap_from(struct vm_area_struct *vma, u32 index)
{
	u32 first = vma->vm_offset >> PAGE_SHIFT;
	vaddr_t addr = vma->vm_start + ((index - first) << PAGE_SHIFT);
	struct page *page;
	pte_t *ptep;

	if (index < first || index - first >= vma_npages(vma))
		return;
	ptep = pte_lookup(vma->vm_mm, addr);
	if (!ptep || !pte_resident(*ptep))
		return;
	page = pte_page(*ptep);
	ASSERT_MSG(page->seg == vma->vm_segment && page->seg_index == index,
		   "I7: entry %08x at %08x is not of page %u", ptep->val, addr,
		   index);
	set_pte(vma->vm_mm, addr, ptep, shm_signature_add(vma->vm_pte, index));
	free_page(page);
}

/* Takes page INDEX away from every attach and from the segment. */
static void shm_remove_page(struct shmid_kernel *seg, u32 index)
{
	pte_t *slot = shm_slot(seg, index);
	struct vm_area_struct *vma;

	if (pte_resident(*slot))
		list_for_each_entry(vma, &seg->attaches, vm_share)
			shm_unmap_from(vma, index);
	shm_slot_clear(seg, slot);
}

void shm_remove_pages(struct shmid_kernel *seg, u32 first, u32 n)
{
	u32 index, end = MIN(first + n, seg->shm_npages);

	for (index = first; index < end; index++)
		shm_remove_page(seg, index);
}
