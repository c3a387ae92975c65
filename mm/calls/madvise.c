/* SPDX-License-Identifier: MIT */
/*
 * Calls that look at, or advise on, ranges of pages: madvise, mincore,
 * msync. Rules and errno: shm-spec 3.11 and 8.6.
 */
#include <fs/file.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <mm/filemap.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>
#include <uapi/errno.h>
#include <uapi/mman.h>

/* ------------------------------------------------------------------ */
/* madvise                                                             */

static int madvise_remove(struct vm_area_struct *vma, vaddr_t start,
			  vaddr_t end)
{
	if (!vma->vm_ops || !vma->vm_ops->remove || vma->vm_flags & VM_LOCKED)
		return -EINVAL;
	if (!(vma->vm_flags & VM_WRITE))
		return -EACCES;
	vma->vm_ops->remove(vma, vma_page_index(vma, start),
			    (end - start) >> PAGE_SHIFT);
	return 0;
}

static int madvise_area(struct vm_area_struct *vma, vaddr_t start, vaddr_t end,
			u32 advice)
{
	switch (advice) {
	case MADV_DONTNEED:
		if (vma->vm_flags & VM_LOCKED)
			return -EINVAL;
		zap_page_range(vma->vm_mm, start, end);
		return 0;
	case MADV_REMOVE:
		return madvise_remove(vma, start, end);
	case MADV_FREE:
		return vma->vm_ops ? -EINVAL : 0;
	default:
		return 0;
	}
}

static bool madvise_known(u32 advice)
{
	return advice <= MADV_DONTNEED || advice == MADV_FREE ||
	       advice == MADV_REMOVE;
}

static int madvise_range(struct mm_struct *mm, vaddr_t start, vaddr_t end,
			 u32 advice)
{
	struct vm_area_struct *vma = find_vma(mm, start);
	int err = 0, hole = 0;

	assert_held(&mm->mmap_sem);
	for (; vma && start < end && !err; vma = vma->vm_next) {
		if (vma->vm_start >= end)
			break;
		if (vma->vm_start > start)
			hole = -ENOMEM;
		start = MAX(start, vma->vm_start);
		err = madvise_area(vma, start, MIN(end, vma->vm_end), advice);
		start = vma->vm_end;
	}
	if (start < end)
		hole = -ENOMEM;
	return err ? err : hole;
}

long sys_madvise(u32 start, u32 len, u32 advice)
{
	struct mm_struct *mm = current->mm;
	u32 end = start + ALIGN_UP(len, PAGE_SIZE);
	int err;

	if (!madvise_known(advice) || start & ~PAGE_MASK || end < start ||
	    (len && end == start))
		return -EINVAL;
	if (!len)
		return 0;
	mutex_lock(&mm->mmap_sem);
	err = madvise_range(mm, start, MIN(end, TASK_SIZE), advice);
	mutex_unlock(&mm->mmap_sem);
	return err;
}

/* ------------------------------------------------------------------ */
/* mincore                                                             */

#define MINCORE_CHUNK 128u

/* Is the page at ADDR of VMA in memory, mapped here or not? */
static bool page_in_core(struct vm_area_struct *vma, vaddr_t addr)
{
	const pte_t *ptep = pte_lookup(vma->vm_mm, addr);
	u32 index = vma_page_index(vma, addr);

	if (ptep && pte_resident(*ptep))
		return true;
	if (vma->vm_ops && vma->vm_ops->in_core)
		return vma->vm_ops->in_core(vma, index);
	if (ptep && is_swap_entry(*ptep))
		return lookup_swap_cache(*ptep);
	return vma->vm_file && find_page(&vma->vm_file->inode->i_data, index);
}

/* Fills N answers from ADDR on; 0 or -ENOMEM (a hole). */
static int mincore_chunk(struct mm_struct *mm, vaddr_t addr, u32 n, u8 *vec)
{
	struct vm_area_struct *vma = find_vma(mm, addr);
	u32 i;

	assert_held(&mm->mmap_sem);
	for (i = 0; i < n; i++, addr += PAGE_SIZE) {
		if (vma && vma->vm_end <= addr)
			vma = vma->vm_next;
		if (!vma || vma->vm_start > addr)
			return -ENOMEM;
		vec[i] = page_in_core(vma, addr);
	}
	return 0;
}

long sys_mincore(u32 start, u32 len, u8 *vec)
{
	struct mm_struct *mm = current->mm;
	u32 npages = DIV_ROUND_UP((u64)len, PAGE_SIZE), n, done;
	u8 chunk[MINCORE_CHUNK];
	int err;

	if (start & ~PAGE_MASK)
		return -EINVAL;
	if (start >= TASK_SIZE || len > TASK_SIZE - start)
		return -ENOMEM;
	for (done = 0; done < npages; done += n) {
		n = MIN(npages - done, MINCORE_CHUNK);
		mutex_lock(&mm->mmap_sem);
		err = mincore_chunk(mm, start + done * PAGE_SIZE, n, chunk);
		mutex_unlock(&mm->mmap_sem);
		if (err)
			return err;
		if (copy_to_user(vec + done, chunk, n))
			return -EFAULT;
	}
	return 0;
}

/* ------------------------------------------------------------------ */
/* msync                                                               */

static int msync_range(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		       u32 flags)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	assert_held(&mm->mmap_sem);
	for (; start < end; vma = vma->vm_next) {
		if (!vma || vma->vm_start > start)
			return -ENOMEM;
		if (flags & MS_INVALIDATE && vma->vm_flags & VM_LOCKED)
			return -EBUSY;
		start = vma->vm_end;
		if (!vma->vm_next && start < end)
			return -ENOMEM;
	}
	return 0;
}

/* Nothing is behind our files but memory: all that is left are the checks. */
long sys_msync(u32 start, u32 len, u32 flags)
{
	struct mm_struct *mm = current->mm;
	u32 end = start + ALIGN_UP(len, PAGE_SIZE);
	int err;

	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
	    start & ~PAGE_MASK ||
	    (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
		return -EINVAL;
	if (end < start)
		return -ENOMEM;
	mutex_lock(&mm->mmap_sem);
	err = msync_range(mm, start, end, flags);
	mutex_unlock(&mm->mmap_sem);
	return err;
}
