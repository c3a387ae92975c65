/* SPDX-License-Identifier: MIT */
/*
 * ioctl() on a terminal: modes, window size, how much is waiting.
 * Commands and layouts: <uapi/termios.h>. May sleep in the user copies;
 * what they bring is stored with interrupts off, because tty_receive()
 * looks at it.
 */
#include <drivers/tty.h>
#include <fs/file.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

/* New modes; what was being edited is readable when lines end to count. */
static void apply_termios(struct tty *tty, const struct termios *new)
{
	u32 flags = irq_save();

	tty->termios = *new;
	if (!(new->c_lflag & ICANON) && tty->line_end != tty->head) {
		tty->line_end = tty->head;
		wake_up(&tty->readers);
	}
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

long tty_ioctl(struct file *file, u32 cmd, u32 arg)
{
	struct tty *tty = file->private;
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
	case FIONREAD:
		return readable_bytes(tty, user);
	case TIOCOUTQ:
		return put_user_u32(0, user);
	case TCFLSH:
		return flush(tty, arg);
	case TCSBRK:
		return tty_check_job(tty, SIGTTOU);
	}
	return tty_job_ioctl(tty, cmd, arg);
}
