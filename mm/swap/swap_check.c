/* SPDX-License-Identifier: MIT */
/*
 * Proves INV-W1 (shm-spec I6): each swap slot has as many holders as its
 * swap_map says.
 *
 *   every holder that can be found takes one off its slot
 *       below 0     somebody holds a slot that is not counted
 *       left over   a holder was lost; as many as there are pins may be
 *   and puts it back again
 *
 * so that no memory is needed, however many slots there are. Nothing sleeps in
 * between. A slot whose count is stuck at its maximum is left out.
 */
#include <kernel/panic.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>

static u16 *map_of(pte_t entry)
{
	struct swap_area *area = &swap_info[swp_type(entry)];

	ASSERT_MSG(swp_type(entry) < MAX_SWAPFILES && area->used &&
			   swp_slot(entry) && swp_slot(entry) < area->max,
		   "I6: entry %08x names no slot of any area", entry.val);
	return &area->swap_map[swp_slot(entry)];
}

/* A holder of ENTRY was found: DELTA is -1, and 1 on the way back. */
static void count_holder(pte_t entry, s32 delta)
{
	u16 *map = map_of(entry);

	if (*map == SWAP_MAP_MAX)
		return;
	ASSERT_MSG(delta > 0 || (*map && *map != SWAP_MAP_BAD),
		   "I6: slot %u of area %u has more holders than its count",
		   swp_slot(entry), swp_type(entry));
	*map += delta;
}

static void count_entries(const struct mm_struct *mm, s32 delta)
{
	const pte_t *ptep;
	vaddr_t addr = 0;

	while (mm->swapped && (ptep = pte_next_held(mm, &addr, TASK_SIZE))) {
		if (is_swap_entry(*ptep))
			count_holder(*ptep, delta);
		addr += PAGE_SIZE;
	}
}

/* A page slot of an object. */
static void count_slot(pte_t slot, s32 delta)
{
	if (is_swap_entry(slot))
		count_holder(slot, delta);
}

/* All holders: entries, page slots, frames of the swap cache. */
static void count_holders(s32 delta)
{
	const struct page *page;
	struct mm_struct *mm;
	u32 i;

	list_for_each_entry(mm, &all_mms, all)
		count_entries(mm, delta);
	swap_objects->for_each_slot(count_slot, delta);
	for (i = 0; i < max_pfn && nr_swap_cache; i++) {
		page = pfn_to_page(i);
		if (page->flags & PG_SWAPCACHE)
			count_holder(page_swap_entry(page), delta);
	}
}

/* What the holders that were found have left of the counts of AREA. */
static u32 count_left(const struct swap_area *area)
{
	u32 slot, left = 0;

	for (slot = 1; area->used && slot < area->max; slot++)
		if (area->swap_map[slot] < SWAP_MAP_MAX)
			left += area->swap_map[slot];
	return left;
}

void swap_check(void)
{
	u32 i, left = 0;

	count_holders(-1);
	for (i = 0; i < MAX_SWAPFILES; i++)
		left += count_left(&swap_info[i]);
	ASSERT_MSG(left == nr_swap_pins,
		   "I6: %u holders of swap slots were not found, %u are pins",
		   left, nr_swap_pins);
	count_holders(1);
}
