/* SPDX-License-Identifier: MIT */
/* touch [-c] PATH ...: sets times to now; makes the file, but not with -c. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int touch(const char *path, int create)
{
	int fd;

	if (utimensat(AT_FDCWD, path, NULL, 0) == 0)
		return 0;
	if (errno == ENOENT && !create)
		return 0;
	if (errno == ENOENT) {
		fd = open(path, O_WRONLY | O_CREAT, 0666);
		if (fd >= 0)
			return close(fd) < 0;
	}
	fprintf(stderr, "touch: %s: %s\n", path, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	int i = 1, create = 1, status = 0;

	if (i < argc && strcmp(argv[i], "-c") == 0) {
		create = 0;
		i++;
	}
	if (i == argc) {
		fprintf(stderr, "usage: touch [-c] PATH ...\n");
		return 2;
	}
	for (; i < argc; i++)
		status |= touch(argv[i], create);
	return status;
}
