/* SPDX-License-Identifier: MIT */
/*
 * Pseudo terminals: a terminal whose other side is a program.
 *
 *   program -> /dev/ptmx  write -> tty_input_byte() -> line discipline
 *                         read  <- ring <- tty_output() <- /dev/pts/N
 *
 * Every open of /dev/ptmx makes one; /dev/pts/N can be opened while that file
 * is, and belongs to who opened it. When it is closed, N hangs up.
 *
 * INV-1  a pty lives while its /dev/ptmx or a file of /dev/pts/N is open.
 * INV-2  ptys[N] is NULL exactly while N has no open /dev/ptmx.
 *
 * Input that the ring of the terminal does not take is lost, as on a serial
 * line; echo, when nobody reads /dev/ptmx, too. Writers to /dev/pts/N wait.
 */
#include <drivers/drivers.h>
#include <drivers/tty/tty.h>
#include <fs/poll.h>
#include <kernel/usercopy.h>
#include <lib/printf.h>
#include <mm/kmalloc.h>
#include <uapi/errno.h>
#include <uapi/stat.h>
#include <x86/cpu.h>

#define NR_PTYS 8u
#define PTY_OUTPUT 4096u
#define PTS_MAJOR 136u
#define CHUNK 128u

struct pty {
	struct tty tty; /* /dev/pts/N; first, so that one leads to the other */
	bool locked; /* TIOCSPTLCK: N cannot be opened yet */
	bool master; /* /dev/ptmx is open */
	bool opened; /* N has been opened once */
	u32 epoch; /* tty.hangups at its last open */
	char out[PTY_OUTPUT]; /* byte n at n % PTY_OUTPUT */
	u32 out_head, out_tail; /* written by N, read by the program */
	struct wait_queue wait; /* the program's */
	struct mutex lock; /* one read of /dev/ptmx at a time */
};

static struct pty *ptys[NR_PTYS];

static struct pty *pty_of(struct tty *tty)
{
	return (struct pty *)tty;
}

/* --- the terminal's side ------------------------------------------------ */

static u32 pty_room(const struct tty *tty)
{
	const struct pty *pty = (const struct pty *)tty;

	return PTY_OUTPUT - (pty->out_head - pty->out_tail);
}

static void pty_output(struct tty *tty, const char *text, u32 len)
{
	struct pty *pty = pty_of(tty);
	u32 flags = irq_save(), i;

	len = MIN(len, pty_room(tty));
	for (i = 0; i < len; i++)
		pty->out[pty->out_head++ % PTY_OUTPUT] = text[i];
	irq_restore(flags);
	wake_up(&pty->wait);
	poll_notify();
}

/* N has no users any more, or none that is alive. */
static void pty_closed(struct tty *tty)
{
	struct pty *pty = pty_of(tty);

	if (!pty->master && !tty->users) {
		kfree(pty);
		return;
	}
	wake_up(&pty->wait);
	poll_notify();
}

static int slave_open(struct inode *inode, struct file *file)
{
	struct pty *pty = ptys[dev_minor(inode->rdev) % NR_PTYS];
	int err;

	if (!pty || pty->locked)
		return -EIO;
	err = tty_file_open(&pty->tty, file);
	if (err)
		return err;
	pty->opened = true;
	pty->epoch = pty->tty.hangups;
	return 0;
}

/* --- the program's side ------------------------------------------------- */

/* /dev/pts/N belongs to who opened its /dev/ptmx. */
static void give_slave(u32 n)
{
	struct dentry *dentry;
	char path[16];

	snprintf(path, sizeof(path), "/dev/pts/%u", n);
	if (path_lookup(init_fs.root, path, 0, &dentry))
		return;
	dentry->inode->uid = current->cred.fsuid;
	dentry->inode->gid = current->cred.fsgid;
	dentry_put(dentry);
}

static struct pty *pty_alloc(u32 n)
{
	struct pty *pty = kzalloc(sizeof(*pty), GFP_KERNEL);

	if (!pty)
		return NULL;
	tty_setup(&pty->tty, makedev(PTS_MAJOR, n), 0, 0);
	pty->tty.termios.c_cflag &= ~HUPCL;
	pty->tty.output = pty_output;
	pty->tty.room = pty_room;
	pty->tty.closed = pty_closed;
	pty->tty.pseudo = true;
	wait_queue_init(&pty->wait);
	mutex_init(&pty->lock, LOCK_TTY, "pty");
	pty->locked = pty->master = true;
	return pty;
}

static int master_open(struct inode *inode, struct file *file)
{
	struct pty *pty = pty_alloc(0);
	u32 n = 0;

	if (!pty)
		return -ENOMEM;
	while (n < NR_PTYS && ptys[n])
		n++;
	if (n == NR_PTYS) {
		kfree(pty);
		return -ENOSPC;
	}
	pty->tty.dev = makedev(PTS_MAJOR, n);
	ptys[n] = pty;
	file->private = pty;
	give_slave(n);
	return 0;
}

static void master_release(struct file *file)
{
	struct pty *pty = file->private;

	ptys[dev_minor(pty->tty.dev)] = NULL;
	pty->master = false;
	tty_hang_up(&pty->tty); /* frees it, or its last file does */
}

/* Was N open, and has nobody a live file of it any more? */
static bool slave_gone(const struct pty *pty)
{
	return pty->opened &&
	       (!pty->tty.users || pty->epoch != pty->tty.hangups);
}

/* 0, -EIO (N was closed), -EAGAIN, -ERESTARTSYS. */
static int wait_master(struct pty *pty, const struct file *file)
{
	u32 flags = irq_save();
	int err = 0;

	while (!err && pty->out_head == pty->out_tail) {
		if (slave_gone(pty))
			err = -EIO;
		else if (file->flags & O_NONBLOCK)
			err = -EAGAIN;
		else
			err = sleep_on_interruptible(&pty->wait);
	}
	irq_restore(flags);
	return err;
}

/* One piece of what is there; bytes or -EFAULT. The lock is held. */
static long take_piece(struct pty *pty, char *buf, u32 len)
{
	char text[CHUNK];
	u32 n = MIN(MIN(len, CHUNK), pty->out_head - pty->out_tail), i;

	assert_held(&pty->lock);
	for (i = 0; i < n; i++)
		text[i] = pty->out[(pty->out_tail + i) % PTY_OUTPUT];
	if (copy_to_user(buf, text, n))
		return -EFAULT;
	pty->out_tail += n;
	return n;
}

static long take_output(struct pty *pty, char *buf, u32 len)
{
	u32 total = 0;
	long n;

	mutex_lock(&pty->lock);
	do {
		n = take_piece(pty, buf + total, len - total);
		total += MAX(n, 0);
	} while (n > 0 && total < len);
	mutex_unlock(&pty->lock);
	wake_up(&pty->tty.writers);
	poll_notify();
	return total ? (long)total : n;
}

static long master_read(struct file *file, char *buf, u32 len, u32 *pos)
{
	struct pty *pty = file->private;
	long n = 0;

	while (!n && len) {
		n = wait_master(pty, file);
		if (!n)
			n = take_output(pty, buf, len);
	}
	return n;
}

static long master_write(struct file *file, const char *buf, u32 len, u32 *pos)
{
	struct pty *pty = file->private;
	char text[CHUNK];
	u32 total = 0, flags, n, i;

	while (total < len) {
		n = MIN(len - total, CHUNK);
		n -= copy_from_user(text, buf + total, n);
		if (!n)
			return total ? (long)total : -EFAULT;
		flags = irq_save();
		for (i = 0; i < n; i++)
			tty_input_byte(&pty->tty, text[i]);
		irq_restore(flags);
		total += n;
	}
	return total;
}

static u32 master_poll(struct file *file)
{
	const struct pty *pty = file->private;
	u32 ready = POLLOUT | POLLWRNORM;

	if (pty->out_head != pty->out_tail)
		ready |= POLLIN | POLLRDNORM;
	if (slave_gone(pty))
		ready |= POLLHUP;
	return ready;
}

static long master_ioctl(struct file *file, u32 cmd, u32 arg)
{
	struct pty *pty = file->private;
	void *user = (void *)arg;
	u32 lock;

	switch (cmd) {
	case TIOCGPTN:
		return put_user_u32(dev_minor(pty->tty.dev), user);
	case TIOCSPTLCK:
		if (get_user_u32(&lock, user))
			return -EFAULT;
		pty->locked = lock;
		return 0;
	case TIOCGPGRP:
		return put_user_u32(pty->tty.pgrp, user);
	case FIONREAD:
		return put_user_u32(pty->out_head - pty->out_tail, user);
	}
	return tty_mode_ioctl(&pty->tty, cmd, arg);
}

static const struct file_operations master_fops = {
	.open = master_open,
	.release = master_release,
	.read = master_read,
	.write = master_write,
	.poll = master_poll,
	.ioctl = master_ioctl,
};

static const struct file_operations slave_fops = {
	.open = slave_open,
};

void pty_init(void)
{
	static char names[NR_PTYS][8];
	u32 n;

	devfs_register("ptmx", 0666, makedev(5, 2), &master_fops);
	for (n = 0; n < NR_PTYS; n++) {
		snprintf(names[n], sizeof(names[n]), "pts/%u", n);
		devfs_register(names[n], 0620, makedev(PTS_MAJOR, n),
			       &slave_fops);
	}
}
