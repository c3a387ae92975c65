/* SPDX-License-Identifier: MIT */
/*
 * Shared anonymous memory: mmap with MAP_SHARED | MAP_ANONYMOUS, and shared
 * maps of /dev/zero. Each gets a file that has no name anywhere:
 *
 *   parent  area --.
 *   child   area ---+--> file --> dentry "/dev/zero" --> inode --> pages
 *                                 (gone)                 (page cache)
 *
 * So a fork shares it as it shares any mapped file, and it goes with the last
 * area that maps it (INV-IN2). Its size is fixed: behind it is SIGBUS, also
 * after an mremap() that made the area longer, as on Linux.
 *
 * May sleep. See: mm/filemap.c for its faults.
 */
#include <fs/internal.h>
#include <kernel/panic.h>

static struct super_block *shared_anon_sb;

static const struct file_operations shared_anon_ops = {
	.read = generic_file_read,
	.write = generic_file_write,
	.lseek = generic_lseek,
	.mmap = generic_file_mmap,
};

/* An inode of SIZE bytes and the dentry of a removed file; NULL: no memory. */
static struct dentry *make_object(u32 size)
{
	struct inode *inode = inode_alloc(shared_anon_sb, S_IFREG | 0777);
	struct dentry *dentry;

	if (!inode)
		return NULL;
	inode->i_fop = &shared_anon_ops;
	inode->size = size;
	inode->nlink = 0;
	dentry = dentry_alloc_root(inode, "/dev/zero");
	if (dentry)
		dentry->gone = true;
	inode_put(inode);
	return dentry;
}

int shared_anon_mmap(struct vm_area_struct *vma)
{
	struct dentry *dentry = make_object(vma->vm_end - vma->vm_start);
	struct file *file;
	int err;

	if (!dentry)
		return -ENOMEM;
	file = file_alloc(dentry, NULL, O_RDWR, &err);
	dentry_put(dentry);
	if (!file)
		return err;
	if (vma->vm_file)
		fput(vma->vm_file);
	vma->vm_file = file;
	return generic_file_mmap(file, vma);
}

void shared_anon_init(void)
{
	shared_anon_sb = super_alloc("tmpfs", TMPFS_MAGIC);
	ASSERT_MSG(shared_anon_sb, "no memory for shared anonymous memory");
}
