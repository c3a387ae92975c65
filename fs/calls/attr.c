/* SPDX-License-Identifier: MIT */
/*
 * Changing what a file is: rights, owner, size (times: fs/calls/times.c); and
 * access, which asks for rights, and umask.
 *
 * Rights are checked against the fs ids; access() asks for the real ones
 * and lends them to the walk.
 */
#include <fs/internal.h>
#include <kernel/syscall.h>
#include <kernel/task.h>

#define KEEP_ID 0xffffffffu /* chown: leave this one */

/* --- rights and owner --------------------------------------------------- */

static long do_chmod(struct inode *inode, u32 mode)
{
	if (sb_writable(inode->sb))
		return -EROFS;
	if (!inode_owner(inode))
		return -EPERM;
	mode &= 07777;
	if (current->cred.fsuid != 0 && !in_group(inode->gid))
		mode &= ~S_ISGID;
	inode->mode = (inode->mode & S_IFMT) | mode;
	inode_changed(inode);
	return 0;
}

/* Giving a file away needs privilege; its owner may choose among his groups. */
static bool may_chown(const struct inode *inode, u32 uid, u32 gid)
{
	bool owner = current->cred.fsuid == inode->uid;

	if (current->cred.fsuid == 0)
		return true;
	if (uid != KEEP_ID && !(owner && uid == inode->uid))
		return false;
	if (gid == KEEP_ID)
		return true;
	return owner && (gid == inode->gid || in_group(gid));
}

static long do_chown(struct inode *inode, u32 uid, u32 gid)
{
	if (sb_writable(inode->sb))
		return -EROFS;
	if (!may_chown(inode, uid, gid))
		return -EPERM;
	if (uid != KEEP_ID)
		inode->uid = uid;
	if (gid != KEEP_ID)
		inode->gid = gid;
	if (!S_ISDIR(inode->mode)) {
		inode->mode &= ~S_ISUID;
		if (inode->mode & S_IXGRP)
			inode->mode &= ~S_ISGID;
	}
	inode_changed(inode);
	return 0;
}

long sys_fchmodat(s32 dirfd, const char *path, u32 mode)
{
	struct dentry *dentry;
	long res = user_path(dirfd, path, LOOKUP_FOLLOW, 0, &dentry);

	if (res)
		return res;
	res = do_chmod(dentry->inode, mode);
	dentry_put(dentry);
	return res;
}

long sys_chmod(const char *path, u32 mode)
{
	return sys_fchmodat(AT_FDCWD, path, mode);
}

int fget_change(u32 fd, struct file **file)
{
	*file = fget(fd);
	if (!*file)
		return -EBADF;
	if (!((*file)->flags & O_PATH))
		return 0;
	fput(*file);
	return -EBADF;
}

long sys_fchmod(u32 fd, u32 mode)
{
	struct file *file;
	long res = fget_change(fd, &file);

	if (res)
		return res;
	res = do_chmod(file->inode, mode);
	fput(file);
	return res;
}

long sys_fchownat(s32 dirfd, const char *path, u32 uid, u32 gid, u32 flags)
{
	u32 look = flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	struct dentry *dentry;
	long res;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	res = user_path(dirfd, path, look, flags, &dentry);
	if (res)
		return res;
	res = do_chown(dentry->inode, uid, gid);
	dentry_put(dentry);
	return res;
}

long sys_chown32(const char *path, u32 uid, u32 gid)
{
	return sys_fchownat(AT_FDCWD, path, uid, gid, 0);
}

long sys_lchown32(const char *path, u32 uid, u32 gid)
{
	return sys_fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

long sys_fchown32(u32 fd, u32 uid, u32 gid)
{
	struct file *file;
	long res = fget_change(fd, &file);

	if (res)
		return res;
	res = do_chown(file->inode, uid, gid);
	fput(file);
	return res;
}

/* The old calls carry 16 bits; all of them set: leave it. */
static u32 wide_id(u32 id)
{
	return (u16)id == 0xffff ? KEEP_ID : (u16)id;
}

long sys_chown(const char *path, u32 uid, u32 gid)
{
	return sys_chown32(path, wide_id(uid), wide_id(gid));
}

long sys_lchown(const char *path, u32 uid, u32 gid)
{
	return sys_lchown32(path, wide_id(uid), wide_id(gid));
}

long sys_fchown(u32 fd, u32 uid, u32 gid)
{
	return sys_fchown32(fd, wide_id(uid), wide_id(gid));
}

/* --- access and umask --------------------------------------------------- */

long sys_faccessat(s32 dirfd, const char *path, u32 mode)
{
	struct cred *cred = &current->cred;
	u32 fsuid = cred->fsuid, fsgid = cred->fsgid;
	struct dentry *dentry;
	long res;

	if (mode & ~(u32)(R_OK | W_OK | X_OK))
		return -EINVAL;
	cred->fsuid = cred->uid;
	cred->fsgid = cred->gid;
	res = user_path(dirfd, path, LOOKUP_FOLLOW, 0, &dentry);
	if (!res) {
		res = inode_permission(dentry->inode, mode);
		dentry_put(dentry);
	}
	cred->fsuid = fsuid;
	cred->fsgid = fsgid;
	return res;
}

long sys_access(const char *path, u32 mode)
{
	return sys_faccessat(AT_FDCWD, path, mode);
}

long sys_umask(u32 mask)
{
	u32 old = current->process->fs_info->umask;

	current->process->fs_info->umask = mask & 0777;
	return old;
}

/* --- size --------------------------------------------------------------- */

static long truncate_refuse(const struct inode *inode)
{
	if (S_ISDIR(inode->mode))
		return -EISDIR;
	if (!S_ISREG(inode->mode))
		return -EINVAL;
	if (inode_permission(inode, W_OK))
		return inode_permission(inode, W_OK);
	return inode->i_exec ? -ETXTBSY : 0;
}

long sys_truncate64(const char *path, u32 low, u32 high)
{
	struct dentry *dentry;
	long res;

	if ((s32)high < 0)
		return -EINVAL;
	res = user_path(AT_FDCWD, path, LOOKUP_FOLLOW, 0, &dentry);
	if (res)
		return res;
	res = truncate_refuse(dentry->inode);
	if (!res && (high || low > MAX_FILE_SIZE))
		res = -EFBIG;
	if (!res)
		res = do_truncate(dentry->inode, low);
	dentry_put(dentry);
	return res;
}

long sys_truncate(const char *path, s32 size)
{
	return sys_truncate64(path, size, size < 0 ? ~0u : 0);
}

long sys_ftruncate64(u32 fd, u32 low, u32 high)
{
	struct file *file;
	long res;

	if ((s32)high < 0)
		return -EINVAL;
	res = fget_change(fd, &file);
	if (res)
		return res;
	if (!S_ISREG(file->inode->mode) || !file_writable(file))
		res = -EINVAL;
	else if (high || low > MAX_FILE_SIZE)
		res = -EFBIG;
	else
		res = do_truncate(file->inode, low);
	fput(file);
	return res;
}

long sys_ftruncate(u32 fd, s32 size)
{
	return sys_ftruncate64(fd, size, size < 0 ? ~0u : 0);
}
