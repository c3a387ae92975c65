/* SPDX-License-Identifier: MIT */
/*
 * Terminals as files, and the terminals there are: one, the console, whose
 * output goes to COM1 and the screen and whose input comes from COM1 and the
 * keyboard. More are more entries of ttys[].
 *
 *   /dev/console, /dev/tty0    terminal 0
 *   /dev/tty                   the controlling terminal of who opens it
 *
 * A read without ICANON returns, with MIN = c_cc[VMIN], TIME = c_cc[VTIME]:
 *
 *   MIN > 0, TIME = 0   when MIN bytes are there
 *   MIN > 0, TIME > 0   the same, or TIME after the last byte
 *   MIN = 0, TIME = 0   at once
 *   MIN = 0, TIME > 0   with the first byte, or after TIME (tenths of 1 s)
 *
 * Structure and locks: drivers/tty.h.
 */
#include <drivers/drivers.h>
#include <drivers/tty.h>
#include <fs/file.h>
#include <fs/poll.h>
#include <kernel/usercopy.h>
#include <uapi/errno.h>
#include <uapi/stat.h>
#include <x86/cpu.h>

#define NR_TTYS 1u
#define CHUNK 128u /* bytes on the stack between user and terminal */
#define TICKS_PER_TENTH (HZ / 10)

static struct tty ttys[NR_TTYS];

static const struct termios default_termios = {
	.c_iflag = ICRNL | IUTF8,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B115200 | CS8 | CREAD | HUPCL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE |
		   IEXTEN,
	.c_cc = {
		[VINTR] = 'C' ^ 0x40, [VQUIT] = '\\' ^ 0x40,
		[VERASE] = 0x7f, [VKILL] = 'U' ^ 0x40, [VEOF] = 'D' ^ 0x40,
		[VMIN] = 1, [VSUSP] = 'Z' ^ 0x40, [VWERASE] = 'W' ^ 0x40,
		[VLNEXT] = 'V' ^ 0x40,
	},
};

static void console_output(const char *text, u32 len)
{
	serial_write(0, text, len);
	vga_write(text, len);
}

static int console_open(struct inode *inode, struct file *file)
{
	file->private = &ttys[0];
	return 0;
}

static int ctty_open(struct inode *inode, struct file *file)
{
	if (!current->tty)
		return -ENXIO;
	file->private = current->tty;
	return 0;
}

static u32 tty_poll(struct file *file)
{
	u32 ready = POLLOUT | POLLWRNORM;

	if (tty_readable(file->private))
		ready |= POLLIN | POLLRDNORM;
	return ready;
}

/* Sleeps until there is input; TENTHS > 0: at most so long. 0, -EAGAIN,
 * -ETIMEDOUT or -ERESTARTSYS. */
static int wait_input(struct tty *tty, const struct file *file, u32 tenths)
{
	u32 left = tenths * TICKS_PER_TENTH;
	u32 flags = irq_save();
	int err = 0;

	while (!err && !tty_readable(tty)) {
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
 * Bytes moved or -EFAULT; *LAST as for peek(). Holds read_lock. */
static long take(struct tty *tty, char *buf, u32 len, bool *last)
{
	char text[CHUNK];
	u32 total = 0, n, end;

	do {
		n = peek(tty, text, MIN(len - total, CHUNK), &end, last);
		if (copy_to_user(buf + total, text, n))
			return total ? (long)total : -EFAULT;
		if (end - tty->tail <= tty->head - tty->tail)
			tty->tail = end;
		total += n;
	} while (n && !*last && total < len);
	return total;
}

/* One round of a read: what is there, up to LEN. */
static long take_locked(struct tty *tty, char *buf, u32 len, bool *last)
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
	int err = tty_check_job(tty, SIGTTIN);

	if (err)
		return err;
	may_sleep();
	while (len) {
		n = take_locked(tty, buf + total, len - total, &last);
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

/* The part of a write that fits on the stack; bytes or -EFAULT. */
static long write_chunk(struct tty *tty, const char *buf, u32 len)
{
	char text[CHUNK];
	u32 n = MIN(len, CHUNK);

	n -= copy_from_user(text, buf, n);
	tty_output(tty, text, n);
	return n ? (long)n : -EFAULT;
}

static long tty_write(struct file *file, const char *buf, u32 len, u32 *pos)
{
	struct tty *tty = file->private;
	u32 total = 0;
	long n = 0;

	if (tty->termios.c_lflag & TOSTOP)
		n = tty_check_job(tty, SIGTTOU);
	if (n)
		return n;
	mutex_lock(&tty->write_lock);
	while (total < len && n >= 0) {
		n = write_chunk(tty, buf + total, len - total);
		total += MAX(n, 0);
		if (signal_pending())
			break;
	}
	mutex_unlock(&tty->write_lock);
	return total || !len ? (long)total : n;
}

static const struct file_operations console_fops = {
	.open = console_open,
	.read = tty_read,
	.write = tty_write,
	.ioctl = tty_ioctl,
	.poll = tty_poll,
};

static const struct file_operations ctty_fops = {
	.open = ctty_open,
	.read = tty_read,
	.write = tty_write,
	.ioctl = tty_ioctl,
	.poll = tty_poll,
};

void tty_init(void)
{
	struct tty *tty = &ttys[0];

	tty->termios = default_termios;
	tty->winsize = (struct winsize){ .ws_row = 25, .ws_col = 80 };
	tty->output = console_output;
	wait_queue_init(&tty->readers);
	mutex_init(&tty->read_lock, LOCK_TTY, "tty read");
	mutex_init(&tty->write_lock, LOCK_TTY, "tty write");
	devfs_register("console", 0600, makedev(5, 1),
		       &console_fops);
	devfs_register("tty0", 0620, makedev(4, 0), &console_fops);
	devfs_register("tty", 0666, makedev(5, 0), &ctty_fops);
}

void tty_receive(u32 tty, char c)
{
	tty_input_byte(&ttys[tty], c);
}
