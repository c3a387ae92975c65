/* SPDX-License-Identifier: MIT */
/* mkfifo PATH ...: makes pipes that have names. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
	int i, status = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: mkfifo PATH ...\n");
		return 2;
	}
	for (i = 1; i < argc; i++) {
		if (mkfifo(argv[i], 0666) == 0)
			continue;
		fprintf(stderr, "mkfifo: %s: %s\n", argv[i], strerror(errno));
		status = 1;
	}
	return status;
}
