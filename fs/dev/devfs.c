/* SPDX-License-Identifier: MIT */
/*
 * Device files: who answers for a device number, and the folder /dev.
 *
 *   driver: devfs_register("tty0", .., makedev(4, 0), ops)     before fs_init
 *   inode of a device, anywhere: rdev --devfs_find()--> ops    at open
 *   block devices: those of drivers/block/block.c, with fs/dev/blockdev.c's ops
 *
 * The memory devices null, zero, full, random and urandom live here.
 */
#include <drivers/block/block.h>
#include <fs/internal.h>
#include <kernel/panic.h>
#include <kernel/random.h>
#include <kernel/signal/signal.h>
#include <kernel/usercopy.h>
#include <lib/printf.h>
#include <mm/vma.h>

#define MAX_DEVICES 32u
#define MEM_MAJOR 1
#define ZERO_CHUNK 65536u /* cleared between two looks for signals */
#define RANDOM_CHUNK 128u

struct device {
	const char *name; /* below /dev */
	u32 mode; /* rights */
	u32 rdev;
	const struct file_operations *ops; /* the driver's */
};

static struct device devices[MAX_DEVICES];
static u32 nr_devices;

void devfs_register(const char *name, u32 mode, u32 rdev,
		    const struct file_operations *ops)
{
	ASSERT_MSG(nr_devices < MAX_DEVICES, "no room for device %s", name);
	devices[nr_devices++] = (struct device){ name, mode & 07777, rdev,
						 ops };
}

/* The operations of device RDEV, or NULL. */
static const struct file_operations *devfs_find(u32 rdev)
{
	u32 i;

	for (i = 0; i < nr_devices; i++)
		if (devices[i].rdev == rdev)
			return devices[i].ops;
	return NULL;
}

/* Every open of a device file: finds its driver. */
static int chrdev_open(struct inode *inode, struct file *file)
{
	const struct file_operations *ops = NULL;

	if (inode->sb->flags & MS_NODEV)
		return -EACCES;
	if (S_ISCHR(inode->mode))
		ops = devfs_find(inode->rdev);
	else if (block_of_inode(inode))
		ops = &blkdev_ops;
	if (!ops)
		return -ENXIO;
	file->f_op = ops;
	return ops->open ? ops->open(inode, file) : 0;
}

const struct file_operations chrdev_ops = {
	.open = chrdev_open,
};

/* --- memory devices ----------------------------------------------------- */

static long null_read(struct file *file, char *buf, u32 len, u32 *pos)
{
	return 0;
}

static long null_write(struct file *file, const char *buf, u32 len, u32 *pos)
{
	return len;
}

static long full_write(struct file *file, const char *buf, u32 len, u32 *pos)
{
	return -ENOSPC;
}

static long null_lseek(struct file *file, s64 offset, int whence)
{
	return 0;
}

static long zero_read(struct file *file, char *buf, u32 len, u32 *pos)
{
	u32 done = 0, left = 0, n;

	while (done < len && !left && !(done && signal_pending())) {
		n = MIN(len - done, ZERO_CHUNK);
		left = clear_user(buf + done, n);
		done += n - left;
	}
	return done || !left ? (long)done : -EFAULT;
}

/* A map of /dev/zero is anonymous memory, private or shared. */
static int zero_mmap(struct file *file, struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_SHARED ? shared_anon_mmap(vma) : 0;
}

static long random_read(struct file *file, char *buf, u32 len, u32 *pos)
{
	u8 chunk[RANDOM_CHUNK];
	u32 done = 0, left = 0, n;

	while (done < len && !left && !(done && signal_pending())) {
		n = MIN(len - done, RANDOM_CHUNK);
		get_random_bytes(chunk, n);
		left = copy_to_user(buf + done, chunk, n);
		done += n - left;
	}
	return done || !left ? (long)done : -EFAULT;
}

static const struct file_operations null_ops = {
	.read = null_read,
	.write = null_write,
	.lseek = null_lseek,
};

static const struct file_operations zero_ops = {
	.read = zero_read,
	.write = null_write,
	.lseek = null_lseek,
	.mmap = zero_mmap,
};

static const struct file_operations full_ops = {
	.read = zero_read,
	.write = full_write,
	.lseek = null_lseek,
};

static const struct file_operations random_ops = {
	.read = random_read,
	.write = null_write,
	.lseek = null_lseek,
};

/* --- /dev --------------------------------------------------------------- */

static const char *const dev_links[][2] = {
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
};

static void make_block_nodes(void)
{
	struct block_device *dev = NULL;
	char path[64];

	while ((dev = block_next(dev))) {
		snprintf(path, sizeof(path), "/dev/%s", dev->name);
		boot_create(path, S_IFBLK | 0660, dev->rdev, NULL);
	}
}

void devfs_init(void)
{
	char path[64];
	u32 i;

	devfs_register("null", 0666, makedev(MEM_MAJOR, 3), &null_ops);
	devfs_register("zero", 0666, makedev(MEM_MAJOR, 5), &zero_ops);
	devfs_register("full", 0666, makedev(MEM_MAJOR, 7), &full_ops);
	devfs_register("random", 0666, makedev(MEM_MAJOR, 8), &random_ops);
	devfs_register("urandom", 0666, makedev(MEM_MAJOR, 9), &random_ops);
	boot_create("/dev/pts", S_IFDIR | 0755, 0, NULL);
	for (i = 0; i < nr_devices; i++) {
		snprintf(path, sizeof(path), "/dev/%s", devices[i].name);
		boot_create(path, S_IFCHR | devices[i].mode, devices[i].rdev,
			    NULL);
	}
	make_block_nodes();
	for (i = 0; i < ARRAY_SIZE(dev_links); i++)
		boot_create(dev_links[i][0], S_IFLNK, 0, dev_links[i][1]);
}
