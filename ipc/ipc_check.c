/* SPDX-License-Identifier: MIT */
/*
 * Proves the invariants of the segment table, or stops the machine with a
 * sentence that holds the values: I1 to I4 and I8 (shm.h), and I7 for an
 * entry of an attach. Never sleeps.
 */
#include <ipc/shm/shm.h>
#include <kernel/panic.h>
#include <kernel/task.h>
#include <lib/string.h>
#include <mm/swap/swap_policy.h>
#include <uapi/ipc.h>

/* The members of the ring; each is an area of this segment. */
static u32 check_ring(const struct shmid_kernel *seg)
{
	const struct vm_area_struct *vma;
	u32 n = 0;

	list_for_each_entry(vma, &seg->attaches, vm_share) {
		ASSERT_MSG(vma->vm_segment == seg && vma->vm_flags & VM_SHM &&
				   vma->vm_share.next->prev == &vma->vm_share,
			   "I4: area %08x on the ring of segment %d is not its",
			   vma->vm_start, seg->shm_perm.id);
		n++;
	}
	return n;
}

/* A page slot that is not none: the frame knows whose it is, a slot of swap is
 * a slot of swap. */
static void check_slot(const struct shmid_kernel *seg, u32 index, pte_t slot)
{
	const struct page *page = pte_page(slot);

	if (!pte_resident(slot)) {
		ASSERT_MSG(is_swap_entry(slot),
			   "I2: page slot %u of segment %d holds %08x", index,
			   seg->shm_perm.id, slot.val);
		return;
	}
	ASSERT_MSG(page->flags & PG_SHM && page->seg == seg &&
			   page->seg_index == index,
		   "I2: frame %x of page %u of segment %d says page %u",
		   pte_pfn(slot), index, seg->shm_perm.id, page->seg_index);
}

static void check_slots(const struct shmid_kernel *seg)
{
	u32 i, resident = 0, swapped = 0;
	pte_t slot;

	for (i = 0; i < seg->shm_npages; i++) {
		slot = *shm_slot(seg, i);
		if (!pte_none(slot))
			check_slot(seg, i, slot);
		resident += pte_resident(slot);
		swapped += !pte_none(slot) && !pte_resident(slot);
	}
	ASSERT_MSG(resident == seg->rss && swapped == seg->swp,
		   "I2: segment %d counts %u/%u pages, its slots hold %u/%u",
		   seg->shm_perm.id, seg->rss, seg->swp, resident, swapped);
}

static void check_segment(const struct shmid_kernel *seg, u32 slot,
			  struct ipc_check_result *res)
{
	u32 ring = check_ring(seg);

	ASSERT_MSG(ipc_slot_of(seg->shm_perm.id) == slot,
		   "segment %d stands in slot %u", seg->shm_perm.id, slot);
	ASSERT_MSG(seg->shm_nattch == ring + seg->shm_pins,
		   "I3: segment %d has nattch %u, %u areas on its ring and "
		   "%u calls of shmat",
		   seg->shm_perm.id, seg->shm_nattch, ring, seg->shm_pins);
	ASSERT_MSG(seg->shm_nattch || !(seg->shm_perm.mode & SHM_DEST),
		   "I8: dead segment %d is still in the table",
		   seg->shm_perm.id);
	check_slots(seg);
	res->segments++;
	res->pages += seg->shm_npages;
	res->rss += seg->rss;
	res->swp += seg->swp;
	res->attaches += ring;
}

/* Areas with VM_SHM in all address spaces: as many as on the rings. */
static u32 count_attach_areas(void)
{
	const struct vm_area_struct *vma;
	struct mm_struct *mm;
	u32 n = 0;

	list_for_each_entry(mm, &all_mms, all)
		for (vma = mm->mmap; vma; vma = vma->vm_next)
			n += !!(vma->vm_flags & VM_SHM);
	return n;
}

/* Is any task asleep in the middle of a change (fork, shmget)? */
static bool nobody_is_inside(void)
{
	struct task *t;

	for_each_task(t)
		if (t != current && t->held_locks)
			return false;
	return true;
}

void ipc_check(struct ipc_check_result *res)
{
	bool calm = nobody_is_inside();
	struct shmid_kernel *seg;
	u32 slot, areas;

	memset(res, 0, sizeof(*res));
	for (slot = 0; slot < IPC_SLOTS; slot++) {
		seg = shm_segment_at(slot);
		ASSERT_MSG(!seg || slot <= shm_ids.max_slot,
			   "slot %u is in use, max_slot is %u", slot,
			   shm_ids.max_slot);
		if (seg)
			check_segment(seg, slot, res);
	}
	ASSERT_MSG(res->segments == shm_ids.in_use,
		   "in_use %u, but %u segments found", shm_ids.in_use,
		   res->segments);
	if (!calm)
		return;
	areas = count_attach_areas();
	ASSERT_MSG(res->pages == shm_totals.tot,
		   "I1: shm_tot %u, segments have %u pages", shm_totals.tot,
		   res->pages);
	ASSERT_MSG(res->rss == shm_totals.rss && res->swp == shm_totals.swp &&
			   res->rss == nr_policy_pages,
		   "I2: shm_rss %u and shm_swp %u, segments have %u and %u, "
		   "the policy %u",
		   shm_totals.rss, shm_totals.swp, res->rss, res->swp,
		   nr_policy_pages);
	ASSERT_MSG(areas == res->attaches,
		   "I4: %u areas of attaches, %u on rings", areas,
		   res->attaches);
}

void shm_for_each_slot(void (*visit)(pte_t slot, s32 arg), s32 arg)
{
	struct shmid_kernel *seg;
	u32 slot, i;

	for_each_segment(seg, slot) {
		if (!(seg->rss + seg->swp))
			continue;
		for (i = 0; i < seg->shm_npages; i++)
			if (!pte_none(*shm_slot(seg, i)))
				visit(*shm_slot(seg, i), arg);
	}
}

void shm_check_entry(const struct vm_area_struct *vma, vaddr_t addr, pte_t pte)
{
	u32 index = vma_page_index(vma, addr);
	pte_t slot = { 0 }, signature = shm_signature_add(vma->vm_pte, index);

	if (index < vma->vm_segment->shm_npages)
		slot = *shm_slot(vma->vm_segment, index);
	if (!pte_resident(pte)) {
		ASSERT_MSG(pte.val == signature.val,
			   "I7: entry %08x at %08x is not the signature %08x",
			   pte.val, addr, signature.val);
		return;
	}
	ASSERT_MSG(pte_resident(slot) && pte_pfn(slot) == pte_pfn(pte),
		   "I7: entry %08x at %08x, but page slot %u holds %08x",
		   pte.val, addr, index, slot.val);
}
