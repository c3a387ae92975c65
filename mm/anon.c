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
	return fault_map_page(f, (pte_t){ 0 }, page);
}

/* Hop 8 for a write to a private page: the entry is SEEN, read-only. */
__hop enum fault_outcome do_cow_page(struct fault *f, pte_t seen)
{
	struct page *old = pte_page(seen), *page;
	bool zero = old->flags & PG_RESERVED;

	if (!zero) /* else reclaim could free just this page for the copy */
		get_page(old);
	page = zero ? get_free_page(GFP_KERNEL) : alloc_page(GFP_KERNEL);
	if (!page || f->ptep->val != seen.val) {
		if (!zero)
			free_page_and_swap_cache(old);
		if (!page)
			return FAULT_OOM;
		free_page(page); /* may have slept: done by another */
		f->class = FAULT_CLASS_SPURIOUS;
		return FAULT_DONE;
	}
	if (!zero) {
		copy_page(page_kva(page), page_kva(old));
		old->count--; /* the entry's is left */
	}
	set_pte(f->mm, f->addr, f->ptep,
		mk_pte(page, f->vma->vm_page_prot | PTE_RW | PTE_D));
	if (old->flags & PG_SWAPCACHE)
		free_page_and_swap_cache(old);
	else
		free_page(old);
	return FAULT_DONE;
}
