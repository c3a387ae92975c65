/* SPDX-License-Identifier: MIT */
/*
 * Page tables, and one entry at a time: set_pte() is hop 11 of the fault path.
 *
 *   CR3 -> pgd[1024] -> table[1024] -> frame
 *
 * Only three files write entries (mm/internal.h): this one, mm/pgtable_range.c
 * for whole ranges, mm/pgdir.c for what is the kernel's.
 *
 * The struct page of a table counts what stands in it (INV-T1), so that an
 * empty table is dropped, and one without frames is dropped unread. A table
 * whose count reached 0 is all zero and goes to the zero stock.
 *
 * Flushing: entries change for the loaded address space or for another; only
 * the loaded one (compared by CR3, not by current->mm: a kernel thread runs
 * on whatever is loaded) can have stale translations.
 *
 * See: include/x86/pte.h for the bits, docs/shm.md for signatures.
 */
#include <kernel/panic.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <mm/internal.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

#define PTE_HELD_BITS (PAGE_MASK | PTE_P | PTE_PROTNONE) /* what it holds */
#define FLUSH_ALL_PAGES 32u /* from here on reloading CR3 is cheaper */

void flush_tlb_range(const struct mm_struct *mm, vaddr_t addr,
			    u32 npages)
{
	if (!may_be_cached(mm))
		return;
	if (npages >= FLUSH_ALL_PAGES) {
		write_cr3(loaded_pgd);
		return;
	}
	for (; npages; npages--, addr += PAGE_SIZE)
		invlpg(addr);
}

/* ------------------------------------------------------------------ */
/* tables                                                              */

void table_install(struct mm_struct *mm, vaddr_t addr, struct page *page)
{
	ASSERT_MSG(!(mm->pgd[addr >> PGD_SHIFT] & PTE_P),
		   "INV-T1: there is a table for %08x: %08x", addr,
		   mm->pgd[addr >> PGD_SHIFT]);
	ASSERT_MSG(page->count == 1 && !page->flags,
		   "frame %x with count %u and flags %x becomes a table",
		   page_to_pfn(page), page->count, page->flags);
	page->flags |= PG_TABLE;
	page->pt_used = page->pt_held = 0;
	mm->pgd[addr >> PGD_SHIFT] = page_to_pfn(page) << PAGE_SHIFT |
				     TABLE_BITS;
	mm->pt_tables++;
}

struct page *table_remove(struct mm_struct *mm, vaddr_t addr)
{
	struct page *page = kva_to_page(pte_lookup(mm, addr));

	ASSERT_MSG(page->flags & PG_TABLE && !page->pt_held && mm->pt_tables,
		   "INV-T1: the table of %08x goes with %u frames and slots",
		   addr, page->pt_held);
	mm->pgd[addr >> PGD_SHIFT] = 0;
	mm->pt_tables--;
	page->flags &= ~PG_TABLE;
	return page;
}

pte_t *pte_alloc_table(struct mm_struct *mm, vaddr_t addr)
{
	struct page *page = zero_stock_get(GFP_KERNEL);

	if (!page)
		return NULL;
	may_sleep(SLEEP_table_alloc);
	if (pte_lookup(mm, addr)) /* made by another while we slept */
		zero_stock_put(page);
	else
		table_install(mm, addr, page);
	return pte_lookup(mm, addr);
}

void pt_reserve_release(struct pt_reserve *res)
{
	u32 i;

	for (i = 0; i < res->n; i++)
		if (res->table[i])
			free_page(res->table[i]);
}

int pt_reserve_fill(struct pt_reserve *res, const struct mm_struct *mm,
		    vaddr_t start, vaddr_t end, bool all)
{
	vaddr_t addr = start, next;
	u32 i;

	res->n = 0;
	for (i = 0; addr < end; addr = next, i++) {
		ASSERT_MSG(i < PT_RESERVE_MAX, "%08x-%08x has more tables",
			   start, end);
		next = table_end(addr, end);
		res->table[i] = NULL;
		res->n = i + 1;
		if (!all && pte_lookup(mm, addr))
			continue;
		res->table[i] = next - addr == TABLE_SPAN ?
					alloc_page(GFP_KERNEL) :
					zero_stock_get(GFP_KERNEL);
		if (!res->table[i]) {
			pt_reserve_release(res);
			return -ENOMEM;
		}
	}
	return 0;
}

/* ------------------------------------------------------------------ */
/* one entry                                                           */

/* Counts DELTA (1 or -1) entries that hold something: in the table, and in
 * the address space. */
static __always_inline void
count_held(struct mm_struct *mm, struct page *table, pte_t pte, s32 delta)
{
	if (pte_resident(pte)) {
		table->pt_held += delta;
		if (!(pte_page(pte)->flags & PG_RESERVED))
			mm->rss += delta;
	} else if (is_swap_entry(pte)) {
		table->pt_held += delta;
		mm->swapped += delta;
	}
}

/* A frame goes away from an entry of TABLE, a slot comes or goes. */
static __always_inline void
count_change(struct mm_struct *mm, struct page *table, pte_t before, pte_t pte)
{
	table->pt_used += pte_none(before);
	table->pt_used -= pte_none(pte);
	count_held(mm, table, before, -1);
	count_held(mm, table, pte, 1);
	ASSERT_MSG(table->pt_held <= table->pt_used &&
			   table->pt_used <= PTRS_PER_TABLE,
		   "INV-T1: %u of %u entries are held, after %08x -> %08x",
		   table->pt_held, table->pt_used, before.val, pte.val);
	ASSERT_MSG((s32)mm->rss >= 0 && (s32)mm->swapped >= 0,
		   "INV-T2: rss %d, swapped %d, after %08x -> %08x", mm->rss,
		   mm->swapped, before.val, pte.val);
}

/* An entry of TABLE that was none or a signature gets a frame: most faults. */
static __always_inline void
count_arrival(struct mm_struct *mm, struct page *table, pte_t before, pte_t pte)
{
	if (pte_none(before))
		table->pt_used++;
	count_held(mm, table, pte, 1);
}

__hop void set_pte(struct mm_struct *mm, vaddr_t addr, pte_t *ptep, pte_t pte)
{
	struct page *table = kva_to_page(ptep);
	pte_t before = *ptep;

	if (!pte_holds(before) && pte_resident(pte))
		count_arrival(mm, table, before, pte);
	else if (!pte_resident(before) ||
		 (before.val ^ pte.val) & PTE_HELD_BITS)
		count_change(mm, table, before, pte);
	*ptep = pte;
	if (before.val & PTE_P && may_be_cached(mm))
		invlpg(addr);
	TRACE(pte_set, addr, before.val, pte.val, pte_pfn(pte),
	      pte_resident(pte) ? pte_page(pte)->count : 0, mm_number(mm));
}

bool pte_test_and_clear_young(struct mm_struct *mm, vaddr_t addr, pte_t *ptep)
{
	ASSERT_MSG(pte_resident(*ptep), "entry %08x at %08x holds no frame",
		   ptep->val, addr);
	if (!(ptep->val & PTE_A))
		return false;
	ptep->val &= ~PTE_A;
	if (ptep->val & PTE_P && may_be_cached(mm))
		invlpg(addr);
	return true;
}
