/* SPDX-License-Identifier: MIT */
/*
 * Making and removing areas: do_mmap(), do_munmap(), the stack, the limits.
 * The system calls over them are in mm/calls/mmap_sys.c.
 *
 * Order of every change: decode, check, prepare (all that can fail or
 * sleep), commit. The errno of each check, in order, is in shm-spec 6.6.
 *
 * Locks: mm->mmap_sem; the *_locked functions expect it held.
 */
#include <fs/file.h>
#include <kernel/panic.h>
#include <kernel/trace/stage.h>
#include <kernel/task.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>
#include <uapi/errno.h>
#include <uapi/mman.h>

u32 vm_page_prot(u32 vm_flags)
{
	if (!(vm_flags & (VM_READ | VM_WRITE | VM_EXEC)))
		return PTE_PROTNONE | PTE_A;
	/* A private page becomes writable when it is written: copy on write. */
	if ((vm_flags & (VM_WRITE | VM_SHARED)) == (VM_WRITE | VM_SHARED))
		return PTE_P | PTE_RW | PTE_US | PTE_A;
	return PTE_P | PTE_US | PTE_A;
}

int may_expand_vm(const struct mm_struct *mm, u32 npages, u32 freed)
{
	u64 limit = rlimit(RLIMIT_AS);

	if (limit != RLIM_INFINITY &&
	    (u64)(mm->total_vm - freed + npages) << PAGE_SHIFT > limit)
		return -ENOMEM;
	return mm->map_count >= MAX_MAP_COUNT ? -ENOMEM : 0;
}

vaddr_t get_unmapped_area(struct mm_struct *mm, vaddr_t hint, u32 len,
			  struct vm_area_struct **next)
{
	vaddr_t addr = ALIGN_UP(hint, PAGE_SIZE);

	if (addr && addr < MMAP_MIN_ADDR)
		addr = MMAP_MIN_ADDR;
	if (addr && addr < TASK_SIZE &&
	    len <= TASK_SIZE - addr) {
		*next = find_vma(mm, addr);
		if (!*next || (*next)->vm_start >= addr + len)
			return addr;
	}
	addr = len < mm->hole_len ? MMAP_BASE : mm->hole_from;
	addr = find_hole(mm, addr, len, next);
	if (!addr)
		return find_hole(mm, MMAP_MIN_ADDR, len, next);
	mm->hole_from = addr;
	mm->hole_len = len;
	return addr;
}

/* ------------------------------------------------------------------ */
/* munmap                                                              */

u32 mapped_pages(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct vm_area_struct *vma = find_vma(mm, start);
	u32 n = 0;

	assert_held(&mm->mmap_sem);
	for (; vma && vma->vm_start < end; vma = vma->vm_next)
		n += (MIN(vma->vm_end, end) - MAX(vma->vm_start, start)) >>
		     PAGE_SHIFT;
	return n;
}

static __always_inline void
account_unmapped(struct vm_area_struct *vma, u32 npages)
{
	struct mm_struct *mm = vma->vm_mm;

	ASSERT_MSG(npages <= mm->total_vm, "I9: %u of %u pages go", npages,
		   mm->total_vm);
	mm->total_vm -= npages;
	if (!(vma->vm_flags & VM_LOCKED))
		return;
	ASSERT_MSG(npages <= mm->locked_vm, "I9: %u of %u locked pages go",
		   npages, mm->locked_vm);
	mm->locked_vm -= npages;
}

void unmap_area(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;

	assert_held(&mm->mmap_sem);
	zap_page_range(mm, vma->vm_start, vma->vm_end);
	account_unmapped(vma, vma_npages(vma));
	remove_vm_struct(mm, vma);
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	vma_free(vma);
}

/* Cuts [start, end), a lower or upper part of VMA, off. */
static void unmap_part(struct vm_area_struct *vma, vaddr_t start, vaddr_t end)
{
	zap_page_range(vma->vm_mm, start, end);
	account_unmapped(vma, (end - start) >> PAGE_SHIFT);
	if (start == vma->vm_start) {
		vma->vm_offset += end - start;
		vma_set_bounds(vma, end, vma->vm_end);
	} else {
		vma_set_bounds(vma, vma->vm_start, start);
	}
	if (vma->vm_ops && vma->vm_ops->cut)
		vma->vm_ops->cut(vma);
}

/* A hole inside VMA makes two of it: the object for the second, or NULL when
 * none is needed; -ENOMEM. */
static int munmap_spare(struct vm_area_struct *vma, vaddr_t addr, vaddr_t end,
			struct vm_area_struct **spare)
{
	*spare = NULL;
	if (vma->vm_start >= addr || vma->vm_end <= end)
		return 0;
	if (vma->vm_mm->map_count >= MAX_MAP_COUNT)
		return -ENOMEM;
	*spare = vma_alloc(vma->vm_mm);
	return *spare ? 0 : -ENOMEM;
}

/* Unmaps [addr, end), where VMA is the first area above ADDR. */
static void munmap_areas(struct vm_area_struct *vma, vaddr_t addr, vaddr_t end,
			 struct vm_area_struct *spare)
{
	struct vm_area_struct *next;

	if (spare)
		vma_split(vma, end, spare);
	for (; vma && vma->vm_start < end; vma = next) {
		next = vma->vm_next;
		if (vma->vm_start >= addr && vma->vm_end <= end)
			unmap_area(vma);
		else
			unmap_part(vma, MAX(vma->vm_start, addr),
				   MIN(vma->vm_end, end));
	}
}

int munmap_prepare(struct mm_struct *mm, vaddr_t addr, u32 len,
		   struct vm_area_struct **spare)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	assert_held(&mm->mmap_sem);
	*spare = NULL;
	return vma ? munmap_spare(vma, addr, addr + len, spare) : 0;
}

void munmap_commit(struct mm_struct *mm, vaddr_t addr, u32 len,
		   struct vm_area_struct *spare)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	assert_held(&mm->mmap_sem);
	ASSERT_MSG(!spare || vma, "an area for nothing at %08x", addr);
	/* What is around may have been cut off since: no hole any more. */
	if (spare && (vma->vm_start >= addr || vma->vm_end <= addr + len)) {
		vma_free(spare);
		spare = NULL;
	}
	munmap_areas(vma, addr, addr + len, spare);
}

int do_munmap_locked(struct mm_struct *mm, vaddr_t addr, u32 len)
{
	struct vm_area_struct *vma = find_vma(mm, addr), *spare;
	int err;

	assert_held(&mm->mmap_sem);
	if (!vma || vma->vm_start >= addr + len)
		return 0;
	err = munmap_spare(vma, addr, addr + len, &spare);
	if (err)
		return err;
	may_sleep(SLEEP_munmap);
	munmap_areas(vma, addr, addr + len, spare);
	return 0;
}

int do_munmap(struct mm_struct *mm, vaddr_t addr, u32 len)
{
	int err;

	if (addr & ~PAGE_MASK || addr > TASK_SIZE || len > TASK_SIZE - addr)
		return -EINVAL;
	len = ALIGN_UP(len, PAGE_SIZE);
	if (!len)
		return -EINVAL;
	mutex_lock(&mm->mmap_sem);
	err = do_munmap_locked(mm, addr, len);
	mutex_unlock(&mm->mmap_sem);
	return err;
}

/* ------------------------------------------------------------------ */
/* mmap                                                                */

/* A request that passed the checks, on its way to becoming an area. */
struct mmap_request {
	struct file *file; /* NULL: anonymous */
	vaddr_t addr; /* decided by mmap_place() */
	u32 len; /* page aligned, not 0 */
	u32 flags; /* MAP_* */
	u32 vm_flags; /* decided by mmap_rights() */
	u32 offset; /* bytes */
	bool fixed;
	struct vm_area_struct *next; /* the area above; set by mmap_place() */
};

static int mmap_place(struct mm_struct *mm, struct mmap_request *req)
{
	vaddr_t addr = req->addr;

	if (!req->fixed) {
		req->addr = get_unmapped_area(mm, addr, req->len, &req->next);
		return req->addr ? 0 : -ENOMEM;
	}
	if (addr & ~PAGE_MASK)
		return -EINVAL;
	if (req->len > TASK_SIZE || addr > TASK_SIZE - req->len)
		return -ENOMEM;
	if (addr < MMAP_MIN_ADDR)
		return -EPERM;
	if (req->flags & MAP_FIXED_NOREPLACE &&
	    find_vma_intersection(mm, addr, addr + req->len))
		return -EEXIST;
	return 0;
}

/* The area's flags from PROT and from how the file was opened. */
static int mmap_rights(struct mm_struct *mm, struct mmap_request *req, u32 prot)
{
	u32 access = req->file ? req->file->flags & O_ACCMODE : O_RDWR;
	u32 f = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | mm->def_flags;

	f |= prot & PROT_READ ? VM_READ : 0;
	f |= prot & PROT_WRITE ? VM_WRITE : 0;
	f |= prot & PROT_EXEC ? VM_EXEC : 0;
	if (req->flags & MAP_LOCKED)
		f |= VM_LOCKED;
	if ((req->flags & MAP_TYPE) != MAP_PRIVATE) {
		if (prot & PROT_WRITE && access == O_RDONLY)
			return -EACCES;
		if (prot & PROT_WRITE && req->file &&
		    inode_is_swap(req->file->inode))
			return -ETXTBSY;
		if (!req->file && req->flags & MAP_GROWSDOWN)
			return -EINVAL;
		f |= VM_SHARED | VM_MAYSHARE;
		if (access == O_RDONLY)
			f &= ~VM_MAYWRITE;
	}
	if (req->flags & MAP_GROWSDOWN)
		f |= VM_GROWSDOWN;
	if (access == O_WRONLY)
		return -EACCES;
	if (req->file && !req->file->f_op->mmap)
		return -ENODEV;
	req->vm_flags = f;
	return 0;
}

static int mmap_limits(struct mm_struct *mm, const struct mmap_request *req)
{
	u32 npages = req->len >> PAGE_SHIFT, freed = 0;

	if (req->flags & MAP_LOCKED && !can_do_mlock())
		return -EPERM;
	if (req->vm_flags & VM_LOCKED && !may_lock_pages(mm, npages))
		return -EAGAIN;
	if (req->fixed)
		freed = mapped_pages(mm, req->addr, req->addr + req->len);
	if (may_expand_vm(mm, npages, freed))
		return -ENOMEM;
	return 0;
}

/* Anonymous memory right behind an area of its kind makes that one longer;
 * NEXT is the area above. */
static bool mmap_extend(struct mm_struct *mm, const struct mmap_request *req,
			struct vm_area_struct *next)
{
	struct vm_area_struct *prev = next ? next->vm_prev : mm->mmap_last;

	if (req->file || !prev || prev->vm_end != req->addr || prev->vm_ops ||
	    prev->vm_file || prev->vm_flags != req->vm_flags)
		return false;
	vma_set_bounds(prev, prev->vm_start, req->addr + req->len);
	vma_merge_next(prev);
	return true;
}

/* The area object, not linked; NULL and *ERR. */
static struct vm_area_struct *mmap_make(struct mm_struct *mm,
					const struct mmap_request *req,
					int *err)
{
	struct vm_area_struct *vma = vma_alloc(mm);

	*err = -ENOMEM;
	if (!vma)
		return NULL;
	vma->vm_start = req->addr;
	vma->vm_end = req->addr + req->len;
	vma->vm_flags = req->vm_flags;
	vma->vm_page_prot = vm_page_prot(req->vm_flags);
	vma->vm_offset = req->offset;
	*err = 0;
	if (req->file) {
		vma->vm_file = get_file(req->file);
		*err = req->file->f_op->mmap(req->file, vma);
	} else if (req->vm_flags & VM_SHARED) {
		*err = shared_anon_mmap(vma);
	}
	if (!*err)
		return vma;
	vma_free(vma);
	return NULL;
}

/* REQ, checked, becomes an area; sleeps before it changes anything. */
static long mmap_commit(struct mm_struct *mm, const struct mmap_request *req)
{
	struct vm_area_struct *vma, *next;
	u32 npages = req->len >> PAGE_SHIFT;
	int err = 0;

	vma = mmap_make(mm, req, &err);
	if (!vma)
		return err;
	if (req->flags & MAP_FIXED)
		err = do_munmap_locked(mm, req->addr, req->len);
	if (err) {
		vma_free(vma);
		return err;
	}
	next = req->fixed ? find_vma(mm, req->addr) : req->next;
	if (mmap_extend(mm, req, next)) {
		vma_free(vma);
	} else {
		insert_vm_struct_before(mm, vma, next);
		vma_merge_next(vma);
	}
	mm->total_vm += npages;
	if (req->vm_flags & VM_LOCKED)
		mm->locked_vm += npages;
	return (long)req->addr;
}

/* Are the pages brought in at once? What cannot be is left to faults. */
static bool wants_pages(const struct mmap_request *req)
{
	if (req->vm_flags & VM_LOCKED)
		return !(req->vm_flags & VM_LOCKONFAULT);
	return req->flags & MAP_POPULATE;
}

long do_mmap(struct mm_struct *mm, struct file *file, vaddr_t addr, u32 len,
	     u32 prot, u32 flags, u32 offset)
{
	struct mmap_request req = {
		.file = file,
		.addr = addr,
		.len = ALIGN_UP(len, PAGE_SIZE),
		.flags = flags,
		.offset = offset,
		.fixed = flags & (MAP_FIXED | MAP_FIXED_NOREPLACE),
	};
	long res;

	if (!len)
		return -EINVAL;
	if (!req.len)
		return -ENOMEM;
	if (offset + req.len < offset)
		return -EOVERFLOW;
	mutex_lock(&mm->mmap_sem);
	res = mmap_place(mm, &req);
	if (!res)
		res = mmap_rights(mm, &req, prot);
	if (!res)
		res = mmap_limits(mm, &req);
	if (!res)
		res = mmap_commit(mm, &req);
	if (wants_pages(&req) && res == (long)req.addr)
		populate_range(mm, req.addr, req.addr + req.len);
	mutex_unlock(&mm->mmap_sem);
	return res;
}

int setup_stack_vma(struct mm_struct *mm, u32 len, bool exec)
{
	struct vm_area_struct *vma = vma_alloc(mm);

	ASSERT_MSG(mm != current->mm, "pid %d gets a second stack",
		   current->pid);
	if (!vma)
		return -ENOMEM;
	vma->vm_start = STACK_TOP - len;
	vma->vm_end = STACK_TOP;
	vma->vm_flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE |
			VM_MAYEXEC | VM_GROWSDOWN | (exec ? VM_EXEC : 0);
	vma->vm_page_prot = vm_page_prot(vma->vm_flags);
	if (find_vma_intersection(mm, vma->vm_start, vma->vm_end)) {
		vma_free(vma);
		return -ENOMEM;
	}
	insert_vm_struct(mm, vma);
	mm->total_vm += vma_npages(vma);
	return 0;
}
