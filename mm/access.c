/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing another address space, and bringing ranges in. Pages
 * are faulted in under the target's mmap_sem; CR3 stays what it is.
 */
#include <kernel/task.h>
#include <lib/string.h>
#include <mm/fault.h>
#include <uapi/errno.h>

/* Copies within the page of ADDR; bytes done. mmap_sem is held. */
static u32 access_page(struct mm_struct *mm, vaddr_t addr, void *buf, u32 len,
		       bool write)
{
	u32 offset = addr & ~PAGE_MASK, n = MIN(len, PAGE_SIZE - offset);
	pte_t *ptep;
	char *kva;

	assert_held(&mm->mmap_sem);
	if (addr >= TASK_SIZE || fault_in(mm, addr, write) != FAULT_DONE)
		return 0;
	ptep = pte_lookup(mm, addr);
	if (!ptep || !pte_resident(*ptep))
		return 0;
	kva = (char *)page_kva(pte_page(*ptep)) + offset;
	if (write)
		memcpy(kva, buf, n);
	else
		memcpy(buf, kva, n);
	return n;
}

u32 access_process_vm(struct mm_struct *mm, vaddr_t addr, void *buf, u32 len,
		      bool write)
{
	u32 done = 0, n;

	mutex_lock(&mm->mmap_sem);
	while (done < len) {
		n = access_page(mm, addr + done, (char *)buf + done, len - done,
				write);
		if (!n)
			break;
		done += n;
	}
	mutex_unlock(&mm->mmap_sem);
	return done;
}

int populate_range(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct vm_area_struct *vma = find_vma(mm, start);
	enum fault_outcome outcome;

	assert_held(&mm->mmap_sem);
	for (; start < end; start += PAGE_SIZE) {
		if (vma && vma->vm_end <= start)
			vma = vma->vm_next;
		if (!vma || !(vma->vm_flags & (VM_READ | VM_WRITE | VM_EXEC)))
			return -EFAULT;
		outcome = fault_in(mm, start, vma->vm_flags & VM_WRITE);
		if (outcome != FAULT_DONE)
			return outcome == FAULT_OOM ? -ENOMEM : -EFAULT;
	}
	return 0;
}
