/* SPDX-License-Identifier: MIT */
/* readlink PATH: where a symbolic link points to. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char target[PATH_MAX];
	ssize_t n;

	if (argc != 2) {
		fprintf(stderr, "usage: readlink PATH\n");
		return 2;
	}
	n = readlink(argv[1], target, sizeof(target));
	if (n < 0) {
		fprintf(stderr, "readlink: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	printf("%.*s\n", (int)n, target);
	return 0;
}
