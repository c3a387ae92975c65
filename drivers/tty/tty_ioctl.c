/* SPDX-License-Identifier: MIT */
/*
 * ioctl() on a terminal: modes, window size, how much is waiting.
 * Commands and layouts: <uapi/termios.h>. May sleep in the user copies;
 * what they bring is stored with interrupts off, because tty_receive()
 * looks at it.
 */
#include <drivers/tty/tty.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

/* New modes. When lines end to count, what was being edited is readable;
 * when they begin to, what is there is a line. */
static void apply_termios(struct tty *tty, const struct termios *new)
{
	u32 flags = irq_save();
	bool toggled = (tty->termios.c_lflag ^ new->c_lflag) & ICANON;

	tty->termios = *new;
	if (toggled && tty->head != tty->tail) {
		if (new->c_lflag & ICANON)
			tty->input[(tty->head - 1) % TTY_INPUT] |= TTY_EOL;
		tty->line_end = tty->head;
	}
	if (!(new->c_iflag & IXON) && tty->stopped)
		tty_stop(tty, false);
	tty_wake_readers(tty);
	irq_restore(flags);
}

static long set_termios(struct tty *tty, u32 cmd, const void *arg)
{
	struct termios new;
	int err;

	if (copy_from_user(&new, arg, sizeof(new)))
		return -EFAULT;
	err = tty_check_job(tty, SIGTTOU);
	if (err)
		return err;
	if (cmd == TCSETSF)
		tty_flush_input(tty);
	apply_termios(tty, &new);
	return 0;
}

static long get_termios(struct tty *tty, void *arg)
{
	struct termios now = tty->termios;

	return copy_to_user(arg, &now, sizeof(now)) ? -EFAULT : 0;
}

static long get_winsize(struct tty *tty, void *arg)
{
	struct winsize now = tty->winsize;

	return copy_to_user(arg, &now, sizeof(now)) ? -EFAULT : 0;
}

static long set_winsize(struct tty *tty, const void *arg)
{
	struct winsize new;

	if (copy_from_user(&new, arg, sizeof(new)))
		return -EFAULT;
	if (memcmp(&new, &tty->winsize, sizeof(new)) == 0)
		return 0;
	tty->winsize = new;
	if (tty->pgrp)
		send_sig_pgrp(SIGWINCH, tty->pgrp);
	return 0;
}

/* Bytes a read could return; the marks of ^D are none. */
static long readable_bytes(struct tty *tty, void *arg)
{
	u32 flags = irq_save();
	u32 n = 0, i;

	for (i = tty->tail; i != tty->line_end; i++)
		n += !(tty->input[i % TTY_INPUT] & TTY_EOF);
	irq_restore(flags);
	return put_user_u32(n, arg);
}

static long flush(struct tty *tty, u32 what)
{
	int err = tty_check_job(tty, SIGTTOU);

	if (err)
		return err;
	if (what > TCIOFLUSH)
		return -EINVAL;
	if (what != TCOFLUSH)
		tty_flush_input(tty);
	return 0;
}

/* tcflow(): holds up output, or asks the other side to hold up its own. */
static long flow(struct tty *tty, u32 what)
{
	char c;
	int err = tty_check_job(tty, SIGTTOU);

	if (err)
		return err;
	if (what > TCION)
		return -EINVAL;
	if (what <= TCOON) {
		tty_stop(tty, what == TCOOFF);
		return 0;
	}
	c = tty->termios.c_cc[what == TCIOFF ? VSTOP : VSTART];
	if (c)
		tty->output(tty, &c, 1);
	return 0;
}

static long hang_up(struct tty *tty)
{
	if (!capable())
		return -EPERM;
	tty_hang_up(tty);
	return 0;
}

long tty_mode_ioctl(struct tty *tty, u32 cmd, u32 arg)
{
	void *user = (void *)arg;

	switch (cmd) {
	case TCGETS:
		return get_termios(tty, user);
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_termios(tty, cmd, user);
	case TIOCGWINSZ:
		return get_winsize(tty, user);
	case TIOCSWINSZ:
		return set_winsize(tty, user);
	}
	return -ENOTTY;
}

long tty_ioctl(struct file *file, u32 cmd, u32 arg)
{
	struct tty *tty = file->private;
	void *user = (void *)arg;
	long res;

	if (!tty_alive(file))
		return cmd == TIOCSPGRP ? -ENOTTY : -EIO;
	switch (cmd) {
	case FIONREAD:
		return readable_bytes(tty, user);
	case TIOCOUTQ:
		return put_user_u32(0, user);
	case TCFLSH:
		return flush(tty, arg);
	case TCXONC:
		return flow(tty, arg);
	case TCSBRK: /* output has gone out already; a break is not sent */
	case TCSBRKP:
		return tty_check_job(tty, SIGTTOU);
	case TIOCEXCL:
	case TIOCNXCL:
		tty->exclusive = cmd == TIOCEXCL;
		return 0;
	case TIOCGDEV:
		return put_user_u32(tty->dev, user);
	case TIOCVHANGUP:
		return hang_up(tty);
	}
	res = tty_mode_ioctl(tty, cmd, arg);
	return res == -ENOTTY ? tty_job_ioctl(tty, cmd, arg) : res;
}
