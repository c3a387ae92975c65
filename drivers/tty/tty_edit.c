/* SPDX-License-Identifier: MIT */
/*
 * Editing the line that is being typed, in canonical mode:
 *
 *   VERASE ^?   the last character      VKILL    ^U  all of it
 *   VWERASE ^W  the last word           VREPRINT ^R  show it again
 *   VLNEXT ^V   the next byte has no meaning
 *
 * What is taken back on the screen depends on where the cursor was: a tab
 * and a control character took several columns. The ring: drivers/tty/tty.h.
 * Context: interrupts off.
 */
#include <drivers/tty/tty.h>

/* Takes COLUMNS on the screen back that C took: a tab left them blank. */
static void rub_out(struct tty *tty, u8 c, u32 columns)
{
	while (columns--)
		tty_output(tty, "\b \b", c == '\t' ? 1 : 3);
}

/* Column before entry END of the line being edited. */
static u32 edit_column(const struct tty *tty, u32 end)
{
	u32 column = tty->line_column, i;

	for (i = tty->line_end; i != end; i++)
		column += tty_echo_width(tty, tty->input[i % TTY_INPUT],
					 column);
	return column;
}

static u8 last_byte(const struct tty *tty)
{
	return tty->input[(tty->head - 1) % TTY_INPUT];
}

static bool has_line(const struct tty *tty)
{
	return tty->head != tty->line_end;
}

/* Takes the last character of the line being edited back. */
static void erase_char(struct tty *tty)
{
	u32 columns;
	u8 c;

	do {
		c = last_byte(tty);
		tty->head--;
	} while (has_line(tty) && tty_utf8_continues(tty, c));
	if (!tty_lflag(tty, ECHO))
		return;
	columns = tty_echo_width(tty, c, edit_column(tty, tty->head));
	if (tty_lflag(tty, ECHOE))
		rub_out(tty, c, columns);
	else
		tty_echo(tty, tty->termios.c_cc[VERASE]);
}

static bool is_word(u8 c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '_';
}

static void erase_word(struct tty *tty)
{
	while (has_line(tty) && !is_word(last_byte(tty)))
		erase_char(tty);
	while (has_line(tty) && is_word(last_byte(tty)))
		erase_char(tty);
}

static void erase_line(struct tty *tty)
{
	u32 all = ECHO | ECHOE | ECHOK | ECHOKE;

	if ((tty->termios.c_lflag & all) == all) {
		while (has_line(tty))
			erase_char(tty);
		return;
	}
	tty->head = tty->line_end;
	if (!tty_lflag(tty, ECHO))
		return;
	tty_echo(tty, tty->termios.c_cc[VKILL]);
	if (tty_lflag(tty, ECHOK))
		tty_echo_raw(tty, '\n');
}

static void show_again(struct tty *tty, u8 c)
{
	u32 i;

	tty_echo(tty, c);
	tty_echo_raw(tty, '\n');
	tty->line_column = tty->column;
	for (i = tty->line_end; i != tty->head; i++)
		tty_echo(tty, tty->input[i % TTY_INPUT]);
}

static void quote_next(struct tty *tty)
{
	tty->literal = true;
	if (tty_lflag(tty, ECHO) && tty_lflag(tty, ECHOCTL))
		tty_output(tty, "^\b", 2);
}

bool tty_edit(struct tty *tty, u8 c)
{
	bool extended = tty_lflag(tty, IEXTEN);

	if (tty_is_cc(tty, VERASE, c)) {
		if (has_line(tty))
			erase_char(tty);
	} else if (tty_is_cc(tty, VKILL, c)) {
		erase_line(tty);
	} else if (tty_is_cc(tty, VWERASE, c) && extended) {
		erase_word(tty);
	} else if (tty_is_cc(tty, VLNEXT, c) && extended) {
		quote_next(tty);
	} else if (tty_is_cc(tty, VREPRINT, c) && extended &&
		   tty_lflag(tty, ECHO)) {
		show_again(tty, c);
	} else {
		return false;
	}
	return true;
}
