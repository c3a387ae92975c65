/* SPDX-License-Identifier: MIT */
/*
 * Disks as files: /dev/hda and the like, read and written through the page
 * cache.
 *
 *   node /dev/hda ---.
 *   node /tmp/mine ---> rdev -> struct disk -> inode -> i_data: its pages
 *                               (hidden: all opens of a device share it)
 *
 *   read    page in the cache, or readpage: block_rw_page()
 *   write   into the cached page (read first if only a part of it changes),
 *           then at once to the disk
 *   mmap    private; or shared for reading (writing through a map would
 *           leave pages newer than the disk: ENODEV)
 *
 * INV-BD1 a page in the cache is what the disk holds, but while a write to
 *         it is under way: it can be dropped and read again at any time.
 * INV-BD2 a page whose write failed leaves the cache: nobody knows what the
 *         disk holds now.
 *
 * File positions are below 2 GiB here; swap reaches what lies behind.
 * May sleep: everything. See: mm/filemap.c, mm/swap/shrink.c, docs/swap.md.
 */
#include <drivers/block/block.h>
#include <fs/internal.h>
#include <kernel/signal/signal.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <mm/fault.h>
#include <mm/kmalloc.h>
#include <mm/swap/swap.h>

#define BLKROSET 0x125d
#define BLKROGET 0x125e
#define BLKGETSIZE 0x1260
#define BLKFLSBUF 0x1261
#define BLKSSZGET 0x1268
#define BLKPBSZGET 0x127b
#define BLKBSZGET 0x80041270u
#define BLKGETSIZE64 0x80041272u

struct disk { /* a device that was opened once */
	struct inode inode; /* i_data and size; no name, no rights */
	struct block_device *dev;
	struct disk *next;
};

static struct super_block disk_sb = { .fs_name = "bdev" };
static struct disk *disks;

static struct disk *disk_of(const struct file *file)
{
	return file->private;
}

static int disk_readpage(struct inode *inode, struct page *page)
{
	struct disk *disk = inode->i_private;

	return block_rw_page(disk->dev, page->index, page, false);
}

static const struct address_space_operations disk_aops = {
	.readpage = disk_readpage,
};

static struct disk *disk_find(const struct block_device *dev)
{
	struct disk *disk = disks;

	while (disk && disk->dev != dev)
		disk = disk->next;
	return disk;
}

/* Disks stay for good, as their devices do; NULL: no memory. */
static struct disk *disk_get(struct block_device *dev)
{
	u64 bytes = (u64)dev->nsectors * SECTOR_SIZE;
	struct disk *disk = disk_find(dev), *fresh;

	if (disk)
		return disk;
	fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);
	disk = disk_find(dev); /* may have slept */
	if (disk || !fresh) {
		kfree(fresh);
		return disk;
	}
	fresh->dev = dev;
	fresh->inode.count = 1;
	fresh->inode.sb = &disk_sb;
	fresh->inode.size = MIN(bytes, (u64)MAX_FILE_SIZE);
	fresh->inode.i_private = fresh;
	fresh->inode.i_data.host = &fresh->inode;
	fresh->inode.i_data.a_ops = &disk_aops;
	fresh->next = disks;
	disks = fresh;
	return fresh;
}

/* O_EXCL: who makes file systems or swap areas wants nobody else there. */
static int blkdev_open(struct inode *inode, struct file *file)
{
	if (file->flags & O_EXCL && inode_is_swap(inode))
		return -EBUSY;
	file->private = disk_get(block_of_inode(inode));
	return file->private ? 0 : -ENOMEM;
}

/* --- read and write ------------------------------------------------------- */

/* How many of LEN bytes at POS lie in POS's page and in the disk. */
static u32 one_page(const struct disk *disk, u32 pos, u32 len)
{
	len = MIN(len, disk->inode.size - pos);
	return MIN(len, PAGE_SIZE - (pos & ~PAGE_MASK));
}

/* Copies N bytes at POS, all in one page; copied, or -errno. */
static long read_one(struct file *file, char *buf, u32 pos, u32 n)
{
	struct address_space *mapping = &disk_of(file)->inode.i_data;
	struct page *page;
	u32 left;
	int err;

	page = read_cache_page(mapping, pos >> PAGE_SHIFT, &err);
	if (!page)
		return err;
	left = file_copy_out(file, buf,
			     (char *)page_kva(page) + (pos & ~PAGE_MASK), n);
	free_page(page);
	return left == n ? -EFAULT : (long)(n - left);
}

static long blkdev_read(struct file *file, char *buf, u32 len, u32 *pos)
{
	struct disk *disk = disk_of(file);
	u32 done = 0, want;
	long n = 0;

	while (done < len && *pos < disk->inode.size) {
		want = one_page(disk, *pos, len - done);
		n = read_one(file, buf + done, *pos, want);
		if (n > 0) {
			done += n;
			*pos += n;
		}
		if (n != (long)want || signal_pending())
			break;
	}
	return done ? (long)done : n;
}

/* Page INDEX for a write of all of it: in the cache already, or a frame
 * that nobody has to read; NULL and *ERR. */
static struct page *whole_page(struct address_space *mapping, u32 index,
			       int *err)
{
	struct page *page;

	if (find_page(mapping, index))
		return read_cache_page(mapping, index, err);
	page = alloc_page(GFP_KERNEL);
	if (!page) {
		*err = -ENOMEM;
		return NULL;
	}
	if (find_page(mapping, index)) { /* may have slept */
		free_page(page);
		return read_cache_page(mapping, index, err);
	}
	return page;
}

/* PAGE holds what is to be on the disk: puts it there. 0 or -errno. */
static int write_through(struct disk *disk, u32 index, struct page *page)
{
	int err = block_rw_page(disk->dev, index, page, true);

	if (err && page->flags & PG_CACHE)
		remove_from_page_cache(page);
	return err;
}

/* PAGE, filled from user memory, takes its place in the cache, or gives its
 * contents to the page that has taken it meanwhile. */
static struct page *enter_page(struct address_space *mapping, u32 index,
			       struct page *page, int *err)
{
	struct page *other;

	*err = 0;
	if (page->flags & PG_CACHE)
		return page;
	if (!find_page(mapping, index)) {
		page->flags |= PG_UPTODATE;
		get_page(page);
		add_to_page_cache(page, mapping, index);
		return page;
	}
	other = read_cache_page(mapping, index, err);
	if (other)
		copy_page(page_kva(other), page_kva(page));
	free_page(page);
	return other;
}

/* Writes N bytes at POS, all in one page; written, or -errno. */
static long write_one(struct file *file, const char *buf, u32 pos, u32 n)
{
	struct disk *disk = disk_of(file);
	struct address_space *mapping = &disk->inode.i_data;
	u32 index = pos >> PAGE_SHIFT, off = pos & ~PAGE_MASK, left;
	struct page *page;
	int err;

	if (n == PAGE_SIZE)
		page = whole_page(mapping, index, &err);
	else
		page = read_cache_page(mapping, index, &err);
	if (!page)
		return err;
	left = file_copy_in(file, (char *)page_kva(page) + off, buf, n);
	if (left && !(page->flags & PG_CACHE)) { /* not wholly ours to show */
		free_page(page);
		return -EFAULT;
	}
	page = enter_page(mapping, index, page, &err);
	if (!page)
		return err;
	if (left < n)
		err = write_through(disk, index, page);
	free_page(page);
	if (err)
		return err;
	return left == n ? -EFAULT : (long)(n - left);
}

static int write_check(const struct file *file, u32 *pos)
{
	struct disk *disk = disk_of(file);

	if (file->flags & O_APPEND)
		*pos = disk->inode.size;
	if (disk->dev->read_only)
		return -EPERM;
	if (inode_is_swap(file->inode))
		return -ETXTBSY;
	return *pos < disk->inode.size ? 0 : -ENOSPC;
}

static long blkdev_write(struct file *file, const char *buf, u32 len, u32 *pos)
{
	struct disk *disk = disk_of(file);
	u32 done = 0, want;
	long n;

	if (!len)
		return 0;
	n = write_check(file, pos);
	while (!n && done < len && *pos < disk->inode.size) {
		want = one_page(disk, *pos, len - done);
		n = write_one(file, buf + done, *pos, want);
		if (n <= 0)
			break;
		done += n;
		*pos += n;
		n = n != (long)want || signal_pending();
	}
	return done ? (long)done : n;
}

static long blkdev_lseek(struct file *file, s64 offset, int whence)
{
	u32 size = disk_of(file)->inode.size;

	if (whence == SEEK_CUR)
		offset += file->pos;
	else if (whence == SEEK_END)
		offset += size;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (offset < 0 || offset > size)
		return -EINVAL;
	file->pos = offset;
	return offset;
}

/* --- ioctl ---------------------------------------------------------------- */

/* Drops the pages that nobody uses. Atomic. */
static void forget_pages(struct address_space *mapping)
{
	struct page *page = mapping->pages, *next;

	for (; page; page = next) {
		next = page->next;
		if (page->count == 1 && !(page->flags & PG_LOCKED))
			remove_from_page_cache(page);
	}
}

static long put_u32(u32 val, u32 uaddr)
{
	return copy_to_user((void *)uaddr, &val, sizeof(val)) ? -EFAULT : 0;
}

static long put_bytes(const struct block_device *dev, u32 uaddr)
{
	u64 val = (u64)dev->nsectors * SECTOR_SIZE;

	return copy_to_user((void *)uaddr, &val, sizeof(val)) ? -EFAULT : 0;
}

static long set_read_only(struct block_device *dev, u32 uaddr)
{
	u32 val;

	if (copy_from_user(&val, (void *)uaddr, sizeof(val)))
		return -EFAULT;
	dev->read_only = val;
	return 0;
}

static long blkdev_change(struct disk *disk, u32 cmd, u32 arg)
{
	if (!capable())
		return -EACCES;
	if (cmd == BLKROSET)
		return set_read_only(disk->dev, arg);
	forget_pages(&disk->inode.i_data);
	return 0;
}

static long blkdev_ioctl(struct file *file, u32 cmd, u32 arg)
{
	struct disk *disk = disk_of(file);

	switch (cmd) {
	case BLKGETSIZE:
		return put_u32(disk->dev->nsectors, arg);
	case BLKGETSIZE64:
		return put_bytes(disk->dev, arg);
	case BLKSSZGET:
	case BLKPBSZGET:
		return put_u32(SECTOR_SIZE, arg);
	case BLKBSZGET:
		return put_u32(PAGE_SIZE, arg);
	case BLKROGET:
		return put_u32(disk->dev->read_only, arg);
	case BLKROSET:
	case BLKFLSBUF:
		return blkdev_change(disk, cmd, arg);
	}
	return -ENOTTY;
}

/* --- mmap ----------------------------------------------------------------- */

/* Hop 9 for disks: the page in the cache, or a copy of it. */
static __hop enum fault_outcome blkdev_nopage(struct fault *f,
					      struct page **res)
{
	struct inode *inode = &disk_of(f->vma->vm_file)->inode;
	u32 index = vma_page_index(f->vma, f->addr);
	struct page *page, *copy;
	int err;

	if (index >= DIV_ROUND_UP(inode->size, PAGE_SIZE))
		return FAULT_BUS;
	f->major = !find_page(&inode->i_data, index);
	page = read_cache_page(&inode->i_data, index, &err);
	if (!page)
		return err == -ENOMEM ? FAULT_OOM : FAULT_BUS;
	*res = page;
	if (!fault_is_write(f))
		return FAULT_DONE;
	copy = alloc_page(GFP_KERNEL);
	if (copy)
		copy_page(page_kva(copy), page_kva(page));
	free_page(page);
	*res = copy;
	return copy ? FAULT_DONE : FAULT_OOM;
}

static const struct vm_operations_struct blkdev_vm_ops = {
	.kind = "disk",
	.fault_class = FAULT_CLASS_FILE,
	.nopage = blkdev_nopage,
};

static int blkdev_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_SHARED) {
		if (vma->vm_flags & VM_WRITE)
			return -ENODEV;
		vma->vm_flags &= ~VM_MAYWRITE;
	}
	vma->vm_ops = &blkdev_vm_ops;
	return 0;
}

const struct file_operations blkdev_ops = {
	.open = blkdev_open,
	.read = blkdev_read,
	.write = blkdev_write,
	.lseek = blkdev_lseek,
	.ioctl = blkdev_ioctl,
	.mmap = blkdev_mmap,
};
