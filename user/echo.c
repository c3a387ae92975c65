/* SPDX-License-Identifier: MIT */
/* echo [-n] [WORD ...]: prints its arguments as they are, and a newline. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	int first = argc > 1 && strcmp(argv[1], "-n") == 0 ? 2 : 1, i;

	for (i = first; i < argc; i++)
		printf("%s%s", i > first ? " " : "", argv[i]);
	if (first == 1)
		putchar('\n');
	if (fflush(stdout) == 0)
		return 0;
	perror("echo: write error");
	return 1;
}
