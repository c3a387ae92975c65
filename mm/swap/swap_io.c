/* SPDX-License-Identifier: MIT */
/*
 * Between a frame and its slot.
 *
 *   entry -> area -- block device --> block_rw_page()   sleeps
 *                `-- regular file --> its pages, which are all in memory
 *
 * The file of an area has no holes (swapon looks) and keeps its length while
 * it is one (inode_is_swap()), so that nothing is allocated on the way: this
 * runs to make memory free.
 *
 * Context: the frame is locked by its place in the swap cache (INV-W3).
 */
#include <drivers/block/block.h>
#include <fs/file.h>
#include <kernel/panic.h>
#include <mm/filemap.h>
#include <mm/swap/swap.h>

struct swap_counts swap_counts;

static int rw_file_page(struct inode *inode, u32 slot, struct page *page,
			bool write)
{
	struct page *there = find_page(&inode->i_data, slot);

	ASSERT_MSG(there, "swap file %u: page %u of %u bytes is gone",
		   inode->ino, slot, inode->size);
	if (write)
		copy_page(page_kva(there), page_kva(page));
	else
		copy_page(page_kva(page), page_kva(there));
	return 0;
}

int rw_swap_page(pte_t entry, struct page *page, bool write)
{
	u32 type = swp_type(entry), slot = swp_slot(entry);
	struct swap_area *area = &swap_info[type % MAX_SWAPFILES];

	ASSERT_MSG(is_swap_entry(entry) && type < MAX_SWAPFILES &&
			   area->used && slot && slot < area->max,
		   "%s of entry %08x: area %u has %u slots",
		   write ? "swap write" : "swap read", entry.val, type,
		   area->max);
	ASSERT_MSG(swap_count(entry) && page->count,
		   "entry %08x has %u holders, frame %x %u users", entry.val,
		   swap_count(entry), page_to_pfn(page), page->count);
	*(write ? &swap_counts.out : &swap_counts.in) += 1;
	if (area->bdev)
		return block_rw_page(area->bdev, slot, page, write);
	return rw_file_page(area->file->inode, slot, page, write);
}
