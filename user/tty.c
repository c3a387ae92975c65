/* SPDX-License-Identifier: MIT */
/* tty: the terminal that is this command's input. Status 1: none. */
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char path[PATH_MAX];
	ssize_t n;

	if (!isatty(STDIN_FILENO)) {
		puts("not a tty");
		return 1;
	}
	n = readlink("/proc/self/fd/0", path, sizeof(path));
	if (n > 0)
		printf("%.*s\n", (int)n, path);
	else
		puts("/dev/tty");
	return 0;
}
