/* SPDX-License-Identifier: MIT */
/* window [ROWS COLUMNS]: sets and prints the terminal's window size. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

static void on_change(int sig)
{
	(void)sig;
	puts("SIGWINCH");
}

int main(int argc, char **argv)
{
	struct winsize w = { 0 };

	if (argc > 2) {
		w.ws_row = atoi(argv[1]);
		w.ws_col = atoi(argv[2]);
		signal(SIGWINCH, on_change);
		if (ioctl(0, TIOCSWINSZ, &w) < 0)
			perror("TIOCSWINSZ");
	}
	if (ioctl(0, TIOCGWINSZ, &w) < 0)
		perror("TIOCGWINSZ");
	printf("%d %d\n", w.ws_row, w.ws_col);
	return 0;
}
