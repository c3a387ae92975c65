/* SPDX-License-Identifier: MIT */
/*
 * Changing the set of areas: linking, cutting, joining. List and tree always
 * change together, and every change keeps the holes right (INV-V3).
 *
 * Locks: the caller holds mm->mmap_sem, or links areas into an address space
 * that nobody else has. Only vma_alloc() and vma_change_flags() may sleep; the
 * rest cannot fail.
 */
#include <fs/file.h>
#include <kernel/panic.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <mm/kmalloc.h>
#include <mm/mm.h>
#include <uapi/errno.h>

u32 nr_vmas;

struct vm_area_struct *vma_alloc(struct mm_struct *mm)
{
	struct vm_area_struct *vma = kzalloc(sizeof(*vma), GFP_KERNEL);

	if (!vma)
		return NULL;
	nr_vmas++;
	vma->vm_mm = mm;
	list_init(&vma->vm_share);
	return vma;
}

void vma_free(struct vm_area_struct *vma)
{
	if (vma->vm_file)
		fput(vma->vm_file);
	kfree(vma);
	nr_vmas--;
}

/* [start, end) is where an area may be (INV-V4), between PREV and NEXT, of
 * which either may be NULL. */
static void check_room(const struct vm_area_struct *prev,
		       const struct vm_area_struct *next, vaddr_t start,
		       vaddr_t end)
{
	vaddr_t low = prev ? prev->vm_end : MMAP_MIN_ADDR;
	vaddr_t high = next ? next->vm_start : TASK_SIZE;

	ASSERT_MSG(low <= start && start < end && end <= high,
		   "INV-V1: an area %08x-%08x, with room in %08x-%08x", start,
		   end, low, high);
}

/* A hole that begins at ADDR is new, or larger than it was (INV-V5). */
static void note_hole(struct mm_struct *mm, vaddr_t addr)
{
	if (addr < mm->hole_from)
		mm->hole_from = MAX(addr, MMAP_BASE);
}

/* The hole below the area after VMA is another now. */
static void vma_update_next_hole(struct mm_struct *mm,
				 struct vm_area_struct *next, vaddr_t prev_end)
{
	if (!next || next->vm_hole == next->vm_start - prev_end)
		return;
	next->vm_hole = next->vm_start - prev_end;
	avl_update_hole(mm->mmap_avl, next);
}

void insert_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma)
{
	insert_vm_struct_before(mm, vma, find_vma(mm, vma->vm_start));
}

void insert_vm_struct_before(struct mm_struct *mm, struct vm_area_struct *vma,
			     struct vm_area_struct *next)
{
	struct vm_area_struct *prev = next ? next->vm_prev : mm->mmap_last;

	check_room(prev, next, vma->vm_start, vma->vm_end);
	vma->vm_next = next;
	vma->vm_prev = prev;
	if (prev)
		prev->vm_next = vma;
	else
		mm->mmap = vma;
	if (next)
		next->vm_prev = vma;
	else
		mm->mmap_last = vma;
	vma->vm_hole = vma->vm_start - (prev ? prev->vm_end : 0);
	if (next)
		next->vm_hole = next->vm_start - vma->vm_end;
	avl_insert(&mm->mmap_avl, vma);
	mm->map_count++;
	TRACE(vma_link, mm_number(mm), vma->vm_start, vma->vm_end,
	      vma->vm_flags, vma->vm_offset);
}

void remove_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *prev = vma->vm_prev, *next = vma->vm_next;
	vaddr_t prev_end = prev ? prev->vm_end : 0;

	assert_held(&mm->mmap_sem);
	ASSERT_MSG((prev ? prev->vm_next : mm->mmap) == vma,
		   "INV-V1: area %08x-%08x is none of %u", vma->vm_start,
		   vma->vm_end, mm->map_count);
	note_hole(mm, prev_end);
	if (next)
		next->vm_hole = next->vm_start - prev_end;
	avl_remove(&mm->mmap_avl, vma);
	if (prev)
		prev->vm_next = next;
	else
		mm->mmap = next;
	if (next)
		next->vm_prev = prev;
	else
		mm->mmap_last = prev;
	mm->map_count--;
	TRACE(vma_unlink, mm_number(mm), vma->vm_start, vma->vm_end);
}

/* The key may change in place: no neighbour is passed. */
void vma_set_bounds(struct vm_area_struct *vma, vaddr_t start, vaddr_t end)
{
	struct vm_area_struct *prev = vma->vm_prev;
	vaddr_t prev_end = prev ? prev->vm_end : 0;

	assert_held(&vma->vm_mm->mmap_sem);
	check_room(prev, vma->vm_next, start, end);
	if (start > vma->vm_start)
		note_hole(vma->vm_mm, prev_end);
	if (end < vma->vm_end)
		note_hole(vma->vm_mm, end);
	TRACE(vma_bounds, mm_number(vma->vm_mm), vma->vm_start, vma->vm_end,
	      start, end);
	vma->vm_start = start;
	vma->vm_end = end;
	vma->vm_hole = start - prev_end;
	avl_update_hole(vma->vm_mm->mmap_avl, vma);
	vma_update_next_hole(vma->vm_mm, vma->vm_next, end);
}

void vma_split(struct vm_area_struct *vma, vaddr_t addr,
	       struct vm_area_struct *upper)
{
	assert_held(&vma->vm_mm->mmap_sem);
	ASSERT_MSG(vma->vm_start < addr && addr < vma->vm_end,
		   "area %08x-%08x is cut at %08x", vma->vm_start, vma->vm_end,
		   addr);
	*upper = *vma;
	list_init(&upper->vm_share);
	if (upper->vm_file)
		get_file(upper->vm_file);
	upper->vm_start = addr;
	upper->vm_offset += addr - vma->vm_start;
	vma_set_bounds(vma, vma->vm_start, addr);
	insert_vm_struct(vma->vm_mm, upper);
	if (upper->vm_ops && upper->vm_ops->open)
		upper->vm_ops->open(upper);
}

/* Would SET and CLEAR change the flags of VMA? */
static bool vma_flags_differ(const struct vm_area_struct *vma, u32 set,
			     u32 clear)
{
	return ((vma->vm_flags & ~clear) | set) != vma->vm_flags;
}

/* The area that ADDR cuts in two, if its flags will change; else NULL. */
static struct vm_area_struct *vma_to_cut(struct mm_struct *mm, vaddr_t addr,
					 u32 set, u32 clear)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	if (!vma || vma->vm_start >= addr || !vma_flags_differ(vma, set, clear))
		return NULL;
	return vma;
}

/* Gives one area its new flags, and its pages the protection they imply. */
static void vma_set_flags(struct vm_area_struct *vma, u32 set, u32 clear)
{
	struct mm_struct *mm = vma->vm_mm;
	u32 was = vma->vm_flags, prot = vma->vm_page_prot;

	ASSERT_MSG(!(was & VM_LOCKED) || vma_npages(vma) <= mm->locked_vm,
		   "I9: area %08x-%08x is locked, %u pages are",
		   vma->vm_start, vma->vm_end, mm->locked_vm);
	vma->vm_flags = (was & ~clear) | set;
	if (vma->vm_flags & ~was & VM_LOCKED)
		mm->locked_vm += vma_npages(vma);
	if (was & ~vma->vm_flags & VM_LOCKED)
		mm->locked_vm -= vma_npages(vma);
	vma->vm_page_prot = vm_page_prot(vma->vm_flags);
	TRACE(vma_flags, mm_number(mm), vma->vm_start, vma->vm_end,
	      vma->vm_flags);
	if (vma->vm_page_prot != prot || (was & ~vma->vm_flags & VM_WRITE))
		change_protection(mm, vma->vm_start, vma->vm_end,
				  vma->vm_page_prot);
}

int vma_change_flags(struct mm_struct *mm, vaddr_t start, vaddr_t end, u32 set,
		     u32 clear)
{
	struct vm_area_struct *low = vma_to_cut(mm, start, set, clear);
	struct vm_area_struct *high = vma_to_cut(mm, end, set, clear);
	struct vm_area_struct *spare_low = NULL, *spare_high = NULL, *vma;

	assert_held(&mm->mmap_sem);
	ASSERT_MSG(start < end && end <= TASK_SIZE, "flags of %08x-%08x", start,
		   end);
	if (mm->map_count + !!low + !!high > MAX_MAP_COUNT)
		return -ENOMEM;
	if (low && !(spare_low = vma_alloc(mm)))
		return -ENOMEM;
	if (high && !(spare_high = vma_alloc(mm))) {
		if (spare_low)
			vma_free(spare_low);
		return -ENOMEM;
	}
	if (high)
		vma_split(high, end, spare_high);
	if (low)
		vma_split(low, start, spare_low);
	for (vma = find_vma(mm, start); vma && vma->vm_start < end;
	     vma = vma->vm_next)
		if (vma_flags_differ(vma, set, clear))
			vma_set_flags(vma, set, clear);
	merge_segments(mm, start, end);
	return 0;
}

static bool vma_can_merge(const struct vm_area_struct *prev,
			  const struct vm_area_struct *next)
{
	return prev->vm_end == next->vm_start && !prev->vm_ops &&
	       !next->vm_ops && !prev->vm_file && !next->vm_file &&
	       prev->vm_flags == next->vm_flags;
}

bool vma_merge_next(struct vm_area_struct *vma)
{
	struct vm_area_struct *next = vma->vm_next;
	vaddr_t new_end;

	assert_held(&vma->vm_mm->mmap_sem);
	if (!next || !vma_can_merge(vma, next))
		return false;
	new_end = next->vm_end;
	remove_vm_struct(vma->vm_mm, next);
	vma_set_bounds(vma, vma->vm_start, new_end);
	vma_free(next);
	return true;
}

void merge_segments(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	assert_held(&mm->mmap_sem);
	if (vma && vma->vm_prev)
		vma = vma->vm_prev;
	while (vma && vma->vm_start <= end)
		if (!vma_merge_next(vma))
			vma = vma->vm_next;
}
