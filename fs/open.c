/* SPDX-License-Identifier: MIT */
/*
 * Opening files: open, openat, creat, and the kernel's own file_open().
 *
 *   walk to the last name
 *     O_CREAT and no such name     make it
 *     a link                       follow, and walk on; or ELOOP
 *   check type and rights
 *   make the struct file, call the file system's or driver's open
 *   O_TRUNC                        cut it
 *
 * INV-O3  i_writers counts open files that may write, i_exec those that are
 *         being run; never both at a time (ETXTBSY).
 */
#include <fs/internal.h>
#include <kernel/syscall.h>
#include <kernel/task.h>

/* Flags that matter only while a file is opened. */
#define OPEN_ONLY (O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)

/* What open_last() found: a link, and it was followed. */
#define WALK_ON 1

static const struct file_operations path_ops; /* O_PATH: nothing works */

/* What is being opened. */
struct open_request {
	u32 flags;
	u32 mode; /* rights of a file that is made */
	struct dentry *dentry; /* the file, one reference */
	bool made; /* it did not exist before */
};

static int open_create(struct path_walk *w, struct open_request *req)
{
	int err;

	if (w->slash)
		return -EISDIR;
	err = vfs_create(w, S_IFREG | req->mode, 0, NULL, &req->dentry);
	if (err == -EEXIST && !(req->flags & O_EXCL)) /* made meanwhile */
		return walk_last(w, &req->dentry);
	if (err)
		return err;
	inode_modified(w->at->inode);
	req->made = true;
	return 0;
}

/* The last name is the link req->dentry: 0 (opened itself), WALK_ON. */
static int open_link(struct path_walk *w, struct open_request *req)
{
	int err;

	if (!w->slash && (req->flags & O_NOFOLLOW))
		return req->flags & O_PATH ? 0 : -ELOOP;
	err = walk_follow(w, req->dentry);
	if (err)
		return err;
	dentry_put(req->dentry);
	return WALK_ON;
}

/* O_EXCL, and the name is there. */
static int open_exists(struct open_request *req)
{
	dentry_put(req->dentry);
	return -EEXIST;
}

/* What the last name is, which may be one that has to be made. */
static int open_last(struct path_walk *w, struct open_request *req)
{
	int err = walk_to_last(w);

	if (err)
		return err;
	err = walk_last(w, &req->dentry);
	if (err == -ENOENT && (req->flags & O_CREAT))
		err = open_create(w, req);
	else if (!err && (req->flags & O_CREAT) && (req->flags & O_EXCL))
		err = open_exists(req);
	if (err)
		return err;
	if (S_ISLNK(req->dentry->inode->mode) && w->len)
		err = open_link(w, req);
	else if (w->slash && !S_ISDIR(req->dentry->inode->mode))
		err = -ENOTDIR;
	if (err < 0)
		dentry_put(req->dentry);
	return err;
}

static int open_walk(struct dentry *base, const char *path,
		     struct open_request *req)
{
	struct path_walk w;
	int err = walk_begin(&w, base, path);

	if (err)
		return err;
	do
		err = open_last(&w, req);
	while (err == WALK_ON);
	walk_end(&w);
	return err;
}

/* Read, write and search rights that FLAGS ask for. */
static u32 rights_wanted(u32 flags)
{
	u32 access = flags & O_ACCMODE;
	u32 mask = access == O_RDONLY ? R_OK :
		   access == O_WRONLY ? W_OK :
					R_OK | W_OK;

	return flags & O_TRUNC ? mask | W_OK : mask;
}

/* Type and rights of what was found. */
static int open_check(const struct open_request *req)
{
	const struct inode *inode = req->dentry->inode;
	u32 mask = rights_wanted(req->flags);

	if ((req->flags & O_DIRECTORY) && !S_ISDIR(inode->mode))
		return -ENOTDIR;
	if (req->flags & O_PATH)
		return 0;
	if (S_ISDIR(inode->mode) && ((mask & W_OK) || (req->flags & O_CREAT)))
		return -EISDIR;
	if (S_ISLNK(inode->mode))
		return -ELOOP;
	if ((inode->mode & S_IFMT) == S_IFSOCK)
		return -ENXIO;
	return req->made ? 0 : inode_permission(inode, mask);
}

/* Calls the file's own open; if that fails, its release is not called. */
static int open_own(struct file *file, u32 flags)
{
	int err;

	if ((file_writable(file) || (flags & O_TRUNC)) && file->inode->i_exec)
		return -ETXTBSY;
	if (!file->f_op->open)
		return 0;
	err = file->f_op->open(file->inode, file);
	if (err)
		file->f_op = &path_ops;
	return err;
}

/* The open file of a request that was walked and checked; *ERR on NULL. */
static struct file *open_file(const struct open_request *req, int *err)
{
	const struct file_operations *ops =
		req->flags & O_PATH ? &path_ops : NULL;
	struct file *file = file_alloc(req->dentry, ops, req->flags, err);

	if (!file)
		return NULL;
	*err = open_own(file, req->flags);
	file->flags &= ~OPEN_ONLY;
	if (!*err && (req->flags & O_TRUNC) && !req->made &&
	    S_ISREG(file->inode->mode))
		*err = do_truncate(file->inode, 0);
	if (!*err)
		return file;
	fput(file);
	return NULL;
}

static struct file *open_path(struct dentry *base, const char *path, u32 flags,
			      u32 mode, int *err)
{
	struct open_request req = { .flags = flags, .mode = mode };
	struct file *file = NULL;

	*err = open_walk(base, path, &req);
	if (*err)
		return NULL;
	*err = open_check(&req);
	if (!*err)
		file = open_file(&req, err);
	dentry_put(req.dentry);
	return file;
}

struct file *file_open(const char *path, u32 flags, u32 mode, int *err)
{
	return open_path(NULL, path, flags, mode, err);
}

static int may_exec(const struct inode *inode)
{
	if (!S_ISREG(inode->mode) || (inode->sb->flags & MS_NOEXEC))
		return -EACCES;
	return inode_permission(inode, X_OK);
}

struct file *file_open_exec(const char *path, int *err)
{
	struct dentry *dentry;
	struct file *file = NULL;

	*err = path_lookup(NULL, path, LOOKUP_FOLLOW, &dentry);
	if (*err)
		return NULL;
	*err = may_exec(dentry->inode);
	if (!*err)
		file = file_alloc(dentry, NULL, O_RDONLY, err);
	if (file && file->inode->i_writers) {
		fput(file);
		file = NULL;
		*err = -ETXTBSY;
	}
	if (file) {
		file->kernel_buf = true;
		file->exec = true;
		file->inode->i_exec++;
	}
	dentry_put(dentry);
	return file;
}

void file_allow_write(struct file *file)
{
	file->exec = false;
	file->inode->i_exec--;
	fput(file);
}

static long open_at(s32 dirfd, const char *path, u32 flags, u32 mode)
{
	struct dentry *base;
	struct file *dir, *file = NULL;
	int err = dirfd_base(dirfd, path, &base, &dir), fd;

	if (err)
		return err;
	file = open_path(base, path, flags, mode, &err);
	if (dir)
		fput(dir);
	if (!file)
		return err;
	fd = fd_install(file, 0, flags & O_CLOEXEC);
	if (fd < 0)
		fput(file);
	return fd;
}

long sys_openat(s32 dirfd, const char *upath, u32 flags, u32 mode)
{
	char *path;
	long res;

	if (flags & O_PATH)
		flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	if ((flags & O_CREAT) && (flags & O_DIRECTORY))
		return -EINVAL;
	res = getname(upath, &path);
	if (res)
		return res;
	mode &= 07777 & ~current->process->fs_info->umask;
	res = fd_reserve(0); /* before anything is made or cut */
	if (res >= 0)
		res = open_at(dirfd, path, flags, mode);
	putname(path);
	return res;
}

long sys_open(const char *path, u32 flags, u32 mode)
{
	return sys_openat(AT_FDCWD, path, flags, mode);
}

long sys_creat(const char *path, u32 mode)
{
	return sys_openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
