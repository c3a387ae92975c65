/* SPDX-License-Identifier: MIT */
/*
 * getdents64 and getdents: a folder's entries, in the order in which they were
 * made.
 *
 *   position   0    1     cookie   cookie'     file->pos: the next entry
 *   entry      "."  ".."  "bin"    "etc"       d_off: the one behind it
 *
 * Positions are cookies, not counts, so entries that come or go between two
 * calls make nobody else appear twice or not at all.
 *
 * The records are built in kernel memory without sleeping, so the folder
 * stands still meanwhile, and are copied to the user in one piece.
 */
#include <fs/internal.h>
#include <kernel/syscall.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

#define DIRENT_BUF 16384u /* a call hands out no more at once */

/* The record of getdents; the type stands in its last byte. */
struct old_dirent {
	u32 d_ino;
	u32 d_off;
	u16 d_reclen;
	char d_name[];
};

static void emit_old(struct dir_context *ctx, const char *name, u32 len,
		     u32 ino, u32 mode, u32 next)
{
	struct old_dirent *d = (void *)(ctx->buf + ctx->used);
	u32 reclen = ALIGN_UP(offsetof(struct old_dirent, d_name) + len + 2,
			      4u);

	ctx->full = reclen > ctx->size - ctx->used;
	if (ctx->full)
		return;
	memset(d, 0, reclen);
	d->d_ino = ino;
	d->d_off = next;
	d->d_reclen = reclen;
	memcpy(d->d_name, name, len);
	((u8 *)d)[reclen - 1] = (mode & S_IFMT) >> 12;
	ctx->used += reclen;
	ctx->pos = next;
}

static void emit_new(struct dir_context *ctx, const char *name, u32 len,
		     u32 ino, u32 mode, u32 next)
{
	struct linux_dirent64 *d = (void *)(ctx->buf + ctx->used);
	u32 reclen = ALIGN_UP(offsetof(struct linux_dirent64, d_name) + len + 1,
			      8u);

	ctx->full = reclen > ctx->size - ctx->used;
	if (ctx->full)
		return;
	memset(d, 0, reclen);
	d->d_ino = ino;
	d->d_off = next;
	d->d_reclen = reclen;
	d->d_type = (mode & S_IFMT) >> 12;
	memcpy(d->d_name, name, len);
	ctx->used += reclen;
	ctx->pos = next;
}

bool dir_emit(struct dir_context *ctx, const char *name, u32 len, u32 ino,
	      u32 mode, u32 next)
{
	if (ctx->old)
		emit_old(ctx, name, len, ino, mode, next);
	else
		emit_new(ctx, name, len, ino, mode, next);
	return !ctx->full;
}

bool dir_emit_dots(struct dir_context *ctx, struct dentry *dir)
{
	struct dentry *up = dir->covers ? dir->covers->parent : dir->parent;

	if (ctx->pos == 0 &&
	    !dir_emit(ctx, ".", 1, dir->inode->ino, S_IFDIR, 1))
		return false;
	return ctx->pos != 1 ||
	       dir_emit(ctx, "..", 2, up->inode->ino, S_IFDIR, 2);
}

static long read_entries(struct file *file, struct dir_context *ctx)
{
	u32 start = file->pos;
	int err;

	if (!file->inode->nlink)
		return -ENOENT;
	ctx->pos = start;
	err = file->f_op->readdir(file, ctx);
	if (err)
		return err;
	if (!ctx->used && ctx->full)
		return -EINVAL;
	file->pos = ctx->pos;
	return ctx->used;
}

/* What the folder has next, to the user buffer UBUF. */
static long copy_entries(struct file *file, void *ubuf, u32 size, bool old)
{
	struct dir_context ctx = { .size = MIN(size, DIRENT_BUF), .old = old };
	u32 before = file->pos;
	long res;

	ctx.buf = kmalloc(MAX(ctx.size, 1u), GFP_KERNEL);
	if (!ctx.buf)
		return -ENOMEM;
	res = read_entries(file, &ctx);
	if (res > 0 && copy_to_user(ubuf, ctx.buf, res)) {
		file->pos = before;
		res = -EFAULT;
	}
	kfree(ctx.buf);
	return res;
}

static long do_getdents(u32 fd, void *buf, u32 size, bool old)
{
	struct file *file;
	long res = fget_mode(fd, false, &file);

	if (res)
		return res;
	if (!file->f_op->readdir)
		res = -ENOTDIR;
	else
		res = copy_entries(file, buf, size, old);
	fput(file);
	return res;
}

long sys_getdents64(u32 fd, void *buf, u32 size)
{
	return do_getdents(fd, buf, size, false);
}

long sys_getdents(u32 fd, void *buf, u32 size)
{
	return do_getdents(fd, buf, size, true);
}
