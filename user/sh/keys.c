/* SPDX-License-Identifier: MIT */
/* Bytes from the terminal to keys. */
#include "sh.h"

#include <ctype.h>
#include <errno.h>
#include <unistd.h>

int read_byte(void)
{
	unsigned char c;
	ssize_t n;

	do
		n = read(STDIN_FILENO, &c, 1);
	while (n < 0 && errno == EINTR);
	return n == 1 ? c : KEY_EOF;
}

/* ESC [ 3 ~ and its like: the number is FIRST and what follows. */
static int read_numbered(int first)
{
	int n = first - '0', c = read_byte();

	while (isdigit(c)) {
		n = n * 10 + c - '0';
		c = read_byte();
	}
	if (c == ';') {
		while (isdigit(c = read_byte()))
			;
		return KEY_NONE;
	}
	switch (n) {
	case 1:
	case 7:
		return KEY_HOME;
	case 4:
	case 8:
		return KEY_END;
	case 3:
		return KEY_DELETE;
	}
	return KEY_NONE;
}

static int read_escape(void)
{
	int c = read_byte();

	if (c != '[' && c != 'O')
		return c == KEY_EOF ? KEY_EOF : KEY_NONE;
	c = read_byte();
	switch (c) {
	case 'A':
		return KEY_UP;
	case 'B':
		return KEY_DOWN;
	case 'C':
		return KEY_RIGHT;
	case 'D':
		return KEY_LEFT;
	case 'H':
		return KEY_HOME;
	case 'F':
		return KEY_END;
	}
	return isdigit(c) ? read_numbered(c) : KEY_NONE;
}

int read_key(void)
{
	int c = read_byte();

	switch (c) {
	case 27:
		return read_escape();
	case CTRL('A'):
		return KEY_HOME;
	case CTRL('E'):
		return KEY_END;
	case CTRL('B'):
		return KEY_LEFT;
	case CTRL('F'):
		return KEY_RIGHT;
	case CTRL('P'):
		return KEY_UP;
	case CTRL('N'):
		return KEY_DOWN;
	}
	return c;
}
