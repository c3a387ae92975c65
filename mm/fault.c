/* SPDX-License-Identifier: MIT */
/*
 * The page-fault path, in the order in which it runs.
 *
 *   do_page_fault                                  reads CR2
 *     fault_find_vma    area? growth? rights?      -> MAPERR, ACCERR
 *     do_no_page        entry none or swapped      -> nopage, anonymous
 *       do_swap_page    somebody's entry           -> vm_ops->swapin
 *     do_wp_page        present, written           -> reuse, copy
 *     fault_finish      the outcome becomes a return, a signal, a fixup
 *                       of a user copy, or an oops
 *
 * INV-F1  the entry is written only by set_pte(), after it was compared with
 *         what was seen before the last sleep.
 * INV-F2  exactly one of min_flt and maj_flt counts a fault that succeeds,
 *         maj_flt only if a disk was read (shm-spec D16).
 *
 * Locks: mmap_sem from fault_find_vma to set_pte; no user copy in between.
 * A test compares the events of every class with docs/page-fault.md.
 */
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/signal/signal.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <kernel/trap.h>
#include <mm/fault.h>
#include <mm/swap/swap.h>
#include <x86/cpu.h>

static enum fault_outcome fault_find_vma(struct fault *f);
static enum fault_outcome do_no_page(struct fault *f);
static enum fault_outcome do_swap_page(struct fault *f, pte_t seen);
static enum fault_outcome do_wp_page(struct fault *f);
static void fault_finish(struct fault *f, enum fault_outcome outcome);

/* May the kernel itself touch user memory where it stands? */
static bool kernel_may_fault(const struct fault *f)
{
	return f->mm && !irq_depth && !holds_from(LOCK_MMAP);
}

/* Hop 4: vector 14. Interrupts are off until CR2 is read. */
__hop void do_page_fault(struct trap_frame *frame)
{
	enum fault_outcome outcome = FAULT_MAPERR;
	struct fault f;

	f.addr = read_cr2();
	f.code = frame->error_code;
	f.major = false;
	f.class = FAULT_CLASS_NONE;
	f.frame = frame;
	f.mm = current->mm;
	TRACE(fault_enter, f.addr, f.code, frame->eip);
	if (frame->eflags & EFLAGS_IF)
		irq_enable();
	if (likely(f.addr < TASK_SIZE) &&
	    (frame_from_user(frame) || kernel_may_fault(&f))) {
		mutex_lock_fast(&f.mm->mmap_sem);
		outcome = fault_find_vma(&f);
		if (outcome == FAULT_DONE)
			outcome = f.code & PF_PRESENT ? do_wp_page(&f)
						      : do_no_page(&f);
		mutex_unlock_fast(&f.mm->mmap_sem);
	}
	fault_finish(&f, outcome);
}

/*
 * Hop 5: the area ADDR lies in, and whether it allows the access. Two bits of
 * the error code decide what it must allow, and what comes next:
 *
 *   present  write   the area allows   next
 *      0       0     read or exec      do_no_page: a page comes
 *      0       1     write             do_no_page: it comes writable
 *      1       0     -                 refused: a right entry refuses no read
 *                                      but of PROT_NONE and the kernel's memory
 *      1       1     write             do_wp_page: reuse or copy
 */
static __hop enum fault_outcome fault_find_vma(struct fault *f)
{
	struct vm_area_struct *vma = find_vma(f->mm, f->addr);
	u32 need = fault_is_write(f) ? VM_WRITE : VM_READ | VM_EXEC;

	if (!vma)
		return FAULT_MAPERR;
	if (vma->vm_start > f->addr && expand_stack(vma, f->addr))
		return FAULT_MAPERR;
	TRACE(fault_vma, f->addr, vma->vm_start, vma->vm_end, vma->vm_flags);
	if (!(vma->vm_flags & need))
		return FAULT_ACCERR;
	if ((f->code & (PF_PRESENT | PF_WRITE)) == PF_PRESENT)
		return FAULT_ACCERR;
	f->vma = vma;
	return FAULT_DONE;
}

/* Hop 7: there is no page at the entry yet, or not any more. */
static __hop enum fault_outcome do_no_page(struct fault *f)
{
	enum fault_outcome outcome;
	struct page *page;
	pte_t seen;

	f->ptep = pte_alloc(f->mm, f->addr);
	if (!f->ptep)
		return FAULT_OOM;
	seen = *f->ptep;
	if (pte_resident(seen)) {
		f->class = FAULT_CLASS_SPURIOUS;
		return FAULT_DONE;
	}
	if (!pte_none(seen))
		return do_swap_page(f, seen);
	if (!f->vma->vm_ops)
		return do_anonymous_page(f);
	f->class = f->vma->vm_ops->fault_class;
	TRACE(fault_class, f->addr, f->class, seen.val);
	outcome = f->vma->vm_ops->nopage(f, &page);
	if (outcome != FAULT_DONE)
		return outcome;
	return map_page(f, seen, page);
}

/* Hop 8: the entry is a swap entry, or its object brings the page. */
static __hop enum fault_outcome do_swap_page(struct fault *f, pte_t seen)
{
	const struct vm_operations_struct *ops = f->vma->vm_ops;
	enum fault_outcome outcome;
	struct page *page;

	if (is_swap_entry(seen)) {
		f->class = FAULT_CLASS_SWAP;
		TRACE(fault_class, f->addr, f->class, seen.val);
		return swap_in(f, seen);
	}
	ASSERT_MSG(ops && ops->swapin,
		   "entry %08x at %08x belongs to nobody (area %08x-%08x)",
		   seen.val, f->addr, f->vma->vm_start, f->vma->vm_end);
	f->class = ops->fault_class;
	TRACE(fault_class, f->addr, f->class, seen.val);
	outcome = ops->swapin(f, seen, &page);
	if (outcome != FAULT_DONE)
		return outcome;
	return map_page(f, seen, page);
}

/* May PAGE stay with the one entry? Not if another task or a swap slot has it;
 * a page that only the swap cache has besides leaves the cache. */
static __always_inline bool claim_page(struct page *page)
{
	if (likely(page->count == 1))
		return !(page->flags & PG_RESERVED);
	return page->flags & PG_SWAPCACHE && reuse_swap_page(page);
}

/* Hop 7 for a page that is there: written, but its entry is read-only. */
static __hop enum fault_outcome do_wp_page(struct fault *f)
{
	struct page *page;
	pte_t seen;

	f->ptep = pte_lookup(f->mm, f->addr);
	if (!f->ptep || !(f->ptep->val & PTE_P) || pte_writable(*f->ptep)) {
		f->class = FAULT_CLASS_SPURIOUS;
		return FAULT_DONE;
	}
	seen = *f->ptep;
	page = pte_page(seen);
	f->class = FAULT_CLASS_COW;
	TRACE(fault_class, f->addr, f->class, seen.val);
	if (!(f->vma->vm_flags & VM_SHARED) && !claim_page(page)) {
		f->class = FAULT_CLASS_COW_COPY;
		return do_cow_page(f, seen);
	}
	set_pte(f->mm, f->addr, f->ptep, (pte_t){ seen.val | PTE_RW | PTE_D });
	return FAULT_DONE;
}

/* ------------------------------------------------------------------ */
/* outcomes                                                            */

/* No frame for a fault: the task that asked for it ends, never init. */
static void fault_out_of_memory(const struct fault *f)
{
	if (current == init_task) { /* others will give memory back */
		schedule();
		return;
	}
	printk("out of memory: killed process %d (%s) touching %08x\n",
	       current->pid, current->comm, f->addr);
	send_sig(SIGKILL, current, NULL);
}

static void fault_signal(const struct fault *f, enum fault_outcome outcome)
{
	s32 signo = outcome == FAULT_BUS ? SIGBUS : SIGSEGV;
	s32 code = outcome == FAULT_BUS	     ? BUS_ADRERR
		   : outcome == FAULT_ACCERR ? SEGV_ACCERR
					     : SEGV_MAPERR;

	TRACE(fault_signal, f->addr, signo, code);
	f->frame->error_code |= PF_USER; /* what sigcontext.err says */
	current->fault_addr = f->addr;
	current->fault_code = f->code | PF_USER;
	force_sig_fault(signo, code, f->addr);
}

/* The kernel touched user memory for a system call, or made a mistake. */
static void fault_fixup(const struct fault *f)
{
	u32 eip = f->frame->eip;

	if (!fixup_exception(f->frame))
		panic_frame(f->frame,
			    "page fault in the kernel at %08x, code %x",
			    f->addr, f->code);
	TRACE(fault_fixup, f->addr, eip, f->frame->eip);
}

static void fault_refused(const struct fault *f, enum fault_outcome outcome)
{
	bool user = frame_from_user(f->frame);

	if (outcome == FAULT_OOM)
		fault_out_of_memory(f);
	else if (user)
		fault_signal(f, outcome);
	if (!user)
		fault_fixup(f);
}

/* The last step: what the outcome means for the task. */
static __hop void fault_finish(struct fault *f, enum fault_outcome outcome)
{
	struct task *t = current;

	if (likely(outcome == FAULT_DONE)) {
		t->flt[f->major]++;
		t->rig.faults[f->class][f->major]++;
	} else {
		t->rig.refused[outcome]++;
		fault_refused(f, outcome);
	}
	TRACE(fault_exit, f->addr, outcome, t->mm ? t->mm->rss : 0, t->min_flt,
	      t->maj_flt);
}

enum fault_outcome fault_in(struct mm_struct *mm, vaddr_t addr, bool write)
{
	enum fault_outcome outcome;
	struct fault f = { .addr = addr,
			   .mm = mm,
			   .code = write ? PF_WRITE : 0 };

	assert_held(&mm->mmap_sem);
	outcome = fault_find_vma(&f);
	if (outcome != FAULT_DONE)
		return outcome;
	f.ptep = pte_lookup(mm, addr);
	if (f.ptep && f.ptep->val & PTE_P)
		return write && !pte_writable(*f.ptep) ? do_wp_page(&f)
						       : FAULT_DONE;
	return do_no_page(&f);
}
