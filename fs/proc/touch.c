/* SPDX-License-Identifier: MIT */
/*
 * A touch foreseen: mm/fault.c told beforehand, for /proc/<pid>/why. The ends
 * are TOUCHES of uapi/faultline.h, the decisions stand in the order in which
 * the fault path takes them:
 *
 *   touch_foresee     no fault at all?                  (the processor)
 *     foresee_area    area? growth? rights?             fault_find_vma
 *       foresee_wp    present, written                  do_wp_page
 *       foresee_shm   the segment's word                shm_swap_in
 *       foresee_file  the page cache                    filemap_nopage
 *
 * Nothing is changed and nothing sleeps; mmap_sem is held. A test touches, and
 * compares: tests/boot/touch.t.
 */
#include <fs/proc/procfs.h>
#include <fs/proc/touch.h>
#include <kernel/task.h>
#include <lib/string.h>
#include <mm/fault_class.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>

#define TOUCH(name, class, disk, outcome, way, text) \
	{ FAULT_CLASS_##class, disk, FAULT_##outcome, way, text },

/* gdb reads it, too. */
static const struct touch_row {
	u8 class, major, outcome;
	const char *way, *text;
} touch_rows[] = { TOUCHES(TOUCH) };

/* ------------------------------------------------------------------ */
/* deciding                                                            */

static enum touch_end foresee_wp(const struct touch *t)
{
	const struct page *page = pte_page(t->pte);

	if (t->vma->vm_flags & VM_SHARED)
		return TOUCH_SHARED;
	if (page->flags & PG_RESERVED)
		return TOUCH_COW_ZERO;
	return page->count == 1 || can_reuse_swap_page(page) ? TOUCH_ALONE
							     : TOUCH_COW_COPY;
}

/* The signature that belongs at the entry. */
static pte_t touch_signature(const struct touch *t)
{
	return shm_signature_add(t->vma->vm_pte, t->index);
}

static enum touch_end foresee_shm(const struct touch *t)
{
	if (t->index >= t->npages)
		return TOUCH_SHM_BEYOND;
	if (!pte_none(t->pte) && t->pte.val != touch_signature(t).val)
		return TOUCH_SHM_WRONG;
	if (pte_resident(t->slot))
		return TOUCH_SHM_RESIDENT;
	if (pte_none(t->slot))
		return TOUCH_SHM_NEW;
	return t->cached ? TOUCH_SHM_CACHED : TOUCH_SHM_READ;
}

static enum touch_end foresee_file(const struct touch *t)
{
	bool copied = t->write && !(t->vma->vm_flags & VM_SHARED);

	if (t->index >= t->npages)
		return TOUCH_FILE_BEYOND;
	if (t->cached)
		return copied ? TOUCH_FILE_COPY : TOUCH_FILE_CACHED;
	return copied ? TOUCH_FILE_READ_COPY : TOUCH_FILE_READ;
}

static enum touch_end foresee_no_page(const struct touch *t)
{
	if (pte_resident(t->pte))
		return TOUCH_FASTER;
	if (t->vma->vm_flags & VM_SHM)
		return foresee_shm(t);
	if (!pte_none(t->pte))
		return t->cached ? TOUCH_SWAP_CACHED : TOUCH_SWAP_READ;
	if (t->vma->vm_ops)
		return foresee_file(t);
	return t->write ? TOUCH_ANON : TOUCH_ZERO;
}

static enum touch_end foresee_area(const struct touch *t)
{
	u32 need = t->write ? VM_WRITE : VM_READ | VM_EXEC;
	enum touch_end refusal;

	if (!t->vma)
		return TOUCH_NO_AREA;
	if (t->vma->vm_start > t->addr) {
		refusal = stack_refusal(t->task, t->vma, t->addr);
		if (refusal != TOUCH_NO_FAULT)
			return refusal;
	}
	if (!(t->vma->vm_flags & need))
		return TOUCH_RIGHTS;
	if (!(t->pte.val & PTE_P))
		return foresee_no_page(t);
	return t->write ? foresee_wp(t) : TOUCH_REFUSED;
}

enum touch_end touch_foresee(const struct touch *t)
{
	u32 need = PTE_P | PTE_US | (t->write ? PTE_RW : 0);

	assert_held(&t->task->mm->mmap_sem);
	if ((t->pde & t->pte.val & need) == need)
		return TOUCH_NO_FAULT;
	return t->addr < TASK_SIZE ? foresee_area(t) : TOUCH_KERNELS;
}

/* ------------------------------------------------------------------ */
/* telling                                                             */

/* The frame the end is about. */
static u32 touch_frame(const struct touch *t)
{
	if (pte_resident(t->pte))
		return pte_pfn(t->pte);
	if (pte_resident(t->slot))
		return pte_pfn(t->slot);
	return page_to_pfn(t->cached ? t->cached : zero_page);
}

/* The entry as it will be. */
static u32 touch_entry(const struct touch *t)
{
	u32 entry = t->pte.val;

	if (!pte_resident(t->pte) && t->vma)
		entry = touch_frame(t) << PAGE_SHIFT | t->vma->vm_page_prot;
	return t->write ? entry | PTE_RW | PTE_D : entry;
}

static u32 touch_count(const struct touch *t)
{
	u32 pfn = touch_frame(t);

	return pfn < max_pfn ? pfn_to_page(pfn)->count : 0;
}

/* The words that stand for {rights} and {via}. */
static void tell_word(struct seq_buf *s, const struct touch *t,
		      const char *name)
{
	u32 flags = t->vma ? t->vma->vm_flags : 0;

	if (*name == 'v')
		seq_printf(s, pte_none(t->pte) ? "shm_nopage" : "do_swap_page");
	else
		seq_printf(s, "%c%c%c%c", flags & VM_READ ? 'r' : '-',
			   flags & VM_WRITE ? 'w' : '-',
			   flags & VM_EXEC ? 'x' : '-',
			   flags & VM_SHARED ? 's' : 'p');
}

/* What stands for {NAME} in a row. */
static void tell_value(struct seq_buf *s, const struct touch *t,
		       const char *name)
{
	bool shm = t->vma && t->vma->vm_flags & VM_SHM;
	pte_t swap = shm ? t->slot : t->pte;
	const struct {
		const char *name, *format;
		u32 value;
	} numbers[] = {
		{ "paddr", "%08x",
		  (t->pte.val & PAGE_MASK) | (t->addr & ~PAGE_MASK) },
		{ "frame", "%x", touch_frame(t) },
		{ "entry", "%08x", touch_entry(t) },
		{ "count", "%u", touch_count(t) },
		{ "left", "%u", touch_count(t) - 1 },
		{ "index", "%u", t->index },
		{ "id", "%d", (u32)t->id },
		{ "area", "%u", swp_type(swap) },
		{ "slot", "%u", swp_slot(swap) },
		{ "want", "%08x", shm ? touch_signature(t).val : 0 },
		{ "limit", "%u",
		  (u32)(t->task->process->rlim[RLIMIT_STACK].rlim_cur >> 10) },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!strncmp(name, numbers[i].name, strlen(numbers[i].name)))
			break;
	if (i < ARRAY_SIZE(numbers))
		seq_printf(s, numbers[i].format, numbers[i].value);
	else
		tell_word(s, t, name);
}

static void tell_text(struct seq_buf *s, const struct touch *t,
		      const char *text)
{
	for (; *text; text++) {
		if (*text != '{') {
			seq_printf(s, "%c", *text);
			continue;
		}
		tell_value(s, t, text + 1);
		text = strchr(text, '}');
	}
}

void touch_tell(struct seq_buf *s, const struct touch *t)
{
	const struct touch_row *row = &touch_rows[touch_foresee(t)];

	seq_printf(s, "%s ", t->write ? "write" : "read");
	fault_kind_tell(s, row->class, row->major, row->outcome);
	seq_printf(s, " ");
	tell_text(s, t, row->way);
	seq_printf(s, "%s", *row->way ? ": " : "");
	tell_text(s, t, row->text);
	seq_printf(s, "\n");
}
