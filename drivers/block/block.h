/* SPDX-License-Identifier: MIT */
/*
 * Block devices: sectors of 512 bytes, read and written a page at a time.
 *
 *   swap, /dev/hda --> block_rw_page() --> driver's queue --> interrupt
 *                           sleeps until its request is done
 *
 * A driver registers its drives at boot; /dev/NAME appears by itself
 * (fs/dev/blockdev.c), read through the page cache.
 */
#ifndef DRIVERS_BLOCK_H
#define DRIVERS_BLOCK_H

#include <lib/types.h>

#define SECTOR_SIZE 512u
#define SECTORS_PER_PAGE 8u

struct inode;
struct page;

struct block_device {
	const char *name; /* "hda" */
	u32 rdev; /* makedev(3, 0) and so on, as Linux numbers them */
	u32 nsectors; /* LBA28: below 2^28 */
	bool read_only; /* writes are -EROFS */
	void *private; /* the driver's */
	/* Moves COUNT sectors between SECTOR on and PADDR (within one page);
	 * 0 or -EIO. Sleeps; never longer than a time-out. */
	int (*transfer)(struct block_device *dev, u32 sector, u32 count,
			paddr_t paddr, bool write);
	u32 reads, writes, errors; /* requests so far, for /proc/diskstats */
	u32 read_sectors, write_sectors;
	u32 read_ticks, write_ticks; /* all requests' times, added up */
	u32 in_flight; /* requests now */
	u32 busy_ticks, busy_since; /* with any in flight */
};

void block_init(void); /* /proc/partitions, /proc/diskstats */

void block_register(struct block_device *dev);
struct block_device *block_next(struct block_device *dev); /* NULL: first */
/* The device behind an inode of a block device file, or NULL. */
struct block_device *block_of_inode(const struct inode *inode);

/*
 * One page at sector INDEX * 8; sectors beyond the end read as zero and are
 * not written. Fault injection (/proc/<pid>/fail-io-nth) fails it with -EIO
 * before the drive sees it. 0, -EIO, -EROFS. Sleeps.
 */
int block_rw_page(struct block_device *dev, u32 index, struct page *page,
		  bool write);

void ata_init(void); /* finds drives hda..hdd; after irq_init(), before fs */

#endif
