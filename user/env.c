/* SPDX-License-Identifier: MIT */
/* env [-i] [NAME=VALUE ...] [COMMAND [ARG ...]]: runs COMMAND with a changed
 * environment, or prints the environment. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int i = 1;
	char **e;

	if (i < argc &&
	    (strcmp(argv[i], "-i") == 0 || strcmp(argv[i], "-") == 0)) {
		clearenv();
		i++;
	}
	for (; i < argc && strchr(argv[i], '='); i++) {
		if (putenv(argv[i]) == 0)
			continue;
		perror("env");
		return 125;
	}
	if (i == argc) {
		for (e = environ; e && *e; e++)
			puts(*e);
		return fflush(stdout) ? 125 : 0;
	}
	execvp(argv[i], argv + i);
	fprintf(stderr, "env: %s: %s\n", argv[i], strerror(errno));
	return errno == ENOENT ? 127 : 126;
}
