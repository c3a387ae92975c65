/* SPDX-License-Identifier: MIT */
/* dirname PATH: a path without its last part. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	char *s, *slash;
	size_t n;

	if (argc != 2) {
		fprintf(stderr, "usage: dirname PATH\n");
		return 2;
	}
	s = argv[1];
	for (n = strlen(s); n > 1 && s[n - 1] == '/'; n--)
		s[n - 1] = '\0';
	slash = strrchr(s, '/');
	if (!slash) {
		puts(".");
		return 0;
	}
	while (slash > s && slash[-1] == '/')
		slash--;
	slash[slash == s] = '\0';
	puts(s);
	return 0;
}
