/* SPDX-License-Identifier: MIT */
/*
 * mremap: an area shrinks, grows in place, or moves with its entries.
 *
 *   move:  alloc area, spare --> clear the target --> move entries -->
 *          open(new) --> unmap the old range (close)
 *
 * Entries move word by word, signatures too: they name a page of the
 * segment, not an address. An attach that grows past its segment keeps none
 * entries there, and touching them is SIGBUS (shm-spec D9, B08).
 *
 * Locks: mmap_sem throughout. Nothing fails once entries have moved.
 */
#include <fs/file.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <mm/mm.h>
#include <uapi/errno.h>
#include <uapi/mman.h>

struct mremap_request {
	vaddr_t addr, new_addr;
	u32 old_len, new_len; /* page aligned */
	u32 flags; /* MREMAP_* */
};

static long mremap_decode(struct mremap_request *r)
{
	r->old_len = ALIGN_UP(r->old_len, PAGE_SIZE);
	r->new_len = ALIGN_UP(r->new_len, PAGE_SIZE);
	if (r->flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED) ||
	    r->addr & ~PAGE_MASK || !r->new_len)
		return -EINVAL;
	if (r->addr > TASK_SIZE || r->old_len > TASK_SIZE - r->addr)
		return -EINVAL;
	if (!(r->flags & MREMAP_FIXED))
		return r->new_len > TASK_SIZE ? -ENOMEM : 0;
	if (!(r->flags & MREMAP_MAYMOVE) || r->new_addr & ~PAGE_MASK ||
	    r->new_len > TASK_SIZE || r->new_addr > TASK_SIZE - r->new_len)
		return -EINVAL;
	if (r->new_addr < r->addr + r->old_len &&
	    r->addr < r->new_addr + r->new_len)
		return -EINVAL;
	return r->new_addr < MMAP_MIN_ADDR ? -EPERM : 0;
}

/* The area the old range lies in, or NULL and *ERR. */
static struct vm_area_struct *mremap_area(struct mm_struct *mm,
					  const struct mremap_request *r,
					  long *err)
{
	struct vm_area_struct *vma = find_vma(mm, r->addr);

	*err = -EFAULT;
	if (!vma || vma->vm_start > r->addr)
		return NULL;
	if (r->old_len > vma->vm_end - r->addr)
		return NULL;
	*err = -EINVAL;
	if (!r->old_len && !(vma->vm_flags & VM_SHARED))
		return NULL;
	*err = 0;
	return vma;
}

/* 0 if the address space may become larger by the growth of R. */
static long mremap_limits(struct mm_struct *mm, struct vm_area_struct *vma,
			  const struct mremap_request *r)
{
	u32 grow = r->new_len > r->old_len ?
			   (r->new_len - r->old_len) >> PAGE_SHIFT :
			   0;

	if (vma->vm_flags & VM_LOCKED && !may_lock_pages(mm, grow))
		return -EAGAIN;
	return may_expand_vm(mm, grow, 0);
}

/* Grows the area where it stands; false: something is in the way. */
static bool mremap_in_place(struct mm_struct *mm, struct vm_area_struct *vma,
			    const struct mremap_request *r)
{
	u32 grow = r->new_len - r->old_len;
	vaddr_t end = vma->vm_end;

	assert_held(&mm->mmap_sem);
	if (r->addr + r->old_len != end || grow > TASK_SIZE - end)
		return false;
	if (find_vma_intersection(mm, end, end + grow))
		return false;
	vma_set_bounds(vma, vma->vm_start, end + grow);
	mm->total_vm += grow >> PAGE_SHIFT;
	if (vma->vm_flags & VM_LOCKED)
		mm->locked_vm += grow >> PAGE_SHIFT;
	return true;
}

/* A second area object for the old range, at TO, not linked yet. */
static struct vm_area_struct *mremap_twin(struct mm_struct *mm,
					  const struct vm_area_struct *vma,
					  const struct mremap_request *r,
					  vaddr_t to)
{
	struct vm_area_struct *twin = vma_alloc(mm);

	if (!twin)
		return NULL;
	*twin = *vma;
	list_init(&twin->vm_share);
	if (twin->vm_file)
		get_file(twin->vm_file);
	twin->vm_offset += r->addr - vma->vm_start;
	twin->vm_start = to;
	twin->vm_end = to + r->new_len;
	return twin;
}

/* Links TWIN and lets the old range go. Cannot fail. */
static void mremap_commit(struct mm_struct *mm, struct vm_area_struct *twin,
			  const struct mremap_request *r,
			  struct vm_area_struct *spare)
{
	assert_held(&mm->mmap_sem);
	insert_vm_struct(mm, twin);
	mm->total_vm += vma_npages(twin);
	if (twin->vm_flags & VM_LOCKED)
		mm->locked_vm += vma_npages(twin);
	if (twin->vm_ops && twin->vm_ops->open)
		twin->vm_ops->open(twin);
	if (r->old_len)
		munmap_commit(mm, r->addr, r->old_len, spare);
}

static long mremap_move(struct mm_struct *mm, struct vm_area_struct *vma,
			const struct mremap_request *r)
{
	struct vm_area_struct *twin, *next, *spare = NULL;
	vaddr_t to = r->new_addr;
	u32 len = MIN(r->old_len, r->new_len);
	int err;

	if (!(r->flags & MREMAP_FIXED))
		to = get_unmapped_area(mm, 0, r->new_len, &next);
	if (!to)
		return -ENOMEM;
	twin = mremap_twin(mm, vma, r, to);
	if (!twin)
		return -ENOMEM;
	err = munmap_prepare(mm, r->addr, r->old_len, &spare);
	if (!err && r->flags & MREMAP_FIXED)
		err = do_munmap_locked(mm, to, r->new_len);
	if (!err && len)
		err = move_page_tables(mm, r->addr, to, len);
	if (err) {
		if (spare)
			vma_free(spare);
		vma_free(twin);
		return err;
	}
	mremap_commit(mm, twin, r, spare);
	return (long)to;
}

static long mremap_locked(struct mm_struct *mm, const struct mremap_request *r)
{
	struct vm_area_struct *vma;
	long err;

	assert_held(&mm->mmap_sem);
	vma = mremap_area(mm, r, &err);
	if (!vma)
		return err;
	if (r->old_len >= r->new_len && !(r->flags & MREMAP_FIXED)) {
		if (r->old_len > r->new_len)
			err = do_munmap_locked(mm, r->addr + r->new_len,
					       r->old_len - r->new_len);
		return err ? err : (long)r->addr;
	}
	err = mremap_limits(mm, vma, r);
	if (err)
		return err;
	if (!(r->flags & MREMAP_FIXED) && r->old_len &&
	    mremap_in_place(mm, vma, r))
		return (long)r->addr;
	return r->flags & MREMAP_MAYMOVE ? mremap_move(mm, vma, r) : -ENOMEM;
}

/* The new pages of a locked area, which begins at ADDR or reaches there. */
static void populate_new(struct mm_struct *mm, vaddr_t addr, u32 len)
{
	if (vma_wants_pages(find_vma(mm, addr)))
		populate_range(mm, addr, addr + len);
}

long sys_mremap(u32 addr, u32 old_len, u32 new_len, u32 flags, u32 new_addr)
{
	struct mremap_request r = { addr, new_addr, old_len, new_len, flags };
	struct mm_struct *mm = current->mm;
	long res = mremap_decode(&r);

	if (res)
		return res;
	mutex_lock(&mm->mmap_sem);
	res = mremap_locked(mm, &r);
	if ((u32)res < TASK_SIZE && r.new_len > r.old_len)
		populate_new(mm, (u32)res, r.new_len);
	mutex_unlock(&mm->mmap_sem);
	return res;
}
