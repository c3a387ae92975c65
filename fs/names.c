/* SPDX-License-Identifier: MIT */
/*
 * Making and removing names: mkdir mknod link symlink unlink rmdir, readlink,
 * and their *at forms. Moving them: fs/rename.c.
 *
 * Each call: walk to the folder of the last name, lock the folder, look the
 * name up again, check rights, prepare what needs memory, and then change
 * the tree without sleeping.
 *
 * INV-N3  names of a folder change only under its i_sem.
 * INV-N4  a folder with nlink 0 was removed and takes no new names. Making
 *         one sleeps, so this is looked at once more at the end.
 */
#include <fs/internal.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <mm/kmalloc.h>
#include <mm/swap/swap.h>

#define LINK_MAX 65000u

bool special_name(const struct path_walk *w)
{
	return w->len == 0 || (w->len == 1 && w->name[0] == '.') ||
	       (w->len == 2 && w->name[0] == '.' && w->name[1] == '.');
}

int may_create(const struct inode *dir)
{
	if (!dir->nlink)
		return -ENOENT;
	return inode_permission(dir, W_OK | X_OK);
}

/* In a sticky folder only owners (of it, or of the file) remove. */
static bool sticky_forbids(const struct inode *dir, const struct inode *inode)
{
	return (dir->mode & S_ISVTX) && !inode_owner(inode) &&
	       !inode_owner(dir);
}

int may_delete(const struct inode *dir, struct dentry *victim, bool is_dir)
{
	int err = inode_permission(dir, W_OK | X_OK);

	if (err)
		return err;
	if (sticky_forbids(dir, victim->inode) || inode_is_swap(victim->inode))
		return -EPERM;
	if (is_dir && !S_ISDIR(victim->inode->mode))
		return -ENOTDIR;
	if (!is_dir && S_ISDIR(victim->inode->mode))
		return -EISDIR;
	return victim->covers ? -EBUSY : 0;
}

/* An unpublished dentry for the last name of W. Its folder's i_sem is held. */
static int new_name(struct path_walk *w, bool is_dir, struct dentry **res)
{
	struct dentry *old;
	int err = walk_last(w, &old);

	assert_held(&w->at->inode->i_sem);
	if (!err) {
		dentry_put(old);
		return -EEXIST;
	}
	if (err != -ENOENT || !w->at->inode->i_op->create)
		return err;
	if (w->slash && !is_dir)
		return -ENOENT;
	err = may_create(w->at->inode);
	if (err)
		return err;
	*res = dentry_alloc(w->at, w->name, w->len);
	return *res ? 0 : -ENOMEM;
}

static bool is_device(u32 mode)
{
	return S_ISCHR(mode) || S_ISBLK(mode);
}

static int create_locked(struct path_walk *w, u32 mode, u32 rdev,
			 const char *target, struct dentry **res)
{
	struct inode *dir = w->at->inode, *inode;
	int err = new_name(w, S_ISDIR(mode), res);

	assert_held(&dir->i_sem);
	if (err)
		return err;
	if (is_device(mode) && !capable())
		err = -EPERM;
	else if (target)
		err = dir->i_op->symlink(dir, *res, target, &inode);
	else
		err = dir->i_op->create(dir, *res, mode, rdev, &inode);
	if (!err && !dir->nlink) { /* removed while we slept */
		inode_put(inode);
		err = -ENOENT;
	}
	if (err) {
		dentry_put(*res);
		return err;
	}
	dentry_publish(*res, inode);
	if (S_ISDIR(mode))
		dir->nlink++;
	return 0;
}

int vfs_create(struct path_walk *w, u32 mode, u32 rdev, const char *target,
	       struct dentry **res)
{
	struct inode *dir = w->at->inode;
	struct dentry *dentry;
	int err;

	if (special_name(w))
		return -EEXIST;
	mutex_lock(&dir->i_sem);
	err = create_locked(w, mode, rdev, target, &dentry);
	mutex_unlock(&dir->i_sem);
	if (err)
		return err;
	if (res)
		*res = dentry;
	else
		dentry_put(dentry);
	return 0;
}

/* vfs_create() for a user path. */
static long user_create(s32 dirfd, const char *upath, u32 mode, u32 rdev,
			const char *target)
{
	struct path_walk w;
	char *path;
	int err = walk_user(&w, dirfd, upath, &path);

	if (err)
		return err;
	err = vfs_create(&w, mode, rdev, target, NULL);
	if (!err)
		inode_modified(w.at->inode);
	walk_end(&w);
	putname(path);
	return err;
}

/* The last name of W, which must be an entry that may go. */
static int delete_locked(struct path_walk *w, bool is_dir)
{
	struct inode *dir = w->at->inode;
	struct dentry *victim;
	int err = walk_last(w, &victim);

	assert_held(&dir->i_sem);
	if (err)
		return err;
	if (w->slash && !is_dir)
		err = S_ISDIR(victim->inode->mode) ? -EISDIR : -ENOTDIR;
	if (!err)
		err = may_delete(dir, victim, is_dir);
	if (!err)
		err = dir->i_op->unlink ? dir->i_op->unlink(dir, victim)
					: -EPERM;
	if (!err) {
		dentry_delete(victim);
		inode_modified(dir);
	}
	dentry_put(victim);
	return err;
}

static int special_delete_error(const struct path_walk *w, bool is_dir)
{
	if (!is_dir)
		return -EISDIR;
	if (w->len == 0)
		return -EBUSY;
	return w->len == 1 ? -EINVAL : -ENOTEMPTY;
}

static long user_delete(s32 dirfd, const char *upath, bool is_dir)
{
	struct path_walk w;
	char *path;
	int err = walk_user(&w, dirfd, upath, &path);

	if (err)
		return err;
	if (special_name(&w)) {
		err = special_delete_error(&w, is_dir);
	} else {
		mutex_lock(&w.at->inode->i_sem);
		err = delete_locked(&w, is_dir);
		mutex_unlock(&w.at->inode->i_sem);
	}
	walk_end(&w);
	putname(path);
	return err;
}

static int link_locked(struct path_walk *w, struct dentry *from)
{
	struct inode *dir = w->at->inode, *inode = from->inode;
	struct dentry *dentry;
	int err = new_name(w, false, &dentry);

	assert_held(&dir->i_sem);
	if (err)
		return err;
	if (from->sb != w->at->sb)
		err = -EXDEV;
	else if (S_ISDIR(inode->mode))
		err = -EPERM;
	else if (inode->nlink == 0 || dir->nlink == 0)
		err = -ENOENT;
	else if (inode->nlink >= LINK_MAX)
		err = -EMLINK;
	else
		err = dir->i_op->link(dir, dentry, inode);
	if (!err) {
		inode_get(inode);
		dentry_publish(dentry, inode);
		inode_changed(inode);
		inode_modified(dir);
	}
	dentry_put(dentry);
	return err;
}

static int link_to(struct dentry *from, s32 dirfd, const char *upath)
{
	struct path_walk w;
	char *path;
	int err = walk_user(&w, dirfd, upath, &path);

	if (err)
		return err;
	if (special_name(&w)) {
		err = -EEXIST;
	} else {
		mutex_lock(&w.at->inode->i_sem);
		err = link_locked(&w, from);
		mutex_unlock(&w.at->inode->i_sem);
	}
	walk_end(&w);
	putname(path);
	return err;
}

long sys_linkat(s32 fromfd, const char *from, s32 tofd, const char *to,
		u32 flags)
{
	u32 look = flags & AT_SYMLINK_FOLLOW ? LOOKUP_FOLLOW : 0;
	struct dentry *dentry;
	int err;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if ((flags & AT_EMPTY_PATH) && !capable())
		return -ENOENT;
	err = user_path(fromfd, from, look, flags, &dentry);
	if (err)
		return err;
	err = link_to(dentry, tofd, to);
	dentry_put(dentry);
	return err;
}

long sys_link(const char *from, const char *to)
{
	return sys_linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

long sys_symlinkat(const char *target, s32 dirfd, const char *path)
{
	char *text;
	long err = getname(target, &text);

	if (err)
		return err;
	if (*text)
		err = user_create(dirfd, path, S_IFLNK | 0777, 0, text);
	else
		err = -ENOENT;
	putname(text);
	return err;
}

long sys_symlink(const char *target, const char *path)
{
	return sys_symlinkat(target, AT_FDCWD, path);
}

long sys_mkdirat(s32 dirfd, const char *path, u32 mode)
{
	mode &= 01777 & ~current->process->fs_info->umask;
	return user_create(dirfd, path, S_IFDIR | mode, 0, NULL);
}

long sys_mkdir(const char *path, u32 mode)
{
	return sys_mkdirat(AT_FDCWD, path, mode);
}

/* 0, or why nobody can make a node of MODE by mknod. */
static int mknod_refuse(u32 mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
	case S_IFIFO:
	case S_IFSOCK:
	case S_IFCHR:
	case S_IFBLK:
		return 0;
	case S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
}

long sys_mknodat(s32 dirfd, const char *path, u32 mode, u32 dev)
{
	int err;

	if (!(mode & S_IFMT))
		mode |= S_IFREG;
	err = mknod_refuse(mode);
	if (err)
		return err;
	mode &= S_IFMT | (07777 & ~current->process->fs_info->umask);
	return user_create(dirfd, path, mode, dev, NULL);
}

long sys_mknod(const char *path, u32 mode, u32 dev)
{
	return sys_mknodat(AT_FDCWD, path, mode, dev);
}

long sys_unlinkat(s32 dirfd, const char *path, u32 flags)
{
	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	return user_delete(dirfd, path, flags & AT_REMOVEDIR);
}

long sys_unlink(const char *path)
{
	return user_delete(AT_FDCWD, path, false);
}

long sys_rmdir(const char *path)
{
	return user_delete(AT_FDCWD, path, true);
}

/* The text of the link DENTRY to a user buffer. */
static long copy_link(struct dentry *dentry, char *buf, u32 size)
{
	struct inode *inode = dentry->inode;
	char *text;
	long len;

	if (!S_ISLNK(inode->mode))
		return -EINVAL;
	text = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	len = inode->i_op->readlink(inode, text, PATH_MAX);
	if (len > (long)size)
		len = size;
	if (len > 0 && copy_to_user(buf, text, len))
		len = -EFAULT;
	kfree(text);
	return len;
}

long sys_readlinkat(s32 dirfd, const char *path, char *buf, s32 size)
{
	struct dentry *dentry;
	long len;

	if (size <= 0)
		return -EINVAL;
	len = user_path(dirfd, path, 0, 0, &dentry);
	if (len)
		return len;
	len = copy_link(dentry, buf, size);
	dentry_put(dentry);
	return len;
}

long sys_readlink(const char *path, char *buf, s32 size)
{
	return sys_readlinkat(AT_FDCWD, path, buf, size);
}
