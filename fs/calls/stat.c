/* SPDX-License-Identifier: MIT */
/*
 * What a file is: the stat64 family, statx, and statfs64 for its system.
 *
 * The pair (st_dev, st_ino) names a file: each file system has its own
 * device number, and hands out inode numbers once.
 */
#include <fs/internal.h>
#include <kernel/syscall.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <mm/page_alloc.h>

#define AT_NO_AUTOMOUNT 0x800 /* nothing is mounted on demand here */
#define AT_STATX_SYNC_TYPE 0x6000
#define SECTORS_PER_PAGE (PAGE_SIZE / 512)

static long copy_stat64(const struct inode *inode, void *buf)
{
	struct stat64 st;

	memset(&st, 0, sizeof(st));
	st.st_dev = inode->sb->dev;
	st.st_ino_low = inode->ino;
	st.st_ino = inode->ino;
	st.st_mode = inode->mode;
	st.st_nlink = inode->nlink;
	st.st_uid = inode->uid;
	st.st_gid = inode->gid;
	st.st_rdev = inode->rdev;
	st.st_size = inode->size;
	st.st_blksize = PAGE_SIZE;
	st.st_blocks = inode->i_data.nrpages * SECTORS_PER_PAGE;
	st.st_atime_sec = inode->atime.sec;
	st.st_atime_nsec = inode->atime.nsec;
	st.st_mtime_sec = inode->mtime.sec;
	st.st_mtime_nsec = inode->mtime.nsec;
	st.st_ctime_sec = inode->ctime.sec;
	st.st_ctime_nsec = inode->ctime.nsec;
	return copy_to_user(buf, &st, sizeof(st)) ? -EFAULT : 0;
}

/* The old layout: what does not fit is cut. */
static long copy_stat(const struct inode *inode, void *buf)
{
	struct old_stat st;

	memset(&st, 0, sizeof(st));
	st.st_dev = inode->sb->dev;
	st.st_ino = inode->ino;
	st.st_mode = inode->mode;
	st.st_nlink = inode->nlink;
	st.st_uid = inode->uid;
	st.st_gid = inode->gid;
	st.st_rdev = inode->rdev;
	st.st_size = inode->size;
	st.st_blksize = PAGE_SIZE;
	st.st_blocks = inode->i_data.nrpages * SECTORS_PER_PAGE;
	st.st_atime_sec = inode->atime.sec;
	st.st_atime_nsec = inode->atime.nsec;
	st.st_mtime_sec = inode->mtime.sec;
	st.st_mtime_nsec = inode->mtime.nsec;
	st.st_ctime_sec = inode->ctime.sec;
	st.st_ctime_nsec = inode->ctime.nsec;
	return copy_to_user(buf, &st, sizeof(st)) ? -EFAULT : 0;
}

static struct statx_timestamp statx_time(struct timespec64 t)
{
	return (struct statx_timestamp){ .tv_sec = t.sec, .tv_nsec = t.nsec };
}

static long copy_statx(const struct inode *inode, void *buf)
{
	struct statx st;

	memset(&st, 0, sizeof(st));
	st.stx_mask = STATX_BASIC_STATS;
	st.stx_blksize = PAGE_SIZE;
	st.stx_nlink = inode->nlink;
	st.stx_uid = inode->uid;
	st.stx_gid = inode->gid;
	st.stx_mode = inode->mode;
	st.stx_ino = inode->ino;
	st.stx_size = inode->size;
	st.stx_blocks = inode->i_data.nrpages * SECTORS_PER_PAGE;
	st.stx_atime = statx_time(inode->atime);
	st.stx_ctime = statx_time(inode->ctime);
	st.stx_mtime = statx_time(inode->mtime);
	st.stx_rdev_major = dev_major(inode->rdev);
	st.stx_rdev_minor = dev_minor(inode->rdev);
	st.stx_dev_major = dev_major(inode->sb->dev);
	st.stx_dev_minor = dev_minor(inode->sb->dev);
	return copy_to_user(buf, &st, sizeof(st)) ? -EFAULT : 0;
}

static long stat_path(s32 dirfd, const char *path, void *buf, u32 flags,
		      long (*copy)(const struct inode *inode, void *buf))
{
	u32 look = flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	struct dentry *dentry;
	long res = user_path(dirfd, path, look, flags, &dentry);

	if (res)
		return res;
	res = copy(dentry->inode, buf);
	dentry_put(dentry);
	return res;
}

long sys_stat(const char *path, void *buf)
{
	return stat_path(AT_FDCWD, path, buf, 0, copy_stat);
}

long sys_lstat(const char *path, void *buf)
{
	return stat_path(AT_FDCWD, path, buf, AT_SYMLINK_NOFOLLOW, copy_stat);
}

long sys_stat64(const char *path, void *buf)
{
	return stat_path(AT_FDCWD, path, buf, 0, copy_stat64);
}

long sys_lstat64(const char *path, void *buf)
{
	return stat_path(AT_FDCWD, path, buf, AT_SYMLINK_NOFOLLOW, copy_stat64);
}

static long stat_fd(u32 fd, void *buf,
		    long (*copy)(const struct inode *inode, void *buf))
{
	struct file *file = fget(fd);
	long res;

	if (!file)
		return -EBADF;
	res = copy(file->inode, buf);
	fput(file);
	return res;
}

long sys_fstat(u32 fd, void *buf)
{
	return stat_fd(fd, buf, copy_stat);
}

long sys_fstat64(u32 fd, void *buf)
{
	return stat_fd(fd, buf, copy_stat64);
}

long sys_fstatat64(s32 dirfd, const char *path, void *buf, u32 flags)
{
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH))
		return -EINVAL;
	return stat_path(dirfd, path, buf, flags, copy_stat64);
}

long sys_statx(s32 dirfd, const char *path, u32 flags, u32 mask, void *buf)
{
	if (mask & STATX_RESERVED)
		return -EINVAL;
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH |
		      AT_STATX_SYNC_TYPE))
		return -EINVAL;
	if ((flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	return stat_path(dirfd, path, buf, flags, copy_statx);
}

/* All file systems here take their room from RAM; those with a limit of their
 * own tell that. */
static void fill_statfs(const struct super_block *sb, struct statfs64 *st)
{
	memset(st, 0, sizeof(*st));
	st->f_type = sb->magic;
	st->f_bsize = PAGE_SIZE;
	st->f_frsize = PAGE_SIZE;
	st->f_namelen = NAME_MAX;
	st->f_fsid[0] = sb->dev;
	st->f_flags = ST_VALID | sb->flags |
		      (sb->flags & MS_NOATIME ? 0 : ST_RELATIME);
	if (sb->magic == RAMFS_MAGIC || sb->magic == TMPFS_MAGIC) {
		st->f_blocks = nr_total_pages;
		st->f_bfree = nr_free_pages;
	}
	if (sb->max_pages) {
		st->f_blocks = sb->max_pages;
		st->f_bfree = MIN(sb->max_pages - sb->nr_pages, nr_free_pages);
	}
	st->f_bavail = st->f_bfree;
	if (sb->max_inodes) {
		st->f_files = sb->max_inodes;
		st->f_ffree = sb->max_inodes - sb->nr_inodes;
	}
}

static long copy_statfs64(const struct super_block *sb, void *buf)
{
	struct statfs64 st;

	fill_statfs(sb, &st);
	return copy_to_user(buf, &st, sizeof(st)) ? -EFAULT : 0;
}

/* The old layout: the same with 32 bits for each count. */
static long copy_statfs(const struct super_block *sb, void *buf)
{
	struct statfs64 st;
	struct old_statfs old;

	fill_statfs(sb, &st);
	memset(&old, 0, sizeof(old));
	old.f_type = st.f_type;
	old.f_bsize = st.f_bsize;
	old.f_blocks = st.f_blocks;
	old.f_bfree = st.f_bfree;
	old.f_bavail = st.f_bavail;
	old.f_files = st.f_files;
	old.f_ffree = st.f_ffree;
	old.f_fsid[0] = st.f_fsid[0];
	old.f_namelen = st.f_namelen;
	old.f_frsize = st.f_frsize;
	old.f_flags = st.f_flags;
	return copy_to_user(buf, &old, sizeof(old)) ? -EFAULT : 0;
}

static long statfs_path(const char *path, void *buf,
			long (*copy)(const struct super_block *sb, void *buf))
{
	struct dentry *dentry;
	long res = user_path(AT_FDCWD, path, LOOKUP_FOLLOW, 0, &dentry);

	if (res)
		return res;
	res = copy(dentry->inode->sb, buf);
	dentry_put(dentry);
	return res;
}

static long statfs_fd(u32 fd, void *buf,
		      long (*copy)(const struct super_block *sb, void *buf))
{
	struct file *file = fget(fd);
	long res;

	if (!file)
		return -EBADF;
	res = copy(file->inode->sb, buf);
	fput(file);
	return res;
}

long sys_statfs(const char *path, void *buf)
{
	return statfs_path(path, buf, copy_statfs);
}

long sys_fstatfs(u32 fd, void *buf)
{
	return statfs_fd(fd, buf, copy_statfs);
}

long sys_statfs64(const char *path, u32 size, void *buf)
{
	if (size != sizeof(struct statfs64))
		return -EINVAL;
	return statfs_path(path, buf, copy_statfs64);
}

long sys_fstatfs64(u32 fd, u32 size, void *buf)
{
	if (size != sizeof(struct statfs64))
		return -EINVAL;
	return statfs_fd(fd, buf, copy_statfs64);
}
