/* SPDX-License-Identifier: MIT */
/*
 * The line discipline on the way out: what becomes of a byte that is written
 * or echoed, and the column the cursor is in.
 *
 *   byte -> OPOST: \n -> \r\n, \r, tabs, case -> tty->output
 *
 * Context: any.
 */
#include <drivers/tty/tty.h>
#include <fs/poll.h>

#define DEL 0x7f
#define TAB_STOP 8u
#define OUT_CHUNK 96u

static bool is_control(u8 c)
{
	return c < ' ' || c == DEL;
}

u32 tty_echo_width(const struct tty *tty, u8 c, u32 column)
{
	if (c == '\t')
		return TAB_STOP - column % TAB_STOP;
	if (is_control(c))
		return tty_lflag(tty, ECHOCTL) ? 2 : 0;
	return tty_utf8_continues(tty, c) ? 0 : 1;
}

/* A tab as blanks. Bytes put at OUT. */
static u32 put_tab(struct tty *tty, char *out)
{
	u32 n = TAB_STOP - tty->column % TAB_STOP, i;

	tty->column += n;
	if ((tty->termios.c_oflag & TABDLY) != XTABS) {
		out[0] = '\t';
		return 1;
	}
	for (i = 0; i < n; i++)
		out[i] = ' ';
	return n;
}

static u32 put_newline(struct tty *tty, char *out)
{
	u32 oflag = tty->termios.c_oflag, n = 0;

	if (oflag & (ONLRET | ONLCR))
		tty->column = 0;
	if (oflag & ONLCR)
		out[n++] = '\r';
	out[n++] = '\n';
	return n;
}

static u32 put_return(struct tty *tty, char *out)
{
	u32 oflag = tty->termios.c_oflag;

	if (oflag & ONOCR && tty->column == 0)
		return 0;
	out[0] = '\r';
	if (oflag & OCRNL)
		out[0] = '\n';
	if (!(oflag & OCRNL) || oflag & ONLRET)
		tty->column = 0;
	return 1;
}

/* C after OPOST processing at OUT, up to TTY_GROWTH bytes; how many. */
static u32 process(struct tty *tty, u8 c, char *out)
{
	switch (c) {
	case '\n':
		return put_newline(tty, out);
	case '\r':
		return put_return(tty, out);
	case '\t':
		return put_tab(tty, out);
	case '\b':
		tty->column -= tty->column > 0;
		break;
	default:
		if (tty->termios.c_oflag & OLCUC && c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		if (!is_control(c) && !tty_utf8_continues(tty, c))
			tty->column++;
	}
	out[0] = c;
	return 1;
}

void tty_output(struct tty *tty, const char *text, u32 len)
{
	char out[OUT_CHUNK];
	u32 n = 0, i;

	if (!(tty->termios.c_oflag & OPOST)) {
		tty->output(tty, text, len);
		return;
	}
	for (i = 0; i < len; i++) {
		n += process(tty, text[i], out + n);
		if (n <= OUT_CHUNK - TTY_GROWTH)
			continue;
		tty->output(tty, out, n);
		n = 0;
	}
	if (n)
		tty->output(tty, out, n);
}

void tty_echo_raw(struct tty *tty, u8 c)
{
	char text = c;

	tty_output(tty, &text, 1);
}

void tty_echo(struct tty *tty, u8 c)
{
	char text[2] = { '^', c ^ 0x40 };

	if (!tty_lflag(tty, ECHO))
		return;
	if (is_control(c) && c != '\t' && tty_lflag(tty, ECHOCTL))
		tty_output(tty, text, 2);
	else
		tty_echo_raw(tty, c);
}

bool tty_writable(const struct tty *tty)
{
	return !tty->stopped && (!tty->room || tty->room(tty) >= TTY_GROWTH);
}

void tty_stop(struct tty *tty, bool stop)
{
	tty->stopped = stop;
	if (stop)
		return;
	wake_up(&tty->writers);
	poll_notify();
}
