/* SPDX-License-Identifier: MIT */
/* release PID | all: a process that is held (see hold) goes on. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char line[40];
	int fd, len;

	if (argc != 2 || argv[1][0] == '-') {
		fprintf(argc == 2 && !strcmp(argv[1], "--help") ? stdout :
								  stderr,
			"usage: release PID | all\n");
		return !(argc == 2 && !strcmp(argv[1], "--help"));
	}
	len = snprintf(line, sizeof(line), "release %s\n", argv[1]);
	fd = open("/proc/stage", O_WRONLY);
	if (fd >= 0 && len < (int)sizeof(line) &&
	    write(fd, line, (size_t)len) == len)
		return 0;
	if (errno == ESRCH)
		fprintf(stderr, "release: process %s is not held\n", argv[1]);
	else if (errno == EINVAL)
		fprintf(stderr, "release: %s: wants a number, or all\n",
			argv[1]);
	else
		fprintf(stderr, "release: /proc/stage: %s\n", strerror(errno));
	return 1;
}
