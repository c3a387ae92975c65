/* SPDX-License-Identifier: MIT */
/*
 * Finding areas: by address, by overlap, and the free range between them.
 * Changing them is mm/vma_link.c, the tree mm/vma_avl.c, the invariants
 * stand in mm/vma.h.
 *
 * Locks: the caller holds mm->mmap_sem, or is reclaim, or is alone with MM as
 * fork and exec are: so nothing here asserts it. Nothing here sleeps.
 */
#include <mm/mm.h>

/* Hop 6: the first area with vm_end > ADDR; one descent. */
__hop struct vm_area_struct *find_vma(const struct mm_struct *mm, vaddr_t addr)
{
	struct vm_area_struct *t = mm->mmap_avl, *best = NULL;

	while (t) {
		if (t->vm_end <= addr) {
			t = t->vm_avl_right;
			continue;
		}
		best = t;
		if (t->vm_start <= addr)
			break;
		t = t->vm_avl_left;
	}
	return best;
}

struct vm_area_struct *find_vma_intersection(const struct mm_struct *mm,
					     vaddr_t start, vaddr_t end)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	return vma && vma->vm_start < end ? vma : NULL;
}

vaddr_t find_hole(const struct mm_struct *mm, vaddr_t from, u32 len,
		  struct vm_area_struct **next)
{
	struct vm_area_struct *vma = find_vma(mm, from);
	vaddr_t tail;

	*next = vma;
	if (vma && vma->vm_start >= from && vma->vm_start - from >= len)
		return from;
	if (vma)
		*next = vma = avl_find_hole(mm->mmap_avl, vma, len);
	if (vma)
		return vma->vm_start - vma->vm_hole;
	tail = mm->mmap_last ? MAX(from, mm->mmap_last->vm_end) : from;
	return tail <= TASK_SIZE && TASK_SIZE - tail >= len ? tail : 0;
}
