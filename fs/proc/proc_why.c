/* SPDX-License-Identifier: MIT */
/*
 * /proc/<pid>/why: what decides about one address, a fact a line.
 *
 *   echo 40000000 >/proc/4/why      which address (hexadecimal)
 *   cat /proc/4/why                 the facts; the program why draws its
 *                                   screen from them, as gdb's command does
 *
 *   addr A                          node START END     each step of find_vma()
 *   area START END FLAGS PROT INDEX
 *   ops KIND                        hook NAME FUNCTION
 *   pde INDEX VALUE                 pte INDEX KVA VALUE
 *   segment ID INDEX NPAGES         slot KVA VALUE COUNT
 *   file SIZE                       cached PFN         the page cache has it
 *   swapcached PFN                  the swap cache has it
 *   frame PFN COUNT FLAGS
 *   other PID ADDR FLAGS VALUE      who else has the page
 *   read|write KIND TEXT            what a touch will do: fs/proc/touch.h
 *
 * It only looks: no page is brought in. For root alone, since it tells frame
 * numbers and addresses of the kernel.
 */
#include <fs/file.h>
#include <fs/inode.h>
#include <fs/proc/procfs.h>
#include <fs/proc/touch.h>
#include <ipc/shm/shm.h>
#include <kernel/panic.h>
#include <kernel/task.h>
#include <lib/parse.h>
#include <mm/filemap.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>
#include <uapi/errno.h>

/* One address, and what was found about it so far. */
struct why {
	struct seq_buf *s;
	const struct mm_struct *mm;
	vaddr_t addr;
	const struct vm_area_struct *vma; /* the next one that ends above */
	struct shmid_kernel *seg; /* whose page it is, or NULL */
	u32 index; /* page number in the object */
	pte_t pte; /* the entry; 0 without a table */
	struct touch touch; /* what decides about one */
};

static const struct vm_area_struct *why_tree(const struct why *w)
{
	const struct vm_area_struct *t = w->mm->mmap_avl, *best = NULL;

	while (t) {
		seq_printf(w->s, "node %08x %08x\n", t->vm_start, t->vm_end);
		if (t->vm_end <= w->addr) {
			t = t->vm_avl_right;
			continue;
		}
		best = t;
		if (t->vm_start <= w->addr)
			break;
		t = t->vm_avl_left;
	}
	return best;
}

static void why_hook(const struct why *w, const char *name, const void *hook)
{
	u32 offset;
	const char *function = symbol_name((u32)hook, &offset);

	if (hook)
		seq_printf(w->s, "hook %s %s\n", name,
			   function ? function : "?");
}

static void why_area(const struct why *w)
{
	const struct vm_area_struct *vma = w->vma;

	seq_printf(w->s, "area %08x %08x %x %x %u\n", vma->vm_start,
		   vma->vm_end, vma->vm_flags, vma->vm_page_prot, w->index);
	if (!vma->vm_ops)
		return;
	seq_printf(w->s, "ops %s\n", vma->vm_ops->kind);
	why_hook(w, "nopage", vma->vm_ops->nopage);
	why_hook(w, "swapin", vma->vm_ops->swapin);
}

static void why_entry(struct why *w)
{
	u32 pde = w->mm->pgd[w->addr >> PGD_SHIFT];
	const pte_t *ptep;

	seq_printf(w->s, "pde %u %08x\n", w->addr >> PGD_SHIFT, pde);
	w->touch.pde = pde;
	if (!(pde & PTE_P) || pde & PTE_PSE)
		return;
	ptep = pte_lookup(w->mm, w->addr);
	w->pte = *ptep;
	seq_printf(w->s, "pte %u %08x %08x\n",
		   w->addr >> PAGE_SHIFT & (PTRS_PER_TABLE - 1), (u32)ptep,
		   w->pte.val);
}

static void why_slot(struct why *w)
{
	const pte_t *slot;

	seq_printf(w->s, "segment %d %u %u\n", w->seg->shm_perm.id, w->index,
		   w->seg->shm_npages);
	w->touch.id = w->seg->shm_perm.id;
	w->touch.npages = w->seg->shm_npages;
	if (w->index >= w->seg->shm_npages)
		return;
	slot = shm_slot(w->seg, w->index);
	w->touch.slot = *slot;
	seq_printf(w->s, "slot %08x %08x %u\n", (u32)slot, slot->val,
		   pte_resident(*slot) ? pte_page(*slot)->count : 0);
}

static void why_file(struct why *w)
{
	const struct inode *inode = w->vma->vm_file->inode;
	const struct page *page = find_page(&inode->i_data, w->index);

	seq_printf(w->s, "file %u\n", inode->size);
	w->touch.npages = DIV_ROUND_UP(inode->size, PAGE_SIZE);
	w->touch.cached = page;
	if (page)
		seq_printf(w->s, "cached %x\n", page_to_pfn(page));
}

/* A page in swap may still, or already, have a frame. */
static void why_swap(struct why *w)
{
	const struct page *page = NULL;
	pte_t entry = w->pte;

	if (w->seg && w->index < w->seg->shm_npages)
		entry = *shm_slot(w->seg, w->index);
	if (is_swap_entry(entry))
		w->touch.cached = page = lookup_swap_cache(entry);
	if (page)
		seq_printf(w->s, "swapcached %x\n", page_to_pfn(page));
}

static void why_other(const struct why *w, const struct mm_struct *mm,
		      vaddr_t addr, u32 flags, pte_t pte)
{
	struct task *t;

	for_each_task(t)
		if (t->mm == mm)
			seq_printf(w->s, "other %d %08x %x %08x\n", t->pid,
				   addr, flags, pte.val);
}

/* The other areas that show this page of the segment. */
static void why_attaches(const struct why *w)
{
	const struct vm_area_struct *vma;
	const pte_t *ptep;
	vaddr_t addr;
	u32 first;

	list_for_each_entry(vma, &w->seg->attaches, vm_share) {
		first = vma->vm_offset >> PAGE_SHIFT;
		if (vma == w->vma || w->index < first ||
		    w->index - first >= vma_npages(vma))
			continue;
		addr = vma->vm_start + ((w->index - first) << PAGE_SHIFT);
		ptep = pte_lookup(vma->vm_mm, addr);
		why_other(w, vma->vm_mm, addr, vma->vm_flags,
			  ptep ? *ptep : (pte_t){ 0 });
	}
}

/* The entries of VMA that map the frame of ours. */
static void why_entries_in(const struct why *w,
			   const struct vm_area_struct *vma)
{
	vaddr_t addr = vma->vm_start;
	const pte_t *ptep;

	while ((ptep = pte_next_held(vma->vm_mm, &addr, vma->vm_end))) {
		if (pte_resident(*ptep) && pte_pfn(*ptep) == pte_pfn(w->pte) &&
		    (vma->vm_mm != w->mm || addr != (w->addr & PAGE_MASK)))
			why_other(w, vma->vm_mm, addr, vma->vm_flags, *ptep);
		addr += PAGE_SIZE;
	}
}

static void why_others(const struct why *w)
{
	const struct vm_area_struct *vma;
	const struct mm_struct *mm;

	if (w->seg)
		return why_attaches(w);
	if (!pte_resident(w->pte) || pte_page(w->pte)->flags & PG_RESERVED)
		return;
	list_for_each_entry(mm, &all_mms, all)
		for (vma = mm->mmap; vma; vma = vma->vm_next)
			why_entries_in(w, vma);
}

static void why_frame(const struct why *w)
{
	pte_t pte = w->pte;
	const struct page *page;

	if (!pte_resident(pte) && w->seg && w->index < w->seg->shm_npages)
		pte = *shm_slot(w->seg, w->index);
	if (!pte_resident(pte) || pte_pfn(pte) >= max_pfn)
		return;
	page = pte_page(pte);
	seq_printf(w->s, "frame %x %u %x\n", page_to_pfn(page), page->count,
		   page->flags);
}

static void why_touch(struct why *w, const struct task *task, bool write)
{
	w->touch.task = task;
	w->touch.vma = w->vma;
	w->touch.addr = w->addr;
	w->touch.write = write;
	w->touch.pte = w->pte;
	w->touch.index = w->index;
	touch_tell(w->s, &w->touch);
}

static void why_facts(struct why *w, const struct task *task)
{
	bool inside;

	seq_printf(w->s, "addr %08x\n", w->addr);
	w->vma = why_tree(w);
	inside = w->vma && w->vma->vm_start <= w->addr;
	if (inside)
		w->index = vma_page_index(w->vma, w->addr);
	if (w->vma)
		why_area(w);
	why_entry(w);
	if (inside && w->vma->vm_flags & VM_SHM) {
		w->seg = w->vma->vm_segment;
		why_slot(w);
	} else if (inside && w->vma->vm_file) {
		why_file(w);
	}
	why_swap(w);
	why_frame(w);
	why_others(w);
	why_touch(w, task, false);
	why_touch(w, task, true);
}

static int why_show(struct seq_buf *s, struct task *task)
{
	struct mm_struct *mm = task->mm;
	struct why w = { .s = s, .mm = mm, .addr = task->rig.why_addr };

	if (!mm)
		return 0;
	mm->count++; /* after the next sleep the task may be gone */
	mutex_lock(&mm->mmap_sem);
	why_facts(&w, task);
	mutex_unlock(&mm->mmap_sem);
	mmput(mm);
	return 0;
}

static long why_store(const char *text, u32 len, struct task *task)
{
	u32 digits = len && text[len - 1] == '\n' ? len - 1 : len, addr;

	if (parse_digits(text, digits, 16, &addr) != digits || !digits)
		return -EINVAL;
	task->rig.why_addr = addr;
	return (long)len;
}

static struct proc_pid_entry why_entry_file = {
	.name = "why",
	.mode = 0600,
	.for_root = true,
	.show = why_show,
	.store = why_store,
};

void mm_proc_why_init(void)
{
	proc_register_pid(&why_entry_file);
}
