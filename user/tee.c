/* SPDX-License-Identifier: MIT */
/* tee [-a] [FILE ...]: copies its input to its output and to files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_FILES 16

static int write_all(int fd, const char *s, size_t len)
{
	ssize_t n;

	for (; len; s += n, len -= n) {
		n = write(fd, s, len);
		if (n < 0)
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int fds[MAX_FILES + 1] = { STDOUT_FILENO }, count = 1, i = 1;
	int flags = O_WRONLY | O_CREAT | O_TRUNC, status = 0;
	static char buf[4096];
	ssize_t n;

	if (i < argc && strcmp(argv[i], "-a") == 0) {
		flags = O_WRONLY | O_CREAT | O_APPEND;
		i++;
	}
	for (; i < argc && count <= MAX_FILES; i++) {
		fds[count] = open(argv[i], flags, 0666);
		if (fds[count] >= 0) {
			count++;
			continue;
		}
		fprintf(stderr, "tee: %s: %s\n", argv[i], strerror(errno));
		status = 1;
	}
	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0)
		for (i = 0; i < count; i++)
			status |= write_all(fds[i], buf, n);
	return status || n < 0;
}
