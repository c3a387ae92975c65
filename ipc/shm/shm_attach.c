/* SPDX-License-Identifier: MIT */
/*
 * Attaching and detaching: shmat(), shmdt(). What happens to an attach when
 * its process forks, exits, or cuts the area in pieces is ipc/shm/shm_area.c.
 *
 *   shmat: decode -> look up, permission -> pin (nattch) -> area object ->
 *          [mmap_sem] place, limits, page tables -> (SHM_REMAP: unmap) ->
 *          signatures, link, ring -> unpin
 *
 * Nothing of the segment's memory is touched: every entry becomes a
 * signature, and the first access to a page brings it (ipc/shm/shm_fault.c).
 * Every step that can fail comes before the first that changes anything; the
 * errno of each is in shm-spec 3.3 and 3.5.
 */
#include <ipc/shm/shm.h>
#include <kernel/panic.h>
#include <kernel/trace/stage.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <uapi/errno.h>
#include <uapi/ipc.h>

static u32 last_attach; /* serial number handed out last */

/* ------------------------------------------------------------------ */
/* shmat                                                               */

struct shmat_request {
	vaddr_t addr; /* rounded; where it goes once placed */
	u32 len;
	u32 flags; /* SHM_* */
	bool fixed;
	struct vm_area_struct *next; /* area above; not set if fixed */
};

/* Step B: the address the caller names, or none. */
static int shmat_decode(struct shmat_request *r)
{
	r->fixed = r->addr != 0;
	if (!r->addr)
		return r->flags & SHM_REMAP ? -EINVAL : 0;
	if (!(r->addr & ~PAGE_MASK))
		return 0;
	if (!(r->flags & SHM_RND))
		return -EINVAL;
	r->addr &= PAGE_MASK;
	return !r->addr && r->flags & SHM_REMAP ? -EINVAL : 0;
}

/* Steps C to F: the segment, pinned by one attach; NULL and *ERR. */
static struct shmid_kernel *shmat_pin(s32 id, u32 flags, int *err)
{
	struct ipc_caller caller = ipc_current();
	u32 want = flags & SHM_RDONLY ? 0444 : 0666;
	struct shmid_kernel *seg = shm_lookup(id);

	*err = -EINVAL;
	if (!seg)
		return NULL;
	*err = -EACCES;
	if (ipc_denied(&seg->shm_perm, flags & SHM_EXEC ? want | 0111 : want,
		       &caller))
		return NULL;
	*err = -ENOMEM;
	if (seg->shm_nattch >= 1u << 31)
		return NULL;
	seg->shm_nattch++;
	seg->shm_pins++;
	return seg;
}

/* The pin goes; if all went well the area has its own count now. */
static void shmat_unpin(struct shmid_kernel *seg)
{
	ASSERT_MSG(seg->shm_pins && seg->shm_pins <= seg->shm_nattch,
		   "I3: segment %d, nattch %u, has %u pins", seg->shm_perm.id,
		   seg->shm_nattch, seg->shm_pins);
	seg->shm_pins--;
	shm_put_attach(seg);
}

/* Step I: where it goes; mmap_sem is held. */
static int shmat_place(struct mm_struct *mm, struct shmat_request *r)
{
	assert_held(&mm->mmap_sem);
	if (!r->fixed) {
		r->addr = get_unmapped_area(mm, 0, r->len, &r->next);
		return r->addr ? 0 : -ENOMEM;
	}
	if (r->addr + r->len < r->addr)
		return -EINVAL;
	if (r->addr && !(r->flags & SHM_REMAP) &&
	    find_vma_intersection(mm, r->addr, r->addr + r->len))
		return -EINVAL;
	if (r->addr < MMAP_MIN_ADDR)
		return -EPERM;
	if (r->len > TASK_SIZE || r->addr > TASK_SIZE - r->len)
		return -ENOMEM;
	return 0;
}

/* Step J: what the limits say about it. */
static int shmat_limits(struct mm_struct *mm, const struct shmat_request *r)
{
	u32 npages = r->len >> PAGE_SHIFT, freed = 0;

	if (r->flags & SHM_REMAP)
		freed = mapped_pages(mm, r->addr, r->addr + r->len);
	if (may_expand_vm(mm, npages, freed))
		return -ENOMEM;
	if (mm->def_flags & VM_LOCKED && !may_lock_pages(mm, npages))
		return -EAGAIN;
	return 0;
}

static void shmat_fill_vma(struct vm_area_struct *vma,
			   const struct shmat_request *r,
			   struct shmid_kernel *seg)
{
	u32 f = VM_SHM | VM_SHARED | VM_READ | VM_MAYSHARE | VM_MAYREAD |
		VM_MAYEXEC | vma->vm_mm->def_flags;

	if (!(r->flags & SHM_RDONLY))
		f |= VM_WRITE | VM_MAYWRITE;
	if (r->flags & SHM_EXEC)
		f |= VM_EXEC;
	vma->vm_start = r->addr;
	vma->vm_end = r->addr + r->len;
	vma->vm_flags = f;
	vma->vm_page_prot = vm_page_prot(f);
	vma->vm_ops = &shm_vm_ops;
	vma->vm_segment = seg;
	vma->vm_pte = shm_signature(ipc_slot_of(seg->shm_perm.id), 0);
	vma->vm_attach = ++last_attach;
}

/* Step M: nothing sleeps or fails from here on; mmap_sem is held. */
static void shmat_commit(struct mm_struct *mm, struct vm_area_struct *vma,
			 const struct shmat_request *r, struct pt_reserve *res)
{
	struct vm_area_struct *next = r->fixed ? find_vma(mm, r->addr) :
						 r->next;

	assert_held(&mm->mmap_sem);
	ASSERT_MSG(vma->vm_segment->shm_pins &&
			   vma_npages(vma) == vma->vm_segment->shm_npages,
		   "I3: segment %d of %u pages is attached with %u, %u pins",
		   vma->vm_segment->shm_perm.id, vma->vm_segment->shm_npages,
		   vma_npages(vma), vma->vm_segment->shm_pins);
	fill_signatures(mm, vma->vm_start, vma->vm_end,
			vma->vm_pte, SHM_SIGNATURE_STEP, res);
	insert_vm_struct_before(mm, vma, next);
	mm->total_vm += vma_npages(vma);
	if (vma->vm_flags & VM_LOCKED)
		mm->locked_vm += vma_npages(vma);
	shm_open(vma);
	TRACE(shm_attach, vma->vm_segment->shm_perm.id, vma->vm_start,
	      vma_npages(vma), vma->vm_segment->shm_nattch - 1);
}

/* Steps I to M, with mmap_sem held and VMA allocated. */
static int shmat_locked(struct mm_struct *mm, struct vm_area_struct *vma,
			struct shmat_request *r, struct shmid_kernel *seg)
{
	struct pt_reserve res;
	int err = shmat_place(mm, r);

	assert_held(&mm->mmap_sem);
	if (!err)
		err = shmat_limits(mm, r);
	if (err)
		return err;
	err = pt_reserve_fill(&res, mm, r->addr, r->addr + r->len,
			      r->flags & SHM_REMAP);
	if (err)
		return err;
	if (r->flags & SHM_REMAP)
		err = do_munmap_locked(mm, r->addr, r->len);
	if (!err) {
		shmat_fill_vma(vma, r, seg);
		shmat_commit(mm, vma, r, &res);
	}
	pt_reserve_release(&res);
	return err;
}

/* Steps G to N for a pinned segment. */
static int shmat_map(struct shmid_kernel *seg, struct shmat_request *r)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma = vma_alloc(mm);
	int err;

	if (!vma)
		return -ENOMEM;
	r->len = seg->shm_npages << PAGE_SHIFT;
	mutex_lock(&mm->mmap_sem);
	err = shmat_locked(mm, vma, r, seg);
	if (!err && vma_wants_pages(vma))
		populate_range(mm, vma->vm_start, vma->vm_end);
	mutex_unlock(&mm->mmap_sem);
	if (err)
		vma_free(vma);
	return err;
}

long do_shmat(s32 id, vaddr_t addr, u32 flags, vaddr_t *addrp)
{
	struct shmat_request r = { .addr = addr, .flags = flags };
	struct shmid_kernel *seg;
	int err;

	if (id < 0)
		return -EINVAL;
	err = shmat_decode(&r);
	if (err)
		return err;
	seg = shmat_pin(id, flags, &err);
	if (!seg)
		return err;
	may_sleep(SLEEP_shmat);
	err = shmat_map(seg, &r);
	shmat_unpin(seg);
	*addrp = r.addr;
	return err;
}

/* ------------------------------------------------------------------ */
/* shmdt                                                               */

/* Is VMA a piece of an attach whose first page belongs at ADDR? */
static bool shm_piece_of(const struct vm_area_struct *vma, vaddr_t addr)
{
	return vma->vm_flags & VM_SHM && vma->vm_start - vma->vm_offset == addr;
}

/* Detaches every piece of the attach based at ADDR; mmap_sem is held. */
static int shmdt_locked(struct mm_struct *mm, vaddr_t addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr), *next;
	struct shmid_kernel *seg;
	vaddr_t limit;
	u32 attach;

	assert_held(&mm->mmap_sem);
	while (vma && !shm_piece_of(vma, addr)) {
		vma = vma->vm_next;
		if (vma && vma->vm_start - addr > SHMMAX_HARD)
			return -EINVAL; /* no piece can lie further up */
	}
	if (!vma)
		return -EINVAL;
	seg = vma->vm_segment;
	attach = vma->vm_attach;
	limit = addr + (seg->shm_npages << PAGE_SHIFT);
	may_sleep(SLEEP_munmap);
	next = vma->vm_next;
	unmap_area(vma);
	for (vma = next; vma && vma->vm_end <= limit; vma = next) {
		next = vma->vm_next;
		if (shm_piece_of(vma, addr) && vma->vm_segment == seg &&
		    vma->vm_attach == attach)
			unmap_area(vma);
	}
	return 0;
}

long do_shmdt(vaddr_t addr)
{
	struct mm_struct *mm = current->mm;
	int err;

	if (addr & ~PAGE_MASK)
		return -EINVAL;
	mutex_lock(&mm->mmap_sem);
	err = shmdt_locked(mm, addr);
	mutex_unlock(&mm->mmap_sem);
	return err;
}
