/* SPDX-License-Identifier: MIT */
/*
 * Pipes and FIFOs: 64 KiB between those who write and those who read.
 *
 *             start            start + len
 *   ............|#################|...............   ring of PIPE_BYTES
 *   page[0]  page[1]  page[2]  ...         page[15]  made when first needed
 *
 * INV-Q1  len <= PIPE_BYTES; every byte of the ring that holds data has its
 *         page.
 * INV-Q2  readers and writers count open files; the pipe goes with the last
 *         of both, and what it held with it.
 * INV-Q3  a write of at most PIPE_BUF bytes is one piece: it waits until all
 *         of it fits, and its pages are made before the first byte moves.
 *
 * reader_gen and writer_gen count opens. Who opens a FIFO waits for the other
 * side's count to change, not for somebody to be there: a partner that has
 * come and gone before we run counts too.
 *
 * Locks: pipe->lock [p] around data, also across user copies; the counts are
 * atomic. See: shm-spec 8.2.
 */
#include <fs/internal.h>
#include <kernel/panic.h>
#include <kernel/signal/signal.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <lib/printf.h>
#include <mm/kmalloc.h>
#include <uapi/termios.h>

#define PIPE_PAGES 16u
#define PIPE_BYTES (PIPE_PAGES * PAGE_SIZE)
#define PIPE_BUF PAGE_SIZE

struct pipe {
	u32 start, len; /* [p] the data, in bytes */
	u32 readers, writers; /* open files of each kind */
	u32 reader_gen, writer_gen; /* opens so far, and 1 */
	struct mutex lock;
	struct wait_queue data_wait; /* readers: for data or the end */
	struct wait_queue room_wait; /* writers: for room, or EPIPE */
	struct wait_queue open_wait; /* openers: for the other side */
	struct page *page[PIPE_PAGES]; /* [p] */
};

static struct super_block *pipe_sb;

static struct pipe *pipe_of(const struct file *file)
{
	return file->inode->i_private;
}

static inline void wake_if_any(struct wait_queue *wq)
{
	if (!list_empty(&wq->waiters))
		wake_up(wq);
}

/* --- reading ------------------------------------------------------------ */

/* Waits for data. 1: there is some, and the caller unlocks; 0: none will come;
 * -errno. */
static int wait_data(struct pipe *pipe, const struct file *file)
{
	int err = 0;

	while (!err) {
		mutex_lock(&pipe->lock);
		if (pipe->len)
			return 1;
		mutex_unlock(&pipe->lock);
		if (!pipe->writers)
			return 0;
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		err = sleep_on_interruptible(&pipe->data_wait);
	}
	return err;
}

/* Address and length of the piece of the ring at POS, at most LEN bytes. */
static char *ring_piece(const struct pipe *pipe, u32 pos, u32 *len)
{
	u32 off = pos % PAGE_SIZE;

	*len = MIN(*len, PAGE_SIZE - off);
	return (char *)page_kva(pipe->page[pos / PAGE_SIZE % PIPE_PAGES]) + off;
}

/* Moves up to LEN bytes out; their number or -EFAULT. The lock is held. */
static long take_data(struct pipe *pipe, const struct file *file, char *buf,
		      u32 len)
{
	u32 done = 0, left = 0, n;
	char *from;

	assert_held(&pipe->lock);
	len = MIN(len, pipe->len);
	while (done < len && !left) {
		n = len - done;
		from = ring_piece(pipe, pipe->start, &n);
		left = file_copy_out(file, buf + done, from, n);
		n -= left;
		done += n;
		pipe->start = (pipe->start + n) % PIPE_BYTES;
		pipe->len -= n;
	}
	if (!pipe->len)
		pipe->start = 0; /* small messages stay in one page */
	return done ? (long)done : -EFAULT;
}

static long pipe_read(struct file *file, char *buf, u32 len, u32 *pos)
{
	struct pipe *pipe = pipe_of(file);
	long res;

	if (!len)
		return 0;
	res = wait_data(pipe, file);
	if (res <= 0)
		return res;
	res = take_data(pipe, file, buf, len);
	mutex_unlock(&pipe->lock);
	wake_if_any(&pipe->room_wait);
	poll_notify();
	return res;
}

/* --- writing ------------------------------------------------------------ */

/* Waits until NEED bytes fit. The lock is held, but while it sleeps. */
static int wait_room(struct pipe *pipe, const struct file *file, u32 need)
{
	int err;

	assert_held(&pipe->lock);
	for (;;) {
		if (!pipe->readers) {
			send_sig(SIGPIPE, current, NULL);
			return -EPIPE;
		}
		if (PIPE_BYTES - pipe->len >= need)
			return 0;
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		mutex_unlock(&pipe->lock);
		err = sleep_on_interruptible(&pipe->room_wait);
		mutex_lock(&pipe->lock);
		if (err)
			return err;
	}
}

/* Makes the pages for N bytes behind the data; 0 or -ENOMEM. */
static int make_pages(struct pipe *pipe, u32 n)
{
	u32 pos = pipe->start + pipe->len, end = pos + n;
	struct page **page;

	for (pos = ALIGN_DOWN(pos, PAGE_SIZE); pos < end; pos += PAGE_SIZE) {
		page = &pipe->page[pos / PAGE_SIZE % PIPE_PAGES];
		if (!*page)
			*page = alloc_page(GFP_KERNEL);
		if (!*page)
			return -ENOMEM;
	}
	return 0;
}

/* Moves up to LEN bytes in, as many as fit; *DONE counts them. The lock is
 * held. */
static int put_data(struct pipe *pipe, const struct file *file,
		    const char *buf, u32 len, u32 *done)
{
	u32 left = 0, n;
	char *to;
	int err;

	assert_held(&pipe->lock);
	len = MIN(len, PIPE_BYTES - pipe->len);
	err = make_pages(pipe, len);
	if (err)
		return err;
	while (len && !left) {
		n = len;
		to = ring_piece(pipe, pipe->start + pipe->len, &n);
		left = file_copy_in(file, to, buf, n);
		buf += n;
		len -= n;
		*done += n - left;
		pipe->len += n - left;
	}
	return left ? -EFAULT : 0;
}

static long pipe_write(struct file *file, const char *buf, u32 len, u32 *pos)
{
	struct pipe *pipe = pipe_of(file);
	u32 need = len <= PIPE_BUF ? len : 1, done = 0;
	int err = 0;

	if (!len)
		return 0;
	mutex_lock(&pipe->lock);
	while (done < len && !err) {
		err = wait_room(pipe, file, need);
		if (!err)
			err = put_data(pipe, file, buf + done, len - done,
				       &done);
		wake_if_any(&pipe->data_wait);
		poll_notify();
	}
	mutex_unlock(&pipe->lock);
	return done ? (long)done : err;
}

/* --- opening and closing ------------------------------------------------ */

static struct pipe *pipe_alloc(void)
{
	struct pipe *pipe = kzalloc(sizeof(*pipe), GFP_KERNEL);

	if (!pipe)
		return NULL;
	pipe->reader_gen = pipe->writer_gen = 1;
	mutex_init(&pipe->lock, LOCK_PIPE, "pipe");
	wait_queue_init(&pipe->data_wait);
	wait_queue_init(&pipe->room_wait);
	wait_queue_init(&pipe->open_wait);
	return pipe;
}

static void pipe_free(struct pipe *pipe)
{
	u32 i;

	for (i = 0; i < PIPE_PAGES; i++)
		if (pipe->page[i])
			free_page(pipe->page[i]);
	kfree(pipe);
}

static void count_opener(struct pipe *pipe, const struct file *file)
{
	if (file_readable(file)) {
		pipe->readers++;
		pipe->reader_gen++;
	}
	if (file_writable(file)) {
		pipe->writers++;
		pipe->writer_gen++;
	}
	wake_up(&pipe->open_wait);
}

static void pipe_release(struct file *file)
{
	struct pipe *pipe = pipe_of(file);

	pipe->readers -= file_readable(file);
	pipe->writers -= file_writable(file);
	if (!pipe->readers && !pipe->writers) {
		file->inode->i_private = NULL;
		pipe_free(pipe);
		return;
	}
	wake_up(&pipe->data_wait);
	wake_up(&pipe->room_wait);
	poll_notify();
}

/* Waits until *GEN, the other side's count of opens, changes. */
static int wait_partner(struct pipe *pipe, const u32 *gen)
{
	u32 before = *gen;
	int err = 0;

	while (*gen == before && !err)
		err = sleep_on_interruptible(&pipe->open_wait);
	return *gen == before ? err : 0;
}

static int fifo_wait(struct pipe *pipe, struct file *file)
{
	bool nonblock = file->flags & O_NONBLOCK;

	if (!file_writable(file) && !pipe->writers) {
		if (!nonblock)
			return wait_partner(pipe, &pipe->writer_gen);
		/* no hang-up to report until a writer has come */
		file->private = (void *)pipe->writer_gen;
	}
	if (!file_readable(file) && !pipe->readers && !nonblock)
		return wait_partner(pipe, &pipe->reader_gen);
	return 0;
}

static int fifo_open(struct inode *inode, struct file *file)
{
	struct pipe *pipe = inode->i_private, *fresh = NULL;
	bool named = inode->sb != pipe_sb; /* else opened again by /proc */
	int err = 0;

	if (!file_readable(file) && !file_writable(file))
		return -EINVAL;
	if (named && !file_readable(file) && (file->flags & O_NONBLOCK) &&
	    !(pipe && pipe->readers))
		return -ENXIO;
	if (!pipe) {
		fresh = pipe_alloc();
		if (!fresh)
			return -ENOMEM;
		if (!inode->i_private) /* may have slept: still nobody's? */
			inode->i_private = fresh;
		else
			kfree(fresh);
		pipe = inode->i_private;
	}
	count_opener(pipe, file);
	file->f_op = &pipe_ops;
	if (named)
		err = fifo_wait(pipe, file);
	if (err)
		pipe_release(file);
	return err;
}

static u32 pipe_poll(struct file *file)
{
	struct pipe *pipe = pipe_of(file);
	u32 mask = 0;

	if (file_readable(file)) {
		if (pipe->len)
			mask |= POLLIN | POLLRDNORM;
		if (!pipe->writers &&
		    pipe->writer_gen != (u32)file->private)
			mask |= POLLHUP;
	}
	if (file_writable(file)) {
		if (PIPE_BYTES - pipe->len >= PIPE_BUF)
			mask |= POLLOUT | POLLWRNORM;
		if (!pipe->readers)
			mask |= POLLERR;
	}
	return mask;
}

static long pipe_ioctl(struct file *file, u32 cmd, u32 arg)
{
	if (cmd != FIONREAD)
		return -ENOTTY;
	return put_user_u32(pipe_of(file)->len, (void *)arg);
}

const struct file_operations pipe_ops = {
	.read = pipe_read,
	.write = pipe_write,
	.release = pipe_release,
	.poll = pipe_poll,
	.ioctl = pipe_ioctl,
};

const struct file_operations fifo_ops = {
	.open = fifo_open,
};

/* --- pipe, pipe2 -------------------------------------------------------- */

/* A pipe's inode and a dentry "pipe:[7]" for it; NULL: no memory. */
static struct dentry *make_pipe(void)
{
	struct inode *inode = inode_alloc(pipe_sb, S_IFIFO | 0600);
	struct dentry *dentry;
	char name[24];

	if (!inode)
		return NULL;
	inode->i_fop = &fifo_ops;
	snprintf(name, sizeof(name), "pipe:[%u]", inode->ino);
	dentry = dentry_alloc_root(inode, name);
	if (dentry)
		inode->i_private = pipe_alloc();
	inode_put(inode);
	if (!dentry || inode->i_private)
		return dentry;
	dentry_put(dentry);
	return NULL;
}

/* One end of the pipe; what is left of it goes with the other if it fails. */
static struct file *open_end(struct dentry *dentry, u32 flags, int *err)
{
	struct file *file = file_alloc(dentry, &pipe_ops, flags, err);

	if (file)
		count_opener(dentry->inode->i_private, file);
	return file;
}

/* Both ends in descriptors, the numbers to FDS. */
static long install_ends(struct file *end[2], u32 flags, s32 *ufds)
{
	s32 fd[2];

	fd[0] = fd_install(get_file(end[0]), 0, flags & O_CLOEXEC);
	if (fd[0] < 0) {
		fput(end[0]);
		return fd[0];
	}
	fd[1] = fd_install(get_file(end[1]), 0, flags & O_CLOEXEC);
	if (fd[1] >= 0 && !copy_to_user(ufds, fd, sizeof(fd)))
		return 0;
	do_close(fd[0]);
	if (fd[1] < 0) {
		fput(end[1]);
		return fd[1];
	}
	do_close(fd[1]);
	return -EFAULT;
}

long sys_pipe2(s32 *fds, u32 flags)
{
	struct file *end[2];
	struct dentry *dentry;
	u32 keep = flags & O_NONBLOCK;
	int err = 0;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	dentry = make_pipe();
	if (!dentry)
		return -ENOMEM;
	end[0] = open_end(dentry, O_RDONLY | keep, &err);
	if (!end[0]) {
		pipe_free(dentry->inode->i_private);
		goto out_dentry;
	}
	end[1] = open_end(dentry, O_WRONLY | keep, &err);
	if (!end[1])
		goto out_read_end;
	err = install_ends(end, flags, fds);
	fput(end[1]);
out_read_end:
	fput(end[0]);
out_dentry:
	dentry_put(dentry);
	return err;
}

long sys_pipe(s32 *fds)
{
	return sys_pipe2(fds, 0);
}

void pipe_init(void)
{
	pipe_sb = super_alloc("pipefs", PIPEFS_MAGIC);
	ASSERT_MSG(pipe_sb, "no memory for pipes");
}
