/* SPDX-License-Identifier: MIT */
/*
 * ioctl: the few commands that every open file knows, then the file's own.
 * A command that nobody knows is ENOTTY: so isatty() tells terminals apart.
 */
#include <fs/internal.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <lib/bitmap.h>
#include <uapi/termios.h>

#define FIONBIO 0x5421 /* O_NONBLOCK on or off */
#define FIONCLEX 0x5450
#define FIOCLEX 0x5451 /* close on exec */

static long set_nonblock(struct file *file, u32 arg)
{
	u32 on;

	if (get_user_u32(&on, (void *)arg))
		return -EFAULT;
	if (on)
		file->flags |= O_NONBLOCK;
	else
		file->flags &= ~O_NONBLOCK;
	return 0;
}

/* Bytes from the position to the end of a regular file. */
static long bytes_ahead(const struct file *file, u32 arg)
{
	u32 size = file->inode->size;
	u32 ahead = size > file->pos ? size - file->pos : 0;

	return put_user_u32(ahead, (void *)arg);
}

static long do_ioctl(struct file *file, u32 fd, u32 cmd, u32 arg)
{
	switch (cmd) {
	case FIOCLEX:
		bitmap_set(current->process->files->cloexec, fd);
		return 0;
	case FIONCLEX:
		bitmap_clear(current->process->files->cloexec, fd);
		return 0;
	case FIONBIO:
		return set_nonblock(file, arg);
	case FIONREAD:
		if (S_ISREG(file->inode->mode))
			return bytes_ahead(file, arg);
	}
	return file->f_op->ioctl ? file->f_op->ioctl(file, cmd, arg) : -ENOTTY;
}

long sys_ioctl(u32 fd, u32 cmd, u32 arg)
{
	struct file *file = fget(fd);
	long res;

	if (!file || (file->flags & O_PATH))
		res = -EBADF;
	else
		res = do_ioctl(file, fd, cmd, arg);
	if (file)
		fput(file);
	return res;
}
