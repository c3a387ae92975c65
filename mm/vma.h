/* SPDX-License-Identifier: MIT */
/*
 * Areas of an address space and the tree that finds them.
 *
 *   mm->mmap ---> [text] -> [data] -> [heap] ->  [shm]  -> [stack]   the list
 *   mm->mmap_avl          [heap]
 *                        /      \
 *                   [data]      [stack]                              the tree
 *                   /           /
 *              [text]       [shm]
 *
 * The key is vm_end, so find_vma(), the first area that ends above an
 * address, is one descent. Each node also knows the hole right below its
 * area (vm_hole) and the largest such hole in its subtree (vm_max_hole), so
 * a free range is found in one descent too.
 *
 * INV-V1  list order == tree in-order, no two areas overlap     (shm-spec I10)
 * INV-V2  height == 1 + max(children); children differ by at most 1
 * INV-V3  vm_hole == vm_start - end of the area before, vm_max_hole its
 *         maximum over the subtree
 * INV-V4  MMAP_MIN_ADDR <= vm_start < vm_end <= TASK_SIZE, both page aligned
 * INV-V5  no hole of mm->hole_len bytes or more begins in [MMAP_BASE,
 *         mm->hole_from): the search for as much begins there
 *
 * Locks: mm->mmap_sem [m] for everything here but the ring [r], which is the
 * segment's (atomic, never walked across a sleep). Reclaim looks areas up
 * without it, and does not sleep before it has done with them (INV-R1).
 */
#ifndef MM_VMA_H
#define MM_VMA_H

#include <lib/list.h>
#include <mm/fault_class.h>
#include <mm/pgtable.h>

struct file;
struct fault;
struct mm_struct;
struct shmid_kernel;
struct vm_area_struct;

/* How /proc/<pid>/maps shows the object behind an area. */
struct vma_label {
	u32 dev, ino; /* dev: major << 8 | minor */
	const char *name; /* NULL: none */
};

/*
 * One table per kind of memory. A hook that is NULL does nothing.
 * nopage and swapin may sleep; they leave in *PAGE the frame to map, with
 * one reference the caller takes over, and set fault->major if a disk was
 * read. They never touch the page table.
 */
struct vm_operations_struct {
	const char *kind; /* for the trace and gdb: "shm", "file" */
	enum fault_class fault_class; /* of a fault that asks nopage */
	bool own_reclaim; /* its pages are objects' (struct swap_objects), so
			   * swap_out() keeps off */
	/* Another area object for the same thing now exists (fork, split). */
	void (*open)(struct vm_area_struct *vma);
	/* This area object goes away; its pages are already unmapped. */
	void (*close)(struct vm_area_struct *vma);
	/* A part at its lower or upper end was unmapped; the rest stays. */
	void (*cut)(struct vm_area_struct *vma);
	/* fork: makes the entries of VMA in DST, where those of the parent
	 * are not to be copied. 0 or -ENOMEM. May sleep. */
	int (*copy)(struct mm_struct *dst, const struct vm_area_struct *vma);
	/* MADV_REMOVE: NPAGES of the object from INDEX on are as new. NULL:
	 * -EINVAL. */
	void (*remove)(struct vm_area_struct *vma, u32 index, u32 npages);
	/* mincore: does the object have its page INDEX in memory? */
	bool (*in_core)(const struct vm_area_struct *vma, u32 index);
	/* /proc/<pid>/maps: fills LABEL, its name perhaps in BUF. */
	void (*label)(const struct vm_area_struct *vma, struct vma_label *label,
		      char *buf, u32 size);
	/* mm_check: proves the entry PTE at ADDR, which is not none. */
	void (*check)(const struct vm_area_struct *vma, vaddr_t addr,
		      pte_t pte);
	/* The entry is none. */
	enum fault_outcome (*nopage)(struct fault *fault, struct page **page);
	/* The entry is neither none nor resident: it was SEEN. */
	enum fault_outcome (*swapin)(struct fault *fault, pte_t seen,
				     struct page **page);
};

struct vm_area_struct {
	struct mm_struct *vm_mm; /* owner */
	vaddr_t vm_start, vm_end; /* [start, end); vm_end is the key */
	u32 vm_page_prot; /* PTE bits of a present page */
	u32 vm_flags; /* enum vm_flags */
	u32 vm_offset; /* byte offset in the object, page aligned */

	struct vm_area_struct *vm_next, *vm_prev; /* by address */
	struct vm_area_struct *vm_avl_left, *vm_avl_right;
	u32 vm_avl_height; /* of an empty tree: 0 */
	u32 vm_hole; /* free bytes right below vm_start */
	u32 vm_max_hole; /* largest vm_hole of this subtree */

	const struct vm_operations_struct *vm_ops; /* NULL: anonymous */
	struct file *vm_file; /* the mapped file, with one reference */

	struct shmid_kernel *vm_segment; /* VM_SHM: holds nattch */
	pte_t vm_pte; /* VM_SHM: signature of page 0 of the segment */
	u32 vm_attach; /* VM_SHM: serial number of the shmat, kept by splits */
	struct list_head vm_share; /* [r] ring of attaches of vm_segment */
};

static inline u32 vma_npages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

/* May swap_out() take pages from it? */
static inline bool vma_swaps_out(const struct vm_area_struct *vma)
{
	return !(vma->vm_flags & VM_LOCKED) &&
	       !(vma->vm_ops && vma->vm_ops->own_reclaim);
}

/* Locked: are its pages brought in at once? */
static inline bool vma_wants_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_flags & (VM_LOCKED | VM_LOCKONFAULT)) == VM_LOCKED;
}

/* The number, within the object, of the page that holds ADDR. */
static inline u32 vma_page_index(const struct vm_area_struct *vma, vaddr_t addr)
{
	return ((addr & PAGE_MASK) - vma->vm_start + vma->vm_offset) >>
	       PAGE_SHIFT;
}

extern u32 nr_vmas; /* of all address spaces, and those not linked yet */
/* A zeroed area object for MM, not linked anywhere; NULL: no memory. */
struct vm_area_struct *vma_alloc(struct mm_struct *mm);
/* Frees the object and its reference to vm_file. */
void vma_free(struct vm_area_struct *vma);

/* The first area with vm_end > ADDR (it may start above ADDR), or NULL. */
struct vm_area_struct *find_vma(const struct mm_struct *mm, vaddr_t addr);

/* An area that overlaps [start, end), the lowest; or NULL. */
struct vm_area_struct *find_vma_intersection(const struct mm_struct *mm,
					     vaddr_t start, vaddr_t end);

/* The lowest free range of LEN bytes at or above FROM; 0: none. *NEXT is the
 * area above it, or NULL. */
vaddr_t find_hole(const struct mm_struct *mm, vaddr_t from, u32 len,
		  struct vm_area_struct **next);

/* Puts a filled-in VMA into list and tree. It must overlap nothing. mmap_sem is
 * held, unless MM is a child's or exec's, which nobody else has. */
void insert_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma);
/* The same for a caller that knows the area after, NULL for none. mmap_sem is
 * held, unless as above. */
void insert_vm_struct_before(struct mm_struct *mm, struct vm_area_struct *vma,
			     struct vm_area_struct *next);
/* Takes it out of both; the object stays the caller's. mmap_sem is held. */
void remove_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma);

/* Moves the bounds of a linked area without changing the order. mmap_sem is
 * held. */
void vma_set_bounds(struct vm_area_struct *vma, vaddr_t start, vaddr_t end);

/*
 * Cuts VMA at ADDR: VMA keeps the lower part, UPPER, an object the caller
 * got from vma_alloc() beforehand, becomes the rest. Cannot fail. mmap_sem is
 * held.
 */
void vma_split(struct vm_area_struct *vma, vaddr_t addr,
	       struct vm_area_struct *upper);

/*
 * Sets and clears flag bits over [start, end), which the caller has checked
 * to be mapped throughout; cuts areas at both ends as needed. -ENOMEM:
 * nothing has changed. mmap_sem is held. May sleep.
 */
int vma_change_flags(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		     u32 set, u32 clear);

/* Joins VMA with the area after it if they are alike; that object is freed.
 * mmap_sem is held. */
bool vma_merge_next(struct vm_area_struct *vma);
/* Joins neighbours over [start, end] that are alike. Areas with a close hook
 * or a file are left alone (shm-spec D8). mmap_sem is held. */
void merge_segments(struct mm_struct *mm, vaddr_t start, vaddr_t end);

/*
 * mm/vma_avl.c: the tree alone, also built on the host by its tests. Before
 * avl_insert() and avl_remove() the list is as if it had happened already:
 * vma->vm_next is the area after, and its vm_hole is up to date.
 */
void avl_insert(struct vm_area_struct **root, struct vm_area_struct *vma);
void avl_remove(struct vm_area_struct **root, struct vm_area_struct *vma);
void avl_update_hole(struct vm_area_struct *root, struct vm_area_struct *vma);
struct vm_area_struct *avl_find_hole(struct vm_area_struct *root,
				     const struct vm_area_struct *first,
				     u32 len);
/* NULL if INV-V1..V4 hold, else a sentence that names the first breach. */
const char *avl_check(const struct vm_area_struct *root,
		      const struct vm_area_struct *first);

#endif
