/* SPDX-License-Identifier: MIT */
/*
 * Who holds a slot of a swap area: the maps, and finding a free slot.
 *
 *   swap_map   [BAD][1][2][0][1][0][0]...[0]
 *                |         ^lowest_bit     ^highest_bit
 *              header          ^cluster_next: the search goes on here
 *
 * Areas of the highest priority first. Among equals one area gives 32 slots
 * in a row, a cluster, before it is the next one's turn. Within an area the
 * search goes round: what it passes was taken since it was here last, so a
 * slot costs as many steps as there are taken slots to a free one.
 *
 * INV-S1  inuse == slots of swap_map that are neither 0 nor BAD.
 * INV-S2  no free slot lies below lowest_bit or above highest_bit.
 * INV-S3  nr_swap_pages == sum of pages - inuse over areas with writeok.
 *
 * Locks: none, nothing here sleeps. See: mm/swap/swap.h, shm-spec 5.4.
 */
#include <kernel/panic.h>
#include <mm/swap/swap.h>

#define CLUSTER_SLOTS 32u

struct swap_area swap_info[MAX_SWAPFILES];
u32 nr_swap_pages, total_swap_pages;

static u32 turn; /* the area that gave the last slot */

static bool area_has_room(const struct swap_area *area)
{
	return area->writeok && area->inuse < area->pages;
}

/* The area the next slot comes from, its turn begun; NULL: all are full. */
static struct swap_area *choose_area(void)
{
	struct swap_area *last = &swap_info[turn], *best = NULL, *area;
	u32 i;

	for (i = 1; i <= MAX_SWAPFILES; i++) {
		area = &swap_info[(turn + i) % MAX_SWAPFILES];
		if (area_has_room(area) && (!best || area->prio > best->prio))
			best = area;
	}
	if (best && area_has_room(last) && last->cluster_nr &&
	    last->prio == best->prio)
		return last;
	if (best)
		best->cluster_nr = CLUSTER_SLOTS;
	return best;
}

/* The first free slot of [from, to]; 0: none. */
static u32 find_free(const u16 *map, u32 from, u32 to)
{
	for (; from <= to; from++)
		if (!map[from])
			return from;
	return 0;
}

/* A free slot of AREA, which has one. */
static u32 find_slot(struct swap_area *area)
{
	u32 from = MAX(area->cluster_next, area->lowest_bit), slot;

	slot = find_free(area->swap_map, from, area->highest_bit);
	if (slot)
		return slot;
	slot = find_free(area->swap_map, area->lowest_bit, from - 1);
	ASSERT_MSG(slot, "swap area %d: no free slot in %u..%u, %u of %u used",
		   (int)(area - swap_info), area->lowest_bit,
		   area->highest_bit, area->inuse, area->pages);
	area->lowest_bit = slot;
	return slot;
}

static void take_slot(struct swap_area *area, u32 slot)
{
	ASSERT_MSG(!area->swap_map[slot] && nr_swap_pages,
		   "INV-S1: slot %u, %x holders, is taken, %u are free", slot,
		   area->swap_map[slot], nr_swap_pages);
	area->swap_map[slot] = 1;
	area->inuse++;
	nr_swap_pages--;
	area->cluster_next = slot + 1;
	area->cluster_nr--;
	if (slot == area->lowest_bit)
		area->lowest_bit++;
	if (slot == area->highest_bit)
		area->highest_bit--;
}

/* Nobody holds SLOT any more. */
static void release_slot(struct swap_area *area, u32 slot)
{
	ASSERT_MSG(area->inuse, "INV-S1: slot %u of an empty area", slot);
	area->inuse--;
	if (area->writeok)
		nr_swap_pages++;
	area->lowest_bit = MIN(area->lowest_bit, slot);
	area->highest_bit = MAX(area->highest_bit, slot);
}

/* The holders of ENTRY's slot, which somebody has taken. */
static u16 *slot_of(pte_t entry, const char *who)
{
	u32 type = swp_type(entry), slot = swp_slot(entry);
	struct swap_area *area = &swap_info[type % MAX_SWAPFILES];

	ASSERT_MSG(type < MAX_SWAPFILES && area->used && slot < area->max &&
			   area->swap_map[slot] &&
			   area->swap_map[slot] != SWAP_MAP_BAD,
		   "%s of entry %08x: area %u has %u slots, holders %x", who,
		   entry.val, type, area->max,
		   area->used && slot < area->max ? area->swap_map[slot] : 0u);
	return &area->swap_map[slot];
}

pte_t get_swap_page(void)
{
	struct swap_area *area;
	u32 slot;

	if (!nr_swap_pages)
		return (pte_t){ 0 };
	area = choose_area();
	ASSERT_MSG(area, "%u free swap slots, and no area has one",
		   nr_swap_pages);
	turn = area - swap_info;
	slot = find_slot(area);
	take_slot(area, slot);
	return swp_entry(turn, slot);
}

/* A slot that ever had SWAP_MAP_MAX holders has lost count of them. */
void swap_duplicate(pte_t entry)
{
	u16 *holders;

	if (!is_swap_entry(entry))
		return;
	holders = slot_of(entry, "swap_duplicate");
	if (*holders < SWAP_MAP_MAX)
		++*holders;
}

u32 swap_free(pte_t entry)
{
	u16 *holders;

	if (!is_swap_entry(entry))
		return 0;
	holders = slot_of(entry, "swap_free");
	if (*holders < SWAP_MAP_MAX && !--*holders)
		release_slot(&swap_info[swp_type(entry)], swp_slot(entry));
	return *holders;
}

u32 swap_count(pte_t entry)
{
	return is_swap_entry(entry) ? *slot_of(entry, "swap_count") : 0;
}

bool swap_is_tight(void)
{
	return nr_swap_pages < total_swap_pages / 8;
}
