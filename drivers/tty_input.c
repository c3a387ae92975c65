/* SPDX-License-Identifier: MIT */
/*
 * The line discipline: what becomes of a byte that was typed, and of one
 * that is shown.
 *
 *   byte -> CR/NL mapping -> ^C ^\ ^Z ? -> canonical editing ? -> ring
 *                              signal        ^H ^U ^W ^D ^V
 *
 * Canonical mode gives readers whole lines; until the newline a line can be
 * edited. Otherwise every byte is readable at once. Echo goes out at once,
 * from the interrupt.
 *
 * The ring and its invariants: drivers/tty.h. Context: interrupts off.
 */
#include <drivers/drivers.h>
#include <drivers/tty.h>
#include <fs/poll.h>
#include <lib/string.h>
#include <x86/cpu.h>

#define DEL 0x7f
#define TAB_STOP 8u
#define OUT_CHUNK 96u

static bool lflag(const struct tty *tty, u32 bit)
{
	return tty->termios.c_lflag & bit;
}

/* Is C the control character INDEX? Value 0 switches one off. */
static bool is_cc(const struct tty *tty, u32 index, u8 c)
{
	return c && tty->termios.c_cc[index] == c;
}

static bool utf8_continues(const struct tty *tty, u8 c)
{
	return (tty->termios.c_iflag & IUTF8) && (c & 0xC0) == 0x80;
}

/* Columns that C, echoed at COLUMN, takes. */
static u32 echo_width(const struct tty *tty, u8 c, u32 column)
{
	if (c == '\t')
		return TAB_STOP - column % TAB_STOP;
	if (c < ' ' || c == DEL)
		return lflag(tty, ECHOCTL) ? 2 : 0;
	return utf8_continues(tty, c) ? 0 : 1;
}

static void track_column(struct tty *tty, u8 c)
{
	if (c == '\n' || c == '\r')
		tty->column = 0;
	else if (c == '\b')
		tty->column -= tty->column > 0;
	else if (c == '\t')
		tty->column += TAB_STOP - tty->column % TAB_STOP;
	else if (c >= ' ' && !utf8_continues(tty, c))
		tty->column++;
}

void tty_output(struct tty *tty, const char *text, u32 len)
{
	u32 want = OPOST | ONLCR;
	bool crnl = (tty->termios.c_oflag & want) == want;
	char out[OUT_CHUNK];
	u32 n = 0, i;

	for (i = 0; i < len; i++) {
		if (text[i] == '\n' && crnl)
			out[n++] = '\r';
		out[n++] = text[i];
		track_column(tty, text[i]);
		if (n < OUT_CHUNK - 1)
			continue;
		tty->output(out, n);
		n = 0;
	}
	if (n)
		tty->output(out, n);
}

static void echo(struct tty *tty, u8 c)
{
	char text[2] = { '^', c ^ 0x40 };

	if (!lflag(tty, ECHO) && !(c == '\n' && lflag(tty, ECHONL)))
		return;
	if ((c < ' ' && c != '\n' && c != '\t') || c == DEL) {
		if (lflag(tty, ECHOCTL))
			tty_output(tty, text, 2);
		return;
	}
	text[0] = c;
	tty_output(tty, text, 1);
}

static void rub_out(struct tty *tty, u32 columns)
{
	while (columns--)
		tty_output(tty, "\b \b", 3);
}

/* Column before entry END of the line being edited. */
static u32 edit_column(const struct tty *tty, u32 end)
{
	u32 column = tty->line_column, i;

	for (i = tty->line_end; i != end; i++)
		column += echo_width(tty, tty->input[i % TTY_INPUT], column);
	return column;
}

static u8 last_byte(const struct tty *tty)
{
	return tty->input[(tty->head - 1) % TTY_INPUT];
}

/* Takes the last character of the line being edited back. */
static void erase_char(struct tty *tty)
{
	u32 columns;
	u8 c;

	do {
		c = last_byte(tty);
		tty->head--;
	} while (tty->head != tty->line_end && utf8_continues(tty, c));
	if (!lflag(tty, ECHO))
		return;
	columns = echo_width(tty, c, edit_column(tty, tty->head));
	if (lflag(tty, ECHOE))
		rub_out(tty, columns);
	else
		echo(tty, tty->termios.c_cc[VERASE]);
}

static void erase_word(struct tty *tty)
{
	while (tty->head != tty->line_end && strchr(" \t", last_byte(tty)))
		erase_char(tty);
	while (tty->head != tty->line_end && !strchr(" \t", last_byte(tty)))
		erase_char(tty);
}

static void erase_line(struct tty *tty)
{
	if (lflag(tty, ECHOKE)) {
		while (tty->head != tty->line_end)
			erase_char(tty);
		return;
	}
	tty->head = tty->line_end;
	echo(tty, tty->termios.c_cc[VKILL]);
	if (lflag(tty, ECHOK))
		echo(tty, '\n');
	tty->line_column = tty->column;
}

/* Editing keys of canonical mode; true: C was one. */
static bool edit(struct tty *tty, u8 c)
{
	bool empty = tty->head == tty->line_end;

	if (is_cc(tty, VERASE, c) || c == '\b' || c == DEL) {
		if (!empty)
			erase_char(tty);
	} else if (is_cc(tty, VKILL, c)) {
		erase_line(tty);
	} else if (is_cc(tty, VWERASE, c) && lflag(tty, IEXTEN)) {
		erase_word(tty);
	} else if (is_cc(tty, VLNEXT, c) && lflag(tty, IEXTEN)) {
		tty->literal = true;
	} else {
		return false;
	}
	return true;
}

static void wake_readers(struct tty *tty)
{
	wake_up(&tty->readers);
	poll_notify();
}

/* One place stays free for the newline that ends an endless line. */
static bool store(struct tty *tty, u16 entry)
{
	u32 room = TTY_INPUT - (tty->head - tty->tail);
	u32 need = lflag(tty, ICANON) && !(entry & TTY_EOL) ? 2 : 1;

	if (room < need)
		return false;
	if (tty->head == tty->line_end)
		tty->line_column = tty->column;
	tty->input[tty->head++ % TTY_INPUT] = entry;
	return true;
}

static void end_line(struct tty *tty, u16 entry)
{
	if (!store(tty, entry | TTY_EOL))
		return;
	tty->line_end = tty->head;
	wake_readers(tty);
}

static void input_char(struct tty *tty, u8 c)
{
	if (!store(tty, c))
		return;
	echo(tty, c);
	if (lflag(tty, ICANON))
		return;
	tty->line_end = tty->head;
	wake_readers(tty);
}

static void input_canonical(struct tty *tty, u8 c)
{
	if (edit(tty, c))
		return;
	if (is_cc(tty, VEOF, c)) {
		end_line(tty, TTY_EOF);
	} else if (c == '\n' || is_cc(tty, VEOL, c) || is_cc(tty, VEOL2, c)) {
		echo(tty, c);
		end_line(tty, c);
	} else {
		input_char(tty, c);
	}
}

/* The signal that C stands for, or 0. */
static s32 signal_of(const struct tty *tty, u8 c)
{
	if (!lflag(tty, ISIG))
		return 0;
	if (is_cc(tty, VINTR, c))
		return SIGINT;
	if (is_cc(tty, VQUIT, c))
		return SIGQUIT;
	return is_cc(tty, VSUSP, c) ? SIGTSTP : 0;
}

static void input_signal(struct tty *tty, u8 c, s32 signo)
{
	if (!lflag(tty, NOFLSH))
		tty_flush_input(tty);
	echo(tty, c);
	if (tty->pgrp)
		send_sig_pgrp(signo, tty->pgrp);
}

void tty_flush_input(struct tty *tty)
{
	u32 flags = irq_save();

	tty->tail = tty->line_end = tty->head;
	tty->literal = false;
	irq_restore(flags);
}

bool tty_readable(const struct tty *tty)
{
	return tty->line_end != tty->tail;
}

void tty_input_byte(struct tty *tty, u8 c)
{
	u32 iflag = tty->termios.c_iflag;
	s32 signo;

	if (iflag & ISTRIP)
		c &= 0x7f;
	if (tty->literal) {
		tty->literal = false;
		return input_char(tty, c);
	}
	if (c == '\r' && iflag & IGNCR)
		return;
	if (c == '\r' && iflag & ICRNL)
		c = '\n';
	else if (c == '\n' && iflag & INLCR)
		c = '\r';
	signo = signal_of(tty, c);
	if (signo)
		input_signal(tty, c, signo);
	else if (lflag(tty, ICANON))
		input_canonical(tty, c);
	else
		input_char(tty, c);
}
