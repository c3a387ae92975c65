/* SPDX-License-Identifier: MIT */
/*
 * vt [colours]: sequences of a terminal of 80 by 25, each line its own case.
 * What must be seen is in tests/boot/terminal.out.
 */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define CSI "\033["
#define AT(row, col) CSI #row ";" #col "H"

static void put(const char *s)
{
	if (write(1, s, strlen(s)) < 0)
		_exit(1);
}

/* What the terminal answers to QUESTION, its ESC as a '^'. */
static void ask(const char *question)
{
	struct termios saved, raw;
	char answer[32];
	ssize_t n;

	tcgetattr(0, &saved);
	raw = saved;
	cfmakeraw(&raw);
	tcsetattr(0, TCSANOW, &raw);
	put(question);
	n = read(0, answer, sizeof(answer) - 1);
	tcsetattr(0, TCSANOW, &saved);
	answer[n > 0 ? n : 0] = 0;
	answer[0] = '^';
	put(answer);
	put(" ");
}

static void moves(void)
{
	put(CSI "2J" CSI "H" "moves" CSI "5D" "M" CSI "3C" "S" "\r\n");
	put("down" CSI "B" "B" CSI "A" "A" CSI "2D" "x\r\n\n");
	put("column" CSI "12G" "twelve" CSI "20`" "twenty" CSI "2a" "+2\r\n");
	put("tabs\tone\ttwo" CSI "Z" "T" CSI "3Zt\r\n");
	put("back\b\b\bA\r\n");
	put("save\0337 nothing\0338d\r\n");
	put("csi" CSI "s lost" CSI "u saved\r\n");
	put(CSI "9;1Hrow nine" CSI "10d+" CSI "Enext" CSI "2Fprevious");
	put(CSI "12;1H");
}

static void erasures(void)
{
	put("erase to the end" CSI "9D" CSI "K\r\n");
	put("erase to the start" CSI "9D" CSI "1K\r\n");
	put("erase all" CSI "2K\rerased\r\n");
	put("delete chars" CSI "6D" CSI "3P\r\n");
	put("insertchars" CSI "5D" CSI "2@\r\n");
	put("erasechars" CSI "7D" CSI "3X\r\n");
	put("modeinsert" CSI "6D" CSI "4h" "IN" CSI "4l" "X\r\n");
}

/* Rows 19 to 23 scroll. */
static void region(void)
{
	put(CSI "19;23r" AT(19, 1) "a\r\nb\r\nc\r\nd\r\ne\r\nf");
	put(AT(19, 3) "\033M" "reverse index");
	put(AT(21, 1) CSI "L" "inserted line");
	put(AT(22, 5) CSI "M" "after deleted");
	put(CSI "?6h" CSI "5;10H" "origin" CSI "?6l");
	put(CSI "r");
}

static void rest(void)
{
	put(AT(18, 40) CSI "?7l" "no wrap");
	put(AT(18, 75) "123456789" CSI "?7h");
	put(AT(17, 75) "123456" "wrapped" "\0337");
	put(AT(16, 40) "unknown" CSI "?2004h" CSI ">c" CSI "1;2;3;4y" "\033(B"
	    "\033]0;title\a" "\033=" "skipped");
	put(AT(24, 1) "\303\244\342\202\254.\n");
	put(AT(23, 40) "answers ");
	ask(CSI "6n");
	ask(CSI "5n");
	ask(CSI "c");
	put(AT(24, 10) "report done\r\n");
}

static void colours(void)
{
	put(CSI "2J" CSI "H" "\r\n");
	put("a" CSI "31mb" CSI "1mc" CSI "0;42;34md" CSI "0;7me");
	put(CSI "0;1mf" CSI "0;5mg" CSI "0;92mh" CSI "0;1;33;45mi" CSI "mj");
	put("\r\n");
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		colours();
		return 0;
	}
	moves();
	erasures();
	region();
	rest();
	return 0;
}
