/* SPDX-License-Identifier: MIT */
/*
 * Swap areas: swapon, and the file /proc/swaps.
 *
 *   swapon   open, look at the header     may fail and sleep
 *            room for swap_map            may fail and sleep
 *            look again, publish          atomic
 *
 * While a file is a swap area nobody writes, cuts or unlinks it: write and
 * truncate answer ETXTBSY, unlink and rename EPERM, as on Linux
 * (inode_is_swap()). The open file keeps it, and its file system, in place.
 *
 * Priorities: the caller's, 0..32767, or negative ones in the order in which
 * areas come, from -2 down.
 *
 * See: mm/swap/swap_header.c, mm/swap/swapoff.c, shm-spec 5.5.
 */
#include <drivers/block/block.h>
#include <fs/file.h>
#include <fs/proc/procfs.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <mm/filemap.h>
#include <mm/kmalloc.h>
#include <mm/swap/swap_area.h>
#include <uapi/errno.h>
#include <uapi/stat.h>
#include <uapi/swap.h>

/* What swapon(2) knows of, discarding once and page by page included. */
#define SWAP_FLAGS_VALID                                              \
	(SWAP_FLAG_PREFER | SWAP_FLAG_PRIO_MASK | SWAP_FLAG_DISCARD | \
	 SWAP_FLAG_DISCARD << 1 | SWAP_FLAG_DISCARD << 2)

#define MAP_SLOTS_MAX ((PAGE_SIZE << (MAX_ORDER - 1)) / sizeof(u16))
#define KIB(pages) ((pages) << (PAGE_SHIFT - 10))

static u32 nr_areas; /* used ones */
static s32 least_prio = -1; /* the last that was given out */

/* ------------------------------------------------------------------ */
/* areas                                                               */

static bool same_object(const struct inode *a, const struct inode *b)
{
	return a == b ||
	       (S_ISBLK(a->mode) && S_ISBLK(b->mode) && a->rdev == b->rdev);
}

struct swap_area *swap_area_of(const struct inode *inode)
{
	struct swap_area *area = swap_info;

	if (likely(!nr_areas))
		return NULL;
	for (; area < swap_info + MAX_SWAPFILES; area++)
		if (area->used && same_object(area->file->inode, inode))
			return area;
	return NULL;
}

bool inode_is_swap(const struct inode *inode)
{
	return swap_area_of(inode);
}

void swap_area_open(struct swap_area *area)
{
	ASSERT_MSG(area->used && !area->writeok && area->inuse <= area->pages,
		   "swap area %d opens, %u of its %u slots are taken",
		   (int)(area - swap_info), area->inuse, area->pages);
	area->writeok = true;
	total_swap_pages += area->pages;
	nr_swap_pages += area->pages - area->inuse;
}

void swap_area_close(struct swap_area *area)
{
	ASSERT_MSG(area->writeok && area->pages <= total_swap_pages &&
			   area->pages - area->inuse <= nr_swap_pages,
		   "INV-S3: area %d closes: %u slots, %u taken, %u free in all",
		   (int)(area - swap_info), area->pages, area->inuse,
		   nr_swap_pages);
	area->writeok = false;
	total_swap_pages -= area->pages;
	nr_swap_pages -= area->pages - area->inuse;
}

static struct swap_area *unused_area(void)
{
	struct swap_area *area = swap_info;

	while (area < swap_info + MAX_SWAPFILES && area->used)
		area++;
	return area < swap_info + MAX_SWAPFILES ? area : NULL;
}

/* A priority that swapon gave out comes back: lower ones move up. */
static void give_back_prio(s32 prio)
{
	u32 i;

	if (prio >= 0)
		return;
	for (i = 0; i < MAX_SWAPFILES; i++)
		if (swap_info[i].used && swap_info[i].prio < prio)
			swap_info[i].prio++;
	least_prio++;
}

void swap_area_release(struct swap_area *area)
{
	struct swap_area old = *area;

	ASSERT_MSG(area->used && !area->writeok && !area->inuse,
		   "swap area %d goes with %u slots in use",
		   (int)(area - swap_info), area->inuse);
	*area = (struct swap_area){ 0 };
	nr_areas--;
	give_back_prio(old.prio);
	free_pages(kva_to_page(old.swap_map), old.map_order);
	fput(old.file);
}

/* ------------------------------------------------------------------ */
/* swapon                                                              */

static int refuse(const char *path, const char *why)
{
	printk("swap: %s is not used: %s\n", path, why);
	return -EINVAL;
}

/* Pages that FILE, or the device behind it, has. */
static u32 pages_of(const struct swap_area *area)
{
	return area->bdev ? area->bdev->nsectors / SECTORS_PER_PAGE :
			    area->file->inode->size >> PAGE_SHIFT;
}

static bool has_holes(const struct swap_area *area)
{
	u32 i;

	for (i = 0; !area->bdev && i < area->max; i++)
		if (!find_page(&area->file->inode->i_data, i))
			return true;
	return false;
}

/* Room for the map of a checked header, filled in; 0 or -errno. */
static int make_map(struct swap_area *area, const char *path,
		    const struct swap_header *h, const void *header)
{
	struct page *map;

	area->max = MIN(h->max, MAP_SLOTS_MAX);
	if (area->max < h->max)
		printk("swap: %s: %u of its %u KiB are used\n", path,
		       KIB(area->max), KIB(h->max));
	while ((PAGE_SIZE << area->map_order) < area->max * sizeof(u16))
		area->map_order++;
	map = alloc_pages(GFP_KERNEL, area->map_order);
	if (!map)
		return -ENOMEM;
	area->swap_map = page_kva(map);
	area->pages = swap_header_map(h, header, area->swap_map, area->max);
	area->lowest_bit = area->cluster_next = 1;
	area->highest_bit = area->max - 1;
	if (area->pages)
		return 0;
	free_pages(map, area->map_order);
	return refuse(path, "all of its pages are bad");
}

/* Reads and checks the header into the frame PAGE; 0 or -errno. */
static int read_header(const struct swap_area *area, const char *path,
		       struct page *page, struct swap_header *h)
{
	long n = kernel_read(area->file, page_kva(page), PAGE_SIZE, 0);

	if (n < 0) {
		printk("swap: %s is not used: error %ld reading its header\n",
		       path, -n);
		return n;
	}
	if (n < (long)PAGE_SIZE || pages_of(area) < 2)
		return refuse(path, "it is too small");
	swap_header_parse(h, page_kva(page), pages_of(area), !area->bdev);
	return h->why ? refuse(path, h->why) : 0;
}

static int prepare_area(struct swap_area *area, const char *path)
{
	struct page *page = get_free_page(GFP_KERNEL);
	struct swap_header h;
	int err;

	if (!page)
		return -ENOMEM;
	err = read_header(area, path, page, &h);
	if (!err)
		err = make_map(area, path, &h, page_kva(page));
	free_page(page);
	return err;
}

/* What may have changed while we slept; then the area is there. */
static int publish_area(struct swap_area *area, const char *path, u32 flags)
{
	struct swap_area *to = unused_area();

	if (!to)
		return -EPERM;
	if (inode_is_swap(area->file->inode))
		return -EBUSY;
	if (area->max > pages_of(area) || has_holes(area))
		return refuse(path, "the file has holes");
	area->used = true;
	area->prio = flags & SWAP_FLAG_PREFER ?
			     (s32)(flags & SWAP_FLAG_PRIO_MASK) :
			     --least_prio;
	*to = *area;
	nr_areas++;
	swap_area_open(to);
	printk("swap: %u KiB on %s, priority %d\n", KIB(to->pages), path,
	       to->prio);
	return 0;
}

static int swapon_file(struct file *file, const char *path, u32 flags)
{
	struct swap_area area = { .file = file };
	u32 mode = file->inode->mode;
	int err;

	if (!S_ISBLK(mode) && !S_ISREG(mode))
		return -EINVAL;
	if (S_ISBLK(mode))
		area.bdev = block_of_inode(file->inode);
	if (S_ISBLK(mode) && !area.bdev)
		return -ENXIO;
	if (inode_is_swap(file->inode))
		return -EBUSY;
	file->kernel_buf = true;
	err = prepare_area(&area, path);
	if (err)
		return err;
	err = publish_area(&area, path, flags);
	if (err)
		free_pages(kva_to_page(area.swap_map), area.map_order);
	return err;
}

long sys_swapon(const char *upath, u32 flags)
{
	struct file *file;
	char *path;
	int err;

	if (flags & ~SWAP_FLAGS_VALID)
		return -EINVAL;
	if (!capable() || !unused_area())
		return -EPERM;
	err = getname(upath, &path);
	if (err)
		return err;
	file = file_open(path, O_RDWR, 0, &err);
	if (file)
		err = swapon_file(file, path, flags);
	if (file && err)
		fput(file);
	putname(path);
	if (!err)
		kswapd_start();
	return err;
}

/* ------------------------------------------------------------------ */
/* /proc/swaps                                                         */

#define NAME_COLUMNS 40
#define WIDE_NUMBER 10000000u /* it takes the next tab stop's place */

static void show_area(struct seq_buf *s, const struct swap_area *area,
		      char *buf)
{
	u32 size = KIB(area->pages), used = KIB(area->inuse);
	u32 from = s->len, len;

	seq_escaped(s,
		    dentry_path(area->file->dentry, buf, PATH_MAX) ?:
			    "(too long)",
		    " \t\n\\");
	len = s->len - from;
	seq_printf(s, "%*s%s\t%u\t%s%u\t%s%d\n",
		   len < NAME_COLUMNS ? (int)(NAME_COLUMNS - len) : 1, " ",
		   area->bdev ? "partition" : "file\t", size,
		   size < WIDE_NUMBER ? "\t" : "", used,
		   used < WIDE_NUMBER ? "\t" : "", area->prio);
}

static int swaps_show(struct seq_buf *s, void *arg)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	u32 i;

	if (!buf)
		return -ENOMEM;
	seq_printf(s, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
	for (i = 0; i < MAX_SWAPFILES; i++)
		if (swap_info[i].used)
			show_area(s, &swap_info[i], buf);
	kfree(buf);
	return 0;
}

static struct proc_entry swaps_entry = {
	.path = "swaps", .mode = 0444, .show = swaps_show
};

void swap_proc_init(void)
{
	proc_register(&swaps_entry);
}
