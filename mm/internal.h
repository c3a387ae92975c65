/* SPDX-License-Identifier: MIT */
/*
 * Private to mm/: what the three files that write page-table entries share,
 * mm/pgdir.c, mm/pgtable.c and mm/pgtable_range.c. All of it is atomic; the
 * caller holds mmap_sem of MM unless MM is being made or taken down.
 */
#ifndef MM_INTERNAL_H
#define MM_INTERNAL_H

#include <mm/mm.h>

#define TABLE_BITS (PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D) /* of a pde */

/* May the processor have translations of MM? The loaded directory says so: a
 * thread of the kernel runs in that of the process before it. */
static inline bool may_be_cached(const struct mm_struct *mm)
{
	return mm_is_loaded(mm);
}

/* The end of ADDR's table, or END if that comes first. */
static __always_inline vaddr_t table_end(vaddr_t addr, vaddr_t end)
{
	vaddr_t next = (addr & ~(TABLE_SPAN - 1)) + TABLE_SPAN;

	return next - 1 < end - 1 ? next : end;
}

/* Hangs PAGE, all zero or about to be filled, into the directory. */
void table_install(struct mm_struct *mm, vaddr_t addr, struct page *page);
/* Takes the table of ADDR out of the directory; the frame is the caller's. */
struct page *table_remove(struct mm_struct *mm, vaddr_t addr);

/* Forgets the translations of NPAGES from ADDR on, if MM is loaded. */
void flush_tlb_range(const struct mm_struct *mm, vaddr_t addr, u32 npages);

#endif
