/* SPDX-License-Identifier: MIT */
/* A page fault on its way through the kernel: docs/page-fault.md. */
#ifndef MM_FAULT_H
#define MM_FAULT_H

#include <kernel/trap.h>
#include <mm/fault_class.h>
#include <mm/mm.h>

struct fault {
	vaddr_t addr; /* CR2 */
	u32 code; /* PF_* as the processor pushed them. PF_USER decides nothing:
		   * the accesses a processor makes itself for an instruction of
		   * user mode (descriptors; in QEMU the stack of a far return,
		   * too) lack it. frame_from_user() does. */
	bool major; /* a disk was read */
	enum fault_class class;
	struct trap_frame *frame; /* NULL: asked for by access_process_vm */
	struct mm_struct *mm;
	struct vm_area_struct *vma; /* set by fault_find_vma */
	pte_t *ptep; /* set by do_no_page, do_wp_page */
};

static inline bool fault_is_write(const struct fault *f)
{
	return f->code & PF_WRITE;
}

/* Hop 4: vector 14. Interrupts are off on entry (CR2), on afterwards. */
void do_page_fault(struct trap_frame *frame);

/* Brings the page at ADDR of MM in, or makes it writable, as a fault would;
 * mmap_sem is held. For copies into other address spaces and mlock(). */
enum fault_outcome fault_in(struct mm_struct *mm, vaddr_t addr, bool write);

/*
 * Hop 11 and its re-check (INV-F1): maps PAGE, whose one reference becomes the
 * entry's, where the entry is still what was SEEN before the page was fetched.
 * While mmap_sem is exclusive nobody can have been faster, so this comparison
 * never fails; it is what makes faults right that share mmap_sem.
 */
static __always_inline enum fault_outcome
map_page(struct fault *f, pte_t seen, struct page *page)
{
	u32 prot = f->vma->vm_page_prot;

	if (f->ptep->val != seen.val) {
		free_page(page);
		f->class = FAULT_CLASS_SPURIOUS;
		return FAULT_DONE;
	}
	if (fault_is_write(f))
		prot |= PTE_RW | PTE_D;
	set_pte(f->mm, f->addr, f->ptep, mk_pte(page, prot));
	return FAULT_DONE;
}

/* mm/anon.c: anonymous memory and copies of it. */
enum fault_outcome do_anonymous_page(struct fault *f);
enum fault_outcome do_cow_page(struct fault *f, pte_t seen);

#endif
