/* SPDX-License-Identifier: MIT */
/*
 * An address space: struct mm_struct and what is done to it as a whole.
 *
 * Locks: [m] mmap_sem; [c] constant after creation; the rest is atomic.
 * Code that holds mmap_sem must not touch user memory (docs/locking.md).
 */
#ifndef MM_MM_H
#define MM_MM_H

#include <kernel/lock.h>
#include <mm/vma.h>

struct task;

#define MAX_MAP_COUNT 65530u
#define MMAP_BASE 0x40000000u /* free ranges are looked for from here on */
#define MMAP_MIN_ADDR 0x110000u /* below: all that VM86 mode reaches */
#define STACK_TOP (TASK_SIZE - PAGE_SIZE) /* one page never mapped above */
#define STACK_GUARD_PAGES 256u /* gap kept below a growing stack */

struct mm_struct {
	u32 count; /* tasks and transient users */
	u32 *pgd; /* [c] kernel view of the page directory */
	paddr_t pgd_paddr; /* [c] what CR3 gets */
	struct vm_area_struct *mmap; /* [m] list, lowest first */
	struct vm_area_struct *mmap_avl; /* [m] root of the tree */
	struct vm_area_struct *mmap_last; /* [m] highest area */
	u32 map_count; /* [m] areas */
	vaddr_t hole_from; /* [m] no hole of hole_len bytes or more begins */
	u32 hole_len; /* [m] between MMAP_BASE and here (INV-V5) */
	struct mutex mmap_sem;

	u32 rss; /* entries that hold an unreserved frame, in pages */
	u32 swapped; /* entries that hold a swap slot */
	u32 total_vm; /* [m] sum of the areas, in pages */
	u32 locked_vm; /* [m] of those the locked ones */
	u32 pt_tables; /* page tables, for mm_check and VmPTE */
	u32 def_flags; /* [m] VM_LOCKED after mlockall(MCL_FUTURE) */

	vaddr_t start_code, end_code, start_data, end_data; /* [m] */
	vaddr_t start_brk, brk; /* [m] */
	vaddr_t start_stack; /* [c] esp at entry of the program */
	vaddr_t arg_start, arg_end, env_start, env_end; /* [c] */
	struct file *exe_file; /* [c] with one reference, or NULL */
	struct list_head all; /* member of all_mms */
	vaddr_t swap_address; /* swap_out goes on here */
};

extern struct list_head all_mms; /* creation to freeing of the last table */

/* Its name in the trace: the frame of its page directory. */
static inline u32 mm_number(const struct mm_struct *mm)
{
	return mm->pgd_paddr >> PAGE_SHIFT;
}

/* Is it the one the processor walks now? */
static inline bool mm_is_loaded(const struct mm_struct *mm)
{
	return loaded_pgd == mm->pgd_paddr;
}

/* The entry of ADDR, or NULL when its table does not exist. */
static __always_inline pte_t *
pte_lookup(const struct mm_struct *mm, vaddr_t addr)
{
	u32 pde = mm->pgd[addr >> PGD_SHIFT];
	pte_t *table = paddr_to_kva(pde & PAGE_MASK);

	if (!(pde & PTE_P))
		return NULL;
	return &table[addr >> PAGE_SHIFT & (PTRS_PER_TABLE - 1)];
}

/*
 * For walks over what is mapped: the entry of the first address from *ADDR on
 * and below END whose table holds a frame or a swap slot, and that address in
 * *ADDR; NULL: there is none. The caller goes on one page further. Atomic.
 */
static inline pte_t *pte_next_held(const struct mm_struct *mm, vaddr_t *addr,
				   vaddr_t end)
{
	pte_t *ptep;

	for (; *addr < end; *addr = (*addr | (TABLE_SPAN - 1)) + 1) {
		ptep = pte_lookup(mm, *addr);
		if (ptep && kva_to_page(ptep)->pt_held)
			return ptep;
	}
	return NULL;
}

/* The entry of ADDR, its table made if need be; NULL: no memory. May sleep. */
static __always_inline pte_t *
pte_alloc(struct mm_struct *mm, vaddr_t addr)
{
	pte_t *ptep = pte_lookup(mm, addr);

	return likely(ptep) ? ptep : pte_alloc_table(mm, addr);
}

/* A new, empty address space with count 1; NULL: no memory. May sleep. */
struct mm_struct *mm_alloc(void);
/* Drops one user; the last one unmaps everything. May sleep. */
void mmput(struct mm_struct *mm);
/* The first living address space behind LINK (at first &all_mms) with one more
 * count, or NULL. Atomic. */
struct mm_struct *mm_next(const struct list_head *link);
/* A copy for fork; NULL: no memory, and nothing has changed. May sleep. */
struct mm_struct *dup_mm(struct mm_struct *old);

/*
 * mmap on checked kernel arguments. ADDR and LEN page aligned, OFFSET in
 * bytes; PROT and FLAGS as in <uapi/mman.h>; FILE may be NULL (anonymous).
 * Returns the address or a negative errno (all >= -4095 as unsigned).
 * Locks mm->mmap_sem itself. May sleep.
 */
long do_mmap(struct mm_struct *mm, struct file *file, vaddr_t addr, u32 len,
	     u32 prot, u32 flags, u32 offset);
/* Unmaps LEN bytes at ADDR; 0, -EINVAL, -ENOMEM (nothing has changed).
 * Locks mm->mmap_sem itself. May sleep. */
int do_munmap(struct mm_struct *mm, vaddr_t addr, u32 len);
/* The same with checked, aligned bounds; mmap_sem is held. May sleep. */
int do_munmap_locked(struct mm_struct *mm, vaddr_t addr, u32 len);
/* The same in two steps, of which the first may fail and sleep: a hole inside
 * an area needs a second object. mmap_sem is held. */
int munmap_prepare(struct mm_struct *mm, vaddr_t addr, u32 len,
		   struct vm_area_struct **spare);
/* Cannot fail, and sleeps nowhere. mmap_sem is held. */
void munmap_commit(struct mm_struct *mm, vaddr_t addr, u32 len,
		   struct vm_area_struct *spare);

/* The whole area goes: pages, links, close hook, object. mmap_sem is
 * held. */
void unmap_area(struct vm_area_struct *vma);

/* Brings the pages of [start, end) in, as a write where the area allows it;
 * 0, -ENOMEM or -EFAULT (no rights, or behind the end of a file). mmap_sem
 * held; may sleep. */
int populate_range(struct mm_struct *mm, vaddr_t start, vaddr_t end);

/* May the current task lock pages at all; NPAGES more of MM? RLIMIT_MEMLOCK. */
bool can_do_mlock(void);
bool may_lock_pages(const struct mm_struct *mm, u32 npages);

/* Why the area above ADDR does not grow down to it for TASK, or
 * TOUCH_NO_FAULT: it does. */
enum touch_end stack_refusal(const struct task *task,
			     const struct vm_area_struct *vma, vaddr_t addr);

/* A stack grows down to ADDR, which lies below it: 0, or -ENOMEM if there is
 * such a reason. mmap_sem is held. */
int expand_stack(struct vm_area_struct *vma, vaddr_t addr);

struct seq_buf;

void mm_proc_init(void); /* files of /proc: fs/proc/proc_mm.c */
void mm_proc_pages_init(void); /* and fs/proc/proc_pages.c */
void mm_proc_why_init(void); /* and fs/proc/proc_why.c */

/* Writes what there is to say about VMA; BUF is scratch of PATH_MAX bytes.
 * mmap_sem is held. maps_line() is the one of /proc/<pid>/maps. */
typedef void maps_show_t(struct seq_buf *s, const struct vm_area_struct *vma,
			 char *buf);
maps_show_t maps_line;
/* Calls SHOW for each area of TASK; 0 or -ENOMEM. May sleep. */
int maps_walk(struct seq_buf *s, struct task *task, maps_show_t *show);

/* exec: the empty stack area that ends at STACK_TOP, [top-len, top); EXEC:
 * it is called executable. MM is new, nobody else has it: mmap_sem is not
 * taken. */
int setup_stack_vma(struct mm_struct *mm, u32 len, bool exec);

/* Pages of [start, end) that are mapped. mmap_sem is held. */
u32 mapped_pages(struct mm_struct *mm, vaddr_t start, vaddr_t end);

/* Where LEN bytes, of whole pages, would go: HINT if that is free, else the
 * lowest hole; 0: nowhere. *NEXT is the area above. mmap_sem is held, unless MM
 * is exec's, which nobody else has. */
vaddr_t get_unmapped_area(struct mm_struct *mm, vaddr_t hint, u32 len,
			  struct vm_area_struct **next);

/* 0 or -ENOMEM: NPAGES more against RLIMIT_AS of the current task and
 * MAX_MAP_COUNT; FREED pages will go at the same time. */
int may_expand_vm(const struct mm_struct *mm, u32 npages, u32 freed);

/* PTE bits for the VM_READ.. bits of FLAGS, as mk_pte() wants them. */
u32 vm_page_prot(u32 vm_flags);

/*
 * Copies LEN bytes between BUF and ADDR of another address space, faulting
 * its pages in under its own mmap_sem. Returns bytes copied. May sleep.
 */
u32 access_process_vm(struct mm_struct *mm, vaddr_t addr, void *buf, u32 len,
		      bool write);

/* Proves I5, I7, I9, I10 of the specification over all address spaces, or
 * stops the machine with a sentence that holds the values. May sleep. */
struct mm_check_result {
	u32 mms, vmas, ptes, frames_mapped, free_pages;
	u32 objects; /* of kmalloc() */
};
void mm_check(struct mm_check_result *res);

#endif
