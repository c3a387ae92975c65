/* SPDX-License-Identifier: MIT */
/* Terminal modes: editing, echo, mapping, raw reads, flow control. */
#include "tty.h"

static void test_defaults(void)
{
	struct termios t;
	int i;

	tcgetattr(slave, &t);
	say("flags %o %o %o %o", t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag);
	for (i = 0; i < 17; i++)
		if (i != VSWTC)
			say("cc %d is %d", i, t.c_cc[i]);
	say("isatty %d %d", isatty(slave), isatty(master));
	fact("ttyname", strcmp(ttyname(slave), slave_name) == 0);
}

static void test_lines(void)
{
	type("abc\n");
	shows("a line", "abc\r\n");
	reads("a line", 100);
	type("one\ntwo\n");
	shows("two lines", "one\r\ntwo\r\n");
	reads("the first", 100);
	reads("the second", 100);
	type("abcdef\n");
	shows("long", "abcdef\r\n");
	reads("a part", 4);
	reads("the rest", 100);
	type("ab\004");
	shows("end without newline", "ab");
	reads("end without newline", 100);
	type("\004");
	reads("end of file", 100);
	cc(VEOL, '#');
	type("ab#cd\n");
	shows("another end of line", "ab#cd\r\n");
	reads("up to #", 100);
	reads("then", 100);
	cc(VEOL, 0);
}

static void test_editing(void)
{
	type("abX\177c\n");
	shows("erase", "abX\b \bc\r\n");
	reads("erase", 100);
	type("\177\177x\n");
	shows("erase nothing", "x\r\n");
	reads("erase nothing", 100);
	type("a\001\177b\n");
	shows("erase ^A", "a^A\b \b\b \bb\r\n");
	reads("erase ^A", 100);
	type("ab\t\177c\n");
	shows("erase a tab", "ab\t\b\b\b\b\b\bc\r\n");
	reads("erase a tab", 100);
	type("foo bar-b_z \027x\n");
	shows("erase a word", "foo bar-b_z \b \b\b \b\b \b\b \bx\r\n");
	reads("erase a word", 100);
	type("abc\025def\n");
	shows("kill", "abc\b \b\b \b\b \bdef\r\n");
	reads("kill", 100);
	type("ab\022c\n");
	shows("reprint", "ab^R\r\nabc\r\n");
	reads("reprint", 100);
	type("\026\003\026\n.\n");
	shows("literal", "^\b^C^\b\r\n.\r\n");
	reads("literal", 100);
	reads("literal", 100);
}

static void test_echo(void)
{
	lflags(0, ECHOKE);
	type("abc\025de\n");
	shows("kill without ECHOKE", "abc^U\r\nde\r\n");
	reads("kill without ECHOKE", 100);
	lflags(0, ECHOK);
	type("abc\025de\n");
	shows("kill without ECHOK", "abc^Ude\r\n");
	reads("kill without ECHOK", 100);
	lflags(ECHOK | ECHOKE, ECHOE);
	type("abc\177d\n");
	shows("erase without ECHOE", "abc^?d\r\n");
	reads("erase without ECHOE", 100);
	lflags(ECHOE, ECHOCTL);
	type("a\001b\n");
	shows("no ECHOCTL", "a\001b\r\n");
	reads("no ECHOCTL", 100);
	lflags(ECHOCTL, ECHO);
	type("quiet\n");
	reads("no ECHO", 100);
	shows("no ECHO", "");
	lflags(ECHONL, 0);
	type("quiet\n");
	shows("ECHONL", "\r\n");
	reads("ECHONL", 100);
	lflags(ECHO, ECHONL);
}

static void test_mapping(void)
{
	type("a\r");
	shows("ICRNL", "a\r\n");
	reads("ICRNL", 100);
	iflags(IGNCR, 0);
	type("a\rb\n");
	shows("IGNCR", "ab\r\n");
	reads("IGNCR", 100);
	iflags(0, IGNCR | ICRNL);
	type("a\rb\n");
	shows("no ICRNL", "a^Mb\r\n");
	reads("no ICRNL", 100);
	iflags(INLCR | ICRNL, 0);
	type("a\nb\r");
	shows("INLCR", "a^Mb\r\n");
	reads("INLCR", 100);
	iflags(ISTRIP, INLCR);
	type("\341b\n");
	shows("ISTRIP", "ab\r\n");
	reads("ISTRIP", 100);
	iflags(IUCLC, ISTRIP);
	type("Ab\n");
	shows("IUCLC", "ab\r\n");
	reads("IUCLC", 100);
	iflags(IUTF8, IUCLC);
	type("\303\244\177b\n");
	shows("IUTF8", "\303\244\b \bb\r\n");
	reads("IUTF8", 100);
	iflags(0, IUTF8);
}

static void writes(const char *what, const char *text, const char *want)
{
	if (write(slave, text, strlen(text)) != (ssize_t)strlen(text))
		say("%s: %s", what, err_name(errno));
	shows(what, want);
}

static void test_output(void)
{
	writes("ONLCR", "a\nb\tc\r\n", "a\r\nb\tc\r\r\n");
	oflags(XTABS, 0);
	writes("XTABS", "ab\tc\n\t.\n", "ab      c\r\n        .\r\n");
	oflags(OCRNL, XTABS | ONLCR);
	writes("OCRNL", "a\rb\n", "a\nb\n");
	oflags(ONLCR | ONOCR, OCRNL);
	writes("ONOCR", "\n\ra\r\rb\n", "\r\na\rb\r\n");
	oflags(OLCUC, ONOCR);
	writes("OLCUC", "abC\n", "ABC\r\n");
	oflags(0, OLCUC | OPOST);
	writes("no OPOST", "a\nb\t\n", "a\nb\t\n");
	oflags(OPOST | ONLCR, 0);
}

/* One raw read with MIN and TIME, after TEXT was typed. */
static void raw(const char *what, cc_t min, cc_t tenths, const char *text)
{
	char buf[32];
	long start, took;
	ssize_t n;

	cc(VMIN, min);
	cc(VTIME, tenths);
	type(text);
	while (*text && (ioctl(slave, FIONREAD, &n), (size_t)n < strlen(text)))
		ready(slave, 0, 1);
	start = msec();
	n = read(slave, buf, sizeof(buf));
	took = msec() - start;
	say("%s: read %d \"%s\"%s", what, (int)n, quoted(buf, n),
	    took < tenths * 100 - 1 ? "" : tenths ? ", in time" : "");
}

static void test_raw(void)
{
	int n = 0;

	type("par");
	shows("a part of a line", "par");
	ioctl(slave, FIONREAD, &n);
	say("waiting %d, readable %d", n, ready(slave, POLLIN, 0));
	lflags(0, ICANON);
	type("\n");
	shows("a raw newline", "^J");
	type("\r\001");
	shows("a raw return", "\r\n^A");
	tcflush(slave, TCIFLUSH);
	type("par");
	shows("raw", "par");
	lflags(0, ECHO);
	ioctl(slave, FIONREAD, &n);
	say("waiting %d, readable %d", n, ready(slave, POLLIN, 0));
	raw("MIN 3", 3, 0, "");
	raw("MIN 2", 2, 0, "abcd");
	raw("MIN 0 TIME 0", 0, 0, "");
	raw("MIN 0 TIME 0", 0, 0, "xy");
	raw("MIN 0 TIME 2", 0, 2, "");
	raw("MIN 0 TIME 9", 0, 9, "z");
	raw("MIN 5 TIME 1", 5, 1, "ab");
	raw("MIN 2 TIME 9", 2, 9, "abc");
	cc(VMIN, 3);
	cc(VTIME, 0);
	type("ab");
	n = 0;
	while (n < 2)
		ioctl(slave, FIONREAD, &n);
	say("2 of MIN 3: readable %d", ready(slave, POLLIN, 20));
	type("c");
	say("3 of MIN 3: readable %d", ready(slave, POLLIN, PATIENCE));
	lflags(ICANON, 0);
	type("def\n");
	n = 0;
	while (n < 7)
		ioctl(slave, FIONREAD, &n);
	reads("what was there became a line", 100);
	reads("then", 100);
	lflags(ECHO, 0);
	cc(VMIN, 1);
}

/* Waits until writing is possible, or is not. */
static void until_writable(bool yes)
{
	long end = msec() + PATIENCE;

	while (ready(slave, POLLOUT, 1) != yes && msec() < end)
		;
}

static void test_flow(void)
{
	int n;

	fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK);
	type("\023");
	until_writable(false);
	say("^S: writable %d", ready(slave, POLLOUT, 0));
	V("^S: write", write(slave, "x", 1));
	type("\021");
	until_writable(true);
	V("^Q: write", write(slave, "x", 1));
	shows("^Q", "x");
	type("\023");
	until_writable(false);
	iflags(0, IXON);
	say("IXON off: writable %d", ready(slave, POLLOUT, 0));
	iflags(IXON | IXANY, 0);
	type("\023");
	until_writable(false);
	type("a\n");
	until_writable(true);
	V("IXANY: write", write(slave, "x", 1));
	shows("IXANY", "a\r\nx");
	reads("IXANY", 100);
	iflags(0, IXANY);
	R("tcflow TCOOFF", tcflow(slave, TCOOFF));
	V("write", write(slave, "x", 1));
	R("tcflow TCOON", tcflow(slave, TCOON));
	V("write", write(slave, "x", 1));
	shows("TCOON", "x");
	R("tcflow TCIOFF", tcflow(slave, TCIOFF));
	R("tcflow TCION", tcflow(slave, TCION));
	shows("TCION", "\023\021");
	R("tcflow 9", tcflow(slave, 9));
	type("abc\n");
	shows("flush", "abc\r\n");
	ready(slave, POLLIN, PATIENCE);
	R("tcflush 9", tcflush(slave, 9));
	R("tcflush", tcflush(slave, TCIFLUSH));
	ioctl(slave, FIONREAD, &n);
	say("after it %d", n);
	V("read", read(slave, &n, 1));
	R("tcdrain", tcdrain(slave));
	R("tcsendbreak", tcsendbreak(slave, 0));
	fcntl(slave, F_SETFL, O_RDWR);
}

static void test_window(void)
{
	struct winsize w = { 1, 1, 1, 1 };

	ioctl(slave, TIOCGWINSZ, &w);
	say("window %d %d %d %d", w.ws_row, w.ws_col, w.ws_xpixel, w.ws_ypixel);
	w = (struct winsize){ 30, 100, 1, 2 };
	R("set it", ioctl(master, TIOCSWINSZ, &w));
	w = (struct winsize){ 0 };
	ioctl(slave, TIOCGWINSZ, &w);
	say("window %d %d %d %d", w.ws_row, w.ws_col, w.ws_xpixel, w.ws_ypixel);
}

static void test_errors(void)
{
	int null = open("/dev/null", O_RDWR);
	struct termios t;

	R("tcgetattr of no terminal", tcgetattr(null, &t));
	R("window of no terminal", ioctl(null, TIOCGWINSZ, &t));
	R("a bad address", ioctl(slave, TCGETS, 1));
	R("a bad address", ioctl(slave, TCSETS, 1));
	R("a bad address", ioctl(slave, TIOCGWINSZ, 1));
	R("no command", ioctl(slave, 0x54ff, 0));
	R("group of another's terminal", tcgetpgrp(slave));
	R("session of another's terminal", tcgetsid(slave));
	R("lseek", lseek(slave, 0, SEEK_SET));
	close(null);
}

int main(void)
{
	signal(SIGTTOU, SIG_IGN);
	tty_open();
	test_defaults();
	test_lines();
	test_editing();
	test_echo();
	test_mapping();
	test_output();
	test_raw();
	test_flow();
	test_window();
	test_errors();
	close(slave);
	R("read when the terminal is closed", read(master, slave_name, 1));
	slave = open(slave_name, O_RDWR | O_NOCTTY);
	close(master);
	V("read after the hang-up", read(slave, slave_name, 1));
	V("write after the hang-up", write(slave, "x", 1));
	R("ioctl after the hang-up", ioctl(slave, TIOCGWINSZ, slave_name));
	say("poll after the hang-up %d", ready(slave, POLLHUP, 0));
	close(slave);
	return 0;
}
