/* SPDX-License-Identifier: MIT */
/*
 * Pages of a process in /proc, laid out as Linux does (proc(5), and its
 * Documentation/admin-guide/mm/pagemap.rst):
 *
 *   smaps     for each area its line of maps and what its pages add up to
 *   pagemap   for each page of the address space, from 0 on, one u64:
 *
 *       63      62      61        60..57  56         55   54..0
 *       present swapped file or   0       mapped by  0    frame number,
 *                       shared            us alone        0 for others
 *                       anonymous                         than root
 *
 *   A page in swap has the area in bits 0..4 and the slot from bit 5 on in
 *   place of the frame number, for root.
 *
 * An attach's page that is not mapped here reads as 0, as an entry of Linux
 * for a page of shared memory does. The zero page is present, and nothing
 * else; it counts in no sum.
 *
 * Both only look at entries: no page is brought in.
 */
#include <fs/proc/procfs.h>
#include <kernel/task.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>
#include <uapi/errno.h>

#define PSS_SHIFT 12 /* fractions of a byte kept while adding up */

/* How many entries map PAGE, which one does. */
static u32 page_users(const struct page *page)
{
	u32 others = !!(page->flags & (PG_CACHE | PG_SWAPCACHE)) +
		     !!(page->flags & PG_SHM);

	return page->count > others ? page->count - others : 1;
}

/* Not a copy, and not memory of this process alone. */
static bool page_of_object(const struct page *page)
{
	return page->flags & (PG_CACHE | PG_SHM);
}

/* ------------------------------------------------------------------ */
/* smaps                                                               */

struct smaps_sum { /* bytes */
	u32 rss, anonymous, referenced;
	u32 shared_clean, shared_dirty, private_clean, private_dirty;
	u64 pss, pss_dirty; /* shifted by PSS_SHIFT */
	u32 swap;
	u64 swap_pss; /* shifted by PSS_SHIFT */
};

static void smaps_add(struct smaps_sum *sum, const struct vm_area_struct *vma,
		      pte_t pte)
{
	const struct page *page = pte_page(pte);
	bool dirty = pte.val & PTE_D || page->flags & PG_DIRTY;
	u32 users, part;

	if (page->flags & PG_RESERVED)
		return;
	users = page_users(page);
	part = (PAGE_SIZE << PSS_SHIFT) / users;
	sum->rss += PAGE_SIZE;
	sum->pss += part;
	if (dirty)
		sum->pss_dirty += part;
	if (pte.val & PTE_A)
		sum->referenced += PAGE_SIZE;
	if (!page_of_object(page))
		sum->anonymous += PAGE_SIZE;
	if (users > 1)
		*(dirty ? &sum->shared_dirty : &sum->shared_clean) += PAGE_SIZE;
	else
		*(dirty ? &sum->private_dirty : &sum->private_clean) +=
			PAGE_SIZE;
}

/* The page is in swap; its slot may have more holders than processes: a frame
 * in the swap cache is one. */
static void smaps_add_swap(struct smaps_sum *sum, pte_t entry)
{
	u32 users = swap_count(entry) - !!lookup_swap_cache(entry);

	sum->swap += PAGE_SIZE;
	sum->swap_pss += (PAGE_SIZE << PSS_SHIFT) / MAX(users, 1u);
}

static void smaps_add_up(struct smaps_sum *sum,
			 const struct vm_area_struct *vma)
{
	vaddr_t addr = vma->vm_start;
	const pte_t *ptep;

	while ((ptep = pte_next_held(vma->vm_mm, &addr, vma->vm_end))) {
		if (pte_resident(*ptep))
			smaps_add(sum, vma, *ptep);
		else if (is_swap_entry(*ptep))
			smaps_add_swap(sum, *ptep);
		addr += PAGE_SIZE;
	}
}

static void smaps_kib(struct seq_buf *s, const char *name, u64 bytes)
{
	seq_printf(s, "%-16s%8u kB\n", name, (u32)(bytes >> 10));
}

static void smaps_flags(struct seq_buf *s, u32 vm_flags)
{
	static const struct {
		u32 flag;
		char name[3];
	} names[] = { /* in Linux's order */
		{ VM_READ, "rd" },     { VM_WRITE, "wr" },
		{ VM_EXEC, "ex" },     { VM_SHARED, "sh" },
		{ VM_MAYREAD, "mr" },  { VM_MAYWRITE, "mw" },
		{ VM_MAYEXEC, "me" },  { VM_MAYSHARE, "ms" },
		{ VM_GROWSDOWN, "gd" }, { VM_LOCKED, "lo" },
		{ VM_LOCKONFAULT, "lf" },
	};
	u32 i;

	seq_printf(s, "VmFlags: ");
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (vm_flags & names[i].flag)
			seq_printf(s, "%s ", names[i].name);
	seq_printf(s, "\n");
}

static void smaps_area(struct seq_buf *s, const struct vm_area_struct *vma,
		       char *buf)
{
	static const char *const never[] = { /* pages there are none of */
		"LazyFree:",	   "AnonHugePages:",   "ShmemPmdMapped:",
		"FilePmdMapped:",  "Shared_Hugetlb:",  "Private_Hugetlb:",
	};
	struct smaps_sum sum = { 0 };
	u32 i;

	smaps_add_up(&sum, vma);
	maps_line(s, vma, buf);
	smaps_kib(s, "Size:", vma->vm_end - vma->vm_start);
	smaps_kib(s, "KernelPageSize:", PAGE_SIZE);
	smaps_kib(s, "MMUPageSize:", PAGE_SIZE);
	smaps_kib(s, "Rss:", sum.rss);
	smaps_kib(s, "Pss:", sum.pss >> PSS_SHIFT);
	smaps_kib(s, "Pss_Dirty:", sum.pss_dirty >> PSS_SHIFT);
	smaps_kib(s, "Shared_Clean:", sum.shared_clean);
	smaps_kib(s, "Shared_Dirty:", sum.shared_dirty);
	smaps_kib(s, "Private_Clean:", sum.private_clean);
	smaps_kib(s, "Private_Dirty:", sum.private_dirty);
	smaps_kib(s, "Referenced:", sum.referenced);
	smaps_kib(s, "Anonymous:", sum.anonymous);
	for (i = 0; i < ARRAY_SIZE(never); i++)
		smaps_kib(s, never[i], 0);
	smaps_kib(s, "Swap:", sum.swap);
	smaps_kib(s, "SwapPss:", sum.swap_pss >> PSS_SHIFT);
	smaps_kib(s, "Locked:",
		  vma->vm_flags & VM_LOCKED ? sum.pss >> PSS_SHIFT : 0);
	seq_printf(s, "THPeligible:    0\n");
	smaps_flags(s, vma->vm_flags);
}

static int smaps_show(struct seq_buf *s, struct task *task)
{
	return maps_walk(s, task, smaps_area);
}

/* ------------------------------------------------------------------ */
/* pagemap                                                             */

#define PM_PRESENT (1ull << 63)
#define PM_SWAP (1ull << 62)
#define PM_SWAP_SHIFT 5
#define PM_FILE (1ull << 61)
#define PM_EXCLUSIVE (1ull << 56)

static u64 pagemap_word(const struct vm_area_struct *vma, pte_t pte, bool pfns)
{
	const struct page *page = pte_page(pte);
	u64 word = PM_PRESENT;

	if (pfns)
		word |= pte_pfn(pte);
	if (page->flags & PG_RESERVED)
		return word;
	if (page_of_object(page))
		word |= PM_FILE;
	if (page_users(page) == 1)
		word |= PM_EXCLUSIVE;
	return word;
}

static u64 pagemap_swap_word(pte_t entry, bool slots)
{
	u64 word = PM_SWAP;

	if (slots)
		word |= (u64)swp_slot(entry) << PM_SWAP_SHIFT | swp_type(entry);
	return word;
}

/* The words of N pages from ADDR on. mmap_sem is held. */
static void pagemap_words(struct mm_struct *mm, vaddr_t addr, u32 n, u64 *word)
{
	const struct vm_area_struct *vma = find_vma(mm, addr);
	bool pfns = capable();
	const pte_t *ptep;

	assert_held(&mm->mmap_sem);
	for (; n; n--, word++, addr += PAGE_SIZE) {
		*word = 0;
		if (vma && vma->vm_end <= addr)
			vma = vma->vm_next;
		if (!vma || vma->vm_start > addr)
			continue;
		ptep = pte_lookup(mm, addr);
		if (ptep && pte_resident(*ptep))
			*word = pagemap_word(vma, *ptep, pfns);
		else if (ptep && is_swap_entry(*ptep))
			*word = pagemap_swap_word(*ptep, pfns);
	}
}

static long pagemap_table(char *buf, u32 len, u32 pos, struct task *task)
{
	struct mm_struct *mm = task->mm;
	u32 first = pos / sizeof(u64), n;

	if (pos % sizeof(u64) || len % sizeof(u64))
		return -EINVAL;
	if (!mm || first >= TASK_SIZE >> PAGE_SHIFT)
		return 0;
	n = MIN(len / sizeof(u64), (TASK_SIZE >> PAGE_SHIFT) - first);
	mm->count++;
	mutex_lock(&mm->mmap_sem);
	pagemap_words(mm, first << PAGE_SHIFT, n, (u64 *)buf);
	mutex_unlock(&mm->mmap_sem);
	mmput(mm);
	return n * sizeof(u64);
}

/* ------------------------------------------------------------------ */

static struct proc_pid_entry smaps_entry = {
	.name = "smaps", .mode = 0444, .show = smaps_show
};
static struct proc_pid_entry pagemap_entry = {
	.name = "pagemap", .mode = 0400, .table = pagemap_table
};

void mm_proc_pages_init(void)
{
	proc_register_pid(&smaps_entry);
	proc_register_pid(&pagemap_entry);
}
