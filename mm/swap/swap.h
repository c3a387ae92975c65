/* SPDX-License-Identifier: MIT */
/*
 * Swap: areas and their slots, the swap cache, eviction and return.
 *
 *   page slot, PTE  --swap entry-->  area 0..7, slot 1..max-1
 *                                        |  swap_map[slot] == holders
 *   swap cache: (entry) -> frame --------'  one of them
 *
 *   out   try_to_free_page -> shm_swap | swap_out -> write_swap_page
 *   in    shm_swap_in | swap_in -> read_swap_page
 *
 * INV-W1  swap_map[slot] == PTEs + page slots that hold the entry
 *         + 1 if a frame is in the swap cache under it + pins  (shm-spec I6)
 * INV-W2  a slot with swap_map 0 is read and written by nobody: whoever does
 *         I/O on it holds it through the swap cache.
 * INV-W3  a frame is in the swap cache from before its write begins until
 *         after it has ended, and from before its read begins: one frame a
 *         slot, its page lock is the lock of the slot.
 *
 * Locks: none. Reclaim takes no lock (it runs below any) and allocates
 * nothing. See: docs/swap.md, shm-spec 5.
 */
#ifndef MM_SWAP_H
#define MM_SWAP_H

#include <mm/page_alloc.h>
#include <mm/swap_entry.h>

struct block_device;
struct file;
struct fault;
struct inode;
struct mm_struct;
struct vm_area_struct;

#define MAX_SWAPFILES 8u
#define SWAP_MAP_MAX 0x7fffu /* sticky: such a slot is never free again */
#define SWAP_MAP_BAD 0x8000u /* header and bad pages */

struct swap_area {
	bool used; /* swapped on */
	bool writeok; /* slots may be taken: not during swapoff */
	s32 prio; /* higher first; negative: given out by swapon */
	struct file *file; /* block device or regular file, one reference */
	struct block_device *bdev; /* NULL: a regular file */
	u16 *swap_map; /* [max] holders of each slot */
	u32 map_order; /* frames of swap_map, 2^order */
	u32 max; /* slots, the header's included */
	u32 pages; /* of those usable */
	u32 inuse; /* of those taken */
	u32 lowest_bit, highest_bit; /* no free slot outside of these */
	u32 cluster_next; /* where the search for a slot goes on */
	u32 cluster_nr; /* slots it still gives before its equals' turn */
};

extern struct swap_area swap_info[MAX_SWAPFILES];
extern u32 nr_swap_pages; /* free slots of areas with writeok */
extern u32 total_swap_pages; /* usable slots of areas with writeok */

/* --- swap_slots.c: who holds a slot; atomic, any number of holders - */

/* A free slot with one holder, the caller; none entry: swap is full. */
pte_t get_swap_page(void);
/* One more, one less holder; swap_free() returns how many are left. */
void swap_duplicate(pte_t entry);
u32 swap_free(pte_t entry);
u32 swap_count(pte_t entry);
/* Are slots getting scarce? Then no clean copies are kept in them. */
bool swap_is_tight(void);

/* --- mm/swap/swap_io.c --------------------------------------------------- */

/* Pages so far, for /proc/vmstat. Of the pairs [1] is kswapd's part. */
struct swap_counts {
	u32 in, out; /* read from a slot, written to one */
	u32 scanned[2]; /* looked at by reclaim */
	u32 stolen[2]; /* made free by it */
};
extern struct swap_counts swap_counts;

/* Reads the slot into PAGE or writes it out; 0 or -EIO. Sleeps. */
int rw_swap_page(pte_t entry, struct page *page, bool write);

/* --- mm/swap/swap_area.c, mm/swap/swapoff.c: system calls, /proc/swaps --- */

void swap_proc_init(void);
/* Is INODE (a file, or a block device by rdev) swapped on? For EBUSY. */
bool inode_is_swap(const struct inode *inode);

/* --- mm/swap/swap_cache.c ------------------------------------------------ */

extern u32 nr_swap_cache; /* frames in the swap cache */
extern u32 nr_swap_pins; /* slots held by readers without a frame yet */

/* The frame of the slot, or NULL; takes no count. Atomic. */
struct page *lookup_swap_cache(pte_t entry);
/* PAGE stands for ENTRY from now on. The cache takes over one count of the
 * page and one holder's place in the slot from the caller. Atomic. */
void add_to_swap_cache(struct page *page, pte_t entry);
/* Gives both back. Atomic. */
void delete_from_swap_cache(struct page *page);
static inline pte_t page_swap_entry(const struct page *page)
{
	return (pte_t){ page->index };
}

/*
 * Hop 10 of a fault on a page in swap: its frame, with one count for the
 * caller, from the cache or read from disk (*MAJOR = true). The caller's
 * entry may have changed meanwhile: it looks again. 0, -ENOMEM or -EIO.
 */
int read_swap_page(pte_t entry, struct page **page, bool *major);

/* Writes a frame of the swap cache to its slot; afterwards it is freed if
 * nobody wants it. True if it was freed. Sleeps. */
bool write_swap_page(struct page *page);

/* Waits until a write that others have under way has succeeded; false: there
 * is none, or all have failed. */
bool swap_write_wait(void);

/* Drops a holder, and the frame in the cache if that is all that is left. */
void free_swap_and_cache(pte_t entry);
/* Drops a count of a user page, and its place in the swap cache if nobody
 * else can want it. */
void free_page_and_swap_cache(struct page *page);
/* Is this page, found read-only by a writer who maps it, all the writer's?
 * Then it leaves the swap cache. Atomic. */
bool reuse_swap_page(struct page *page);
bool can_reuse_swap_page(const struct page *page); /* only the question */

/* --- mm/swap/vmscan.c, mm/swap/swap_out.c, mm/swap/shrink.c -------------- */

extern u32 free_pages_low; /* with fewer, kswapd begins */

/* One frame, or false. URGENCY 6 (calm) to 0; sleeps while it writes. */
bool shrink_mmap(u32 urgency);
u32 drop_clean_pages(void); /* all of them, for drop_caches; how many */
bool swap_out(u32 urgency);
/* The private page at ADDR of MM goes now; 0, -EINVAL (no area), -ENOENT (not
 * in memory), -EBUSY, -ENOSPC. Sleeps; MM may be gone afterwards. */
int swap_out_now(struct mm_struct *mm, vaddr_t addr);
void evict_proc_init(void); /* /proc/sys/vm/evict */
void policy_proc_init(void); /* /proc/sys/vm/swap_policy */
/* Before MM leaves all_mms: the process cursor moves on. */
void swap_out_forget(struct mm_struct *mm);

bool kswapd_start(void); /* with the first swapon; idempotent; false: no */
void kswapd_wake(void);

/* A piece of work that is done by kswapd: RUN is called with it. */
struct kswapd_work {
	void (*run)(struct kswapd_work *work);
};

/* Has kswapd, which was started, do WORK; sleeps until it is done. */
void kswapd_do(struct kswapd_work *work);
/* Frames that reclaim could free without writing. */
u32 freeable_pages(void);

/*
 * Pages that belong to objects and not to address spaces: how reclaim, a
 * policy's hand, swapoff and the checkers come to them. Whoever has such
 * objects (shm_objects.c) registers them once, at boot, before there is
 * anything to reclaim.
 */
struct swap_objects {
	/* The source RECLAIM_SHM: one frame, or false; as swap_out(). */
	bool (*reclaim)(u32 urgency);
	/* Round and round: the next page in memory, where nr_policy_pages is
	 * not 0. Atomic. */
	struct page *(*next_resident)(void);
	/* swapoff: brings every page that is in area TYPE back and frees its
	 * slot; looks again after every sleep. 0, -ENOMEM, -EIO or -EINTR. */
	int (*unuse)(u32 type);
	/* VISIT(slot, ARG) for each page slot that is not none. Atomic. */
	void (*for_each_slot)(void (*visit)(pte_t slot, s32 arg), s32 arg);
};

extern const struct swap_objects *swap_objects;

void swap_objects_register(const struct swap_objects *objects);

/* swap_check.c: proves INV-W1 for every slot, or stops the machine with a
 * sentence. Right at every instant, transfers under way or not. Atomic. */
void swap_check(void);

/* mm/swap/swap_in.c: a private page comes back; hop 8 and 9.
 * mmap_sem is held; may sleep. */
enum fault_outcome swap_in(struct fault *f, pte_t seen);

#endif
