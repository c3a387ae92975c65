/* SPDX-License-Identifier: MIT */
/*
 * Setting the times of a file: utimensat, and the older calls, which carry
 * less: microseconds, seconds, or 32 bits.
 */
#include <fs/internal.h>
#include <kernel/syscall.h>
#include <kernel/usercopy.h>

#define USEC_PER_SEC 1000000u
#define NSEC_PER_USEC 1000u

struct timespec32 {
	s32 sec; /* since 1970 */
	u32 nsec; /* or UTIME_NOW, UTIME_OMIT */
};

struct timespec_wide { /* of the _time64 calls */
	s64 sec;
	u32 nsec; /* the upper half of a long long is ignored */
	u32 pad;
};

static bool nsec_valid(u32 nsec)
{
	return nsec < NSEC_PER_SEC || nsec == UTIME_NOW ||
	       nsec == UTIME_OMIT;
}

static void set_time(struct timespec64 *t, const struct timespec64 *from)
{
	if (from->nsec == UTIME_NOW)
		*t = time_realtime();
	else if (from->nsec != UTIME_OMIT)
		*t = *from;
}

/* "Now" may be set by whoever may write, other times by the owner only. */
static int may_set_times(const struct inode *inode, const struct timespec64 *ts)
{
	if (inode_owner(inode))
		return 0;
	if (ts[0].nsec != UTIME_NOW || ts[1].nsec != UTIME_NOW)
		return -EPERM;
	return inode_permission(inode, W_OK);
}

static long do_utimes(struct inode *inode, const struct timespec64 *ts)
{
	int err = sb_writable(inode->sb);

	if (!err)
		err = may_set_times(inode, ts);
	if (err)
		return err;
	set_time(&inode->atime, &ts[0]);
	set_time(&inode->mtime, &ts[1]);
	inode_changed(inode);
	return 0;
}

/* futimens(): the open file itself. */
static long utimes_fd(s32 fd, const struct timespec64 *ts, u32 flags)
{
	struct file *file;
	long res;

	if (flags)
		return -EINVAL;
	res = fget_change(fd, &file);
	if (res)
		return res;
	res = do_utimes(file->inode, ts);
	fput(file);
	return res;
}

static long utimes_path(s32 dirfd, const char *path,
			const struct timespec64 *ts, u32 flags)
{
	u32 look = flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	struct dentry *dentry;
	long res;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	res = user_path(dirfd, path, look, flags, &dentry);
	if (res)
		return res;
	res = do_utimes(dentry->inode, ts);
	dentry_put(dentry);
	return res;
}

static long do_utimensat(s32 dirfd, const char *path,
			 const struct timespec64 *ts, u32 flags)
{
	if (!nsec_valid(ts[0].nsec) || !nsec_valid(ts[1].nsec))
		return -EINVAL;
	if (ts[0].nsec == UTIME_OMIT && ts[1].nsec == UTIME_OMIT)
		return 0;
	if (!path && dirfd != AT_FDCWD)
		return utimes_fd(dirfd, ts, flags);
	return utimes_path(dirfd, path, ts, flags);
}

static const struct timespec64 now_now[2] = { { 0, UTIME_NOW },
					      { 0, UTIME_NOW } };

long sys_utimensat(s32 dirfd, const char *path, const void *times, u32 flags)
{
	struct timespec32 old[2];

	if (!times)
		return do_utimensat(dirfd, path, now_now, flags);
	if (copy_from_user(old, times, sizeof(old)))
		return -EFAULT;
	return do_utimensat(dirfd, path,
			    (struct timespec64[]){
				    { old[0].sec, old[0].nsec },
				    { old[1].sec, old[1].nsec } },
			    flags);
}

long sys_utimensat_time64(s32 dirfd, const char *path, const void *times,
			  u32 flags)
{
	struct timespec_wide wide[2];

	if (!times)
		return do_utimensat(dirfd, path, now_now, flags);
	if (copy_from_user(wide, times, sizeof(wide)))
		return -EFAULT;
	return do_utimensat(dirfd, path,
			    (struct timespec64[]){
				    { wide[0].sec, wide[0].nsec },
				    { wide[1].sec, wide[1].nsec } },
			    flags);
}

/* TIMES are two struct timeval. */
long sys_futimesat(s32 dirfd, const char *path, const void *times)
{
	u32 tv[4];

	if (!times)
		return do_utimensat(dirfd, path, now_now, 0);
	if (copy_from_user(tv, times, sizeof(tv)))
		return -EFAULT;
	if (tv[1] >= USEC_PER_SEC || tv[3] >= USEC_PER_SEC)
		return -EINVAL;
	return do_utimensat(dirfd, path,
			    (struct timespec64[]){
				    { (s32)tv[0], tv[1] * NSEC_PER_USEC },
				    { (s32)tv[2], tv[3] * NSEC_PER_USEC } },
			    0);
}

long sys_utimes(const char *path, const void *times)
{
	return sys_futimesat(AT_FDCWD, path, times);
}

long sys_utime(const char *path, const void *times)
{
	s32 sec[2];

	if (!times)
		return do_utimensat(AT_FDCWD, path, now_now, 0);
	if (copy_from_user(sec, times, sizeof(sec)))
		return -EFAULT;
	return do_utimensat(AT_FDCWD, path,
			    (struct timespec64[]){ { sec[0], 0 },
						   { sec[1], 0 } },
			    0);
}
