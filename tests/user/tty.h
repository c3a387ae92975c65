/* SPDX-License-Identifier: MIT */
/*
 * A terminal whose other side is the test: a pseudo terminal.
 *
 * On Linux what is typed is cooked a moment later, so a test waits for what
 * it is going to look at. What is looked at decides how long it waits, never
 * what it prints.
 */
#ifndef TESTS_USER_TTY_H
#define TESTS_USER_TTY_H

#include "t.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>

#define PATIENCE 3000 /* milliseconds */

static int master, slave; /* /dev/ptmx and /dev/pts/N */
static char slave_name[64];

/* A new one, with the modes a terminal begins with. */
UNUSED static void tty_open(void)
{
	master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0 || grantpt(master) || unlockpt(master)) {
		say("no pseudo terminal: %s", err_name(errno));
		_exit(97);
	}
	snprintf(slave_name, sizeof(slave_name), "%s", ptsname(master));
	slave = open(slave_name, O_RDWR | O_NOCTTY);
	if (slave < 0)
		say("%s: %s", slave_name, err_name(errno));
}

UNUSED static void tty_close(void)
{
	close(slave);
	close(master);
}

/* Bytes as a C string would write them. */
UNUSED static const char *quoted(const char *s, ssize_t n)
{
	static char text[2][600];
	static int turn;
	char *t = text[turn ^= 1], *p = t;

	for (; n > 0 && p < t + 590; n--, s++) {
		unsigned char c = *s;

		if (c == '\\' || c == '"')
			p += sprintf(p, "\\%c", c);
		else if (c == '\n')
			p += sprintf(p, "\\n");
		else if (c == '\r')
			p += sprintf(p, "\\r");
		else if (c == '\b')
			p += sprintf(p, "\\b");
		else if (c == '\t')
			p += sprintf(p, "\\t");
		else if (c < ' ' || c > 126)
			p += sprintf(p, "\\%03o", c);
		else
			*p++ = c;
	}
	*p = 0;
	return t;
}

UNUSED static bool ready(int fd, short events, int ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, ms) == 1 && (p.revents & events);
}

UNUSED static void type(const char *text)
{
	if (write(master, text, strlen(text)) != (ssize_t)strlen(text))
		say("cannot type: %s", err_name(errno));
}

/* What the terminal shows: waits for as many bytes as WANT has. */
UNUSED static void shows(const char *what, const char *want)
{
	char text[512];
	size_t n = 0, len = strlen(want);
	ssize_t got;

	while (n < sizeof(text) &&
	       ready(master, POLLIN, n < len ? PATIENCE : 0)) {
		got = read(master, text + n, sizeof(text) - n);
		if (got <= 0)
			break;
		n += got;
	}
	say("%s shows \"%s\"", what, quoted(text, n));
}

/* What a read of up to LEN bytes from the terminal returns. */
UNUSED static void reads(const char *what, size_t len)
{
	char text[512];
	ssize_t n;

	if (!ready(slave, POLLIN, PATIENCE)) {
		say("%s: nothing to read", what);
		return;
	}
	n = read(slave, text, len);
	if (n < 0)
		say("%s: read: %s", what, err_name(errno));
	else
		say("%s: read %d \"%s\"", what, (int)n, quoted(text, n));
}

/* Changes modes: flags to set and to clear. */
UNUSED static void lflags(tcflag_t set, tcflag_t clear)
{
	struct termios t;

	tcgetattr(slave, &t);
	t.c_lflag = (t.c_lflag | set) & ~clear;
	tcsetattr(slave, TCSANOW, &t);
}

UNUSED static void iflags(tcflag_t set, tcflag_t clear)
{
	struct termios t;

	tcgetattr(slave, &t);
	t.c_iflag = (t.c_iflag | set) & ~clear;
	tcsetattr(slave, TCSANOW, &t);
}

UNUSED static void oflags(tcflag_t set, tcflag_t clear)
{
	struct termios t;

	tcgetattr(slave, &t);
	t.c_oflag = (t.c_oflag | set) & ~clear;
	tcsetattr(slave, TCSANOW, &t);
}

UNUSED static void cc(int index, cc_t value)
{
	struct termios t;

	tcgetattr(slave, &t);
	t.c_cc[index] = value;
	tcsetattr(slave, TCSANOW, &t);
}

UNUSED static long msec(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
