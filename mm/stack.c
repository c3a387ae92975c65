/* SPDX-License-Identifier: MIT */
/*
 * Stacks that grow: the area is made longer downwards, up to the limits and
 * never closer than STACK_GUARD_PAGES to what lies below (shm-spec B26).
 */
#include <kernel/task.h>
#include <mm/mm.h>
#include <uapi/errno.h>

/* Would the gap to the area below become too small? */
static bool stack_hits_guard(const struct vm_area_struct *vma, vaddr_t start)
{
	const struct vm_area_struct *prev = vma->vm_prev;
	u32 gap = STACK_GUARD_PAGES << PAGE_SHIFT;

	if (start < MMAP_MIN_ADDR)
		return true;
	return prev && !(prev->vm_flags & VM_GROWSDOWN) &&
	       prev->vm_flags & (VM_READ | VM_WRITE | VM_EXEC) &&
	       start - prev->vm_end < gap;
}

enum touch_end stack_refusal(const struct task *task,
			     const struct vm_area_struct *vma, vaddr_t addr)
{
	vaddr_t start = addr & PAGE_MASK;
	u32 grow = vma->vm_start - start;
	u64 size = vma->vm_end - start;
	u64 space = ((u64)vma->vm_mm->total_vm << PAGE_SHIFT) + grow;

	if (!(vma->vm_flags & VM_GROWSDOWN))
		return TOUCH_GAP;
	if (stack_hits_guard(vma, start))
		return TOUCH_STACK_GUARD;
	if (size > task->process->rlim[RLIMIT_STACK].rlim_cur)
		return TOUCH_STACK_LIMIT;
	if (space > task->process->rlim[RLIMIT_AS].rlim_cur)
		return TOUCH_STACK_SPACE;
	if (vma->vm_ops && vma->vm_offset < grow)
		return TOUCH_STACK_SPACE; /* nothing of the object lies below */
	return TOUCH_NO_FAULT;
}

int expand_stack(struct vm_area_struct *vma, vaddr_t addr)
{
	struct mm_struct *mm = vma->vm_mm;
	vaddr_t start = addr & PAGE_MASK;
	u32 grow = vma->vm_start - start, npages = grow >> PAGE_SHIFT;

	assert_held(&mm->mmap_sem);
	ASSERT_MSG(start < vma->vm_start, "area %08x-%08x has %08x already",
		   vma->vm_start, vma->vm_end, addr);
	if (stack_refusal(current, vma, addr) != TOUCH_NO_FAULT)
		return -ENOMEM;
	vma->vm_offset -= grow;
	vma_set_bounds(vma, start, vma->vm_end);
	mm->total_vm += npages;
	if (vma->vm_flags & VM_LOCKED)
		mm->locked_vm += npages;
	return 0;
}
