/* SPDX-License-Identifier: MIT */
/*
 * mlock, mlock2, munlock, mlockall, munlockall: areas whose pages stay.
 *
 *   VM_LOCKED        reclaim leaves its pages alone; they are brought in at
 *                    once, also from swap
 *   VM_LOCKONFAULT   with it: not at once, but stay once they came
 *
 * Who is not privileged locks up to RLIMIT_MEMLOCK, 64 KiB by default, and
 * nothing at all when that is 0 (EPERM). What is locked counts once, however
 * often: locked_vm is the pages of locked areas, not of calls.
 *
 * As on Linux a range with a hole is locked up to there, then ENOMEM.
 */
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <mm/mm.h>
#include <uapi/errno.h>
#include <uapi/mman.h>

#define VM_LOCKS (VM_LOCKED | VM_LOCKONFAULT)

bool can_do_mlock(void)
{
	return rlimit(RLIMIT_MEMLOCK) || capable();
}

static bool within_limit(u32 npages)
{
	u64 limit = rlimit(RLIMIT_MEMLOCK);

	return (u64)npages << PAGE_SHIFT <= limit || limit == RLIM_INFINITY ||
	       capable();
}

bool may_lock_pages(const struct mm_struct *mm, u32 npages)
{
	return within_limit(mm->locked_vm + npages);
}

/* Pages of [start, end) that are locked already. */
static u32 locked_pages(const struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct vm_area_struct *vma = find_vma(mm, start);
	u32 n = 0;

	for (; vma && vma->vm_start < end; vma = vma->vm_next)
		if (vma->vm_flags & VM_LOCKED)
			n += (MIN(vma->vm_end, end) -
			      MAX(vma->vm_start, start)) >>
			     PAGE_SHIFT;
	return n;
}

/* How far [start, end) is mapped without a hole. */
static vaddr_t mapped_up_to(const struct mm_struct *mm, vaddr_t start,
			    vaddr_t end)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	for (; start < end && vma && vma->vm_start <= start;
	     vma = vma->vm_next)
		start = MIN(vma->vm_end, end);
	return start;
}

/* The areas of [start, end) get the locks SET, and no other. */
static int set_locks(struct mm_struct *mm, vaddr_t start, vaddr_t end, u32 set)
{
	vaddr_t top = mapped_up_to(mm, start, end);
	int err = 0;

	assert_held(&mm->mmap_sem);
	if (top > start)
		err = vma_change_flags(mm, start, top, set, VM_LOCKS);
	return !err && top < end ? -ENOMEM : err;
}

/* What mlock answers when pages could not be brought in. */
static int populate_error(int err)
{
	return err == -ENOMEM ? -EAGAIN : err ? -ENOMEM : 0;
}

static int lock_range(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		      u32 set)
{
	u32 more = ((end - start) >> PAGE_SHIFT) -
		   locked_pages(mm, start, end);
	int err;

	if (!may_lock_pages(mm, more))
		return -ENOMEM;
	err = set_locks(mm, start, end, set);
	if (err || set & VM_LOCKONFAULT)
		return err;
	return populate_error(populate_range(mm, start, end));
}

/* Locks, or unlocks if SET is 0, what [start, start + len) touches. */
static long change_lock(u32 start, u32 len, u32 set)
{
	struct mm_struct *mm = current->mm;
	u32 first = start & PAGE_MASK, end = ALIGN_UP(start + len, PAGE_SIZE);
	int err;

	if (start + len < start || (len && end <= first))
		return -EINVAL;
	if (!len)
		return 0;
	mutex_lock(&mm->mmap_sem);
	err = set ? lock_range(mm, first, end, set) :
		    set_locks(mm, first, end, 0);
	mutex_unlock(&mm->mmap_sem);
	return err;
}

long sys_mlock(u32 start, u32 len)
{
	return can_do_mlock() ? change_lock(start, len, VM_LOCKED) : -EPERM;
}

long sys_mlock2(u32 start, u32 len, u32 flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	if (!can_do_mlock())
		return -EPERM;
	return change_lock(start, len, flags ? VM_LOCKS : VM_LOCKED);
}

long sys_munlock(u32 start, u32 len)
{
	return change_lock(start, len, 0);
}

/* Every area gets the locks SET, and no other; -ENOMEM. */
static int set_all_locks(struct mm_struct *mm, u32 set)
{
	struct vm_area_struct *vma = mm->mmap;
	vaddr_t end;
	int err = 0;

	assert_held(&mm->mmap_sem);
	while (vma && !err) {
		end = vma->vm_end; /* the area may be joined with another */
		err = vma_change_flags(mm, vma->vm_start, end, set, VM_LOCKS);
		vma = find_vma(mm, end);
	}
	return err;
}

/* Brings in what can be; who touches the rest will be told. */
static void populate_all(struct mm_struct *mm)
{
	struct vm_area_struct *vma;

	for (vma = mm->mmap; vma; vma = vma->vm_next)
		populate_range(mm, vma->vm_start, vma->vm_end);
}

static int lock_all(struct mm_struct *mm, u32 flags)
{
	u32 set = flags & MCL_ONFAULT ? VM_LOCKS : VM_LOCKED;
	int err;

	if (flags & MCL_CURRENT && !within_limit(mm->total_vm))
		return -ENOMEM;
	mm->def_flags = flags & MCL_FUTURE ? set : 0;
	if (!(flags & MCL_CURRENT))
		return 0;
	err = set_all_locks(mm, set);
	if (!err && !(flags & MCL_ONFAULT))
		populate_all(mm);
	return err;
}

long sys_mlockall(u32 flags)
{
	struct mm_struct *mm = current->mm;
	int err;

	if (!flags || flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) ||
	    flags == MCL_ONFAULT)
		return -EINVAL;
	if (!can_do_mlock())
		return -EPERM;
	mutex_lock(&mm->mmap_sem);
	err = lock_all(mm, flags);
	mutex_unlock(&mm->mmap_sem);
	return err;
}

long sys_munlockall(void)
{
	struct mm_struct *mm = current->mm;
	int err;

	mutex_lock(&mm->mmap_sem);
	mm->def_flags = 0;
	err = set_all_locks(mm, 0);
	mutex_unlock(&mm->mmap_sem);
	return err;
}
