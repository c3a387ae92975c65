/* SPDX-License-Identifier: MIT */
/* What a touch of an address will do, told beforehand. */
#ifndef FS_PROC_TOUCH_H
#define FS_PROC_TOUCH_H

#include <mm/vma.h>

struct seq_buf;
struct task;

/* All that decides it. Without an object its fields are 0. */
struct touch {
	const struct task *task; /* whose limits hold */
	const struct vm_area_struct *vma; /* as find_vma() says, or NULL */
	vaddr_t addr;
	bool write;
	u32 pde;
	pte_t pte; /* 0 without a table */
	s32 id; /* of the segment */
	u32 index, npages; /* page of the object, of how many */
	pte_t slot; /* the segment's word for the page */
	const struct page *cached; /* page cache, swap cache; or NULL */
};

/* How it will end, by user mode. mmap_sem is held; nothing is changed. */
enum touch_end touch_foresee(const struct touch *t);

/* A line of /proc/<pid>/why: the kind as in /proc/<pid>/faults, or "none",
 * the functions on the way, and what comes out. */
void touch_tell(struct seq_buf *s, const struct touch *t);

#endif
