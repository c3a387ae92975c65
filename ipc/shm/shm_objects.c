/* SPDX-License-Identifier: MIT */
/*
 * What swapping asks of segments: struct swap_objects, filled in.
 *
 *   reclaim         one frame made free                     shm_swap
 *   next_resident   the hand of clock, page slot by page slot, round and round
 *   unuse           swapoff: every page of an area comes back
 *   for_each_slot   the checkers                            ipc/ipc_check.c
 *
 * A walk that sleeps finds its segment again by slot and index, and looks at
 * the page slot again: the segment may be gone, the page back (B13).
 *
 * See: docs/swap.md, shm-spec 5.5.
 */
#include <ipc/shm/shm.h>
#include <kernel/signal/signal.h>
#include <kernel/task.h>
#include <kernel/trace/stage.h>
#include <mm/swap/swap.h>
#include <mm/swap/swap_policy.h>
#include <uapi/errno.h>

/* Where a walk over all page slots is; a segment is found again by its id. */
struct shm_cursor {
	u32 slot, index;
};

/* ------------------------------------------------------------------ */
/* the hand                                                            */

/* Where clock looks next. */
static struct shm_cursor hand;

/* On to the next segment, round and round. */
static void hand_next_segment(void)
{
	hand.index = 0;
	if (++hand.slot > shm_ids.max_slot)
		hand.slot = 0;
}

static struct page *shm_next_resident(void)
{
	struct shmid_kernel *seg;
	pte_t slot;

	for (;;) { /* there is a page, so there is a segment to be found */
		seg = shm_segment_at(hand.slot);
		if (!seg || !seg->rss || hand.index >= seg->shm_npages) {
			hand_next_segment();
			continue;
		}
		slot = *shm_slot(seg, hand.index++);
		if (pte_resident(slot))
			return pte_page(slot);
	}
}

/* ------------------------------------------------------------------ */
/* swapoff                                                             */

/* On to the next page slot that names area TYPE; its segment, or NULL. */
static struct shmid_kernel *shm_next_swapped(struct shm_cursor *at, u32 type)
{
	struct shmid_kernel *seg;
	pte_t pte;

	for (; at->slot <= shm_ids.max_slot; at->slot++, at->index = 0) {
		seg = shm_segment_at(at->slot);
		for (; seg && seg->swp && at->index < seg->shm_npages;
		     at->index++) {
			pte = *shm_slot(seg, at->index);
			if (is_swap_entry(pte) && swp_type(pte) == type)
				return seg;
		}
	}
	return NULL;
}

/* The page at INDEX of SEG comes back into memory. Sleeps. */
static int shm_unuse_slot(struct shmid_kernel *seg, u32 index)
{
	pte_t entry = *shm_slot(seg, index);
	s32 id = seg->shm_perm.id;
	struct page *page;
	bool major;
	int err = read_swap_page(entry, &page, &major);

	if (err)
		return err;
	may_sleep(SLEEP_swapoff_page);
	/* may have slept: the segment may be gone, or its page back */
	if (shm_lookup(id) != seg || shm_slot(seg, index)->val != entry.val) {
		free_page_and_swap_cache(page);
		return 0;
	}
	shm_slot_from_swap(seg, index, page);
	return 0;
}

static int shm_unuse(u32 type)
{
	struct shm_cursor at = { 0, 0 };
	struct shmid_kernel *seg;
	int err = 0;

	while (!err && (seg = shm_next_swapped(&at, type))) {
		if (signal_pending())
			return -EINTR;
		err = shm_unuse_slot(seg, at.index);
	}
	return err;
}

const struct swap_objects shm_objects = {
	.reclaim = shm_swap,
	.next_resident = shm_next_resident,
	.unuse = shm_unuse,
	.for_each_slot = shm_for_each_slot,
};
