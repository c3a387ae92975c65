/* SPDX-License-Identifier: MIT */
/*
 * Whole ranges of entries, table by table.
 *
 *   zap_page_range      munmap, exit, MADV_DONTNEED: frames and slots let go
 *   change_protection   mprotect
 *   fill_signatures     shmat, fork of an attach: nothing is mapped yet
 *   copy_page_range     fork: frames and slots shared, read-only if private
 *   move_page_tables    mremap
 *
 * None of them writes entry by entry through set_pte(): counts are kept a table
 * at a time, and translations are forgotten once at the end.
 *
 * Context: mmap_sem is held; copy_page_range() and move_page_tables() may sleep
 * before they change anything. See: mm/pgtable.h.
 */
#include <kernel/panic.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <mm/internal.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>
#include <uapi/errno.h>

/* ------------------------------------------------------------------ */
/* zap, protect                                                        */

/* What zap_entries() has dropped. */
struct zapped {
	u32 used, present, rss, swapped;
};

/* Drops the frame or the slot that an entry which is not none holds. */
static __always_inline void
zap_entry(pte_t pte, struct zapped *z)
{
	struct page *page;

	z->used++;
	if (pte_resident(pte)) {
		page = pte_page(pte);
		z->present++;
		z->rss += !(page->flags & PG_RESERVED);
		if (pte.val & PTE_D)
			page->flags |= PG_DIRTY;
		if (unlikely(page->flags & PG_SWAPCACHE))
			free_page_and_swap_cache(page);
		else
			free_page(page);
	} else if (is_swap_entry(pte)) {
		z->swapped++;
		free_swap_and_cache(pte);
	}
}

/* Drops NPAGES entries of TABLE from PTEP on; frames dropped. */
static u32 zap_entries(struct mm_struct *mm, struct page *table, pte_t *ptep,
		       u32 npages)
{
	pte_t *last = ptep + npages;
	struct zapped z = { 0 };

	for (; ptep < last; ptep++) {
		if (pte_none(*ptep))
			continue;
		zap_entry(*ptep, &z);
		ptep->val = 0;
	}
	table->pt_used -= z.used;
	table->pt_held -= z.present + z.swapped;
	mm->rss -= z.rss;
	mm->swapped -= z.swapped;
	ASSERT_MSG(table->pt_held <= table->pt_used && (s32)mm->rss >= 0 &&
			   (s32)mm->swapped >= 0,
		   "INV-T1: %u of %u entries held, rss %d, swapped %d",
		   table->pt_held, table->pt_used, mm->rss, mm->swapped);
	return z.present;
}

/* zap_page_range() within one table; frames dropped. */
static u32 zap_table(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	pte_t *ptep = pte_lookup(mm, start);
	struct page *table;
	u32 dropped;

	if (!ptep)
		return 0;
	table = kva_to_page(ptep);
	if (end - start == TABLE_SPAN && !table->pt_held) {
		free_page(table_remove(mm, start));
		return 0;
	}
	dropped = zap_entries(mm, table, ptep, (end - start) >> PAGE_SHIFT);
	if (!table->pt_used)
		zero_stock_put(table_remove(mm, start));
	return dropped;
}

void zap_page_range(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	u32 dropped = 0;
	vaddr_t addr, next;

	for (addr = start; addr < end; addr = next) {
		next = table_end(addr, end);
		dropped += zap_table(mm, addr, next);
	}
	if (dropped)
		flush_tlb_range(mm, start, (end - start) >> PAGE_SHIFT);
	TRACE(pte_zap, mm_number(mm), start, end, dropped);
}

/* OLD with the protection bits PROT; RW only ever goes away here for private
 * pages, since vm_page_prot() leaves it out of their bits (copy on write). */
static pte_t pte_modify(pte_t old, u32 prot)
{
	u32 keep = old.val & (PAGE_MASK | PTE_A | PTE_D);

	return (pte_t){ keep | prot };
}

void change_protection(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		       u32 page_prot)
{
	vaddr_t addr = start, next;
	pte_t *ptep;

	assert_held(&mm->mmap_sem);
	for (; addr < end; addr = next) {
		next = table_end(addr, end);
		ptep = pte_lookup(mm, addr);
		if (!ptep || !kva_to_page(ptep)->pt_held)
			continue;
		for (; addr < next; addr += PAGE_SIZE, ptep++)
			if (pte_resident(*ptep))
				*ptep = pte_modify(*ptep, page_prot);
	}
	flush_tlb_range(mm, start, (end - start) >> PAGE_SHIFT);
	TRACE(pte_protect, mm_number(mm), start, end, page_prot);
}

/* ------------------------------------------------------------------ */
/* signatures                                                          */

/* Four words, one STEP further each; the next one. */
static __always_inline u32 write_four(u32 *word, u32 sig,
							    u32 step)
{
	word[0] = sig;
	sig += step;
	word[1] = sig;
	sig += step;
	word[2] = sig;
	sig += step;
	word[3] = sig;
	return sig + step;
}

/* N words from PTEP on, eight at a time: this is most of what shmat costs. */
static void write_signatures(pte_t *ptep, u32 n, u32 sig, u32 step)
{
	u32 *word = &ptep->val;

	for (; n >= 8; n -= 8, word += 8) {
		sig = write_four(word, sig, step);
		sig = write_four(word + 4, sig, step);
	}
	for (; n; n--, sig += step)
		*word++ = sig;
}

void fill_signatures(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		     pte_t first, u32 step, struct pt_reserve *res)
{
	vaddr_t addr = start, next;
	u32 sig = first.val, i, n;
	pte_t *ptep;

	for (i = 0; addr < end; addr = next, i++) {
		next = table_end(addr, end);
		if (!pte_lookup(mm, addr)) {
			ASSERT_MSG(i < res->n && res->table[i],
				   "no table was set aside for %08x", addr);
			table_install(mm, addr, res->table[i]);
			res->table[i] = NULL;
		}
		n = (next - addr) >> PAGE_SHIFT;
		ptep = pte_lookup(mm, addr);
		write_signatures(ptep, n, sig, step);
		kva_to_page(ptep)->pt_used += n;
		ASSERT_MSG(kva_to_page(ptep)->pt_used <= PTRS_PER_TABLE,
			   "INV-T1: %u entries, not all of %08x-%08x were none",
			   kva_to_page(ptep)->pt_used, addr, next);
		sig += n * step;
	}
	TRACE(pte_range, start, end, first.val, step, mm_number(mm));
}

/* ------------------------------------------------------------------ */
/* fork and mremap                                                     */

/* Shares the frame or slot of *SRC with *DST: a private frame becomes
 * read-only in both. */
static __always_inline void
copy_entry(struct mm_struct *dst_mm, pte_t *dst, pte_t *src, bool cow)
{
	u32 val = src->val;
	struct page *page;

	if (is_swap_entry(*src)) {
		swap_duplicate(*src);
		dst_mm->swapped++;
		dst->val = val;
		return;
	}
	if (cow && val & PTE_RW) {
		val &= ~PTE_RW;
		src->val = val;
	}
	page = pfn_to_page(val >> PAGE_SHIFT);
	if (!(page->flags & PG_RESERVED)) {
		page->count++;
		dst_mm->rss++;
	}
	dst->val = val & ~PTE_A;
}

/* The same for N entries, none of them a signature. */
static void copy_entries(struct mm_struct *dst_mm, pte_t *dst, pte_t *src,
			 u32 n, bool cow)
{
	u32 used = 0, i;

	for (i = 0; i < n; i++) {
		if (pte_none(src[i]))
			continue;
		copy_entry(dst_mm, &dst[i], &src[i], cow);
		used++;
	}
	ASSERT_MSG(used <= kva_to_page(src)->pt_held &&
			   kva_to_page(dst)->pt_used + used <= PTRS_PER_TABLE,
		   "INV-T1: %u entries copied, of %u held, to %u", used,
		   kva_to_page(src)->pt_held, kva_to_page(dst)->pt_used);
	kva_to_page(dst)->pt_used += used;
	kva_to_page(dst)->pt_held += used;
}

/* Makes the tables that the entries of VMA in SRC will need in DST. */
static int copy_prepare(struct mm_struct *dst, const struct mm_struct *src,
			const struct vm_area_struct *vma)
{
	vaddr_t addr = vma->vm_start;
	const pte_t *from;

	for (; addr < vma->vm_end; addr = table_end(addr, vma->vm_end)) {
		from = pte_lookup(src, addr);
		if (from && kva_to_page(from)->pt_held && !pte_alloc(dst, addr))
			return -ENOMEM;
	}
	return 0;
}

int copy_page_range(struct mm_struct *dst, struct mm_struct *src,
		    struct vm_area_struct *vma)
{
	bool cow = (vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE;
	vaddr_t addr = vma->vm_start, next;
	pte_t *from;

	assert_held(&src->mmap_sem);
	if (vma->vm_ops && vma->vm_ops->copy)
		return vma->vm_ops->copy(dst, vma);
	if (copy_prepare(dst, src, vma))
		return -ENOMEM;
	for (; addr < vma->vm_end; addr = next) {
		next = table_end(addr, vma->vm_end);
		from = pte_lookup(src, addr);
		if (!from || !kva_to_page(from)->pt_held)
			continue;
		copy_entries(dst, pte_lookup(dst, addr), from,
			     (next - addr) >> PAGE_SHIFT, cow);
	}
	TRACE(pte_copy, mm_number(src), mm_number(dst), vma->vm_start,
	      vma->vm_end, cow);
	if (cow)
		flush_tlb_range(src, vma->vm_start, vma_npages(vma));
	return 0;
}

/* Makes the tables that entries of [from, from+len) will need at TO. */
static int move_prepare(struct mm_struct *mm, vaddr_t from, vaddr_t to, u32 len)
{
	u32 off;
	pte_t *ptep;

	for (off = 0; off < len; off += PAGE_SIZE) {
		ptep = pte_lookup(mm, from + off);
		if (ptep && !pte_none(*ptep) && !pte_alloc(mm, to + off))
			return -ENOMEM;
	}
	return 0;
}

/* Gives back tables of [start, end) that hold nothing. */
static void free_empty_tables(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	vaddr_t addr, next;
	pte_t *table;

	for (addr = start; addr < end; addr = next) {
		next = table_end(addr, end);
		table = pte_lookup(mm, addr);
		if (table && !kva_to_page(table)->pt_used)
			zero_stock_put(table_remove(mm, addr));
	}
}

int move_page_tables(struct mm_struct *mm, vaddr_t from, vaddr_t to, u32 len)
{
	pte_t *src, *dst, val;
	u32 off;

	assert_held(&mm->mmap_sem);
	if (move_prepare(mm, from, to, len)) {
		free_empty_tables(mm, to, to + len);
		return -ENOMEM;
	}
	for (off = 0; off < len; off += PAGE_SIZE) {
		src = pte_lookup(mm, from + off);
		if (!src || pte_none(*src))
			continue;
		val = *src;
		dst = pte_lookup(mm, to + off);
		ASSERT_MSG(dst && pte_none(*dst),
			   "entry %08x at %08x is in the way of %08x",
			   dst ? dst->val : 0, to + off, val.val);
		set_pte(mm, from + off, src, (pte_t){ 0 });
		set_pte(mm, to + off, dst, val);
	}
	free_empty_tables(mm, from, from + len);
	return 0;
}
