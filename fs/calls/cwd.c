/* SPDX-License-Identifier: MIT */
/*
 * Where a task stands: chdir, fchdir, chroot, getcwd. Also sync, fsync and
 * fdatasync, which have nothing to do as long as no file lies on a disk.
 */
#include <fs/internal.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

/* Makes DENTRY, whose reference is taken over, the working folder. */
static long set_cwd(struct dentry *dentry)
{
	struct dentry *old = current->process->fs_info->cwd;
	int err = inode_permission(dentry->inode, X_OK);

	if (err) {
		dentry_put(dentry);
		return err;
	}
	current->process->fs_info->cwd = dentry;
	dentry_put(old);
	return 0;
}

long sys_chdir(const char *path)
{
	struct dentry *dentry;
	long res = user_path(AT_FDCWD, path, LOOKUP_FOLLOW | LOOKUP_DIRECTORY,
			     0, &dentry);

	return res ? res : set_cwd(dentry);
}

long sys_fchdir(u32 fd)
{
	struct file *file = fget(fd);
	long res = -ENOTDIR;

	if (!file)
		return -EBADF;
	if (S_ISDIR(file->inode->mode))
		res = set_cwd(dentry_get(file->dentry));
	fput(file);
	return res;
}

long sys_chroot(const char *path)
{
	struct dentry *dentry, *old;
	long res = user_path(AT_FDCWD, path, LOOKUP_FOLLOW | LOOKUP_DIRECTORY,
			     0, &dentry);

	if (res)
		return res;
	res = inode_permission(dentry->inode, X_OK);
	if (!res && !capable())
		res = -EPERM;
	if (res) {
		dentry_put(dentry);
		return res;
	}
	old = current->process->fs_info->root;
	current->process->fs_info->root = dentry;
	dentry_put(old);
	return 0;
}

/* The working folder's path to BUF; its length with the NUL. */
static long copy_cwd(char *page, char *buf, u32 size)
{
	struct dentry *cwd = current->process->fs_info->cwd;
	char *path;
	u32 len;

	if (cwd->gone)
		return -ENOENT;
	path = dentry_path(cwd, page, PATH_MAX);
	if (!path)
		return -ENAMETOOLONG;
	len = strlen(path) + 1;
	if (len > size)
		return -ERANGE;
	return copy_to_user(buf, path, len) ? -EFAULT : (long)len;
}

long sys_getcwd(char *buf, u32 size)
{
	char *page = kmalloc(PATH_MAX, GFP_KERNEL);
	long res;

	if (!page)
		return -ENOMEM;
	res = copy_cwd(page, buf, size);
	kfree(page);
	return res;
}

long sys_sync(void)
{
	return 0;
}

long sys_fsync(u32 fd)
{
	struct file *file = fget(fd);
	long res = -EINVAL;

	if (!file || (file->flags & O_PATH))
		res = -EBADF;
	else if (S_ISREG(file->inode->mode) || S_ISDIR(file->inode->mode) ||
		 S_ISBLK(file->inode->mode)) /* written through */
		res = 0;
	if (file)
		fput(file);
	return res;
}

long sys_fdatasync(u32 fd)
{
	return sys_fsync(fd);
}
