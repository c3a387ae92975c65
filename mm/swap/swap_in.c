/* SPDX-License-Identifier: MIT */
/*
 * A private page comes back from swap.
 *
 *   do_swap_page -> swap_in -> read_swap_page -> set_pte
 *                      |            '-- from the swap cache, or from disk
 *                      '-- written to, and shared: a copy at once
 *
 * After a fork both entries name one slot. The first to touch it reads it,
 * the second finds the frame in the swap cache: they share it again, read-only
 * until one of them writes. The page may stay in the cache while it is mapped
 * read-only: its copy on disk is still good.
 *
 * Context: mmap_sem is held; the read sleeps, the entry is looked at again
 * afterwards. Pages of segments come back in shm_fault.c.
 */
#include <kernel/task.h>
#include <kernel/trace/stage.h>
#include <mm/fault.h>
#include <mm/swap/swap.h>
#include <uapi/errno.h>

/* May the toucher write to PAGE from now on? It does, and nobody else has it
 * (B14: never where the area does not allow it). */
static bool may_write_at_once(const struct fault *f, struct page *page)
{
	return fault_is_write(f) && f->vma->vm_flags & VM_WRITE &&
	       reuse_swap_page(page);
}

/* PAGE, which we count, for the entry SEEN, which gives up its slot. */
static enum fault_outcome map_swapped_page(struct fault *f, pte_t seen,
					   struct page *page)
{
	u32 prot = f->vma->vm_page_prot;
	bool writable;

	swap_free(seen);
	writable = may_write_at_once(f, page);
	if (writable)
		prot |= PTE_RW | PTE_D;
	else if (swap_is_tight())
		reuse_swap_page(page);
	set_pte(f->mm, f->addr, f->ptep, mk_pte(page, prot));
	if (fault_is_write(f) && !writable)
		return do_cow_page(f, *f->ptep);
	return FAULT_DONE;
}

/* Hop 9 for private memory: the entry names a slot of a swap area. */
__hop enum fault_outcome swap_in(struct fault *f, pte_t seen)
{
	struct page *page;
	int err;

	assert_held(&f->mm->mmap_sem);
	err = read_swap_page(seen, &page, &f->major);
	if (err)
		return err == -ENOMEM ? FAULT_OOM : FAULT_BUS;
	may_sleep(SLEEP_fault_page);
	if (f->ptep->val != seen.val) {
		free_page_and_swap_cache(page);
		f->class = FAULT_CLASS_SPURIOUS;
		return FAULT_DONE;
	}
	return map_swapped_page(f, seen, page);
}
