/* SPDX-License-Identifier: MIT */
/*
 * Page directories and what all of them share: the kernel's part of an address
 * space, made at boot.
 *
 *   pgd   0..767      tables of one address space     mm/pgtable.c
 *         768..1023   the direct map, the same in all: frame n at
 *                     KERNEL_BASE + n * 4096, in 4 KiB pages
 *
 * A kernel stack has its lowest page taken out of the map: an overflow is a
 * fault at once (kernel_guard_set).
 *
 * See: include/x86/pte.h for the bits, docs/memory-map.md.
 */
#include <kernel/panic.h>
#include <lib/string.h>
#include <mm/internal.h>
#include <mm/mm.h>
#include <x86/cpu.h>

#define KERNEL_PGD_INDEX (KERNEL_BASE >> PGD_SHIFT) /* 768 */
#define KERNEL_PTE_BITS (PTE_P | PTE_RW | PTE_A | PTE_D)
#define PGD_STOCK_MAX 8u

static u32 *kernel_pgd; /* every directory copies its upper quarter */
paddr_t loaded_pgd;
static u32 global_bit; /* PTE_G where the processor has it */

/* Directories given back: kernel part filled in, user part zero. */
static u32 *pgd_stock[PGD_STOCK_MAX];
static u32 pgd_stock_count;

/* ------------------------------------------------------------------ */
/* boot                                                                */

static void pgtable_enable_global(void)
{
	u32 a, b, c, d;

	cpuid(1, &a, &b, &c, &d);
	if (!(d & CPUID_EDX_PGE))
		return;
	write_cr4(read_cr4() | CR4_PGE);
	global_bit = PTE_G;
}

void pgtable_init(paddr_t tables, u32 npages)
{
	u32 *table = paddr_to_kva(tables), i;

	kernel_pgd = table;
	memset(kernel_pgd, 0, PAGE_SIZE);
	table += PTRS_PER_TABLE;
	pgtable_enable_global();
	for (i = 0; i < npages; i++)
		table[i] = i << PAGE_SHIFT | KERNEL_PTE_BITS | global_bit;
	for (; i % PTRS_PER_TABLE; i++)
		table[i] = 0;
	for (i = 0; i < npages; i += PTRS_PER_TABLE)
		kernel_pgd[KERNEL_PGD_INDEX + i / PTRS_PER_TABLE] =
			kva_to_paddr(&table[i]) | TABLE_BITS;
	mm_load(NULL);
}

static u32 *kernel_pte(const void *kva)
{
	u32 addr = (u32)kva;
	u32 *table = paddr_to_kva(kernel_pgd[addr >> PGD_SHIFT] & PAGE_MASK);

	return &table[addr >> PAGE_SHIFT & (PTRS_PER_TABLE - 1)];
}

void kernel_guard_set(void *kva)
{
	ASSERT_MSG(*kernel_pte(kva) & PTE_P, "%p is guarded already", kva);
	*kernel_pte(kva) = 0;
	invlpg((u32)kva);
}

void kernel_guard_clear(void *kva)
{
	ASSERT_MSG(!*kernel_pte(kva), "%p is no guard: %08x", kva,
		   *kernel_pte(kva));
	*kernel_pte(kva) = kva_to_paddr(kva) | KERNEL_PTE_BITS | global_bit;
	invlpg((u32)kva);
}

/* ------------------------------------------------------------------ */
/* directories                                                         */

u32 *pgd_alloc(void)
{
	struct page *page;
	u32 *pgd;

	if (pgd_stock_count)
		return pgd_stock[--pgd_stock_count];
	page = alloc_page(GFP_KERNEL);
	if (!page)
		return NULL;
	pgd = page_kva(page);
	memset(pgd, 0, KERNEL_PGD_INDEX * sizeof(*pgd));
	memcpy(pgd + KERNEL_PGD_INDEX, kernel_pgd + KERNEL_PGD_INDEX,
	       (PTRS_PER_TABLE - KERNEL_PGD_INDEX) * sizeof(*pgd));
	return pgd;
}

void pgd_free(u32 *pgd)
{
	ASSERT_MSG(kva_to_paddr(pgd) != loaded_pgd,
		   "page directory %p goes while it is loaded", pgd);
	if (pgd_stock_count < PGD_STOCK_MAX)
		pgd_stock[pgd_stock_count++] = pgd;
	else
		free_page(kva_to_page(pgd));
}

u32 pgd_stock_drain(void)
{
	u32 n = pgd_stock_count;

	while (pgd_stock_count)
		free_page(kva_to_page(pgd_stock[--pgd_stock_count]));
	return n;
}

void mm_load(struct mm_struct *mm)
{
	loaded_pgd = mm ? mm->pgd_paddr : kva_to_paddr(kernel_pgd);
	write_cr3(loaded_pgd);
}
