/* SPDX-License-Identifier: MIT */
/*
 * The page behind an attach: what happens at the first touch of a page that
 * an area of a segment promises.
 *
 *   page slot:   0 (never touched) --first touch--> resident frame
 *                                                      ^
 *   entry:       signature, or none  --every touch-----'  same frame for all
 *
 * INV-S1  the page slot is read again after every sleep, before it is
 *         written: two processes that touch a page at once get one frame.
 * INV-S2  a frame has one count for its page slot and one for each entry.
 *
 * Context: mmap_sem of the toucher is held, so its attach cannot go, and the
 * attach holds the segment. get_free_page() may sleep. See docs/shm.md.
 */
#include <ipc/shm.h>
#include <kernel/panic.h>
#include <kernel/trace.h>
#include <mm/fault.h>

/* How the page was found, in the shm_page event. */
enum shm_page_state {
	SHM_PAGE_RESIDENT, /* somebody touched it before */
	SHM_PAGE_NEW, /* never touched: a zeroed frame */
	SHM_PAGE_RACED, /* somebody touched it while we slept */
};

/* Nobody walks a page slot as an entry: the bits only say "resident". */
#define SHM_SLOT_PROT (PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D)

/* Has the page slot changed while we slept? */
static bool shm_slot_changed(const pte_t *slot, pte_t seen)
{
	return slot->val != seen.val;
}

/* The page slot gets its frame; the segment takes over one reference. */
static void shm_slot_fill(struct shmid_kernel *seg, pte_t *slot,
			  struct page *page)
{
	*slot = mk_pte(page, SHM_SLOT_PROT);
	seg->rss++;
	shm_totals.rss++;
}

/*
 * A page that is not resident: a zeroed frame into SLOT, unless somebody else
 * was faster. Afterwards the slot is resident, whoever filled it.
 */
static enum fault_outcome shm_new_page(struct shmid_kernel *seg, pte_t *slot,
				       enum shm_page_state *state)
{
	pte_t seen = *slot;
	struct page *page = get_free_page(GFP_KERNEL);

	if (!page)
		return FAULT_OOM;
	if (shm_slot_changed(slot, seen)) {
		free_page(page);
		*state = SHM_PAGE_RACED;
		return FAULT_DONE;
	}
	shm_slot_fill(seg, slot, page);
	*state = SHM_PAGE_NEW;
	return FAULT_DONE;
}

/*
 * Hop 9: the entry is the signature SEEN; the page it stands for, with one
 * reference for the caller.
 *   1. the page must lie in the segment, the signature must name it
 *   2. no frame in its page slot: a zeroed one (may sleep, INV-S1)
 *   3. the frame of the page slot
 */
__hop enum fault_outcome shm_swap_in(struct fault *fault, pte_t seen,
				     struct page **page)
{
	struct shmid_kernel *seg = fault->vma->vm_segment;
	u32 index = vma_page_index(fault->vma, fault->addr);
	enum shm_page_state state = SHM_PAGE_RESIDENT;
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
	while (!pte_resident(*slot))
		if (shm_new_page(seg, slot, &state) != FAULT_DONE)
			return FAULT_OOM;
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
static void shm_unmap_page(struct vm_area_struct *vma, u32 index)
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
	set_pte(vma->vm_mm, addr, ptep, shm_signature_add(vma->vm_pte, index));
	free_page(page);
}

/* Takes page INDEX away from every attach and from the segment. */
static void shm_remove_page(struct shmid_kernel *seg, u32 index)
{
	pte_t *slot = shm_slot(seg, index);
	struct vm_area_struct *vma;

	if (!pte_resident(*slot))
		return;
	list_for_each_entry(vma, &seg->attaches, vm_share)
		shm_unmap_page(vma, index);
	free_page(pte_page(*slot));
	slot->val = 0;
	seg->rss--;
	shm_totals.rss--;
}

void shm_remove_pages(struct shmid_kernel *seg, u32 first, u32 n)
{
	u32 index, end = MIN(first + n, seg->shm_npages);

	for (index = first; index < end; index++)
		shm_remove_page(seg, index);
}
