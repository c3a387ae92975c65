/* SPDX-License-Identifier: MIT */
/* rawkeys N: prints N bytes of the terminal as they come, in hex. */
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 1, i;
	struct termios saved, raw;
	unsigned char c;

	tcgetattr(0, &saved);
	raw = saved;
	cfmakeraw(&raw);
	raw.c_oflag |= OPOST | ONLCR;
	raw.c_cc[VTIME] = 100; /* a byte that never comes ends it */
	raw.c_cc[VMIN] = 0;
	tcsetattr(0, TCSANOW, &raw);
	puts("keys:");
	fflush(stdout);
	printf("got ");
	for (i = 0; i < n && read(0, &c, 1) == 1; i++)
		printf("%02x%s", c, i % 32 == 31 ? "\n" : "");
	puts(".");
	fflush(stdout);
	tcsetattr(0, TCSANOW, &saved);
	return 0;
}
