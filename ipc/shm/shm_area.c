/* SPDX-License-Identifier: MIT */
/*
 * What an attach answers when mm asks: the hooks of an area that maps a
 * segment. mm/ knows them by vm_operations_struct alone, so another design of
 * shared memory is another table.
 *
 *   fork       open, copy       a signature for each page, frames or not
 *   split      open             one more attach
 *   unmap      cut or close     the rest stays, or the last piece goes
 *   madvise    remove           pages become never touched again
 *   mincore    in_core          by the page slot, mapped here or not
 *   maps       label            "/SYSV00001234 (deleted)"
 *   mm_check   check            ipc/ipc_check.c
 *   a fault    nopage, swapin   ipc/shm/shm_fault.c
 *
 * nattch counts areas, not processes: a cut in the middle makes two of one.
 *
 * Locks: mm->mmap_sem of the area's address space. See: shm-spec 3.6 to 3.9.
 */
#include <ipc/shm/shm.h>
#include <kernel/task.h>
#include <kernel/time/time.h>
#include <kernel/trace/trace.h>
#include <lib/printf.h>
#include <mm/swap/swap.h>

/* The pages of VMA that lie within its segment. */
static u32 shm_area_npages(const struct vm_area_struct *vma)
{
	u32 first = vma->vm_offset >> PAGE_SHIFT;
	u32 npages = vma->vm_segment->shm_npages;

	return first >= npages ? 0 : MIN(vma_npages(vma), npages - first);
}

void shm_open(struct vm_area_struct *vma)
{
	struct shmid_kernel *seg = vma->vm_segment;

	ASSERT_MSG(list_empty(&vma->vm_share) &&
			   shm_lookup(seg->shm_perm.id) == seg,
		   "I4: area %08x opened, nattch %u of segment %d",
		   vma->vm_start, seg->shm_nattch, seg->shm_perm.id);
	list_add_tail(&vma->vm_share, &seg->attaches);
	seg->shm_nattch++;
	seg->shm_atime = time_seconds();
	seg->shm_lpid = current->process->pid;
}

static void shm_close(struct vm_area_struct *vma)
{
	struct shmid_kernel *seg = vma->vm_segment;

	TRACE(shm_detach, seg->shm_perm.id, vma->vm_start, vma_npages(vma),
	      seg->shm_nattch - 1);
	ASSERT_MSG(!list_empty(&vma->vm_share),
		   "I4: area %08x closed, on no ring, nattch %u",
		   vma->vm_start, seg->shm_nattch);
	list_del(&vma->vm_share);
	seg->shm_dtime = time_seconds();
	seg->shm_lpid = current->process->pid;
	shm_put_attach(seg);
}

/* One area before, one after: the times and the pid are all that moves. */
static void shm_cut(struct vm_area_struct *vma)
{
	struct shmid_kernel *seg = vma->vm_segment;

	assert_held(&vma->vm_mm->mmap_sem);
	seg->shm_atime = seg->shm_dtime = time_seconds();
	seg->shm_lpid = current->process->pid;
}

/* fork: a signature for every page of the segment that VMA maps. */
static int shm_copy(struct mm_struct *dst, const struct vm_area_struct *vma)
{
	u32 index = vma->vm_offset >> PAGE_SHIFT;
	u32 n = shm_area_npages(vma);
	vaddr_t end = vma->vm_start + n * PAGE_SIZE;
	struct pt_reserve res;
	int err;

	if (!n)
		return 0;
	err = pt_reserve_fill(&res, dst, vma->vm_start, end, false);
	if (err)
		return err;
	fill_signatures(dst, vma->vm_start, end,
			shm_signature_add(vma->vm_pte, index),
			SHM_SIGNATURE_STEP, &res);
	pt_reserve_release(&res);
	return 0;
}

static void shm_remove(struct vm_area_struct *vma, u32 index, u32 npages)
{
	assert_held(&vma->vm_mm->mmap_sem);
	shm_remove_pages(vma->vm_segment, index, npages);
}

/* Also while the page is being written to swap. */
static bool shm_in_core(const struct vm_area_struct *vma, u32 index)
{
	const struct shmid_kernel *seg = vma->vm_segment;
	pte_t slot = { 0 };

	if (index < seg->shm_npages)
		slot = *shm_slot(seg, index);
	return pte_resident(slot) ||
	       (is_swap_entry(slot) && lookup_swap_cache(slot));
}

/* As Linux names the file behind a segment, which is deleted from birth. */
static void shm_label(const struct vm_area_struct *vma, struct vma_label *label,
		      char *buf, u32 size)
{
	label->dev = 1;
	label->ino = vma->vm_segment->shm_perm.id;
	label->name = buf;
	snprintf(buf, size, "/SYSV%08x (deleted)",
		 (u32)vma->vm_segment->shm_created_key);
}

const struct vm_operations_struct shm_vm_ops = {
	.kind = "shm",
	.fault_class = FAULT_CLASS_SHM,
	.own_reclaim = true,
	.open = shm_open,
	.close = shm_close,
	.cut = shm_cut,
	.copy = shm_copy,
	.remove = shm_remove,
	.in_core = shm_in_core,
	.label = shm_label,
	.check = shm_check_entry,
	.nopage = shm_nopage,
	.swapin = shm_swap_in,
};
