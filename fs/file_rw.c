/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing a file that lives in the page cache.
 *
 *   read     page there: copy from it; hole: zeros, and no page is made
 *   write    page there: copy into it; hole: a fresh page is filled and put
 *            in, so that no page is cleared only to be overwritten
 *
 * INV-R1  size and pages change only under the inode's i_sem; readers need
 *         no lock, they hold a count of the page they copy from.
 * INV-R2  a page shows zeros behind the end of its file, or maps wrote there
 *         (which zero_mapped_tail() undoes before the file grows).
 *
 * May sleep: every user copy can fault.
 */
#include <fs/internal.h>
#include <kernel/signal/signal.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <mm/page_alloc.h>
#include <mm/swap/swap.h>

/* Frames that files leave to the rest of the kernel: 1/16 of all. */
#define RESERVE_SHIFT 4

bool ram_is_short(void)
{
	return current->pid && nr_free_pages <= nr_total_pages >> RESERVE_SHIFT;
}

u32 file_copy_out(const struct file *file, void *buf, const void *src, u32 len)
{
	if (likely(!file->kernel_buf))
		return copy_to_user(buf, src, len);
	memcpy(buf, src, len);
	return 0;
}

u32 file_copy_in(const struct file *file, void *dst, const void *buf, u32 len)
{
	if (likely(!file->kernel_buf))
		return copy_from_user(dst, buf, len);
	memcpy(dst, buf, len);
	return 0;
}

/* How many of LEFT bytes from POS on lie in POS's page. */
static u32 in_page(u32 pos, u32 left)
{
	return MIN(left, PAGE_SIZE - (pos & ~PAGE_MASK));
}

/* Copies N bytes at POS, all in one page; bytes NOT copied. */
static u32 read_one(struct file *file, char *buf, u32 pos, u32 n)
{
	struct page *page = find_page(&file->inode->i_data, pos >> PAGE_SHIFT);
	u32 left;

	if (!page)
		return file_copy_out(file, buf, page_kva(zero_page), n);
	get_page(page); /* the copy may sleep */
	left = file_copy_out(file, buf,
			     (char *)page_kva(page) + (pos & ~PAGE_MASK), n);
	free_page(page);
	return left;
}

long generic_file_read(struct file *file, char *buf, u32 len, u32 *pos)
{
	struct inode *inode = file->inode;
	u32 done = 0, left = 0, n;

	while (done < len && *pos < inode->size && !left) {
		n = in_page(*pos, MIN(len - done, inode->size - *pos));
		left = read_one(file, buf + done, *pos, n);
		done += n - left;
		*pos += n - left;
	}
	if (!file->kernel_buf)
		inode_accessed(inode);
	return done || !left ? (long)done : -EFAULT;
}

/* Fills a fresh page with N bytes for POS; bytes NOT copied, *ERR. */
static u32 write_hole(struct file *file, const char *buf, u32 pos, u32 n,
		      int *err)
{
	struct address_space *mapping = &file->inode->i_data;
	u32 off = pos & ~PAGE_MASK, left;
	struct page *page = NULL;
	char *kva;

	*err = -ENOSPC;
	if (!ram_is_short() && !sb_full(file->inode->sb))
		page = alloc_page(GFP_KERNEL);
	if (!page)
		return n;
	kva = page_kva(page);
	left = file_copy_in(file, kva + off, buf, n);
	*err = left ? -EFAULT : 0;
	/* may have slept: a map may have touched the hole; then again */
	if (left == n || find_page(mapping, pos >> PAGE_SHIFT)) {
		free_page(page);
		return n;
	}
	memset(kva, 0, off);
	memset(kva + off + n - left, 0, PAGE_SIZE - off - n + left);
	add_to_page_cache(page, mapping, pos >> PAGE_SHIFT);
	return left;
}

static u32 write_one(struct file *file, const char *buf, u32 pos, u32 n,
		     int *err)
{
	struct page *page = find_page(&file->inode->i_data, pos >> PAGE_SHIFT);
	u32 left;

	if (!page)
		return write_hole(file, buf, pos, n, err);
	get_page(page); /* the copy may sleep */
	left = file_copy_in(file,
			    (char *)page_kva(page) + (pos & ~PAGE_MASK), buf,
			    n);
	free_page(page);
	*err = left ? -EFAULT : 0;
	return left;
}

/* Cuts LEN to what the limits let a write at POS have; 0 or -EFBIG. */
static int write_limit(u32 pos, u32 *len)
{
	u64 limit = MIN(rlimit(RLIMIT_FSIZE), (u64)MAX_FILE_SIZE);

	if (!*len)
		return 0;
	if (pos >= limit) {
		if (pos >= rlimit(RLIMIT_FSIZE) && limit < MAX_FILE_SIZE)
			send_sig(SIGXFSZ, current, NULL);
		return -EFBIG;
	}
	*len = MIN(*len, (u32)limit - pos);
	return 0;
}

/* A write by others than root takes set-id bits away. */
static void drop_set_id(struct inode *inode)
{
	if (!(inode->mode & (S_ISUID | S_ISGID)) || current->cred.fsuid == 0)
		return;
	inode->mode &= ~S_ISUID;
	if (inode->mode & S_IXGRP)
		inode->mode &= ~S_ISGID;
}

static long write_locked(struct file *file, const char *buf, u32 len, u32 *pos)
{
	struct inode *inode = file->inode;
	u32 done = 0, n, left;
	int err;

	assert_held(&inode->i_sem);
	if (file->flags & O_APPEND)
		*pos = inode->size;
	err = write_limit(*pos, &len);
	if (err || !len)
		return err;
	if (*pos > inode->size || *pos + len > inode->size)
		zero_mapped_tail(&inode->i_data, inode->size);
	while (done < len && !err) {
		n = in_page(*pos, len - done);
		left = write_one(file, buf + done, *pos, n, &err);
		done += n - left;
		*pos += n - left;
		inode->size = MAX(inode->size, *pos);
	}
	if (!done)
		return err;
	drop_set_id(inode);
	inode_modified(inode);
	return done;
}

long generic_file_write(struct file *file, const char *buf, u32 len, u32 *pos)
{
	long done;

	mutex_lock(&file->inode->i_sem);
	done = inode_is_swap(file->inode) ?
		       -ETXTBSY :
		       write_locked(file, buf, len, pos);
	mutex_unlock(&file->inode->i_sem);
	return done;
}

int do_truncate(struct inode *inode, u32 size)
{
	if (size > rlimit(RLIMIT_FSIZE)) {
		send_sig(SIGXFSZ, current, NULL);
		return -EFBIG;
	}
	mutex_lock(&inode->i_sem);
	if (inode_is_swap(inode)) {
		mutex_unlock(&inode->i_sem);
		return -ETXTBSY;
	}
	if (size > inode->size) {
		zero_mapped_tail(&inode->i_data, inode->size);
		inode->size = size;
	} else {
		inode->size = size;
		zap_file_maps(&inode->i_data, size);
		truncate_pages(&inode->i_data, size);
	}
	drop_set_id(inode);
	inode_modified(inode);
	mutex_unlock(&inode->i_sem);
	return 0;
}

/* The first byte from POS on that lies in a page, or in a hole (the end of the
 * file is one): SEEK_DATA, SEEK_HOLE. */
static long seek_page(const struct inode *inode, s64 pos, bool data)
{
	if (pos < 0 || pos >= inode->size)
		return -ENXIO;
	while (pos < inode->size &&
	       !!find_page(&inode->i_data, pos >> PAGE_SHIFT) != data)
		pos = (pos | ~PAGE_MASK) + 1;
	if (pos < inode->size)
		return pos;
	return data ? -ENXIO : (long)inode->size;
}

long generic_lseek(struct file *file, s64 offset, int whence)
{
	if (whence >= SEEK_DATA && S_ISREG(file->inode->mode))
		offset = seek_page(file->inode, offset, whence == SEEK_DATA);
	else if (whence == SEEK_CUR)
		offset += file->pos;
	else if (whence == SEEK_END)
		offset += file->inode->size;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (offset < 0)
		return whence >= SEEK_DATA ? (long)offset : -EINVAL;
	if (offset > MAX_FILE_SIZE)
		return -EOVERFLOW;
	file->pos = offset;
	return offset;
}
