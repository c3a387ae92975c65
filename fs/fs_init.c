/* SPDX-License-Identifier: MIT */
/*
 * File systems at boot: the root from the initrd, then what lies over it.
 *
 *   /          ramfs, unpacked from the initrd
 *   /proc      proc
 *   /dev       a folder of the root, filled from the devices' names
 *   /dev/shm   a tmpfs, 1777, at most half of RAM
 *   /tmp       a folder of the root, 1777
 */
#include <fs/internal.h>
#include <kernel/panic.h>

struct fs_struct init_fs = { .count = 1, .umask = 022 };

void boot_create(const char *path, u32 mode, u32 rdev, const char *target)
{
	struct path_walk w;
	int err = walk_begin(&w, init_fs.root, path);

	if (!err)
		err = walk_to_last(&w);
	if (!err)
		err = vfs_create(&w, mode, rdev, target, NULL);
	ASSERT_MSG(!err || err == -EEXIST, "cannot make %s: error %d", path,
		   -err);
	walk_end(&w);
}

/* /tmp, whatever the initrd says about it, is everybody's. */
static void open_tmp(void)
{
	struct dentry *tmp;

	boot_create("/tmp", S_IFDIR | 01777, 0, NULL);
	if (path_lookup(init_fs.root, "/tmp", LOOKUP_FOLLOW, &tmp))
		return;
	tmp->inode->mode = (tmp->inode->mode & S_IFMT) | 01777;
	dentry_put(tmp);
}

static void mount_root(void)
{
	struct super_block *sb = mount_at_boot("ramfs", NULL);

	init_fs.root = dentry_get(sb->root);
	init_fs.cwd = dentry_get(sb->root);
}

void fs_init(void)
{
	mount_root();
	pipe_init();
	shared_anon_init();
	mount_proc_init();
	initrd_unpack();
	boot_create("/proc", S_IFDIR | 0555, 0, NULL);
	mount_at_boot("proc", "/proc");
	boot_create("/dev", S_IFDIR | 0755, 0, NULL);
	devfs_init();
	boot_create("/dev/shm", S_IFDIR | 01777, 0, NULL);
	mount_at_boot("tmpfs", "/dev/shm");
	open_tmp();
}
