/* SPDX-License-Identifier: MIT */
/*
 * Anonymous memory: zero pages, and copies of private pages.
 *
 *   none --read--> zero page, read-only --write--> own frame
 *   none --write-> own zeroed frame
 *   fork: both read-only --write--> own copy, or the frame itself when
 *         nobody else has it any more
 *
 * Context: mmap_sem is held; the allocation may sleep, the entry is looked
 * at again afterwards. See: docs/page-fault.md, shm-spec 4.3.
 */
#include <kernel/panic.h>
#include <kernel/trace/trace.h>
#include <mm/fault.h>
#include <mm/swap/swap.h>

/* The shared zero page, read-only and counted nowhere. */
static enum fault_outcome map_zero_page(struct fault *f)
{
	f->class = FAULT_CLASS_ZERO_READ;
	TRACE(fault_class, f->addr, f->class, f->ptep->val);
	set_pte(f->mm, f->addr, f->ptep,
		mk_pte(zero_page, f->vma->vm_page_prot));
	return FAULT_DONE;
}

/* Hop 8 for memory without an object: the entry is none. */
__hop enum fault_outcome do_anonymous_page(struct fault *f)
{
	struct page *page;

	if (!fault_is_write(f))
		return map_zero_page(f);
	f->class = FAULT_CLASS_ANON_WRITE;
	TRACE(fault_class, f->addr, f->class, f->ptep->val);
	page = get_free_page(GFP_KERNEL);
	if (!page)
		return FAULT_OOM;
	return map_page(f, (pte_t){ 0 }, page);
}

/* The zero page was written: any zeroed frame is its copy. */
static __always_inline enum fault_outcome
cow_zero_page(struct fault *f, pte_t seen)
{
	struct page *page = get_free_page(GFP_KERNEL);

	return page ? map_page(f, seen, page) : FAULT_OOM;
}

/* OLD is somebody else's, too. It is held meanwhile: else reclaim could free
 * just this page for the copy. */
static __always_inline enum fault_outcome
cow_copy_page(struct fault *f, pte_t seen, struct page *old)
{
	enum fault_outcome outcome = FAULT_OOM;
	struct page *page;

	get_page(old);
	page = alloc_page(GFP_KERNEL);
	if (page && f->ptep->val == seen.val) {
		copy_page(page_kva(page), page_kva(old));
		ASSERT_MSG(old->count > 1, "I5: frame %x was the writer's own",
			   page_to_pfn(old));
		old->count--; /* the entry's, which map_page() overwrites */
	}
	if (page)
		outcome = map_page(f, seen, page);
	free_page_and_swap_cache(old);
	return outcome;
}

/* Hop 8 for a write to a private page: the entry is SEEN, read-only. */
__hop enum fault_outcome do_cow_page(struct fault *f, pte_t seen)
{
	struct page *old = pte_page(seen);

	ASSERT_MSG(seen.val & PTE_P && !pte_writable(seen),
		   "entry %08x at %08x needs no copy", seen.val, f->addr);
	if (old->flags & PG_RESERVED)
		return cow_zero_page(f, seen);
	return cow_copy_page(f, seen, old);
}
