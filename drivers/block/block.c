/* SPDX-License-Identifier: MIT */
/*
 * Block devices: the list of them, and one page to or from one.
 *
 *   block_register() at boot --> first -> next -> NULL    hda, hdb, ...
 *   block_rw_page()          --> dev->transfer()          sleeps
 *
 * /proc/partitions and /proc/diskstats tell what there is and what it did.
 */
#include <drivers/block/block.h>
#include <fs/inode.h>
#include <fs/proc/procfs.h>
#include <kernel/panic.h>
#include <kernel/task.h>
#include <lib/string.h>
#include <uapi/errno.h>
#include <uapi/stat.h>

#define MAX_BLOCK_DEVICES 4u
#define MS_PER_TICK (1000u / HZ)

static struct block_device *devices[MAX_BLOCK_DEVICES];
static u32 nr_devices;

static int partitions_show(struct seq_buf *s, void *arg)
{
	const struct block_device *dev;
	u32 i;

	seq_printf(s, "major minor  #blocks  name\n\n");
	for (i = 0; i < nr_devices; i++) {
		dev = devices[i];
		seq_printf(s, "%4u  %7u %10u %s\n", dev_major(dev->rdev),
			   dev_minor(dev->rdev), dev->nsectors / 2, dev->name);
	}
	return 0;
}

/* Linux's layout, times in ms. Nothing is merged, discarded or flushed. */
static int diskstats_show(struct seq_buf *s, void *arg)
{
	const struct block_device *dev;
	u32 i;

	for (i = 0; i < nr_devices; i++) {
		dev = devices[i];
		seq_printf(s, "%4u %7u %s %u 0 %u %u", dev_major(dev->rdev),
			   dev_minor(dev->rdev), dev->name, dev->reads,
			   dev->read_sectors, dev->read_ticks * MS_PER_TICK);
		seq_printf(s, " %u 0 %u %u", dev->writes, dev->write_sectors,
			   dev->write_ticks * MS_PER_TICK);
		seq_printf(s, " %u %u %u 0 0 0 0 0 0\n", dev->in_flight,
			   dev->busy_ticks * MS_PER_TICK,
			   (dev->read_ticks + dev->write_ticks) * MS_PER_TICK);
	}
	return 0;
}

static struct proc_entry entries[] = {
	{ .path = "partitions", .mode = 0444, .show = partitions_show },
	{ .path = "diskstats", .mode = 0444, .show = diskstats_show },
};

void block_init(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(entries); i++)
		proc_register(&entries[i]);
}

void block_register(struct block_device *dev)
{
	ASSERT_MSG(nr_devices < MAX_BLOCK_DEVICES, "no room for device %s",
		   dev->name);
	devices[nr_devices++] = dev;
}

struct block_device *block_next(struct block_device *dev)
{
	u32 i = 0;

	while (dev && i < nr_devices && devices[i++] != dev)
		continue;
	return i < nr_devices ? devices[i] : NULL;
}

struct block_device *block_of_inode(const struct inode *inode)
{
	u32 i;

	for (i = 0; i < nr_devices && S_ISBLK(inode->mode); i++)
		if (devices[i]->rdev == inode->rdev)
			return devices[i];
	return NULL;
}

static void count_begin(struct block_device *dev)
{
	if (!dev->in_flight++)
		dev->busy_since = ticks;
}

static void count_end(struct block_device *dev, u32 sectors, bool write,
		      u32 begun)
{
	if (!--dev->in_flight)
		dev->busy_ticks += ticks - dev->busy_since;
	if (write) {
		dev->writes++;
		dev->write_sectors += sectors;
		dev->write_ticks += ticks - begun;
	} else {
		dev->reads++;
		dev->read_sectors += sectors;
		dev->read_ticks += ticks - begun;
	}
}

static int transfer(struct block_device *dev, u32 sector, u32 count,
		    paddr_t paddr, bool write)
{
	u32 begun = ticks;
	int err;

	count_begin(dev);
	err = dev->transfer(dev, sector, count, paddr, write);
	count_end(dev, err ? 0 : count, write, begun);
	if (unlikely(err))
		dev->errors++;
	return err;
}

int block_rw_page(struct block_device *dev, u32 index, struct page *page,
		  bool write)
{
	u32 sector = index * SECTORS_PER_PAGE, n = 0;
	paddr_t paddr = page_to_pfn(page) << PAGE_SHIFT;

	if (write && dev->read_only)
		return -EROFS;
	if (should_fail_io())
		return -EIO;
	if (index < DIV_ROUND_UP(dev->nsectors, SECTORS_PER_PAGE))
		n = MIN(SECTORS_PER_PAGE, dev->nsectors - sector);
	if (!write && n < SECTORS_PER_PAGE)
		memset((char *)page_kva(page) + n * SECTOR_SIZE, 0,
		       PAGE_SIZE - n * SECTOR_SIZE);
	if (!n)
		return 0;
	return transfer(dev, sector, n, paddr, write);
}
