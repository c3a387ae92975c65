/* SPDX-License-Identifier: MIT */
/*
 * swap_slots.c against a model: an array that says how often each slot is
 * held; and mm/swap/swap_header.c with whole, cut and damaged headers.
 */
#include <string.h>

#include <kernel/panic.h>
#include <mm/swap/swap_area.h>

#include "tap.h"

#define AREA_SLOTS 700u
#define HELD_MAX (MAX_SWAPFILES * AREA_SLOTS)

static u16 *held[MAX_SWAPFILES]; /* the model */
static pte_t taken[HELD_MAX]; /* slots somebody holds */
static u32 ntaken;

static void area_on(u32 type, u32 slots, s32 prio)
{
	struct swap_area *area = &swap_info[type];

	*area = (struct swap_area){
		.used = true,
		.writeok = true,
		.prio = prio,
		.swap_map = calloc(slots, sizeof(u16)),
		.max = slots,
		.pages = slots - 1,
		.lowest_bit = 1,
		.highest_bit = slots - 1,
	};
	area->swap_map[0] = SWAP_MAP_BAD;
	held[type] = calloc(slots, sizeof(u16));
	nr_swap_pages += area->pages;
	total_swap_pages += area->pages;
}

static void area_off(u32 type)
{
	nr_swap_pages -= swap_info[type].pages - swap_info[type].inuse;
	total_swap_pages -= swap_info[type].pages;
	free(swap_info[type].swap_map);
	free(held[type]);
	swap_info[type] = (struct swap_area){ 0 };
}

/* A slot that SLOT's model calls free, of the best area that has one. */
static bool op_get(void)
{
	pte_t entry = get_swap_page();
	u32 type = swp_type(entry), slot = swp_slot(entry), i;

	if (!entry.val)
		return !nr_swap_pages;
	if (held[type][slot])
		return false;
	for (i = 0; i < MAX_SWAPFILES; i++)
		if (swap_info[i].writeok &&
		    swap_info[i].prio > swap_info[type].prio &&
		    swap_info[i].inuse < swap_info[i].pages)
			return false;
	held[type][slot] = 1;
	taken[ntaken++] = entry;
	return true;
}

static bool op_put(u32 i)
{
	pte_t entry = taken[i];
	u16 *model = &held[swp_type(entry)][swp_slot(entry)];

	--*model;
	if (!*model)
		taken[i] = taken[--ntaken];
	return swap_free(entry) == *model;
}

static bool op_share(u32 i)
{
	swap_duplicate(taken[i]);
	return swap_count(taken[i]) ==
	       ++held[swp_type(taken[i])][swp_slot(taken[i])];
}

/* Do the maps, the sums and the hints agree with the model? */
static bool same(void)
{
	u32 type, slot, left = 0, inuse;
	struct swap_area *area;

	for (type = 0; type < MAX_SWAPFILES; type++) {
		area = &swap_info[type];
		inuse = 0;
		for (slot = 1; area->used && slot < area->max; slot++) {
			inuse += area->swap_map[slot] &&
				 area->swap_map[slot] != SWAP_MAP_BAD;
			if (area->swap_map[slot] == SWAP_MAP_BAD)
				continue;
			if (area->swap_map[slot] != held[type][slot])
				return false;
			if (!area->swap_map[slot] &&
			    (slot < area->lowest_bit ||
			     slot > area->highest_bit))
				return false;
		}
		if (inuse != area->inuse)
			return false;
		left += area->writeok ? area->pages - inuse : 0;
	}
	return left == nr_swap_pages;
}

static void drop_all(void)
{
	while (ntaken)
		op_put(ntaken - 1);
}

static void test_random(void)
{
	bool good = true, agree = true;
	u32 i, what;

	area_on(0, AREA_SLOTS, 5);
	area_on(2, 40, 9);
	area_on(3, AREA_SLOTS, 5);
	area_on(7, 100, -2);
	for (i = 0; i < 200000; i++) {
		what = rnd_below(100);
		if (what < (i / 20000 % 2 ? 35u : 60u))
			good &= op_get();
		else if (ntaken && what < 90)
			good &= op_put(rnd_below(ntaken));
		else if (ntaken)
			good &= op_share(rnd_below(ntaken));
		if (i % 100 == 0)
			agree &= same();
	}
	ok(good, "free slots of the best area, true counts, 0 only when full");
	ok(agree && same(), "maps, sums and hints are those of the model");
	drop_all();
	ok(same() && nr_swap_pages == total_swap_pages, "all come back");
	area_off(0);
	area_off(2);
	area_off(3);
	area_off(7);
}

/* Equals take turns of 32 slots, each a run. */
static void test_turns(void)
{
	bool runs = true, turns = true;
	pte_t last = { 0 };
	u32 i;

	area_on(1, 500, 3);
	area_on(4, 500, 3);
	for (i = 0; i < 320; i++) {
		op_get();
		if (i % 32)
			runs &= taken[i].val == swp_entry(swp_type(last),
							  swp_slot(last) + 1)
							.val;
		else if (i)
			turns &= swp_type(taken[i]) != swp_type(last);
		last = taken[i];
	}
	ok(runs, "32 slots in a row");
	ok(turns, "then it is the turn of the next area of that priority");
	drop_all();
	area_off(1);
	area_off(4);
}

static void test_edges(void)
{
	u32 i, n = 0;
	pte_t entry;

	ok(!get_swap_page().val, "no area, no slot");
	area_on(0, 66, 0);
	swap_info[0].swap_map[13] = SWAP_MAP_BAD;
	swap_info[0].pages--;
	nr_swap_pages--;
	total_swap_pages--;
	while ((entry = get_swap_page()).val) {
		n += swp_slot(entry) && swp_slot(entry) != 13;
		taken[ntaken++] = entry;
	}
	ok(n == 64 && ntaken == 64, "64 slots, the bad one is not given out");
	ok(swap_is_tight() && !nr_swap_pages, "none left is tight");
	for (i = 0; i < 16; i++)
		swap_free(taken[--ntaken]);
	ok(!swap_is_tight(), "a quarter free is not");
	for (i = 0; i < 40000; i++)
		swap_duplicate(taken[0]);
	for (i = 0; i < 40001; i++)
		swap_free(taken[0]);
	ok(swap_count(taken[0]) == SWAP_MAP_MAX,
	   "a slot that lost count of its holders is never free");
	swap_duplicate((pte_t){ 0 });
	swap_free(shm_signature(3, 5));
	swap_duplicate(shm_signature(3, 5));
	ok(swap_free((pte_t){ 0 }) == 0 && swap_count(shm_signature(1, 1)) == 0,
	   "none and signatures are no slots");
}

static void test_panics(void)
{
	pte_t wrong[] = { swp_entry(0, 66), swp_entry(5, 1), swp_entry(9, 1),
			  swp_entry(0, 13), taken[ntaken] };
	volatile u32 i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		if (PANICS)
			ok(true, "refused: %s", panic_text);
		else
			swap_free(wrong[i]), ok(false, "%08x is refused",
						wrong[i].val);
	}
	area_off(0);
}

/* ------------------------------------------------------------------ */
/* headers                                                             */

static union {
	u8 byte[PAGE_SIZE];
	u32 word[PAGE_SIZE / 4];
} header;

static const char *parse(u32 npages, bool regular)
{
	struct swap_header h;

	swap_header_parse(&h, &header, npages, regular);
	return h.why;
}

static void make_header(u32 last, u32 nbad)
{
	memset(&header, 0, sizeof(header));
	memcpy(&header.byte[4086], "SWAPSPACE2", 10);
	header.word[256] = 1;
	header.word[257] = last;
	header.word[258] = nbad;
}

static void test_new_header(void)
{
	struct swap_header h;
	u16 map[100];

	make_header(99, 2);
	header.word[384] = 7;
	header.word[385] = 99;
	swap_header_parse(&h, &header, 100, false);
	ok(!h.why && h.max == 100 && !h.old, "a header of mkswap's");
	ok(swap_header_map(&h, &header, map, 100) == 97 &&
		   map[0] == SWAP_MAP_BAD && map[7] == SWAP_MAP_BAD &&
		   map[99] == SWAP_MAP_BAD && !map[1] && !map[98],
	   "its bad pages are no slots");
	ok(swap_header_map(&h, &header, map, 50) == 48, "a part of an area");
	header.word[385] = 7;
	ok(swap_header_map(&h, &header, map, 100) == 98, "named twice, one");
	ok(parse(100, true) != NULL, "no bad pages in a file");
	ok(parse(99, false) != NULL, "a page too short");
	header.word[385] = 0;
	ok(parse(100, false) != NULL, "bad page 0");
	header.word[385] = 100;
	ok(parse(100, false) != NULL, "a bad page behind the end");
	header.word[258] = 638;
	ok(parse(100, false) != NULL, "more bad pages than room");
	header.word[258] = ~0u;
	ok(parse(100, false) != NULL, "2^32 - 1 of them");
	make_header(99, 0);
	ok(!parse(100, true), "without them, a file is fine");
	header.word[256] = 2;
	ok(parse(100, false) != NULL, "version 2");
	make_header(0, 0);
	ok(parse(100, false) != NULL, "an empty area");
	make_header(~0u, 0);
	ok(parse(100, false) != NULL, "2^32 pages");
	make_header(99, 0);
	header.byte[4095] = '3';
	ok(parse(100, false) != NULL, "another signature");
}

static void test_old_header(void)
{
	struct swap_header h;
	u16 map[100];
	u32 i;

	memset(&header, 0, sizeof(header));
	memcpy(&header.byte[4086], "SWAP-SPACE", 10);
	ok(parse(100, false) != NULL, "an old header without a page");
	for (i = 1; i < 90; i++)
		header.byte[i / 8] |= i == 33 ? 0 : 1 << i % 8;
	swap_header_parse(&h, &header, 90, false);
	ok(!h.why && h.max == 90 && h.old, "an old header");
	ok(swap_header_map(&h, &header, map, 90) == 88 &&
		   map[33] == SWAP_MAP_BAD && !map[89],
	   "a page without its bit is no slot");
	ok(parse(89, false) != NULL, "an old one, a page too short");
}

/* Whatever stands in it: no page outside of the map is marked. */
static void test_any_header(void)
{
	u32 round, i, taken_on = 0;
	struct swap_header h;
	bool good = true;
	u16 map[64];

	for (round = 0; round < 20000; round++) {
		make_header(rnd_below(70), rnd_below(8));
		for (i = 0; i < 8; i++)
			header.word[384 + i] = rnd_below(70);
		if (round % 2)
			header.byte[rnd_below(PAGE_SIZE)] = (u8)rnd();
		swap_header_parse(&h, &header, 64, false);
		if (h.why)
			continue;
		taken_on++;
		good &= h.max <= 64 &&
			swap_header_map(&h, &header, map, h.max) < h.max;
	}
	ok(good && taken_on > 100, "%u of 20000 random headers are taken on",
	   taken_on);
}

int main(void)
{
	test_random();
	test_turns();
	test_edges();
	test_panics();
	test_new_header();
	test_old_header();
	test_any_header();
	return tap_done();
}
