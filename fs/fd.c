/* SPDX-License-Identifier: MIT */
/*
 * Calls on descriptors: close, dup, dup2, dup3, fcntl.
 *
 * A close-on-exec bit belongs to the descriptor, the flags of F_GETFL to the
 * open file that all its descriptors share (fs/file_table.c).
 */
#include <fs/internal.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <lib/bitmap.h>

/* What F_SETFL may change; the rest it ignores. */
#define SETFL_FLAGS (O_APPEND | O_NONBLOCK)

#define PIPE_BYTES 65536

long sys_close(u32 fd)
{
	return do_close(fd);
}

/* A new descriptor, the lowest free one from FROM on, for FILE. */
static long dup_from(struct file *file, u32 from, bool cloexec)
{
	int fd = fd_install(get_file(file), from, cloexec);

	if (fd < 0)
		fput(file);
	return fd;
}

long sys_dup(u32 fd)
{
	struct file *file = fget(fd);
	long res;

	if (!file)
		return -EBADF;
	res = dup_from(file, 0, false);
	fput(file);
	return res;
}

long sys_dup3(u32 from, u32 to, u32 flags)
{
	struct file *file;
	long res;

	if ((flags & ~O_CLOEXEC) || from == to)
		return -EINVAL;
	file = fget(from);
	if (!file)
		return -EBADF;
	res = fd_replace(file, to, flags & O_CLOEXEC);
	if (res < 0)
		fput(file);
	return res;
}

long sys_dup2(u32 from, u32 to)
{
	struct file *file;

	if (from != to)
		return sys_dup3(from, to, 0);
	file = fget(from);
	if (!file)
		return -EBADF;
	fput(file);
	return to;
}

static long dup_fcntl(struct file *file, u32 from, bool cloexec)
{
	if (from >= MIN(rlimit(RLIMIT_NOFILE), (u64)NR_OPEN_MAX))
		return -EINVAL;
	return dup_from(file, from, cloexec);
}

static long set_cloexec(u32 fd, bool on)
{
	if (on)
		bitmap_set(current->process->files->cloexec, fd);
	else
		bitmap_clear(current->process->files->cloexec, fd);
	return 0;
}

static long set_flags(struct file *file, u32 flags)
{
	file->flags = (file->flags & ~SETFL_FLAGS) | (flags & SETFL_FLAGS);
	return 0;
}

static long pipe_size(const struct file *file)
{
	return S_ISFIFO(file->inode->mode) ? PIPE_BYTES : -EBADF;
}

static long do_fcntl(struct file *file, u32 fd, u32 cmd, u32 arg)
{
	switch (cmd) {
	case F_DUPFD:
		return dup_fcntl(file, arg, false);
	case F_DUPFD_CLOEXEC:
		return dup_fcntl(file, arg, true);
	case F_GETFD:
		return bitmap_test(current->process->files->cloexec, fd);
	case F_SETFD:
		return set_cloexec(fd, arg & FD_CLOEXEC);
	case F_GETFL:
		return file->flags;
	case F_SETFL:
		return file->flags & O_PATH ? -EBADF : set_flags(file, arg);
	case F_GETLK:
	case F_GETLK64:
		return fcntl_getlk(file, (void *)arg, cmd == F_GETLK64);
	case F_SETLK:
	case F_SETLK64:
		return fcntl_setlk(file, (void *)arg, cmd == F_SETLK64, false);
	case F_SETLKW:
	case F_SETLKW64:
		return fcntl_setlk(file, (void *)arg, cmd == F_SETLKW64, true);
	case F_GETPIPE_SZ:
		return pipe_size(file);
	default:
		return -EINVAL;
	}
}

long sys_fcntl64(u32 fd, u32 cmd, u32 arg)
{
	struct file *file = fget(fd);
	long res;

	if (!file)
		return -EBADF;
	res = do_fcntl(file, fd, cmd, arg);
	fput(file);
	return res;
}

long sys_fcntl(u32 fd, u32 cmd, u32 arg)
{
	return sys_fcntl64(fd, cmd, arg);
}
