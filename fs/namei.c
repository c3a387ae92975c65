/* SPDX-License-Identifier: MIT */
/*
 * Walking a path: from a string to the dentry it means.
 *
 *   "lib/../bin/sh"   at = cwd
 *    lib -> step in;  .. -> step out;  bin -> a link to "usr/bin":
 *    the path becomes "usr/bin/sh", and the walk goes on from there
 *
 * INV-N1  path_walk.at holds one reference from walk_begin() to walk_end().
 * INV-N2  at most MAX_LINKS links a walk, so it ends.
 *
 * A link to an object (/proc/PID/exe) is not rewritten: the walk stands on
 * the object at once. No lock is held: between two sleeps the tree stands
 * still, and whoever changes it checks again under the folder's lock.
 */
#include <fs/internal.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

#define MAX_LINKS 40
#define WALK_BUF (2 * PATH_MAX) /* a path with a link's target before it */

static struct fs_struct *task_fs(void)
{
	return current->process->fs_info ? current->process->fs_info : &init_fs;
}

static void walk_set(struct path_walk *w, struct dentry *to)
{
	dentry_get(to);
	dentry_put(w->at);
	w->at = to;
}

/* What is seen at DENTRY: the root mounted there, or itself. */
static struct dentry *mounted_on(struct dentry *dentry)
{
	while (dentry->mounted)
		dentry = dentry->mounted;
	return dentry;
}

static struct dentry *dentry_above(struct dentry *dentry)
{
	struct dentry *root = task_fs()->root;

	while (dentry != root && dentry->covers)
		dentry = dentry->covers;
	if (dentry != root)
		dentry = dentry->parent;
	return mounted_on(dentry);
}

/* A name of a file system that makes its dentries on demand. */
static int lookup_on_demand(struct path_walk *w, struct dentry **res)
{
	struct inode *dir = w->at->inode;
	struct dentry *dentry = dentry_alloc(w->at, w->name, w->len);
	int err;

	if (!dentry)
		return -ENOMEM;
	err = dir->i_op->lookup(dir, dentry->name, &dentry->inode);
	if (err) {
		dentry_put(dentry);
		return err;
	}
	*res = dentry;
	return 0;
}

static bool name_is(const struct path_walk *w, const char *name, u32 len)
{
	return w->len == len && !memcmp(w->name, name, len);
}

int walk_last(struct path_walk *w, struct dentry **res)
{
	struct dentry *found;

	if (w->len == 0 || name_is(w, ".", 1))
		found = w->at;
	else if (name_is(w, "..", 2))
		found = dentry_above(w->at);
	else if (w->at->inode->i_op->lookup)
		return lookup_on_demand(w, res);
	else
		found = dentry_find(w->at, w->name, w->len);
	if (!found)
		return -ENOENT;
	*res = dentry_get(mounted_on(found));
	return 0;
}

/* Puts the target of LINK in front of what is still to walk. */
static int rewrite(struct path_walk *w, struct inode *link)
{
	u32 len = strlen(w->rest) + 1;
	long n;

	if (!w->buf) {
		w->buf = kmalloc(WALK_BUF, GFP_KERNEL);
		if (!w->buf)
			return -ENOMEM;
	}
	if (len > PATH_MAX)
		return -ENAMETOOLONG;
	memmove(w->buf + WALK_BUF - len, w->rest, len);
	n = link->i_op->readlink(link, w->buf, WALK_BUF - len);
	if (n < 0)
		return n;
	if (n == 0)
		return -ENOENT;
	memmove(w->buf + n, w->buf + WALK_BUF - len, len);
	w->rest = w->buf;
	if (*w->rest == '/')
		walk_set(w, mounted_on(task_fs()->root));
	return 0;
}

int walk_follow(struct path_walk *w, struct dentry *link)
{
	struct dentry *to;
	int err;

	if (++w->links > MAX_LINKS)
		return -ELOOP;
	if (!link->inode->i_op->jump)
		return rewrite(w, link->inode);
	err = link->inode->i_op->jump(link->inode, &to);
	if (err)
		return err;
	walk_set(w, to);
	dentry_put(to);
	return 0;
}

/* Cuts the next name off w->rest; len 0 at the end of the path. */
static int next_name(struct path_walk *w)
{
	const char *p = w->rest;

	w->slash = *p == '/';
	while (*p == '/')
		p++;
	w->name = p;
	while (*p && *p != '/')
		p++;
	w->len = p - w->name;
	w->rest = p;
	return w->len > NAME_MAX ? -ENAMETOOLONG : 0;
}

/* Steps over a name in the middle of the path. */
static int walk_step(struct path_walk *w)
{
	struct dentry *child;
	int err = walk_last(w, &child);

	if (err)
		return err;
	if (S_ISLNK(child->inode->mode))
		err = walk_follow(w, child);
	else
		walk_set(w, child);
	dentry_put(child);
	return err;
}

static bool only_slashes(const char *p)
{
	while (*p == '/')
		p++;
	return !*p;
}

int walk_to_last(struct path_walk *w)
{
	int err;

	for (;;) {
		err = next_name(w);
		if (err)
			return err;
		if (!S_ISDIR(w->at->inode->mode) && (w->len || w->slash))
			return -ENOTDIR;
		if (!w->len)
			return 0;
		err = inode_permission(w->at->inode, X_OK);
		if (err)
			return err;
		if (only_slashes(w->rest)) {
			w->slash = *w->rest;
			return 0;
		}
		err = walk_step(w);
		if (err)
			return err;
	}
}

int walk_begin(struct path_walk *w, struct dentry *base, const char *path)
{
	struct fs_struct *fs = task_fs();

	if (!*path)
		return -ENOENT;
	if (*path == '/')
		base = fs->root;
	else if (!base)
		base = fs->cwd;
	w->at = dentry_get(mounted_on(base));
	w->rest = path;
	w->buf = NULL;
	w->links = 0;
	return 0;
}

void walk_end(struct path_walk *w)
{
	dentry_put(w->at);
	kfree(w->buf);
}

static int walk_all(struct path_walk *w, u32 flags, struct dentry **res)
{
	int err;

	for (;;) {
		err = walk_to_last(w);
		if (!err)
			err = walk_last(w, res);
		if (err)
			return err;
		if (!S_ISLNK((*res)->inode->mode) || !w->len ||
		    !(w->slash || (flags & LOOKUP_FOLLOW)))
			break;
		err = walk_follow(w, *res);
		dentry_put(*res);
		if (err)
			return err;
	}
	if (S_ISDIR((*res)->inode->mode) ||
	    !(w->slash || (flags & LOOKUP_DIRECTORY)))
		return 0;
	dentry_put(*res);
	return -ENOTDIR;
}

int path_lookup(struct dentry *base, const char *path, u32 flags,
		struct dentry **res)
{
	struct path_walk w;
	int err = walk_begin(&w, base, path);

	if (err)
		return err;
	err = walk_all(&w, flags, res);
	walk_end(&w);
	return err;
}

int getname(const char *upath, char **path)
{
	long len;

	*path = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!*path)
		return -ENOMEM;
	len = strncpy_from_user(*path, upath, PATH_MAX);
	if (len >= 0 && len < PATH_MAX)
		return 0;
	kfree(*path);
	return len < 0 ? len : -ENAMETOOLONG;
}

void putname(char *path)
{
	kfree(path);
}

int dirfd_base(s32 dirfd, const char *path, struct dentry **base,
	       struct file **file)
{
	*base = NULL;
	*file = NULL;
	if (dirfd == AT_FDCWD || *path == '/')
		return 0;
	*file = fget(dirfd);
	if (!*file)
		return -EBADF;
	*base = (*file)->dentry;
	return 0;
}

int walk_user(struct path_walk *w, s32 dirfd, const char *upath, char **path)
{
	struct dentry *base;
	struct file *file;
	int err = getname(upath, path);

	if (err)
		return err;
	err = dirfd_base(dirfd, *path, &base, &file);
	if (!err)
		err = walk_begin(w, base, *path);
	if (file)
		fput(file);
	if (err) {
		putname(*path);
		return err;
	}
	err = walk_to_last(w);
	if (err) {
		walk_end(w);
		putname(*path);
	}
	return err;
}

int user_path(s32 dirfd, const char *upath, u32 look, u32 flags,
	      struct dentry **res)
{
	struct dentry *base;
	struct file *file;
	char *path;
	int err = getname(upath, &path);

	if (err)
		return err;
	err = dirfd_base(dirfd, path, &base, &file);
	if (!err && !*path && (flags & AT_EMPTY_PATH))
		*res = dentry_get(base ? base : task_fs()->cwd);
	else if (!err)
		err = path_lookup(base, path, look, res);
	if (file)
		fput(file);
	putname(path);
	return err;
}
