/* SPDX-License-Identifier: MIT */
/*
 * /proc/PID: the folders of processes, their links, and their open files.
 *
 *   /proc/7/            registered texts, and
 *           exe cwd root           links that lead to the object itself
 *           fd/0 fd/1 ...          links to the open files
 *
 * Nothing here holds a task: an inode knows the number, and looks for the
 * process each time. A process that is gone is ENOENT.
 *
 * Where a process stands and what it has open is shown to its user and to
 * root only (EACCES).
 */
#include <fs/proc_internal.h>
#include <lib/parse.h>
#include <lib/printf.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <mm/mm.h>

/* Inode numbers below /proc/PID. */
#define PID_INO(pid, which) (0x80000000u | (u32)(pid) << 16 | (which))
#define INO_LINKS 0x100u
#define INO_FD_DIR 0x200u
#define INO_FDS 0x1000u

struct proc_link {
	const char *name; /* below /proc/PID */
	/* What it leads to, borrowed; NULL: nothing. Atomic. */
	struct dentry *(*target)(const struct task *task);
};

static struct proc_pid_entry *pid_entries;

void proc_register_pid(struct proc_pid_entry *entry)
{
	struct proc_pid_entry **link = &pid_entries;

	while (*link)
		link = &(*link)->next;
	*link = entry;
}

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
	return task->fs_info ? task->fs_info->cwd : NULL;
}

static struct dentry *root_target(const struct task *task)
{
	return task->fs_info ? task->fs_info->root : NULL;
}

static const struct proc_link links[] = {
	{ "exe", exe_target },
	{ "cwd", cwd_target },
	{ "root", root_target },
};

/* Descriptor FD of TASK, borrowed, or NULL. */
static struct file *task_file(const struct task *task, u32 fd)
{
	const struct files_struct *files = task->files;

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

/* --- inodes below /proc/PID --------------------------------------------- */

/* The inode gets the owner of the process. */
static int task_inode(struct task *task, u32 which, u32 mode,
		      struct proc_inode info,
		      const struct inode_operations *ops, struct inode **res)
{
	u32 uid = task->cred.euid, gid = task->cred.egid;

	info.pid = task->pid;
	*res = proc_inode_alloc(PID_INO(info.pid, which), mode, info);
	if (!*res)
		return -ENOMEM;
	(*res)->uid = uid;
	(*res)->gid = gid;
	(*res)->i_op = ops;
	return 0;
}

/* --- /proc/PID/fd ------------------------------------------------------- */

static int fd_lookup(struct inode *dir, const char *name, struct inode **res)
{
	struct proc_inode info = { 0 };
	struct file *file = NULL;
	struct task *task;
	int err = inspect(dir->i_private, &task);

	if (err)
		return err;
	if (parse_digits(name, strlen(name), 10, &info.fd) == strlen(name))
		file = task_file(task, info.fd);
	if (!file)
		return -ENOENT;
	return task_inode(task, INO_FDS + info.fd, fd_mode(file), info,
			  &link_inode_ops, res);
}

static int fd_readdir(struct file *file, struct dir_context *ctx)
{
	struct proc_inode *info = file->inode->i_private;
	struct task *task;
	int err = inspect(info, &task);
	char name[12];
	u32 fd, len;

	if (err)
		return err;
	if (!dir_emit_dots(ctx, file->dentry) || !task->files)
		return 0;
	for (fd = ctx->pos - 2; fd < task->files->nfds; fd++) {
		if (!fd_target(task, fd))
			continue;
		len = snprintf(name, sizeof(name), "%u", fd);
		if (!dir_emit(ctx, name, len, PID_INO(info->pid, INO_FDS + fd),
			      S_IFLNK, fd + 3))
			break;
	}
	return 0;
}

static const struct inode_operations fd_inode_ops = {
	.lookup = fd_lookup,
	.evict = proc_evict,
};

static const struct file_operations fd_dir_ops = {
	.lseek = generic_lseek,
	.readdir = fd_readdir,
};

/* --- /proc/PID ---------------------------------------------------------- */

static int lookup_text(struct task *task, const char *name, struct inode **res)
{
	struct proc_inode info = { .pid_entry = pid_entries };
	u32 which = 1;
	int err;

	while (info.pid_entry && strcmp(info.pid_entry->name, name)) {
		info.pid_entry = info.pid_entry->next;
		which++;
	}
	if (!info.pid_entry)
		return -ENOENT;
	err = task_inode(task, which, S_IFREG | info.pid_entry->mode, info,
			 &proc_file_inode_ops, res);
	if (!err)
		(*res)->i_fop = &proc_file_ops;
	return err;
}

static int pid_lookup(struct inode *dir, const char *name, struct inode **res)
{
	struct proc_inode *dir_info = dir->i_private, info = { 0 };
	struct task *task = find_task(dir_info->pid);
	u32 i;
	int err;

	if (!task)
		return -ENOENT;
	for (i = 0; i < ARRAY_SIZE(links); i++) {
		info.link = &links[i];
		if (!strcmp(name, links[i].name))
			return task_inode(task, INO_LINKS + i, S_IFLNK | 0777,
					  info, &link_inode_ops, res);
	}
	if (strcmp(name, "fd"))
		return lookup_text(task, name, res);
	info.link = NULL;
	err = task_inode(task, INO_FD_DIR, S_IFDIR | 0500, info, &fd_inode_ops,
			 res);
	if (!err)
		(*res)->i_fop = &fd_dir_ops;
	return err;
}

static bool emit_links(struct dir_context *ctx, pid_t pid)
{
	u32 i = ctx->pos - 2;

	for (; i < ARRAY_SIZE(links); i++)
		if (!dir_emit(ctx, links[i].name, strlen(links[i].name),
			      PID_INO(pid, INO_LINKS + i), S_IFLNK, i + 3))
			return false;
	return true;
}

static int pid_readdir(struct file *file, struct dir_context *ctx)
{
	struct proc_inode *info = file->inode->i_private;
	struct proc_pid_entry *e = pid_entries;
	u32 pos = ARRAY_SIZE(links) + 2, which = 1;

	if (!find_task(info->pid))
		return -ENOENT;
	if (!dir_emit_dots(ctx, file->dentry) || !emit_links(ctx, info->pid))
		return 0;
	if (ctx->pos == pos && !dir_emit(ctx, "fd", 2,
					 PID_INO(info->pid, INO_FD_DIR),
					 S_IFDIR, pos + 1))
		return 0;
	for (pos++; e; e = e->next, pos++, which++)
		if (pos >= ctx->pos &&
		    !dir_emit(ctx, e->name, strlen(e->name),
			      PID_INO(info->pid, which), S_IFREG, pos + 1))
			return 0;
	return 0;
}

static const struct inode_operations pid_inode_ops = {
	.lookup = pid_lookup,
	.evict = proc_evict,
};

static const struct file_operations pid_dir_ops = {
	.lseek = generic_lseek,
	.readdir = pid_readdir,
};

/* --- processes in /proc ------------------------------------------------- */

int proc_task_lookup(const char *name, struct inode **res)
{
	struct proc_inode info = { 0 };
	u32 len = strlen(name), pid;
	struct task *task;
	int err;

	if (name[0] == '0' || parse_digits(name, len, 10, &pid) != len)
		return -ENOENT;
	task = find_task(pid);
	if (!task)
		return -ENOENT;
	err = task_inode(task, 0, S_IFDIR | 0555, info, &pid_inode_ops, res);
	if (!err)
		(*res)->i_fop = &pid_dir_ops;
	return err;
}

/* The process with the lowest number from PID on, or NULL. */
static struct task *task_from(pid_t pid)
{
	struct task *task, *best = NULL;

	for_each_task(task)
		if (task->pid >= pid && task->pid > 0 &&
		    (!best || task->pid < best->pid))
			best = task;
	return best;
}

void proc_task_readdir(struct dir_context *ctx, u32 first)
{
	struct task *task;
	char name[12];
	u32 len;

	for (;;) {
		task = task_from(ctx->pos - first);
		if (!task)
			return;
		len = snprintf(name, sizeof(name), "%d", task->pid);
		if (!dir_emit(ctx, name, len, PID_INO(task->pid, 0), S_IFDIR,
			      first + task->pid + 1))
			return;
	}
}
