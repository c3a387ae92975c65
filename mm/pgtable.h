/* SPDX-License-Identifier: MIT */
/*
 * Page tables. Only mm/pgtable.c, mm/pgtable_range.c and mm/pgdir.c write; what
 * others get is a pointer to read through and functions that change.
 *
 *   CR3 -> pgd[1024] -> table[1024] -> frame
 *            |   \-- entries 768.. : the kernel's, the same in every pgd
 *            \------ entries 0..767: this address space's
 *
 * INV-T1  a table's pt_used == its entries that are not none, pt_held ==
 *         its entries that hold a frame or a swap slot; a table with pt_used
 *         0 is given back by zap_page_range(), never by reclaim.
 * INV-T2  mm->rss == entries that hold an unreserved frame (shm-spec I9),
 *         mm->swapped == entries that hold a swap slot.
 *
 * Context: callers hold mm->mmap_sem. Who changes entries without it is reclaim
 * (set_pte: atomic, those who sleep look again), fork in the child's tables and
 * exit in those of the dead: what they call does not assert it. pte_alloc() and
 * pt_reserve_fill() may sleep; nothing else here does but where it says so.
 */
#ifndef MM_PGTABLE_H
#define MM_PGTABLE_H

#include <mm/page_alloc.h>

struct mm_struct;
struct vm_area_struct;

typedef struct {
	u32 val;
} pte_t;

static inline bool pte_none(pte_t pte)
{
	return pte.val == 0;
}

/* Holds a frame: present, or kept behind PROT_NONE. */
static inline bool pte_resident(pte_t pte)
{
	return pte.val & (PTE_P | PTE_PROTNONE);
}

static inline bool pte_writable(pte_t pte)
{
	return (pte.val & (PTE_P | PTE_RW)) == (PTE_P | PTE_RW);
}

static inline u32 pte_pfn(pte_t pte)
{
	return pte.val >> PAGE_SHIFT;
}

static inline struct page *pte_page(pte_t pte)
{
	return pfn_to_page(pte_pfn(pte));
}

/* The entry that maps PAGE with the protection bits PROT (vm_page_prot). */
static inline pte_t mk_pte(const struct page *page, u32 prot)
{
	return (pte_t){ page_to_pfn(page) << PAGE_SHIFT | prot };
}

/* A page directory with the kernel's part filled in; NULL: no memory. */
u32 *pgd_alloc(void);
void pgd_free(u32 *pgd);
/* Gives directories kept for reuse to the free lists; how many. */
u32 pgd_stock_drain(void);

/* The entry of an ADDR without a table, which is made; NULL: no memory.
 * May sleep. pte_lookup() and pte_alloc() are in mm/mm.h. */
pte_t *pte_alloc_table(struct mm_struct *mm, vaddr_t addr);

/*
 * Hop 11: writes one entry, keeps the table's counts and the rss of MM, and
 * forgets the old translation where MM is loaded. References to frames are
 * the caller's business: the new entry takes over one.
 */
void set_pte(struct mm_struct *mm, vaddr_t addr, pte_t *ptep, pte_t pte);

/* Looks at the accessed bit of an entry: was it set? Forgets that it was,
 * here and in the processor. */
bool pte_test_and_clear_young(struct mm_struct *mm, vaddr_t addr, pte_t *ptep);

/* Drops every frame, slot and entry of [start, end), and tables left empty. */
void zap_page_range(struct mm_struct *mm, vaddr_t start, vaddr_t end);

/* Gives resident entries of [start, end) new protection bits. mmap_sem is
 * held. */
void change_protection(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		       u32 page_prot);

/*
 * Tables set aside for an attach, so that filling it cannot fail: the prepare
 * step of shmat and fork. A table that will be overwritten as a whole is not
 * cleared first.
 */
#define PT_RESERVE_MAX 17u /* 64 MiB that begin anywhere */
struct pt_reserve {
	u32 n; /* tables the range touches */
	struct page *table[PT_RESERVE_MAX]; /* [n], NULL: not needed */
};

/* For [start, end) of MM: all its tables, or (if not ALL) those missing.
 * -ENOMEM: nothing is held. May sleep. */
int pt_reserve_fill(struct pt_reserve *res, const struct mm_struct *mm,
		    vaddr_t start, vaddr_t end, bool all);
/* Gives back what is left over. */
void pt_reserve_release(struct pt_reserve *res);

/*
 * Writes FIRST, FIRST + STEP, FIRST + 2 STEP... into the entries of
 * [start, end), all none before, taking missing tables from RES, which was
 * filled for the same START. One pte_range event. Cannot fail.
 */
void fill_signatures(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		     pte_t first, u32 step, struct pt_reserve *res);

/* fork: copies the entries of VMA from SRC, whose mmap_sem is held, to DST;
 * -ENOMEM. May sleep. */
int copy_page_range(struct mm_struct *dst, struct mm_struct *src,
		    struct vm_area_struct *vma);

/* mremap: moves the entries of [from, from+len) to TO in MM; -ENOMEM.
 * On failure nothing has moved. mmap_sem is held. May sleep. */
int move_page_tables(struct mm_struct *mm, vaddr_t from, vaddr_t to, u32 len);

/* Loads the address space; NULL: only the kernel's part. */
void mm_load(struct mm_struct *mm);
extern paddr_t loaded_pgd; /* what CR3 holds */

/* Boot: the direct map of NPAGES frames in tables at TABLES (one frame per
 * 4 MiB, from the caller); then loads it. */
void pgtable_init(paddr_t tables, u32 npages);

/* Kernel stacks: takes the frame at KVA out of, and back into, the map. */
void kernel_guard_set(void *kva);
void kernel_guard_clear(void *kva);

#endif
