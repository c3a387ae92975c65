/* SPDX-License-Identifier: MIT */
/*
 * The RAM file system: names are the dentries, contents are the page cache,
 * so there is little left to do here.
 *
 *   dentry "a" ---> inode --> i_data: pages 0, 1, -, 3   (2 is a hole)
 *   dentry "b" ---'   nlink 2
 *   dentry "l" ---> inode --> i_private: "a"             (a link)
 *
 * INV-A1  a folder's nlink is 2 + its subfolders, and 0 once it is removed;
 *         any other file's is the number of its names.
 *
 * Context: the folders concerned are locked by the caller (fs/names.c).
 * Making an inode may sleep, everything else is atomic. No memory: ENOSPC.
 */
#include <fs/internal.h>
#include <kernel/panic.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

static const struct inode_operations ramfs_inode_ops;

static const struct file_operations ramfs_file_ops = {
	.read = generic_file_read,
	.write = generic_file_write,
	.lseek = generic_lseek,
	.mmap = generic_file_mmap,
};

static int ramfs_readdir(struct file *file, struct dir_context *ctx)
{
	struct dentry *dir = file->dentry, *child;

	if (!dir_emit_dots(ctx, dir))
		return 0;
	list_for_each_entry(child, &dir->children, sibling) {
		if (child->cookie < ctx->pos)
			continue;
		if (!dir_emit(ctx, child->name, strlen(child->name),
			      child->inode->ino, child->inode->mode,
			      child->cookie + 1))
			break;
	}
	return 0;
}

static const struct file_operations ramfs_dir_ops = {
	.lseek = generic_lseek,
	.readdir = ramfs_readdir,
};

static int ramfs_create(struct inode *dir, struct dentry *dentry, u32 mode,
			u32 rdev, struct inode **res)
{
	struct inode *inode = NULL;

	if (!ram_is_short())
		inode = inode_alloc(dir->sb, mode);
	if (!inode)
		return -ENOSPC;
	inode->i_op = &ramfs_inode_ops;
	if (dir->mode & S_ISGID) {
		inode->gid = dir->gid;
		if (S_ISDIR(mode))
			inode->mode |= S_ISGID;
	}
	if (S_ISREG(mode))
		inode->i_fop = &ramfs_file_ops;
	else if (S_ISDIR(mode))
		inode->i_fop = &ramfs_dir_ops;
	else
		inode_init_special(inode, rdev);
	*res = inode;
	return 0;
}

static int ramfs_symlink(struct inode *dir, struct dentry *dentry,
			 const char *target, struct inode **res)
{
	struct inode *inode;
	int err = ramfs_create(dir, dentry, S_IFLNK | 0777, 0, &inode);

	if (err)
		return err;
	inode->size = strlen(target);
	inode->i_private = kstrdup(target, GFP_KERNEL);
	if (!inode->i_private) {
		inode_put(inode);
		return -ENOSPC;
	}
	*res = inode;
	return 0;
}

static int ramfs_readlink(struct inode *inode, char *buf, u32 size)
{
	u32 len = MIN(inode->size, size);

	memcpy(buf, inode->i_private, len);
	return len;
}

static int ramfs_link(struct inode *dir, struct dentry *dentry,
		      struct inode *inode)
{
	inode->nlink++;
	return 0;
}

/* VICTIM's name goes from DIR. */
static void drop_link(struct inode *dir, struct dentry *victim)
{
	if (S_ISDIR(victim->inode->mode)) {
		victim->inode->nlink = 0;
		dir->nlink--;
	} else {
		victim->inode->nlink--;
	}
	inode_changed(victim->inode);
}

static int ramfs_unlink(struct inode *dir, struct dentry *dentry)
{
	if (!list_empty(&dentry->children))
		return -ENOTEMPTY;
	drop_link(dir, dentry);
	return 0;
}

static int ramfs_rename(struct inode *old_dir, struct dentry *old,
			struct inode *new_dir, struct dentry *victim)
{
	if (victim && !list_empty(&victim->children))
		return -ENOTEMPTY;
	if (victim)
		drop_link(new_dir, victim);
	if (S_ISDIR(old->inode->mode)) {
		old_dir->nlink--;
		new_dir->nlink++;
	}
	return 0;
}

static void ramfs_evict(struct inode *inode)
{
	if (S_ISLNK(inode->mode))
		kfree(inode->i_private);
}

static const struct inode_operations ramfs_inode_ops = {
	.create = ramfs_create,
	.symlink = ramfs_symlink,
	.link = ramfs_link,
	.unlink = ramfs_unlink,
	.rename = ramfs_rename,
	.readlink = ramfs_readlink,
	.evict = ramfs_evict,
};

struct super_block *ramfs_mount(const char *name, u32 mode)
{
	struct super_block *sb = super_alloc(name, RAMFS_MAGIC);
	struct inode *inode = inode_alloc(sb, S_IFDIR | mode);

	ASSERT_MSG(inode, "no memory for the root of %s", name);
	inode->i_op = &ramfs_inode_ops;
	inode->i_fop = &ramfs_dir_ops;
	sb->root = dentry_alloc_root(inode, "/");
	ASSERT_MSG(sb->root, "no memory for the root of %s", name);
	inode_put(inode);
	return sb;
}
