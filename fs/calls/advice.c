/* SPDX-License-Identifier: MIT */
/*
 * Calls on files that change nothing here, with Linux's errors: advice about
 * reading, room asked for in advance, syncing of ranges, and extended
 * attributes, of which no file has any.
 *
 * Nothing here sleeps but the walk to a path.
 */
#include <fs/internal.h>
#include <kernel/syscall.h>

#define ADVICE_MAX 5u /* Linux knows 0 to 5 */
#define SYNC_RANGE_FLAGS 7u
#define FALLOC_FLAGS 0x7fu

/* --- reading and room --------------------------------------------------- */

static long advise(u32 fd, u32 advice)
{
	struct file *file = fget(fd);
	long res = 0;

	if (!file)
		return -EBADF;
	if (S_ISFIFO(file->inode->mode))
		res = -ESPIPE;
	else if (advice > ADVICE_MAX)
		res = -EINVAL;
	fput(file);
	return res;
}

long sys_fadvise64(u32 fd, u32 low, u32 high, u32 len, u32 advice)
{
	return advise(fd, advice);
}

long sys_fadvise64_64(u32 fd, u32 low, u32 high, u32 len_low, u32 len_high,
		      u32 advice)
{
	return advise(fd, advice);
}

long sys_readahead(u32 fd, u32 low, u32 high, u32 count)
{
	struct file *file;
	long res = fget_mode(fd, false, &file);

	if (res)
		return res;
	if (!S_ISREG(file->inode->mode))
		res = -EINVAL;
	fput(file);
	return res;
}

long sys_sync_file_range(u32 fd, u32 low, u32 high, u32 len_low, u32 len_high,
			 u32 flags)
{
	struct file *file = fget(fd);
	long res = 0;

	if (!file)
		return -EBADF;
	if ((flags & ~SYNC_RANGE_FLAGS) || (s32)high < 0 || (s32)len_high < 0)
		res = -EINVAL;
	else if (!S_ISREG(file->inode->mode) && !S_ISDIR(file->inode->mode))
		res = -ESPIPE;
	fput(file);
	return res;
}

long sys_syncfs(u32 fd)
{
	struct file *file = fget(fd);

	if (!file)
		return -EBADF;
	fput(file);
	return 0;
}

long sys_fallocate(u32 fd, u32 mode, u32 low, u32 high, u32 len_low,
		   u32 len_high)
{
	struct file *file;
	long res;

	if ((s32)high < 0 || (s32)len_high < 0 || !(len_low | len_high))
		return -EINVAL;
	if (mode & ~FALLOC_FLAGS)
		return -EOPNOTSUPP;
	res = fget_mode(fd, true, &file);
	if (res)
		return res;
	if (S_ISFIFO(file->inode->mode))
		res = -ESPIPE;
	else
		res = S_ISREG(file->inode->mode) ? -EOPNOTSUPP : -ENODEV;
	fput(file);
	return res;
}

/* --- extended attributes ------------------------------------------------ */

/* RES, if there is such a file. */
static long at_path(const char *path, u32 look, long res)
{
	struct dentry *dentry;
	long err = user_path(AT_FDCWD, path, look, 0, &dentry);

	if (err)
		return err;
	dentry_put(dentry);
	return res;
}

static long at_fd(u32 fd, long res)
{
	struct file *file = fget(fd);

	if (!file)
		return -EBADF;
	fput(file);
	return res;
}

long sys_setxattr(const char *path, const char *name, const void *value,
		  u32 size, u32 flags)
{
	return at_path(path, LOOKUP_FOLLOW, -EOPNOTSUPP);
}

long sys_lsetxattr(const char *path, const char *name, const void *value,
		   u32 size, u32 flags)
{
	return at_path(path, 0, -EOPNOTSUPP);
}

long sys_fsetxattr(u32 fd, const char *name, const void *value, u32 size,
		   u32 flags)
{
	return at_fd(fd, -EOPNOTSUPP);
}

long sys_getxattr(const char *path, const char *name, void *value, u32 size)
{
	return at_path(path, LOOKUP_FOLLOW, -EOPNOTSUPP);
}

long sys_lgetxattr(const char *path, const char *name, void *value, u32 size)
{
	return at_path(path, 0, -EOPNOTSUPP);
}

long sys_fgetxattr(u32 fd, const char *name, void *value, u32 size)
{
	return at_fd(fd, -EOPNOTSUPP);
}

long sys_listxattr(const char *path, char *list, u32 size)
{
	return at_path(path, LOOKUP_FOLLOW, 0);
}

long sys_llistxattr(const char *path, char *list, u32 size)
{
	return at_path(path, 0, 0);
}

long sys_flistxattr(u32 fd, char *list, u32 size)
{
	return at_fd(fd, 0);
}

long sys_removexattr(const char *path, const char *name)
{
	return at_path(path, LOOKUP_FOLLOW, -EOPNOTSUPP);
}

long sys_lremovexattr(const char *path, const char *name)
{
	return at_path(path, 0, -EOPNOTSUPP);
}

long sys_fremovexattr(u32 fd, const char *name)
{
	return at_fd(fd, -EOPNOTSUPP);
}
