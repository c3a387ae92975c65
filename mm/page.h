/* SPDX-License-Identifier: MIT */
/*
 * struct page: what the kernel knows about each frame of RAM.
 *
 *   mem_map[0] mem_map[1] ...            one entry per frame, by pfn
 *       |          |
 *     frame 0    frame 1 ...             mapped at 0xC0000000 + paddr
 *
 * INV-P1  count == 0 exactly while the frame is on a buddy free list.
 * INV-P2  a reserved frame (kernel, zero page, hole) is never counted.
 * INV-P3  a shm frame: count == 1 (page slot) + PTEs that map it + transient.
 *
 * Locks: none; "you are atomic until you sleep", and no interrupt handler
 * touches mem_map. See: docs/shm.md, mm/page_alloc.c.
 */
#ifndef MM_PAGE_H
#define MM_PAGE_H

#include <lib/types.h>
#include <uapi/faultline.h>

#define KERNEL_BASE 0xC0000000u
#define TASK_SIZE 0xC0000000u /* user addresses end here */
#define DIRECT_MAP_MAX (896u << 20) /* RAM above is reported and ignored */

struct address_space;
struct shmid_kernel;

/* Somebody finds a frame with one of these by other ways than its count: it
 * cannot be free. */
enum {
	PG_OWNED = PG_CACHE | PG_SLAB | PG_TABLE | PG_BUDDY | PG_SWAPCACHE |
		   PG_SHM,
};

struct page {
	u32 count; /* users; 0: free */
	u16 flags; /* enum page_flags */
	u8 order; /* of the free block, or of the allocation this heads */
	u8 kclass; /* PG_SLAB: size class */
	struct page *next, *prev; /* free list, slab list, address_space, or
				   * (PG_SHM) queue of mm/swap/swap_policy.c */
	union {
		struct { /* PG_CACHE, PG_SWAPCACHE */
			struct address_space *mapping;
			u32 index; /* page number in the object, swap entry */
			struct page *next_hash;
		};
		struct { /* PG_SHM: whose page, for eviction */
			struct shmid_kernel *seg;
			u32 seg_index; /* page number in the segment */
		};
		struct { /* PG_SLAB */
			void *free_objs; /* singly linked through the objects */
			u32 inuse; /* objects handed out */
		};
		struct { /* PG_TABLE */
			u16 pt_used; /* entries that are not none */
			u16 pt_held; /* entries that hold a frame or a slot */
		};
	};
	u32 check; /* scratch of mm_check() */
};

BUILD_ASSERT(sizeof(struct page) <= 32 || sizeof(void *) > 4,
	     "struct page is at most 32 bytes");

extern struct page *mem_map; /* [max_pfn] */
extern u32 max_pfn; /* frames the direct map covers */
extern struct page *zero_page; /* reserved, always zero, mapped read-only */

static inline u32 page_to_pfn(const struct page *page)
{
	return page - mem_map;
}

static inline struct page *pfn_to_page(u32 pfn)
{
	return &mem_map[pfn];
}

/* The kernel's own view of a frame, of a physical address. */
static inline void *paddr_to_kva(paddr_t paddr)
{
	return (void *)(uintptr_t)(paddr + KERNEL_BASE);
}

static inline paddr_t kva_to_paddr(const void *kva)
{
	return (u32)(uintptr_t)kva - KERNEL_BASE;
}

static inline void *page_kva(const struct page *page)
{
	return paddr_to_kva(page_to_pfn(page) << PAGE_SHIFT);
}

static inline struct page *kva_to_page(const void *kva)
{
	return pfn_to_page(kva_to_paddr(kva) >> PAGE_SHIFT);
}

#endif
