/* SPDX-License-Identifier: MIT */
/*
 * read, write and their kin: from a descriptor to the file's own function.
 *
 *   read    at file->pos, which moves        pread    at a given position
 *   readv   into several pieces, one after the other; a short piece ends it
 *
 * Checks, in this order: EBADF, EINVAL (no such function), EFAULT (a buffer
 * that reaches into the kernel), EINVAL (a length of 2 GiB or more). Within
 * the user's part of memory a bad address gives a short count or EFAULT.
 */
#include <fs/internal.h>
#include <kernel/panic.h>
#include <kernel/syscall.h>
#include <kernel/usercopy.h>
#include <mm/kmalloc.h>

#define MAX_RW_COUNT 0x7ffff000u
#define UIO_MAXIOV 1024u
#define UIO_FAST 8u /* pieces that need no memory */

struct iovec {
	u32 base; /* user address */
	u32 len; /* bytes */
};

static bool user_range(u32 addr, u32 len)
{
	return len <= TASK_SIZE && addr <= TASK_SIZE - len;
}

/* 0 or -EFAULT, -EINVAL, for a user buffer. */
static int check_buffer(const void *buf, u32 len)
{
	if (unlikely(!user_range((u32)buf, len)))
		return -EFAULT;
	return unlikely((s32)len < 0) ? -EINVAL : 0;
}

static long do_read(struct file *file, char *buf, u32 len, u32 *pos)
{
	int err;

	if (unlikely(!file->f_op->read))
		return S_ISDIR(file->inode->mode) ? -EISDIR : -EINVAL;
	err = check_buffer(buf, len);
	if (unlikely(err))
		return err;
	return file->f_op->read(file, buf, MIN(len, MAX_RW_COUNT), pos);
}

static long do_write(struct file *file, const char *buf, u32 len, u32 *pos)
{
	int err;

	if (unlikely(!file->f_op->write))
		return -EINVAL;
	err = check_buffer(buf, len);
	if (unlikely(err))
		return err;
	return file->f_op->write(file, buf, MIN(len, MAX_RW_COUNT), pos);
}

long sys_read(u32 fd, char *buf, u32 len)
{
	struct file *file;
	long res = fget_mode(fd, false, &file);

	if (unlikely(res))
		return res;
	res = do_read(file, buf, len, &file->pos);
	fput(file);
	return res;
}

long sys_write(u32 fd, const char *buf, u32 len)
{
	struct file *file;
	long res = fget_mode(fd, true, &file);

	if (unlikely(res))
		return res;
	res = do_write(file, buf, len, &file->pos);
	fput(file);
	return res;
}

/* The file of a positioned call, which must have positions. */
static int fget_seekable(u32 fd, bool write, struct file **file)
{
	*file = fget(fd);
	if (!*file)
		return -EBADF;
	if ((*file)->f_op->lseek) {
		if (write ? file_writable(*file) : file_readable(*file))
			return 0;
		fput(*file);
		return -EBADF;
	}
	fput(*file);
	return -ESPIPE;
}

long sys_pread64(u32 fd, char *buf, u32 len, u32 low, u32 high)
{
	struct file *file;
	long res;

	if ((s32)high < 0)
		return -EINVAL;
	res = fget_seekable(fd, false, &file);
	if (res)
		return res;
	if (high)
		low = MAX_FILE_SIZE; /* behind the end of any file */
	res = do_read(file, buf, len, &low);
	fput(file);
	return res;
}

long sys_pwrite64(u32 fd, const char *buf, u32 len, u32 low, u32 high)
{
	struct file *file;
	long res;

	if ((s32)high < 0)
		return -EINVAL;
	res = fget_seekable(fd, true, &file);
	if (res)
		return res;
	if (high)
		low = MAX_FILE_SIZE;
	res = do_write(file, buf, len, &low);
	fput(file);
	return res;
}

/* Checks the pieces and cuts them to MAX_RW_COUNT bytes in all. */
static int check_pieces(struct iovec *iov, u32 count)
{
	u32 total = 0, i;

	for (i = 0; i < count; i++) {
		if ((s32)iov[i].len < 0)
			return -EINVAL;
		if (!user_range(iov[i].base, iov[i].len))
			return -EFAULT;
		iov[i].len = MIN(iov[i].len, MAX_RW_COUNT - total);
		total += iov[i].len;
	}
	return 0;
}

/* Moves the pieces one by one; what was moved counts before an error. */
static long move_pieces(struct file *file, const struct iovec *iov, u32 count,
			u32 *pos, bool write)
{
	long done = 0, n;
	u32 i;

	for (i = 0; i < count; i++) {
		char *buf = (char *)iov[i].base;

		if (!iov[i].len && count > 1)
			continue;
		n = write ? do_write(file, buf, iov[i].len, pos) :
			    do_read(file, buf, iov[i].len, pos);
		if (n < 0)
			return done ? done : n;
		done += n;
		if ((u32)n < iov[i].len)
			break;
	}
	return done;
}

static long copy_and_move(struct file *file, const void *uiov, u32 count,
			  u32 *pos, bool write)
{
	struct iovec fast[UIO_FAST], *iov = fast;
	u32 bytes = count * sizeof(*iov);
	long res;

	if (count > UIO_MAXIOV)
		return -EINVAL;
	if (count > UIO_FAST)
		iov = kmalloc(bytes, GFP_KERNEL);
	if (!iov)
		return -ENOMEM;
	res = copy_from_user(iov, uiov, bytes) ? -EFAULT : 0;
	if (!res)
		res = check_pieces(iov, count);
	if (!res)
		res = move_pieces(file, iov, count, pos, write);
	if (iov != fast)
		kfree(iov);
	return res;
}

static long do_vector(u32 fd, const void *uiov, u32 count, bool write)
{
	struct file *file;
	long res = fget_mode(fd, write, &file);

	if (res)
		return res;
	res = copy_and_move(file, uiov, count, &file->pos, write);
	fput(file);
	return res;
}

long sys_readv(u32 fd, const void *iov, u32 count)
{
	return do_vector(fd, iov, count, false);
}

long sys_writev(u32 fd, const void *iov, u32 count)
{
	return do_vector(fd, iov, count, true);
}

/* preadv, pwritev: at a position of their own. */
static long do_vector_at(u32 fd, const void *uiov, u32 count, u32 low, u32 high,
			 bool write)
{
	struct file *file;
	long res;

	if ((s32)high < 0)
		return -EINVAL;
	res = fget_seekable(fd, write, &file);
	if (res)
		return res;
	if (high)
		low = MAX_FILE_SIZE;
	res = copy_and_move(file, uiov, count, &low, write);
	fput(file);
	return res;
}

long sys_preadv(u32 fd, const void *iov, u32 count, u32 low, u32 high)
{
	return do_vector_at(fd, iov, count, low, high, false);
}

long sys_pwritev(u32 fd, const void *iov, u32 count, u32 low, u32 high)
{
	return do_vector_at(fd, iov, count, low, high, true);
}

static long do_lseek(u32 fd, s64 offset, u32 whence)
{
	struct file *file = fget(fd);
	long res;

	if (!file)
		return -EBADF;
	if (whence > SEEK_HOLE)
		res = -EINVAL;
	else if (!file->f_op->lseek)
		res = -ESPIPE;
	else
		res = file->f_op->lseek(file, offset, whence);
	fput(file);
	return res;
}

long sys_lseek(u32 fd, s32 offset, u32 whence)
{
	return do_lseek(fd, offset, whence);
}

long sys__llseek(u32 fd, u32 high, u32 low, void *result, u32 whence)
{
	long pos = do_lseek(fd, (s64)((u64)high << 32 | low), whence);
	u64 wide = pos;

	if (pos < 0)
		return pos == -EOVERFLOW ? -EINVAL : pos;
	return copy_to_user(result, &wide, sizeof(wide)) ? -EFAULT : 0;
}

long kernel_read(struct file *file, void *buf, u32 len, u32 pos)
{
	ASSERT_MSG(file->kernel_buf, "the kernel reads a user's open file");
	if (!file->f_op->read)
		return -EINVAL;
	return file->f_op->read(file, buf, len, &pos);
}
