/* SPDX-License-Identifier: MIT */
/*
 * Open files: their life, and the tables through which tasks name them.
 *
 *   task A  files -> fd[0] fd[1] fd[2] ...        a table: shared by
 *   task B  files ----'                           clone(CLONE_FILES)
 *   task C  files -> fd[0] fd[1] ...              copied by fork
 *                     '------'--> struct file     shared by dup and fork
 *
 * INV-O1  file->count == entries of all tables that name it + users in the
 *         middle of a call + areas that map it.
 * INV-O2  nr_files <= NR_FILES_MAX; a table has at most NR_OPEN_MAX entries.
 *
 * Tables change only between sleeps. Growing one sleeps, so a descriptor
 * that was found free before is looked for again afterwards.
 */
#include <fs/internal.h>
#include <kernel/panic.h>
#include <kernel/task.h>
#include <lib/bitmap.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

u32 nr_files;

struct file *file_alloc(struct dentry *dentry,
			const struct file_operations *ops, u32 flags, int *err)
{
	struct file *file;

	*err = -ENFILE;
	if (nr_files >= NR_FILES_MAX)
		return NULL;
	*err = -ENOMEM;
	file = kzalloc(sizeof(*file), GFP_KERNEL);
	if (!file)
		return NULL;
	nr_files++;
	file->count = 1;
	file->flags = flags;
	file->dentry = dentry_get(dentry);
	file->inode = dentry->inode;
	file->f_op = ops ? ops : dentry->inode->i_fop;
	if (file_writable(file))
		file->inode->i_writers++;
	*err = 0;
	return file;
}

static void file_free(struct file *file)
{
	locks_drop(file->inode, file);
	if (file->f_op->release)
		file->f_op->release(file);
	if (file_writable(file))
		file->inode->i_writers--;
	if (file->exec)
		file->inode->i_exec--;
	dentry_put(file->dentry);
	nr_files--;
	kfree(file);
}

void fput(struct file *file)
{
	ASSERT_MSG(file->count, "an open file has no users to give up");
	if (--file->count == 0)
		file_free(file);
}

struct file *fget(u32 fd)
{
	struct files_struct *files = current->process->files;

	if (unlikely(fd >= files->nfds || !files->fd[fd]))
		return NULL;
	return get_file(files->fd[fd]);
}

int fget_mode(u32 fd, bool write, struct file **file)
{
	*file = fget(fd);
	if (!*file)
		return -EBADF;
	if (write ? file_writable(*file) : file_readable(*file))
		return 0;
	fput(*file);
	return -EBADF;
}

/* Descriptors the current task may have. */
static u32 fd_limit(void)
{
	return MIN(rlimit(RLIMIT_NOFILE), (u64)NR_OPEN_MAX);
}

/* Makes room for descriptor FD; 0 or -ENOMEM. May sleep. */
static int grow_table(struct files_struct *files, u32 fd)
{
	u32 nfds = files->nfds, bytes;
	struct file **table;

	while (nfds <= fd)
		nfds *= 2;
	bytes = nfds * sizeof(*table) + nfds / 8;
	table = kzalloc(bytes, GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	if (files->nfds >= nfds) { /* may have slept: grown meanwhile */
		kfree(table);
		return 0;
	}
	memcpy(table, files->fd, files->nfds * sizeof(*table));
	memcpy(table + nfds, files->cloexec, files->nfds / 8);
	if (files->fd != files->fd_small)
		kfree(files->fd);
	files->fd = table;
	files->cloexec = (u32 *)(table + nfds);
	files->nfds = nfds;
	return 0;
}

int fd_reserve(u32 from)
{
	struct files_struct *files = current->process->files;
	u32 limit = fd_limit(), fd = from;
	int err;

	for (;;) {
		while (fd < files->nfds && files->fd[fd])
			fd++;
		if (fd >= limit)
			return -EMFILE;
		if (fd < files->nfds)
			return fd;
		err = grow_table(files, fd);
		if (err)
			return err;
	}
}

/* FD has room and is free; the table takes over FILE's reference. */
static void table_set(struct files_struct *files, u32 fd, struct file *file,
		      bool cloexec)
{
	files->fd[fd] = file;
	if (cloexec)
		bitmap_set(files->cloexec, fd);
	else
		bitmap_clear(files->cloexec, fd);
}

int fd_install(struct file *file, u32 from, bool cloexec)
{
	int fd = fd_reserve(from);

	if (fd >= 0)
		table_set(current->process->files, fd, file, cloexec);
	return fd;
}

int fd_replace(struct file *file, u32 fd, bool cloexec)
{
	struct files_struct *files = current->process->files;
	struct file *old;

	if (fd >= fd_limit())
		return -EBADF;
	if (fd >= files->nfds && grow_table(files, fd))
		return -ENOMEM;
	old = files->fd[fd];
	table_set(files, fd, file, cloexec);
	if (old) {
		locks_drop(old->inode, files);
		fput(old);
	}
	return fd;
}

int do_close(u32 fd)
{
	struct files_struct *files = current->process->files;
	struct file *file;

	if (fd >= files->nfds || !files->fd[fd])
		return -EBADF;
	file = files->fd[fd];
	files->fd[fd] = NULL;
	locks_drop(file->inode, files);
	fput(file);
	return 0;
}

struct files_struct *files_alloc(void)
{
	struct files_struct *files = kzalloc(sizeof(*files), GFP_KERNEL);

	if (!files)
		return NULL;
	files->count = 1;
	files->nfds = FD_SMALL;
	files->fd = files->fd_small;
	files->cloexec = &files->cloexec_small;
	return files;
}

/* One more than the highest descriptor in use. */
static u32 fds_used(const struct files_struct *files)
{
	u32 n = files->nfds;

	while (n && !files->fd[n - 1])
		n--;
	return n;
}

struct files_struct *files_dup(struct files_struct *old)
{
	struct files_struct *files = files_alloc();
	u32 fd, used = fds_used(old);

	if (!files)
		return NULL;
	while (files->nfds < used) { /* may sleep: OLD may be shared */
		if (grow_table(files, used - 1)) {
			files_put(files);
			return NULL;
		}
		used = fds_used(old);
	}
	for (fd = 0; fd < used; fd++)
		if (old->fd[fd])
			files->fd[fd] = get_file(old->fd[fd]);
	memcpy(files->cloexec, old->cloexec,
	       MIN(files->nfds, old->nfds) / 8);
	return files;
}

void files_put(struct files_struct *files)
{
	u32 fd;

	if (--files->count)
		return;
	for (fd = 0; fd < files->nfds; fd++) {
		if (!files->fd[fd])
			continue;
		locks_drop(files->fd[fd]->inode, files);
		fput(files->fd[fd]);
	}
	if (files->fd != files->fd_small)
		kfree(files->fd);
	kfree(files);
}

void files_close_on_exec(void)
{
	struct files_struct *files = current->process->files;
	u32 fd = 0;

	for (;;) {
		fd = bitmap_next_set(files->cloexec, files->nfds, fd);
		if (fd >= files->nfds)
			return;
		bitmap_clear(files->cloexec, fd);
		do_close(fd++);
	}
}

struct fs_struct *fs_dup(struct fs_struct *old)
{
	struct fs_struct *fs = kmalloc(sizeof(*fs), GFP_KERNEL);

	if (!fs)
		return NULL;
	*fs = *old;
	fs->count = 1;
	dentry_get(fs->root);
	dentry_get(fs->cwd);
	return fs;
}

void fs_put(struct fs_struct *fs)
{
	if (--fs->count)
		return;
	dentry_put(fs->root);
	dentry_put(fs->cwd);
	kfree(fs);
}
