/* SPDX-License-Identifier: MIT */
/*
 * Moving names: rename and its *at forms.
 *
 *   /a/x  ->  /b/y      both folders locked; what y was is removed, and the
 *                       dentry of x gets y's parent and name, so that open
 *                       files and maps of it show the new path
 *
 * INV-N5  folders change their place only under rename_sem, so "is A inside
 *         B" holds still for whoever has it. It is taken before the two
 *         folders' i_sem; nobody else holds two, so their order is free.
 */
#include <fs/internal.h>
#include <kernel/syscall.h>
#include <kernel/task.h>

#define RENAME_NOREPLACE 1

static struct mutex rename_sem = MUTEX_INIT(rename_sem, LOCK_RENAME);

/* What a rename works on. Both folders are locked. */
struct rename {
	struct path_walk from, to; /* they stand at the two folders */
	struct dentry *old; /* what moves */
	struct dentry *new; /* what it replaces, or NULL */
};

/* Moves that would cut the tree apart, and words that do not fit. */
static int rename_refuse(const struct rename *r, u32 flags)
{
	bool is_dir = S_ISDIR(r->old->inode->mode);

	if (r->new && (flags & RENAME_NOREPLACE))
		return -EEXIST;
	if (!is_dir && (r->from.slash || r->to.slash))
		return -ENOTDIR;
	if (dentry_inside(r->to.at, r->old))
		return -EINVAL;
	if (r->new && dentry_inside(r->from.at, r->new))
		return -ENOTEMPTY;
	return 0;
}

static int rename_rights(const struct rename *r)
{
	bool is_dir = S_ISDIR(r->old->inode->mode);
	int err = may_delete(r->from.at->inode, r->old, is_dir);

	if (err)
		return err;
	if (r->new)
		err = may_delete(r->to.at->inode, r->new, is_dir);
	else
		err = may_create(r->to.at->inode);
	if (!err && is_dir && r->from.at != r->to.at)
		err = inode_permission(r->old->inode, W_OK);
	return err;
}

/* i_sem of both folders is held; from the last check on nothing sleeps. */
static int rename_commit(struct rename *r)
{
	struct inode *from = r->from.at->inode, *to = r->to.at->inode;
	struct dentry *spare = dentry_alloc(r->to.at, r->to.name, r->to.len);
	int err;

	assert_held(&from->i_sem);
	assert_held(&to->i_sem);
	if (!spare)
		return -ENOMEM;
	if (!to->nlink) /* removed while we slept */
		err = -ENOENT;
	else
		err = from->i_op->rename(from, r->old, to, r->new);
	if (!err) {
		if (r->new)
			dentry_delete(r->new);
		dentry_move(r->old, spare);
		inode_modified(from);
		inode_modified(to);
		inode_changed(r->old->inode);
	}
	dentry_put(spare);
	return err;
}

static int rename_found(struct rename *r, u32 flags)
{
	int err = rename_refuse(r, flags);

	if (err)
		return err;
	if (r->new && r->new->inode == r->old->inode)
		return 0; /* two names of one file: nothing to do */
	err = rename_rights(r);
	if (!err && !r->from.at->inode->i_op->rename)
		err = -EPERM;
	return err ? err : rename_commit(r);
}

static int rename_locked(struct rename *r, u32 flags)
{
	int err = walk_last(&r->from, &r->old);

	assert_held(&rename_sem);
	if (err)
		return err;
	r->new = NULL;
	err = walk_last(&r->to, &r->new);
	if (!err || err == -ENOENT)
		err = rename_found(r, flags);
	dentry_put(r->new);
	dentry_put(r->old);
	return err;
}

static int do_rename(struct rename *r, u32 flags)
{
	struct inode *from = r->from.at->inode, *to = r->to.at->inode;
	int err;

	if (r->from.at->sb != r->to.at->sb)
		return -EXDEV;
	if (special_name(&r->from) || special_name(&r->to))
		return -EBUSY;
	mutex_lock(&rename_sem);
	mutex_lock(&from->i_sem);
	if (to != from)
		mutex_lock_nested(&to->i_sem);
	err = rename_locked(r, flags);
	if (to != from)
		mutex_unlock(&to->i_sem);
	mutex_unlock(&from->i_sem);
	mutex_unlock(&rename_sem);
	return err;
}

long sys_renameat2(s32 fromfd, const char *from, s32 tofd, const char *to,
		   u32 flags)
{
	char *from_path, *to_path;
	struct rename r;
	int err;

	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	err = walk_user(&r.from, fromfd, from, &from_path);
	if (err)
		return err;
	err = walk_user(&r.to, tofd, to, &to_path);
	if (!err) {
		err = do_rename(&r, flags);
		walk_end(&r.to);
		putname(to_path);
	}
	walk_end(&r.from);
	putname(from_path);
	return err;
}

long sys_renameat(s32 fromfd, const char *from, s32 tofd, const char *to)
{
	return sys_renameat2(fromfd, from, tofd, to, 0);
}

long sys_rename(const char *from, const char *to)
{
	return sys_renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}
