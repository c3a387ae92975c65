/* SPDX-License-Identifier: MIT */
/*
 * System V shared memory: a segment and the table of segments.
 *
 *   shm_ids.slot[n] -> shmid_kernel -- pages --> slot pages: one word a page
 *                          |                      0         never touched
 *                          |                      P=1       resident frame
 *                          |                      P=0       swap entry
 *                          '-- attaches: ring of all vm_area_structs
 *                                        |
 *                                        PTE: signature(slot, index)
 *
 * INV-I1  shm_tot == sum of npages over live segments
 * INV-I2  shm_rss == resident page slots, shm_swp == swapped page slots
 * INV-I3  nattch == ring length + shmat calls in progress
 * INV-I4  every VM_SHM area is on exactly one ring
 * INV-I8  SHM_DEST and nattch == 0: not in the table
 *
 * Locks: the creator mutex serialises "look up, else create"; everything
 * else is read and changed in stretches that do not sleep. A segment
 * pointer that must survive a sleep is held by nattch (shm-spec appendix B).
 */
#ifndef IPC_SHM_H
#define IPC_SHM_H

#include <ipc/id.h>
#include <mm/mm.h>
#include <mm/swap_entry.h>

#define SHM_SLOTS_PER_PAGE 1024u
#define SHM_MAX_SLOT_PAGES ((1u << SHM_INDEX_BITS) / SHM_SLOTS_PER_PAGE)
#define SHMMAX_HARD (PAGE_SIZE << SHM_INDEX_BITS) /* 64 MiB */
#define SHMMNI_HARD (1u << SHM_SLOT_BITS) /* 1024 */

struct shmid_kernel {
	struct kern_ipc_perm shm_perm; /* first: ids are looked up by it */
	u32 shm_segsz; /* bytes, as asked */
	u32 shm_npages; /* [c] */
	s64 shm_atime, shm_dtime, shm_ctime; /* seconds */
	s32 shm_cpid, shm_lpid;
	u32 shm_nattch; /* areas, plus one for each shmat in progress */
	u32 shm_pins; /* of those, the calls of shmat in progress */
	s32 shm_created_key; /* [c] the key at creation, for /proc/<pid>/maps */
	u32 rss, swp; /* resident and swapped page slots */
	struct list_head attaches; /* ring, through vm_share */
	u32 shm_creator_start; /* [c] start_tick of shm_cpid: a reused pid is
				* not mistaken for the creator */
	u32 shm_locker; /* uid that locked it: pays RLIMIT_MEMLOCK */
	pte_t *pages[SHM_MAX_SLOT_PAGES]; /* [c] the slot pages */
};

struct shm_totals {
	u32 tot, rss, swp; /* pages: INV-I1, INV-I2 */
	u32 swap_attempts, swap_successes;
};

extern struct ipc_ids shm_ids;
extern struct shm_totals shm_totals;
extern u32 shm_ctlmax, shm_ctlall, shm_ctlmni, shm_rmid_forced;
extern const struct vm_operations_struct shm_vm_ops; /* ipc/shm/shm_area.c */
extern const struct swap_objects shm_objects; /* ipc/shm/shm_objects.c */
/* Frames that no segment gets: killing does not give a segment's memory back,
 * so something must be left for whoever comes to remove it. */
extern u32 shm_margin;

static inline pte_t *shm_slot(const struct shmid_kernel *seg, u32 index)
{
	return &seg->pages[index / SHM_SLOTS_PER_PAGE]
			  [index % SHM_SLOTS_PER_PAGE];
}

/* Does an area, or a shmat in progress, hold SEG? */
static inline bool shm_is_attached(const struct shmid_kernel *seg)
{
	return seg->shm_nattch != 0;
}

/* The segment in slot SLOT of the table, or NULL. */
static inline struct shmid_kernel *shm_segment_at(u32 slot)
{
	struct kern_ipc_perm *perm = shm_ids.slot[slot];

	return perm ? container_of(perm, struct shmid_kernel, shm_perm) : NULL;
}

/* Each segment, looked up anew each time: it may go, others may come. */
#define for_each_segment(seg, slot) \
	for ((slot) = 0; (slot) <= shm_ids.max_slot; (slot)++) \
		if (((seg) = shm_segment_at(slot)))

void shm_init(void);

/* ipc/shm/shm.c: the last detach of a dead segment, or IPC_RMID. */
void shm_destroy(struct shmid_kernel *seg);
/* Counts one attach less, destroys the segment if it was the last. */
void shm_put_attach(struct shmid_kernel *seg);
/* Exit of a task: with shm_rmid_forced its unattached segments go. */
void shm_exit_task(struct task *task);

/* ipc/shm/shm_area.c: VMA, whose segment is set, becomes an attach: on the
 * ring, counted. */
void shm_open(struct vm_area_struct *vma);

/* ipc/shm/shm_fault.c */
enum fault_outcome shm_swap_in(struct fault *fault, pte_t seen,
			       struct page **page);
enum fault_outcome shm_nopage(struct fault *fault, struct page **page);

/* Page INDEX, which is in swap, has come back in PAGE, of which we give up one
 * count: the page slot names the frame, the slot is given back. Atomic. */
void shm_slot_from_swap(struct shmid_kernel *seg, u32 index,
			struct page *page);
/* SLOT of SEG lets go of what it holds, and is none. Atomic. */
void shm_slot_clear(struct shmid_kernel *seg, pte_t *slot);

/* shm_swap.c: one frame made free, from any segment. URGENCY 6 (calm) to 0;
 * sleeps while it writes. */
bool shm_swap(u32 urgency);
/* Evicts this page now, for /proc/sys/vm/evict; 0, -EINVAL,
 * -ENOENT (not in memory), -EBUSY, -ENOSPC (swap is full). Sleeps. */
int shm_evict_now(s32 id, u32 index);

/* Segments whose creator is gone and that nobody has attached. */
void shm_destroy_orphans(void);

void ipc_proc_init(void); /* files of /proc: fs/proc/proc_ipc.c */

/*
 * The calls on decoded arguments; a result or a negative errno. May sleep.
 * do_shmat() leaves the address in *ADDRP. do_shmctl() takes CMD without
 * IPC_64; OLD chooses the 16-bit layouts for BUF, a user address.
 */
long do_shmget(s32 key, u32 size, u32 flags);
long do_shmat(s32 id, vaddr_t addr, u32 flags, vaddr_t *addrp);
long do_shmdt(vaddr_t addr);
long do_shmctl(s32 id, s32 cmd, void *buf, bool old);

/* Who asks, from the current task. */
struct ipc_caller ipc_current(void);
/* The segment of an id, or NULL. */
struct shmid_kernel *shm_lookup(s32 id);

/* Resident pages of all locked segments. */
u32 shm_locked_rss(void);

/* MADV_REMOVE: the pages [first, first + n) become never touched again. */
void shm_remove_pages(struct shmid_kernel *seg, u32 first, u32 n);
/* ipc/ipc_check.c: PTE at ADDR of the attach VMA, not none, is its signature or
 * names the frame of its page slot (I7), or the machine stops. */
void shm_check_entry(const struct vm_area_struct *vma, vaddr_t addr, pte_t pte);
/* VISIT(slot, ARG) for each page slot of all segments that is not none. */
void shm_for_each_slot(void (*visit)(pte_t slot, s32 arg), s32 arg);

/* Proves I1-I4 and I8, or stops the machine. */
struct ipc_check_result {
	u32 segments, pages, rss, swp, attaches;
};
void ipc_check(struct ipc_check_result *res);

#endif
