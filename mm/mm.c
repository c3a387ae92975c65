/* SPDX-License-Identifier: MIT */
/*
 * The life of an address space: made by exec, copied by fork, taken down
 * when its last user lets go.
 *
 *   mm_alloc() -> do_mmap()... -> [dup_mm() -> a copy] -> mmput() -> gone
 *
 * Fork copies area by area: allocate, open, copy the entries, link. What
 * fails is undone in the opposite order, so a close hook never sees an area
 * that was not opened (shm-spec B05). Teardown unmaps the pages of an area
 * before its close hook runs (B37).
 *
 * Locks: dup_mm() holds the parent's mmap_sem. mmput() of the last user
 * needs none: nobody else can find the areas.
 */
#include <fs/file.h>
#include <kernel/panic.h>
#include <kernel/trace/stage.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <mm/kmalloc.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>

LIST_HEAD(all_mms);

struct mm_struct *mm_alloc(void)
{
	struct mm_struct *mm = kzalloc(sizeof(*mm), GFP_KERNEL);

	if (!mm)
		return NULL;
	mm->pgd = pgd_alloc();
	if (!mm->pgd) {
		kfree(mm);
		return NULL;
	}
	mm->count = 1;
	mm->hole_from = MMAP_BASE;
	mm->pgd_paddr = kva_to_paddr(mm->pgd);
	mutex_init(&mm->mmap_sem, LOCK_MMAP, "mmap_sem");
	list_add_tail(&mm->all, &all_mms);
	return mm;
}

/* Unmaps and frees every area. MM has no user: mmap_sem is not taken. */
static void exit_mmap(struct mm_struct *mm)
{
	struct vm_area_struct *vma = mm->mmap, *next;

	ASSERT_MSG(!mm->mmap_sem.owner, "mm %x ends while pid %d locks it",
		   mm_number(mm), mm->mmap_sem.owner->pid);
	may_sleep(SLEEP_exit_mmap);
	mm->mmap_avl = NULL;
	mm->mmap = mm->mmap_last = NULL;
	mm->map_count = mm->total_vm = mm->locked_vm = 0;
	for (; vma; vma = next) {
		next = vma->vm_next;
		zap_page_range(mm, vma->vm_start, vma->vm_end);
		if (vma->vm_ops && vma->vm_ops->close)
			vma->vm_ops->close(vma);
		vma_free(vma);
	}
}

void mmput(struct mm_struct *mm)
{
	ASSERT_MSG(mm->count, "mm %x has no user left", mm_number(mm));
	if (--mm->count)
		return;
	exit_mmap(mm);
	ASSERT_MSG(!mm->pt_tables && !mm->rss && !mm->swapped,
		   "INV-T1: %u tables and %u pages left in a dead mm",
		   mm->pt_tables, mm->rss);
	if (mm_is_loaded(mm))
		mm_load(NULL);
	TRACE(mm_free, mm_number(mm));
	swap_out_forget(mm);
	list_del(&mm->all);
	if (mm->exe_file)
		fput(mm->exe_file);
	pgd_free(mm->pgd);
	kfree(mm);
}

struct mm_struct *mm_next(const struct list_head *link)
{
	struct mm_struct *mm;

	for (link = link->next; link != &all_mms; link = link->next) {
		mm = list_entry(link, struct mm_struct, all);
		if (mm->count) { /* 0: it unmaps everything itself */
			mm->count++;
			return mm;
		}
	}
	return NULL;
}

/* Undoes dup_vma() up to and including the copied entries. MM is the child's,
 * which nobody else has: its mmap_sem is not held. */
static void dup_vma_undo(struct mm_struct *mm, struct vm_area_struct *vma)
{
	zap_page_range(mm, vma->vm_start, vma->vm_end);
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	vma_free(vma);
}

/* One area of OLD, whose mmap_sem is held, into MM, the child's. */
static int dup_vma(struct mm_struct *mm, struct mm_struct *old,
		   const struct vm_area_struct *from)
{
	struct vm_area_struct *vma = vma_alloc(mm);
	int err;

	assert_held(&old->mmap_sem);
	ASSERT_MSG(mm->count && !mm_is_loaded(mm),
		   "mm %x of a child, with %u users, runs already",
		   mm_number(mm), mm->count);
	if (!vma)
		return -1;
	*vma = *from;
	vma->vm_mm = mm;
	vma->vm_flags &= ~(VM_LOCKED | VM_LOCKONFAULT);
	list_init(&vma->vm_share);
	if (vma->vm_file)
		get_file(vma->vm_file);
	if (vma->vm_ops && vma->vm_ops->open)
		vma->vm_ops->open(vma);
	may_sleep(SLEEP_fork_area);
	err = copy_page_range(mm, old, vma);
	if (err) {
		dup_vma_undo(mm, vma);
		return err;
	}
	insert_vm_struct(mm, vma);
	mm->total_vm += vma_npages(vma);
	return 0;
}

static void dup_bounds(struct mm_struct *mm, const struct mm_struct *old)
{
	mm->start_code = old->start_code;
	mm->end_code = old->end_code;
	mm->start_data = old->start_data;
	mm->end_data = old->end_data;
	mm->start_brk = old->start_brk;
	mm->brk = old->brk;
	mm->start_stack = old->start_stack;
	mm->arg_start = old->arg_start;
	mm->arg_end = old->arg_end;
	mm->env_start = old->env_start;
	mm->env_end = old->env_end;
	if (old->exe_file)
		mm->exe_file = get_file(old->exe_file);
}

struct mm_struct *dup_mm(struct mm_struct *old)
{
	struct mm_struct *mm = mm_alloc();
	struct vm_area_struct *vma;
	int err = 0;

	if (!mm)
		return NULL;
	dup_bounds(mm, old);
	mutex_lock(&old->mmap_sem);
	for (vma = old->mmap; vma && !err; vma = vma->vm_next)
		err = dup_vma(mm, old, vma);
	mutex_unlock(&old->mmap_sem);
	if (!err)
		return mm;
	mmput(mm);
	return NULL;
}
