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

int expand_stack(struct vm_area_struct *vma, vaddr_t addr)
{
	struct mm_struct *mm = vma->vm_mm;
	vaddr_t start = addr & PAGE_MASK;
	u32 grow = vma->vm_start - start, npages = grow >> PAGE_SHIFT;
	u64 limit = rlimit(RLIMIT_STACK);

	assert_held(&mm->mmap_sem);
	ASSERT_MSG(start < vma->vm_start, "area %08x-%08x has %08x already",
		   vma->vm_start, vma->vm_end, addr);
	if (!(vma->vm_flags & VM_GROWSDOWN) || stack_hits_guard(vma, start))
		return -ENOMEM;
	if (limit != RLIM_INFINITY && vma->vm_end - start > limit)
		return -ENOMEM;
	limit = rlimit(RLIMIT_AS);
	if (limit != RLIM_INFINITY &&
	    (u64)(mm->total_vm + npages) << PAGE_SHIFT > limit)
		return -ENOMEM;
	if (vma->vm_ops && vma->vm_offset < grow)
		return -ENOMEM; /* nothing of the object is left below */
	vma->vm_offset -= grow;
	vma_set_bounds(vma, start, vma->vm_end);
	mm->total_vm += npages;
	if (vma->vm_flags & VM_LOCKED)
		mm->locked_vm += npages;
	return 0;
}
