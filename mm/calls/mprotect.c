/* SPDX-License-Identifier: MIT */
/*
 * mprotect: new rights over a range of areas. The work is
 * vma_change_flags() in mm/vma_link.c; here stand the checks.
 */
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <mm/mm.h>
#include <uapi/errno.h>
#include <uapi/mman.h>

#define VM_ACCESS (VM_READ | VM_WRITE | VM_EXEC)

/*
 * How far [start, end) is mapped without a hole, every area being one that may
 * get ACCESS: END and 0, or where that stops and -ENOMEM or -EACCES.
 */
static vaddr_t check_range(struct mm_struct *mm, vaddr_t start, vaddr_t end,
			   u32 access, int *err)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	assert_held(&mm->mmap_sem);
	*err = 0;
	while (start < end && !*err) {
		if (!vma || vma->vm_start > start)
			*err = -ENOMEM;
		else if (access & ~(vma->vm_flags >> 4)) /* the MAY bits */
			*err = -EACCES;
		else
			start = MIN(vma->vm_end, end);
		vma = *err ? NULL : vma->vm_next;
	}
	return start;
}

/* As Linux does, what lies below the first obstacle is changed. */
long sys_mprotect(u32 start, u32 len, u32 prot)
{
	struct mm_struct *mm = current->mm;
	u32 access = prot & VM_ACCESS; /* PROT_* and VM_* are the same bits */
	u32 end = start + ALIGN_UP(len, PAGE_SIZE);
	int err, res = 0;

	if (start & ~PAGE_MASK || prot & ~(VM_ACCESS | PROT_GROWSDOWN))
		return -EINVAL;
	if (!len)
		return 0;
	if (end <= start || end > TASK_SIZE)
		return -ENOMEM;
	mutex_lock(&mm->mmap_sem);
	end = check_range(mm, start, end, access, &err);
	if (end > start)
		res = vma_change_flags(mm, start, end, access, VM_ACCESS);
	mutex_unlock(&mm->mmap_sem);
	return res ? res : err;
}
