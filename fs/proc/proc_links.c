/* SPDX-License-Identifier: MIT */
/*
 * /proc/PID: what a process stands on and has open.
 *
 *   exe cwd root          links that lead to the object itself
 *   fd/0 fd/1 ...         links to the open files
 *   fdinfo/0 fdinfo/1 ... their positions and flags, as text
 *
 * Shown to the process's user and to root only (EACCES). A descriptor that
 * was closed, and a process that is gone, are ENOENT.
 */
#include <fs/proc/proc_internal.h>
#include <lib/bitmap.h>
#include <lib/parse.h>
#include <lib/printf.h>
#include <lib/string.h>
#include <mm/mm.h>

struct proc_link {
	const char *name; /* below /proc/PID */
	/* What it leads to, borrowed; NULL: nothing. Atomic. */
	struct dentry *(*target)(const struct task *task);
};

static bool may_inspect(const struct task *task)
{
	u32 uid = current->cred.fsuid;

	return uid == 0 || task == current ||
	       (uid == task->cred.uid && uid == task->cred.euid &&
		uid == task->cred.suid);
}

/* The process INFO is about, if the current one may look into it. */
static int inspect(const struct proc_inode *info, struct task **task)
{
	*task = find_task(info->pid);
	if (!*task)
		return -ENOENT;
	return may_inspect(*task) ? 0 : -EACCES;
}

/* --- links -------------------------------------------------------------- */

static struct dentry *exe_target(const struct task *task)
{
	struct mm_struct *mm = task->mm;

	return mm && mm->exe_file ? mm->exe_file->dentry : NULL;
}

static struct dentry *cwd_target(const struct task *task)
{
	return task->process->fs_info ? task->process->fs_info->cwd : NULL;
}

static struct dentry *root_target(const struct task *task)
{
	return task->process->fs_info ? task->process->fs_info->root : NULL;
}

static const struct proc_link links[] = {
	{ "exe", exe_target },
	{ "cwd", cwd_target },
	{ "root", root_target },
};

/* Descriptor FD of TASK, borrowed, or NULL. */
static struct file *task_file(const struct task *task, u32 fd)
{
	const struct files_struct *files = task->process->files;

	return files && fd < files->nfds ? files->fd[fd] : NULL;
}

static struct dentry *fd_target(const struct task *task, u32 fd)
{
	struct file *file = task_file(task, fd);

	return file ? file->dentry : NULL;
}

/* The rights of a link tell how the file is open. */
static u32 fd_mode(const struct file *file)
{
	return S_IFLNK | 0100 | (file_readable(file) ? 0400 : 0) |
	       (file_writable(file) ? 0200 : 0);
}

static int link_jump(struct inode *inode, struct dentry **res)
{
	const struct proc_inode *info = inode->i_private;
	struct task *task;
	int err = inspect(info, &task);

	if (err)
		return err;
	*res = info->link ? info->link->target(task) :
			    fd_target(task, info->fd);
	if (!*res)
		return -ENOENT;
	dentry_get(*res);
	return 0;
}

static int link_readlink(struct inode *inode, char *buf, u32 size)
{
	struct dentry *target;
	int err = link_jump(inode, &target);
	char *path;
	u32 len;

	if (err)
		return err;
	path = dentry_path(target, buf, size);
	dentry_put(target);
	if (!path)
		return -ENAMETOOLONG;
	len = strlen(path);
	memmove(buf, path, len);
	return len;
}

static const struct inode_operations link_inode_ops = {
	.jump = link_jump,
	.readlink = link_readlink,
	.evict = proc_evict,
};

int proc_link_lookup(struct super_block *sb, struct task *task,
		     const char *name, struct inode **res)
{
	struct proc_inode info = { 0 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(links); i++) {
		info.link = &links[i];
		if (!strcmp(name, links[i].name))
			return proc_task_inode(sb, task, INO_LINKS + i,
					       S_IFLNK | 0777, info,
					       &link_inode_ops, res);
	}
	return -ENOENT;
}

bool proc_link_readdir(struct dir_context *ctx, pid_t pid)
{
	u32 i = ctx->pos - 2;

	for (; i < ARRAY_SIZE(links); i++)
		if (!dir_emit(ctx, links[i].name, strlen(links[i].name),
			      PID_INO(pid, INO_LINKS + i), S_IFLNK, i + 3))
			return false;
	return true;
}

/* --- /proc/PID/fdinfo --------------------------------------------------- */

static int fdinfo_show(struct seq_buf *s, struct task *task, u32 fd)
{
	const struct file *file = task_file(task, fd);
	u32 flags;

	if (!may_inspect(task))
		return -EACCES;
	if (!file)
		return -ENOENT;
	flags = file->flags;
	if (bitmap_test(task->process->files->cloexec, fd))
		flags |= O_CLOEXEC;
	seq_printf(s, "pos:\t%u\nflags:\t0%o\nmnt_id:\t%u\nino:\t%u\n",
		   file->pos, flags, dev_minor(file->inode->sb->dev),
		   file->inode->ino);
	return 0;
}

/* --- the folders fd and fdinfo ------------------------------------------ */

/* The descriptor NAME of the process DIR is about; *FILE is borrowed. */
static int find_fd(const struct inode *dir, const char *name,
		   struct task **task, u32 *fd, struct file **file)
{
	int err = inspect(dir->i_private, task);

	if (err)
		return err;
	if (parse_digits(name, strlen(name), 10, fd) != strlen(name))
		return -ENOENT;
	*file = task_file(*task, *fd);
	return *file ? 0 : -ENOENT;
}

static int fd_lookup(struct inode *dir, const char *name, struct inode **res)
{
	struct proc_inode info = { 0 };
	struct file *file;
	struct task *task;
	int err = find_fd(dir, name, &task, &info.fd, &file);

	if (err)
		return err;
	return proc_task_inode(dir->sb, task, INO_FDS + info.fd, fd_mode(file),
			       info, &link_inode_ops, res);
}

static int fdinfo_lookup(struct inode *dir, const char *name,
			 struct inode **res)
{
	struct proc_inode info = { .show_fd = fdinfo_show };
	struct file *file;
	struct task *task;
	int err = find_fd(dir, name, &task, &info.fd, &file);

	if (!err)
		err = proc_task_inode(dir->sb, task, INO_FDINFOS + info.fd,
				      S_IFREG | 0400, info,
				      &proc_file_inode_ops, res);
	if (!err)
		(*res)->i_fop = &proc_file_ops;
	return err;
}

/* The open descriptors, as entries of type MODE. */
static int emit_fds(struct file *file, struct dir_context *ctx, u32 ino,
		    u32 mode)
{
	struct proc_inode *info = file->inode->i_private;
	struct task *task;
	int err = inspect(info, &task);
	char name[12];
	u32 fd, len;

	if (err)
		return err;
	if (!dir_emit_dots(ctx, file->dentry) || !task->process->files)
		return 0;
	for (fd = ctx->pos - 2; fd < task->process->files->nfds; fd++) {
		if (!fd_target(task, fd))
			continue;
		len = snprintf(name, sizeof(name), "%u", fd);
		if (!dir_emit(ctx, name, len, PID_INO(info->pid, ino + fd),
			      mode, fd + 3))
			break;
	}
	return 0;
}

static int fd_readdir(struct file *file, struct dir_context *ctx)
{
	return emit_fds(file, ctx, INO_FDS, S_IFLNK);
}

static int fdinfo_readdir(struct file *file, struct dir_context *ctx)
{
	return emit_fds(file, ctx, INO_FDINFOS, S_IFREG);
}

static const struct inode_operations fd_inode_ops = {
	.lookup = fd_lookup,
	.evict = proc_evict,
};

static const struct inode_operations fdinfo_inode_ops = {
	.lookup = fdinfo_lookup,
	.evict = proc_evict,
};

static const struct file_operations fd_dir_ops = {
	.lseek = generic_lseek,
	.readdir = fd_readdir,
};

static const struct file_operations fdinfo_dir_ops = {
	.lseek = generic_lseek,
	.readdir = fdinfo_readdir,
};

int proc_fd_folder(struct super_block *sb, struct task *task, bool texts,
		   struct inode **res)
{
	struct proc_inode info = { 0 };
	int err = proc_task_inode(sb, task, texts ? INO_FDINFO_DIR : INO_FD_DIR,
				  S_IFDIR | (texts ? 0555 : 0500), info,
				  texts ? &fdinfo_inode_ops : &fd_inode_ops,
				  res);

	if (!err)
		(*res)->i_fop = texts ? &fdinfo_dir_ops : &fd_dir_ops;
	return err;
}
