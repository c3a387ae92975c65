/* SPDX-License-Identifier: MIT */
/*
 * File systems at boot: the root from the initrd, then what lies over it.
 *
 *   /          ramfs, unpacked from the initrd
 *   /proc      proc
 *   /dev       a folder of the root, filled from the devices' names
 *   /dev/shm   another ramfs, 1777
 *   /tmp       a folder of the root, 1777
 */
#include <fs/internal.h>
#include <kernel/panic.h>
#include <mm/kmalloc.h>

struct fs_struct init_fs = { .count = 1, .umask = 022 };
struct fs_mount *mounts;

struct super_block *super_alloc(const char *name, u32 magic)
{
	static u32 last_minor;
	struct super_block *sb = kzalloc(sizeof(*sb), GFP_KERNEL);

	ASSERT_MSG(sb, "no memory for file system %s", name);
	sb->fs_name = name;
	sb->magic = magic;
	sb->dev = makedev(0, ++last_minor);
	return sb;
}

static void mount_list_add(struct super_block *sb, const char *where)
{
	struct fs_mount *m = kzalloc(sizeof(*m), GFP_KERNEL), **link = &mounts;

	ASSERT_MSG(m, "no memory to mount %s", where);
	m->where = where;
	m->sb = sb;
	while (*link)
		link = &(*link)->next;
	*link = m;
}

void mount_on(struct super_block *sb, const char *where)
{
	struct dentry *dir;
	int err = path_lookup(init_fs.root, where,
			      LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &dir);

	ASSERT_MSG(!err, "%s is no folder to mount on: error %d", where, -err);
	dir->mounted = sb->root; /* keeps the reference: mounted for ever */
	sb->root->covers = dir;
	mount_list_add(sb, where);
}

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
	struct super_block *sb = ramfs_mount("ramfs", 0755);

	init_fs.root = dentry_get(sb->root);
	init_fs.cwd = dentry_get(sb->root);
	mount_list_add(sb, "/");
}

void fs_init(void)
{
	mount_root();
	pipe_init();
	initrd_unpack();
	boot_create("/proc", S_IFDIR | 0555, 0, NULL);
	mount_on(procfs_mount(), "/proc");
	boot_create("/dev", S_IFDIR | 0755, 0, NULL);
	devfs_init();
	boot_create("/dev/shm", S_IFDIR | 01777, 0, NULL);
	mount_on(ramfs_mount("ramfs", 01777), "/dev/shm");
	open_tmp();
}
