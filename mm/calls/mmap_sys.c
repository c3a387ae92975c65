/* SPDX-License-Identifier: MIT */
/*
 * The system calls mmap, mmap2, munmap and brk: arguments fetched and
 * checked, then mm/mmap.c.
 */
#include <fs/file.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <mm/mm.h>
#include <uapi/errno.h>
#include <uapi/mman.h>

/* OFFSET in bytes, page aligned. */
static long mmap_decoded(u32 addr, u32 len, u32 prot, u32 flags, u32 fd,
			 u32 offset)
{
	u32 type = flags & MAP_TYPE;
	struct file *file = NULL;
	long res;

	if (!(flags & MAP_ANONYMOUS)) {
		file = fget(fd);
		if (!file)
			return -EBADF;
	}
	if (!len || (type != MAP_SHARED && type != MAP_PRIVATE &&
		     type != MAP_SHARED_VALIDATE))
		res = -EINVAL;
	else if (!file && type == MAP_SHARED_VALIDATE)
		res = -EINVAL;
	else
		res = do_mmap(current->mm, file, addr, len, prot, flags,
			      file ? offset : 0);
	if (file)
		fput(file);
	return res;
}

long sys_mmap2(u32 addr, u32 len, u32 prot, u32 flags, u32 fd, u32 pgoff)
{
	if (pgoff >= 1u << (32 - PAGE_SHIFT))
		return -EOVERFLOW;
	return mmap_decoded(addr, len, prot, flags, fd, pgoff << PAGE_SHIFT);
}

long sys_mmap(const void *args)
{
	u32 a[6];

	if (copy_from_user(a, args, sizeof(a)))
		return -EFAULT;
	if (a[5] & ~PAGE_MASK)
		return -EINVAL;
	return mmap_decoded(a[0], a[1], a[2], a[3], a[4], a[5]);
}

long sys_munmap(u32 addr, u32 len)
{
	return do_munmap(current->mm, addr, len);
}

/* The heap grows from OLD to NEW, both page aligned; 0 or -errno. */
static int brk_grow(struct mm_struct *mm, vaddr_t old, vaddr_t new)
{
	u64 limit = rlimit(RLIMIT_DATA);
	long res;

	if (limit != RLIM_INFINITY && new - mm->start_data > limit)
		return -ENOMEM;
	res = do_mmap(mm, NULL, old, new - old, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, 0);
	return res < 0 && res >= -4095 ? (int)res : 0;
}

/* Never an error: the old end of the heap when it cannot move. */
long sys_brk(u32 addr)
{
	struct mm_struct *mm = current->mm;
	vaddr_t old = ALIGN_UP(mm->brk, PAGE_SIZE);
	vaddr_t new = ALIGN_UP(addr, PAGE_SIZE);
	int err = 0;

	if (addr < mm->start_brk || addr > TASK_SIZE - PAGE_SIZE)
		return (long)mm->brk;
	if (new > old)
		err = brk_grow(mm, old, new);
	else if (new < old)
		err = do_munmap(mm, new, old - new);
	if (!err)
		mm->brk = addr;
	return (long)mm->brk;
}
