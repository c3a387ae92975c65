/* SPDX-License-Identifier: MIT */
/*
 * mprotect, mlock and their like: new flags over a range of areas. The work
 * is vma_change_flags() in mm/vma.c; here stand the checks.
 */
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <mm/fault.h>
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

/* Would NPAGES more locked pages pass the limit? 0 or -errno. */
static int check_locked(const struct mm_struct *mm, u32 npages)
{
	u64 limit = rlimit(RLIMIT_MEMLOCK);

	if (capable() || limit == RLIM_INFINITY)
		return 0;
	if (!limit)
		return -EPERM;
	return (u64)(mm->locked_vm + npages) << PAGE_SHIFT > limit ? -ENOMEM :
								     0;
}

/* Locks or unlocks the pages that [start, start+len) touches. */
static long change_lock(u32 start, u32 len, bool lock)
{
	struct mm_struct *mm = current->mm;
	u32 first = start & PAGE_MASK, end = ALIGN_UP(start + len, PAGE_SIZE);
	int err;

	if (start + len < start || (len && end <= first))
		return -EINVAL;
	if (!len)
		return 0;
	mutex_lock(&mm->mmap_sem);
	err = lock ? check_locked(mm, (end - first) >> PAGE_SHIFT) : 0;
	if (!err)
		check_range(mm, first, end, 0, &err);
	if (!err)
		err = vma_change_flags(mm, first, end, lock ? VM_LOCKED : 0,
				       VM_LOCKED);
	if (!err && lock)
		err = populate_range(mm, first, end);
	mutex_unlock(&mm->mmap_sem);
	return err;
}

long sys_mlock(u32 start, u32 len)
{
	return change_lock(start, len, true);
}

long sys_munlock(u32 start, u32 len)
{
	return change_lock(start, len, false);
}

/* Every area gets, or loses, VM_LOCKED; -ENOMEM. */
static int change_lock_all(struct mm_struct *mm, u32 set)
{
	struct vm_area_struct *vma = mm->mmap;
	vaddr_t end;
	int err = 0;

	while (vma && !err) {
		end = vma->vm_end; /* the area may be joined with another */
		err = vma_change_flags(mm, vma->vm_start, end, set, VM_LOCKED);
		vma = find_vma(mm, end);
	}
	return err;
}

long sys_mlockall(u32 flags)
{
	struct mm_struct *mm = current->mm;
	int err = 0;

	if (!flags || flags & ~(MCL_CURRENT | MCL_FUTURE))
		return -EINVAL;
	mutex_lock(&mm->mmap_sem);
	if (flags & MCL_CURRENT) {
		err = check_locked(mm, mm->total_vm);
		if (!err)
			err = change_lock_all(mm, VM_LOCKED);
	}
	if (!err)
		mm->def_flags = flags & MCL_FUTURE ? VM_LOCKED : 0;
	mutex_unlock(&mm->mmap_sem);
	return err;
}

long sys_munlockall(void)
{
	struct mm_struct *mm = current->mm;
	int err;

	mutex_lock(&mm->mmap_sem);
	mm->def_flags = 0;
	err = change_lock_all(mm, 0);
	mutex_unlock(&mm->mmap_sem);
	return err;
}
