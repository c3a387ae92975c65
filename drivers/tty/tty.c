/* SPDX-License-Identifier: MIT */
/*
 * Terminals as files: open, read, write and poll of whatever terminal.
 *
 * A read without ICANON returns, with MIN = c_cc[VMIN], TIME = c_cc[VTIME]:
 *
 *   MIN > 0, TIME = 0   when MIN bytes are there
 *   MIN > 0, TIME > 0   the same, or TIME after the last byte
 *   MIN = 0, TIME = 0   at once
 *   MIN = 0, TIME > 0   with the first byte, or after TIME (tenths of 1 s)
 *
 * After a hang-up a read finds the end of the file, all else is EIO.
 * Structure and locks: tty.h. Which there are: tty_dev.c.
 */
#include <drivers/tty/tty.h>
#include <fs/poll.h>
#include <kernel/usercopy.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

#define CHUNK 128u /* bytes on the stack between user and terminal */
#define TICKS_PER_TENTH (HZ / 10)

static void tty_release(struct file *file)
{
	struct tty *tty = file->private;

	if (--tty->users)
		return;
	tty->exclusive = false;
	if (tty->closed)
		tty->closed(tty);
}

/* --- reading ------------------------------------------------------------ */

/* As a read would see it: VMIN bytes, if it would wait for all of them. */
static bool read_ready(const struct tty *tty)
{
	const struct termios *t = &tty->termios;
	u32 want = 1;

	if (!(t->c_lflag & ICANON) && !t->c_cc[VTIME] && t->c_cc[VMIN])
		want = t->c_cc[VMIN];
	return tty->line_end - tty->tail >= want;
}

static u32 tty_poll(struct file *file)
{
	struct tty *tty = file->private;
	u32 ready = 0;

	if (!tty_alive(file))
		return POLLIN | POLLOUT | POLLERR | POLLHUP | POLLRDNORM |
		       POLLWRNORM;
	if (read_ready(tty))
		ready |= POLLIN | POLLRDNORM;
	if (tty_writable(tty))
		ready |= POLLOUT | POLLWRNORM;
	return ready;
}

/* Sleeps until there is input or a hang-up; TENTHS > 0: at most so long. 0,
 * -EAGAIN, -ETIMEDOUT or -ERESTARTSYS. */
static int wait_input(struct tty *tty, const struct file *file, u32 tenths)
{
	u32 left = tenths * TICKS_PER_TENTH + 1;
	u32 flags = irq_save();
	int err = 0;

	while (!err && !tty_readable(tty) && tty_alive(file)) {
		if (file->flags & O_NONBLOCK)
			err = -EAGAIN;
		else if (!tenths)
			err = sleep_on_interruptible(&tty->readers);
		else if (!left)
			err = -ETIMEDOUT;
		else
			err = sleep_on_interruptible_timeout(&tty->readers,
							     &left);
	}
	irq_restore(flags);
	return err;
}

/* Copies up to LEN bytes of readable input to TEXT and returns how many. *END
 * is the entry behind them, *LAST whether a line ends there. */
static u32 peek(const struct tty *tty, char *text, u32 len, u32 *end,
		bool *last)
{
	bool canonical = tty->termios.c_lflag & ICANON;
	u32 flags = irq_save();
	u32 n = 0, i = tty->tail;

	*last = false;
	while (i != tty->line_end && !*last) {
		u16 entry = tty->input[i % TTY_INPUT];

		if (n == len && !(entry & TTY_EOF))
			break;
		if (!(entry & TTY_EOF))
			text[n++] = entry;
		*last = canonical && (entry & TTY_EOL);
		i++;
	}
	*end = i;
	irq_restore(flags);
	return n;
}

/* Moves input to the user: until LEN, the end of a line, or nothing is left.
 * Bytes moved or -EFAULT; *LAST as for peek(). read_lock is held. */
static long take(struct tty *tty, char *buf, u32 len, bool *last)
{
	char text[CHUNK];
	u32 total = 0, n, end;

	assert_held(&tty->read_lock);
	do {
		n = peek(tty, text, MIN(len - total, CHUNK), &end, last);
		if (copy_to_user(buf + total, text, n))
			return total ? (long)total : -EFAULT;
		if (end - tty->tail <= tty->head - tty->tail)
			tty->tail = end;
		tty_input_taken(tty);
		total += n;
	} while (n && !*last && total < len);
	return total;
}

/* One round of a read: what is there, up to LEN. */
static long take_input(struct tty *tty, char *buf, u32 len, bool *last)
{
	long n;

	mutex_lock(&tty->read_lock);
	n = take(tty, buf, len, last);
	mutex_unlock(&tty->read_lock);
	return n;
}

/* How long the next wait may take, in tenths; 0: for ever. */
static u32 wait_time(const struct tty *tty, u32 total)
{
	const struct termios *t = &tty->termios;

	if (t->c_lflag & ICANON)
		return 0;
	return !t->c_cc[VMIN] || total ? t->c_cc[VTIME] : 0;
}

/* Is a read that has TOTAL of LEN bytes done? LAST: a line ended. */
static bool read_done(const struct tty *tty, u32 total, u32 len, bool last)
{
	const struct termios *t = &tty->termios;

	if (last || total == len)
		return true;
	if (t->c_lflag & ICANON)
		return total > 0;
	if (!t->c_cc[VMIN])
		return total || !t->c_cc[VTIME];
	return total >= t->c_cc[VMIN];
}

static long tty_read(struct file *file, char *buf, u32 len, u32 *pos)
{
	struct tty *tty = file->private;
	u32 total = 0;
	bool last;
	long n;
	int err;

	if (!tty_alive(file))
		return 0;
	err = tty_check_job(tty, SIGTTIN);
	if (err)
		return err;
	may_sleep(SLEEP_tty_read);
	while (len && tty_alive(file)) {
		n = take_input(tty, buf + total, len - total, &last);
		if (n < 0)
			return total ? (long)total : n;
		total += n;
		if (read_done(tty, total, len, last))
			break;
		err = wait_input(tty, file, wait_time(tty, total));
		if (err && !total && err != -ETIMEDOUT)
			return err;
		if (err)
			break;
	}
	return total;
}

/* --- writing ------------------------------------------------------------ */

/* Until ^S is over and the device takes a byte; the lock is not held. 0,
 * -EIO (hung up), -EAGAIN or -ERESTARTSYS. */
static int wait_output(struct tty *tty, const struct file *file)
{
	u32 flags = irq_save();
	int err = 0;

	while (!err && !tty_writable(tty) && tty_alive(file)) {
		if (file->flags & O_NONBLOCK)
			err = -EAGAIN;
		else
			err = sleep_on_interruptible(&tty->writers);
	}
	irq_restore(flags);
	return !err && !tty_alive(file) ? -EIO : err;
}

/* The part of a write that fits on the stack and the device takes, which may
 * be none; bytes or -EFAULT. */
static long write_chunk(struct tty *tty, const char *buf, u32 len)
{
	char text[CHUNK];
	u32 n = MIN(len, CHUNK);

	n -= copy_from_user(text, buf, n);
	if (!n)
		return -EFAULT;
	if (tty->stopped)
		return 0;
	if (tty->room)
		n = MIN(n, tty->room(tty) / TTY_GROWTH);
	tty_output(tty, text, n);
	return n;
}

/* As much as goes without waiting, undivided; bytes or -EFAULT. */
static long write_some(struct tty *tty, const char *buf, u32 len)
{
	u32 total = 0;
	long n;

	mutex_lock(&tty->write_lock);
	do {
		n = write_chunk(tty, buf + total, len - total);
		total += MAX(n, 0);
	} while (n > 0 && total < len && !signal_pending());
	mutex_unlock(&tty->write_lock);
	return total ? (long)total : n;
}

static long tty_write(struct file *file, const char *buf, u32 len, u32 *pos)
{
	struct tty *tty = file->private;
	u32 total = 0;
	long n = 0;

	if (!tty_alive(file))
		return -EIO;
	if (tty_lflag(tty, TOSTOP))
		n = tty_check_job(tty, SIGTTOU);
	while (!n && total < len) {
		n = wait_output(tty, file);
		if (!n)
			n = write_some(tty, buf + total, len - total);
		total += MAX(n, 0);
		if (n > 0)
			n = 0;
		if (signal_pending() && total)
			break;
	}
	return total || !len ? (long)total : n;
}

/* --- life --------------------------------------------------------------- */

static const struct file_operations tty_fops = {
	.release = tty_release,
	.read = tty_read,
	.write = tty_write,
	.ioctl = tty_ioctl,
	.poll = tty_poll,
};

static const struct termios default_termios = {
	.c_iflag = ICRNL | IXON,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B38400 | CS8 | CREAD | HUPCL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE |
		   IEXTEN,
	.c_cc = {
		[VINTR] = 'C' ^ 0x40, [VQUIT] = '\\' ^ 0x40,
		[VERASE] = 0x7f, [VKILL] = 'U' ^ 0x40, [VEOF] = 'D' ^ 0x40,
		[VMIN] = 1, [VSTART] = 'Q' ^ 0x40, [VSTOP] = 'S' ^ 0x40,
		[VSUSP] = 'Z' ^ 0x40, [VREPRINT] = 'R' ^ 0x40,
		[VDISCARD] = 'O' ^ 0x40, [VWERASE] = 'W' ^ 0x40,
		[VLNEXT] = 'V' ^ 0x40,
	},
};

void tty_setup(struct tty *tty, u32 dev, u32 cols, u32 rows)
{
	tty->termios = default_termios;
	tty->winsize = (struct winsize){ .ws_row = rows, .ws_col = cols };
	tty->dev = dev;
	wait_queue_init(&tty->readers);
	wait_queue_init(&tty->writers);
	mutex_init(&tty->read_lock, LOCK_TTY, "tty read");
	mutex_init(&tty->write_lock, LOCK_TTY, "tty write");
}

void tty_file_attach(struct tty *tty, struct file *file, bool for_ever)
{
	file->f_op = &tty_fops;
	file->private = tty;
	file->epoch = for_ever ? TTY_FOREVER : tty->hangups;
	tty->users++;
}

int tty_file_open(struct tty *tty, struct file *file)
{
	if (tty->exclusive && tty->users && !capable())
		return -EBUSY;
	tty_file_attach(tty, file, false);
	if (!(file->flags & O_NOCTTY) &&
	    (file->flags & O_ACCMODE) != O_WRONLY)
		tty_acquire(tty);
	return 0;
}
