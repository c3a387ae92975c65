/* SPDX-License-Identifier: MIT */
/*
 * The line discipline on the way in: what becomes of a byte that was typed.
 *
 *   byte -> CR/NL mapping -> ^S ^Q -> ^C ^\ ^Z ? -> canonical: editing ->
 *                                      signal        else  ---------->  ring
 *
 * Canonical mode gives readers whole lines; until the newline a line can be
 * edited (tty_edit.c). Otherwise every byte is readable at once. Echo
 * goes out at once, from the interrupt, also while ^S holds up the writers.
 *
 * The ring and its invariants: drivers/tty/tty.h. Context: interrupts off.
 */
#include <drivers/tty/tty.h>
#include <fs/poll.h>
#include <x86/cpu.h>

void tty_wake_readers(struct tty *tty)
{
	wake_up(&tty->readers);
	poll_notify();
}

/* One place stays free for the newline that ends an endless line. */
static bool store(struct tty *tty, u16 entry)
{
	u32 room = TTY_INPUT - (tty->head - tty->tail);
	u32 need = tty_lflag(tty, ICANON) && !(entry & TTY_EOL) ? 2 : 1;

	if (room < need) {
		if (tty->termios.c_iflag & IMAXBEL)
			tty_output(tty, "\a", 1);
		return false;
	}
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
	tty_wake_readers(tty);
}

static void input_char(struct tty *tty, u8 c)
{
	if (!store(tty, c))
		return;
	tty_echo(tty, c);
	if (tty_lflag(tty, ICANON))
		return;
	tty->line_end = tty->head;
	tty_wake_readers(tty);
}

static void input_canonical(struct tty *tty, u8 c)
{
	if (tty_edit(tty, c))
		return;
	if (c == '\n') {
		if (tty_lflag(tty, ECHO | ECHONL))
			tty_echo_raw(tty, c);
		end_line(tty, c);
	} else if (tty_is_cc(tty, VEOF, c)) {
		end_line(tty, TTY_EOF);
	} else if (tty_is_cc(tty, VEOL, c) ||
		   (tty_is_cc(tty, VEOL2, c) && tty_lflag(tty, IEXTEN))) {
		tty_echo(tty, c);
		end_line(tty, c);
	} else {
		input_char(tty, c);
	}
}

/* The signal that C stands for, or 0. */
static s32 signal_of(const struct tty *tty, u8 c)
{
	if (!tty_lflag(tty, ISIG))
		return 0;
	if (tty_is_cc(tty, VINTR, c))
		return SIGINT;
	if (tty_is_cc(tty, VQUIT, c))
		return SIGQUIT;
	return tty_is_cc(tty, VSUSP, c) ? SIGTSTP : 0;
}

static void input_signal(struct tty *tty, u8 c, s32 signo)
{
	if (!tty_lflag(tty, NOFLSH))
		tty_flush_input(tty);
	if (tty->termios.c_iflag & IXON)
		tty_stop(tty, false);
	tty_echo(tty, c);
	if (tty->pgrp)
		send_sig_pgrp(signo, tty->pgrp);
}

/* ^S, ^Q, and with IXANY whatever comes after ^S; true: C is used up. */
static bool flow_control(struct tty *tty, u8 c)
{
	u32 iflag = tty->termios.c_iflag;

	if (!(iflag & IXON))
		return false;
	if (tty_is_cc(tty, VSTART, c)) {
		tty_stop(tty, false);
		return true;
	}
	if (tty_is_cc(tty, VSTOP, c)) {
		tty_stop(tty, true);
		return true;
	}
	if (tty->stopped && (iflag & IXANY))
		tty_stop(tty, false);
	return false;
}

void tty_flush_input(struct tty *tty)
{
	u32 flags = irq_save();

	tty->tail = tty->line_end = tty->head;
	tty->literal = false;
	tty_input_taken(tty);
	irq_restore(flags);
}

bool tty_readable(const struct tty *tty)
{
	return tty->line_end != tty->tail;
}

/* The newline that Enter, which sends a carriage return, stands for: outside
 * canonical mode it is echoed as one, while one that was typed is ^J. */
static void input_enter(struct tty *tty)
{
	if (tty_lflag(tty, ICANON)) {
		input_canonical(tty, '\n');
		return;
	}
	if (!store(tty, '\n'))
		return;
	if (tty_lflag(tty, ECHO))
		tty_echo_raw(tty, '\n');
	tty->line_end = tty->head;
	tty_wake_readers(tty);
}

/* C, with the meaning that the modes give it. */
static void input_special(struct tty *tty, u8 c)
{
	s32 signo = signal_of(tty, c);

	if (signo)
		input_signal(tty, c, signo);
	else if (tty_lflag(tty, ICANON))
		input_canonical(tty, c);
	else
		input_char(tty, c);
}

void tty_input_byte(struct tty *tty, u8 c)
{
	u32 iflag = tty->termios.c_iflag;

	if (iflag & ISTRIP)
		c &= 0x7f;
	if (iflag & IUCLC && tty_lflag(tty, IEXTEN) && c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	if (tty->literal) {
		tty->literal = false;
		return input_char(tty, c);
	}
	if (flow_control(tty, c))
		return;
	if (c == '\r' && iflag & IGNCR)
		return;
	if (c == '\r' && iflag & ICRNL)
		return input_enter(tty);
	input_special(tty, c == '\n' && iflag & INLCR ? '\r' : c);
}
