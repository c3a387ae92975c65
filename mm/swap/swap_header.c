/* SPDX-License-Identifier: MIT */
/*
 * The header of a swap area, as mkswap(8) writes it into its first page.
 *
 *              0          1024                               4086     4096
 *   new        boot block version, last_page, nr_badpages,   SWAPSPACE2
 *                         uuid, label, bad pages from 1536 on
 *   old        a bit for each page: 1 is usable              SWAP-SPACE
 *
 * Everything in it is somebody's input: nothing is believed before it was
 * compared with the size of the area. Pure: reads one page, writes a map.
 * See: shm-spec 1.10.
 */
#include <lib/bitmap.h>
#include <lib/string.h>
#include <mm/swap/swap_area.h>

#define MAGIC_OFFSET (PAGE_SIZE - 10)
#define MAGIC_LEN 10u
#define INFO_OFFSET 1024u
#define BAD_OFFSET 1536u
#define MAX_BADPAGES ((MAGIC_OFFSET - BAD_OFFSET) / sizeof(u32))
#define OLD_BITS (MAGIC_OFFSET * 8)

struct swap_info_v1 { /* at INFO_OFFSET */
	u32 version; /* 1 */
	u32 last_page; /* number of the last slot */
	u32 nr_badpages; /* words that hold at BAD_OFFSET */
};

static const struct swap_info_v1 *info_of(const void *page)
{
	return (const void *)((const char *)page + INFO_OFFSET);
}

static const u32 *bad_pages_of(const void *page)
{
	return (const void *)((const char *)page + BAD_OFFSET);
}

static const char *check_bad_list(const void *page)
{
	const struct swap_info_v1 *info = info_of(page);
	const u32 *bad = bad_pages_of(page);
	u32 i;

	for (i = 0; i < info->nr_badpages; i++)
		if (!bad[i] || bad[i] > info->last_page)
			return "its list of bad pages names one that it "
			       "does not have";
	return NULL;
}

static const char *check_new(const void *page, u32 npages, bool regular)
{
	const struct swap_info_v1 *info = info_of(page);

	if (info->version != 1)
		return "its header's version is not 1";
	if (!info->last_page)
		return "its header says that it is empty";
	if (info->last_page >= npages)
		return "it is shorter than its header says";
	if (info->nr_badpages > MAX_BADPAGES)
		return "its header has more bad pages than room for them";
	if (info->nr_badpages && regular)
		return "it is a file, and its header has bad pages";
	return check_bad_list(page);
}

/* Is the old header's bit for SLOT set? */
static bool old_usable(const void *page, u32 slot)
{
	return bitmap_test(page, slot);
}

static void parse_old(struct swap_header *h, const void *page, u32 npages)
{
	u32 slot, last = 0;

	for (slot = 1; slot < OLD_BITS; slot++)
		if (old_usable(page, slot))
			last = slot;
	if (!last)
		h->why = "its header says that it is empty";
	else if (last >= npages)
		h->why = "it is shorter than its header says";
	h->max = last + 1;
}

void swap_header_parse(struct swap_header *h, const void *page, u32 npages,
		       bool regular)
{
	const char *magic = (const char *)page + MAGIC_OFFSET;

	memset(h, 0, sizeof(*h));
	if (!memcmp(magic, "SWAP-SPACE", MAGIC_LEN)) {
		h->old = true;
		parse_old(h, page, npages);
	} else if (memcmp(magic, "SWAPSPACE2", MAGIC_LEN)) {
		h->why = "it has no swap signature";
	} else {
		h->why = check_new(page, npages, regular);
		h->max = info_of(page)->last_page + 1;
	}
}

static void map_bad_list(const void *page, u16 *map, u32 max)
{
	const u32 *bad = bad_pages_of(page);
	u32 i;

	for (i = 0; i < info_of(page)->nr_badpages; i++)
		if (bad[i] < max)
			map[bad[i]] = SWAP_MAP_BAD;
}

u32 swap_header_map(const struct swap_header *h, const void *page, u16 *map,
		    u32 max)
{
	u32 slot, usable = 0;

	memset(map, 0, max * sizeof(*map));
	map[0] = SWAP_MAP_BAD;
	if (!h->old)
		map_bad_list(page, map, max);
	for (slot = 1; slot < max; slot++) {
		if (h->old && !old_usable(page, slot))
			map[slot] = SWAP_MAP_BAD;
		usable += !map[slot];
	}
	return usable;
}
