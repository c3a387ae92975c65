/* SPDX-License-Identifier: MIT */
/*
 * /proc/PID: the folders of processes.
 *
 *   /proc/7/            registered texts, and
 *           exe cwd root fd/ fdinfo/       fs/proc/proc_links.c
 *           task/7/                        the same once more: its threads
 *
 * Nothing here holds a task: an inode knows the number, and looks for the
 * process each time. A process that is gone is ENOENT, a text that is read
 * when it has gone ESRCH.
 */
#include <fs/proc/proc_internal.h>
#include <lib/parse.h>
#include <lib/printf.h>
#include <lib/string.h>

/* The folders of a process, behind its links. */
static const struct {
	const char *name;
	u32 ino;
} folders[] = {
	{ "fd", INO_FD_DIR },
	{ "fdinfo", INO_FDINFO_DIR },
	{ "task", INO_TASK_DIR }, /* last: not in the folder of a thread */
};

#define NR_LINKS 3u

static struct proc_pid_entry *pid_entries;

void proc_register_pid(struct proc_pid_entry *entry)
{
	struct proc_pid_entry **link = &pid_entries;

	while (*link)
		link = &(*link)->next;
	*link = entry;
}

/* The inode gets the owner of the process. */
int proc_task_inode(struct super_block *sb, struct task *task, u32 which,
		    u32 mode, struct proc_inode info,
		    const struct inode_operations *ops, struct inode **res)
{
	u32 uid = task->cred.euid, gid = task->cred.egid;

	info.pid = task->pid;
	*res = proc_inode_alloc(sb, PID_INO(info.pid, which), mode, info);
	if (!*res)
		return -ENOMEM;
	(*res)->uid = uid;
	(*res)->gid = gid;
	(*res)->i_op = ops;
	return 0;
}

/* --- /proc/PID/task ----------------------------------------------------- */

static const struct inode_operations pid_inode_ops, threads_inode_ops;
static const struct file_operations pid_dir_ops, threads_dir_ops;

static int threads_lookup(struct inode *dir, const char *name,
			  struct inode **res)
{
	struct proc_inode *dir_info = dir->i_private;
	struct proc_inode info = { .thread = true };
	struct task *task = find_task(dir_info->pid);
	u32 len = strlen(name), tid;
	int err;

	if (!task || parse_digits(name, len, 10, &tid) != len ||
	    tid != (u32)task->pid)
		return -ENOENT;
	err = proc_task_inode(dir->sb, task, INO_THREAD, S_IFDIR | 0555, info,
			      &pid_inode_ops, res);
	if (!err)
		(*res)->i_fop = &pid_dir_ops;
	return err;
}

static int threads_readdir(struct file *file, struct dir_context *ctx)
{
	struct proc_inode *info = file->inode->i_private;
	char name[12];
	u32 len;

	if (!find_task(info->pid))
		return -ENOENT;
	if (!dir_emit_dots(ctx, file->dentry) || ctx->pos > 2)
		return 0;
	len = snprintf(name, sizeof(name), "%d", info->pid);
	dir_emit(ctx, name, len, PID_INO(info->pid, INO_THREAD), S_IFDIR, 3);
	return 0;
}

static const struct inode_operations threads_inode_ops = {
	.lookup = threads_lookup,
	.evict = proc_evict,
};

static const struct file_operations threads_dir_ops = {
	.lseek = generic_lseek,
	.readdir = threads_readdir,
};

/* --- /proc/PID ---------------------------------------------------------- */

static int lookup_text(struct super_block *sb, struct task *task,
		       const char *name, struct inode **res)
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
	err = proc_task_inode(sb, task, which, S_IFREG | info.pid_entry->mode,
			      info, &proc_file_inode_ops, res);
	if (err)
		return err;
	(*res)->i_fop = &proc_file_ops;
	if (info.pid_entry->for_root)
		(*res)->uid = (*res)->gid = 0;
	return 0;
}

static int lookup_threads(struct super_block *sb, struct task *task,
			  struct inode **res)
{
	struct proc_inode info = { 0 };
	int err = proc_task_inode(sb, task, INO_TASK_DIR, S_IFDIR | 0555, info,
				  &threads_inode_ops, res);

	if (!err)
		(*res)->i_fop = &threads_dir_ops;
	return err;
}

static int pid_lookup(struct inode *dir, const char *name, struct inode **res)
{
	struct proc_inode *info = dir->i_private;
	struct task *task = find_task(info->pid);
	int err;

	if (!task)
		return -ENOENT;
	err = proc_link_lookup(dir->sb, task, name, res);
	if (err != -ENOENT)
		return err;
	if (!strcmp(name, "fd") || !strcmp(name, "fdinfo"))
		return proc_fd_folder(dir->sb, task, name[2], res);
	if (!strcmp(name, "task") && !info->thread)
		return lookup_threads(dir->sb, task, res);
	return lookup_text(dir->sb, task, name, res);
}

/* The folders' entries, from position FIRST on. */
static bool emit_folders(struct dir_context *ctx, const struct proc_inode *info,
			 u32 first)
{
	u32 i = ctx->pos - first;

	for (; i < ARRAY_SIZE(folders) - info->thread; i++)
		if (!dir_emit(ctx, folders[i].name, strlen(folders[i].name),
			      PID_INO(info->pid, folders[i].ino), S_IFDIR,
			      first + i + 1))
			return false;
	return true;
}

static int pid_readdir(struct file *file, struct dir_context *ctx)
{
	struct proc_inode *info = file->inode->i_private;
	u32 first = 2 + NR_LINKS, pos = first + ARRAY_SIZE(folders), which = 1;
	struct proc_pid_entry *e;

	if (!find_task(info->pid))
		return -ENOENT;
	if (!dir_emit_dots(ctx, file->dentry) ||
	    !proc_link_readdir(ctx, info->pid) ||
	    (ctx->pos < pos && !emit_folders(ctx, info, first)))
		return 0;
	for (e = pid_entries; e; e = e->next, pos++, which++)
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

int proc_task_lookup(struct super_block *sb, const char *name,
		     struct inode **res)
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
	err = proc_task_inode(sb, task, 0, S_IFDIR | 0555, info,
			      &pid_inode_ops, res);
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
