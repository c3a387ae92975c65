/* SPDX-License-Identifier: MIT */
/*
 * The line editor. The terminal is raw only while a line is typed; all it
 * must understand is carriage return, backspace and printing, so the VGA
 * text screen, a serial line and a window on Linux behave alike.
 *
 *   faultline:/# echo some long te|xt      the part around the cursor (|)
 *   ^prompt      ^left                     that fits into the row is shown
 */
#include "sh.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum verdict {
	EDIT_GO_ON,
	EDIT_DONE,
	EDIT_DROPPED, /* ^C */
	EDIT_CLOSED, /* ^D on an empty line */
};

struct editor {
	const char *prompt;
	struct str line;
	size_t cursor; /* 0 .. line.len */
	size_t left; /* first character shown */
	struct str shown; /* what stands behind the prompt */
	size_t at; /* column behind the prompt the terminal's cursor is in */
	int back; /* history line shown, 0: the new one */
	char *unfinished; /* the new line, while an older one is shown */
};

static struct termios cooked;

static void put(const char *s, size_t n)
{
	while (n) {
		ssize_t done = write(STDERR_FILENO, s, n);

		if (done < 0 && errno != EINTR)
			return;
		if (done > 0) {
			s += done;
			n -= done;
		}
	}
}

static bool set_raw(void)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &cooked) < 0)
		return false;
	raw = cooked;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	return tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

static size_t columns(void)
{
	struct winsize ws;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) < 0 || ws.ws_col < 20)
		return 80;
	return ws.ws_col;
}

/* --- the screen ------------------------------------------------------- */

/* Moves the terminal's cursor to column COL behind the prompt. */
static void move_to(struct editor *e, size_t col)
{
	for (; e->at > col; e->at--)
		put("\b", 1);
	if (e->at < col) {
		put(e->shown.s + e->at, col - e->at);
		e->at = col;
	}
}

/* Shows TEXT behind the prompt; only what differs is written. */
static void show(struct editor *e, const char *text, size_t n)
{
	size_t same = 0, old = e->shown.len;

	while (same < n && same < old && e->shown.s[same] == text[same])
		same++;
	if (same < n || same < old)
		move_to(e, same);
	e->shown.len = 0;
	str_addn(&e->shown, text, n);
	while (e->shown.len < old)
		str_add(&e->shown, ' ');
	move_to(e, same < n || same < old ? e->shown.len : e->at);
	e->shown.len = n;
}

static void redraw(struct editor *e)
{
	size_t width = columns() - strlen(e->prompt) % columns();
	size_t room = width > 9 ? width - 1 : 8, n;

	if (e->cursor < e->left)
		e->left = e->cursor;
	if (e->cursor > e->left + room)
		e->left = e->cursor - room;
	n = e->line.len - e->left;
	if (n > room)
		n = room;
	show(e, e->line.s + e->left, n);
	move_to(e, e->cursor - e->left);
}

static void new_prompt(struct editor *e)
{
	e->shown.len = 0;
	e->at = 0;
	put(e->prompt, strlen(e->prompt));
	redraw(e);
}

static void clear_screen(struct editor *e)
{
	put("\033[H\033[2J", 7);
	new_prompt(e);
}

/* --- changes ---------------------------------------------------------- */

static void insert(struct editor *e, const char *s, size_t n)
{
	struct str *l = &e->line;

	str_addn(l, s, n);
	memmove(l->s + e->cursor + n, l->s + e->cursor, l->len - n - e->cursor);
	memcpy(l->s + e->cursor, s, n);
	e->cursor += n;
}

static void erase(struct editor *e, size_t from, size_t to)
{
	struct str *l = &e->line;

	memmove(l->s + from, l->s + to, l->len - to + 1);
	l->len -= to - from;
	e->cursor = from;
}

static size_t word_start(const struct editor *e)
{
	size_t i = e->cursor;

	while (i > 0 && e->line.s[i - 1] == ' ')
		i--;
	while (i > 0 && e->line.s[i - 1] != ' ')
		i--;
	return i;
}

static void show_history(struct editor *e, int back)
{
	const char *line;

	if (back < 0 || back > history_count())
		return;
	if (e->back == 0) {
		free(e->unfinished);
		e->unfinished = xstrdup(e->line.s);
	}
	e->back = back;
	line = back ? history_get(back) : e->unfinished;
	e->line.len = 0;
	str_adds(&e->line, line);
	e->cursor = e->line.len;
	e->left = 0;
}

static void list_choices(struct editor *e, const struct fields *f)
{
	size_t width = 0, n, at = 0;
	int i;

	for (i = 0; i < f->count; i++)
		if (strlen(f->list[i]) > width)
			width = strlen(f->list[i]);
	put("\r\n", 2);
	for (i = 0; i < f->count; i++) {
		n = strlen(f->list[i]);
		if (at && at + width + 2 > columns()) {
			put("\r\n", 2);
			at = 0;
		}
		put(f->list[i], n);
		for (at += width + 2; n < width + 2; n++)
			put(" ", 1);
	}
	put("\r\n", 2);
	new_prompt(e);
}

static void complete_word(struct editor *e)
{
	struct arena_mark mark = stack_mark();
	struct completion c;
	size_t typed;

	complete(&c, e->line.s, e->cursor);
	typed = e->cursor - c.start;
	if (c.found.count && strlen(c.common) > typed)
		insert(e, c.common + typed, strlen(c.common) - typed);
	else if (c.found.count > 1)
		list_choices(e, &c.found);
	stack_release(mark);
}

static void cursor_key(struct editor *e, int key)
{
	switch (key) {
	case KEY_LEFT:
		e->cursor -= e->cursor > 0;
		break;
	case KEY_RIGHT:
		e->cursor += e->cursor < e->line.len;
		break;
	case KEY_HOME:
		e->cursor = 0;
		break;
	case KEY_END:
		e->cursor = e->line.len;
		break;
	case KEY_UP:
		show_history(e, e->back + 1);
		break;
	case KEY_DOWN:
		show_history(e, e->back - 1);
		break;
	case KEY_DELETE:
		if (e->cursor < e->line.len)
			erase(e, e->cursor, e->cursor + 1);
		break;
	}
}

static void plain_key(struct editor *e, int key)
{
	char c = (char)key;

	switch (key) {
	case 8:
	case 127:
		if (e->cursor > 0)
			erase(e, e->cursor - 1, e->cursor);
		break;
	case CTRL('U'):
		erase(e, 0, e->cursor);
		break;
	case CTRL('K'):
		erase(e, e->cursor, e->line.len);
		break;
	case CTRL('W'):
		erase(e, word_start(e), e->cursor);
		break;
	case CTRL('L'):
		clear_screen(e);
		break;
	case '\t':
		complete_word(e);
		break;
	default:
		if (key >= ' ')
			insert(e, &c, 1);
	}
}

static enum verdict handle_key(struct editor *e, int key)
{
	if (key == '\r' || key == '\n')
		return EDIT_DONE;
	if (key == CTRL('C'))
		return EDIT_DROPPED;
	if (key == KEY_EOF || (key == CTRL('D') && e->line.len == 0))
		return EDIT_CLOSED;
	if (key == CTRL('D'))
		key = KEY_DELETE;
	if (key >= KEY_UP)
		cursor_key(e, key);
	else
		plain_key(e, key);
	redraw(e);
	return EDIT_GO_ON;
}

/* --- a whole line ----------------------------------------------------- */

static char *finish(struct editor *e, enum verdict verdict)
{
	e->cursor = e->line.len;
	redraw(e);
	if (e->left) { /* what was scrolled away is to be read later, too */
		move_to(e, 0);
		put(e->line.s, e->line.len);
	}
	put(verdict == EDIT_DROPPED ? "^C" : "\r\n", 2);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &cooked);
	free(e->unfinished);
	str_free(&e->shown);
	if (verdict == EDIT_DONE)
		return e->line.s;
	if (verdict == EDIT_DROPPED)
		set_interrupt();
	str_free(&e->line);
	return NULL;
}

/* The terminal does the editing, where it cannot be made raw. */
static char *plain_line(const char *prompt)
{
	struct str line = { 0 };
	int c;

	put(prompt, strlen(prompt));
	str_addn(&line, "", 0);
	while ((c = read_byte()) != KEY_EOF && c != '\n')
		str_add(&line, (char)c);
	if (c == KEY_EOF && line.len == 0) {
		str_free(&line);
		return NULL;
	}
	return line.s;
}

char *edit_line(const char *prompt)
{
	struct editor e = { .prompt = prompt };
	enum verdict verdict = EDIT_GO_ON;

	if (!set_raw())
		return plain_line(prompt);
	str_addn(&e.line, "", 0);
	new_prompt(&e);
	while (verdict == EDIT_GO_ON)
		verdict = handle_key(&e, read_key());
	return finish(&e, verdict);
}
