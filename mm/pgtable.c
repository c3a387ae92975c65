/* SPDX-License-Identifier: MIT */
/*
 * Page tables: the only file that writes an entry.
 *
 *   CR3 -> pgd[1024] -> table[1024] -> frame
 *
 * One entry at a time: set_pte(), hop 11 of the fault path. Whole ranges:
 * zap_page_range() (munmap, exit), change_protection() (mprotect),
 * copy_page_range() (fork), fill_signatures() (shmat), move_page_tables()
 * (mremap).
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
#include <lib/string.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

#define KERNEL_PGD_INDEX (KERNEL_BASE >> PGD_SHIFT) /* 768 */
#define TABLE_BITS (PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D)
#define PTE_HELD_BITS (PAGE_MASK | PTE_P | PTE_PROTNONE) /* what it holds */
#define KERNEL_PTE_BITS (PTE_P | PTE_RW | PTE_A | PTE_D)
#define FLUSH_ALL_PAGES 32u /* from here on reloading CR3 is cheaper */
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
	*kernel_pte(kva) = 0;
	invlpg((u32)kva);
}

void kernel_guard_clear(void *kva)
{
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

/* May the processor have translations of MM? The loaded directory says so: a
 * thread of the kernel runs in that of the process before it. */
static inline bool may_be_cached(const struct mm_struct *mm)
{
	return mm_is_loaded(mm);
}

/* Forgets the translations of NPAGES from ADDR on, if MM is loaded. */
static void flush_tlb_range(const struct mm_struct *mm, vaddr_t addr,
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
/* one entry                                                           */

/* The table of ADDR, or NULL. */
static __always_inline pte_t *
table_of(const struct mm_struct *mm, vaddr_t addr)
{
	u32 pde = mm->pgd[addr >> PGD_SHIFT];

	return pde & PTE_P ? paddr_to_kva(pde & PAGE_MASK) : NULL;
}

static __always_inline u32 pte_index(vaddr_t addr)
{
	return addr >> PAGE_SHIFT & (PTRS_PER_TABLE - 1);
}

/* Hangs the all-zero or filled frame PAGE into the directory. */
static void table_install(struct mm_struct *mm, vaddr_t addr, struct page *page)
{
	page->flags |= PG_TABLE;
	page->pt_used = page->pt_held = 0;
	mm->pgd[addr >> PGD_SHIFT] = page_to_pfn(page) << PAGE_SHIFT |
				     TABLE_BITS;
	mm->pt_tables++;
}

/* Takes the table of ADDR out of the directory; the frame is the caller's. */
static struct page *table_remove(struct mm_struct *mm, vaddr_t addr)
{
	struct page *page = kva_to_page(table_of(mm, addr));

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
	sleep_point(SLEEP_table_alloc);
	if (table_of(mm, addr)) /* made by another while we slept */
		zero_stock_put(page);
	else
		table_install(mm, addr, page);
	return pte_lookup(mm, addr);
}

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
	if (!(ptep->val & PTE_A))
		return false;
	ptep->val &= ~PTE_A;
	if (ptep->val & PTE_P && may_be_cached(mm))
		invlpg(addr);
	return true;
}

/* ------------------------------------------------------------------ */
/* ranges                                                              */

/* The end of ADDR's table, or END if that comes first. */
static __always_inline vaddr_t table_end(vaddr_t addr,
							       vaddr_t end)
{
	vaddr_t next = (addr & ~(TABLE_SPAN - 1)) + TABLE_SPAN;

	return next - 1 < end - 1 ? next : end;
}

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

/* Drops the entries of [start, end), within one table; frames dropped. */
static u32 zap_entries(struct mm_struct *mm, pte_t *table, vaddr_t start,
		       vaddr_t end)
{
	pte_t *ptep = &table[pte_index(start)];
	pte_t *last = ptep + ((end - start) >> PAGE_SHIFT);
	struct zapped z = { 0 };

	for (; ptep < last; ptep++) {
		if (pte_none(*ptep))
			continue;
		zap_entry(*ptep, &z);
		ptep->val = 0;
	}
	kva_to_page(table)->pt_used -= z.used;
	kva_to_page(table)->pt_held -= z.present + z.swapped;
	mm->rss -= z.rss;
	mm->swapped -= z.swapped;
	return z.present;
}

/* zap_page_range() within one table; frames dropped. */
static u32 zap_table(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	pte_t *table = table_of(mm, start);
	struct page *page;
	u32 dropped;

	if (!table)
		return 0;
	page = kva_to_page(table);
	if (end - start == TABLE_SPAN && !page->pt_held) {
		free_page(table_remove(mm, start));
		return 0;
	}
	dropped = zap_entries(mm, table, start, end);
	if (!page->pt_used)
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
		ASSERT(i < PT_RESERVE_MAX);
		next = table_end(addr, end);
		res->table[i] = NULL;
		res->n = i + 1;
		if (!all && table_of(mm, addr))
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
		if (!table_of(mm, addr)) {
			table_install(mm, addr, res->table[i]);
			res->table[i] = NULL;
		}
		n = (next - addr) >> PAGE_SHIFT;
		ptep = pte_lookup(mm, addr);
		write_signatures(ptep, n, sig, step);
		kva_to_page(ptep)->pt_used += n;
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
		table = table_of(mm, addr);
		if (table && !kva_to_page(table)->pt_used)
			zero_stock_put(table_remove(mm, addr));
	}
}

int move_page_tables(struct mm_struct *mm, vaddr_t from, vaddr_t to, u32 len)
{
	pte_t *src, *dst, val;
	u32 off;

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
		set_pte(mm, from + off, src, (pte_t){ 0 });
		set_pte(mm, to + off, dst, val);
	}
	free_empty_tables(mm, from, from + len);
	return 0;
}
