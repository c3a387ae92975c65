/* SPDX-License-Identifier: MIT */
/* cat [FILE ...]: copies files, or its input, to its output. - is the input. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int complain(const char *name)
{
	fprintf(stderr, "cat: %s: %s\n", name, strerror(errno));
	return 1;
}

static int write_all(const char *s, size_t len)
{
	ssize_t n;

	for (; len; s += n, len -= n) {
		n = write(STDOUT_FILENO, s, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			return -1;
	}
	return 0;
}

static int copy(int fd, const char *name)
{
	static char buf[16384];
	ssize_t n;

	for (;;) {
		n = read(fd, buf, sizeof(buf));
		if (n == 0)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return complain(name);
		if (write_all(buf, n) < 0)
			return complain("output");
	}
}

static int copy_file(const char *name)
{
	int fd, status;

	if (strcmp(name, "-") == 0)
		return copy(STDIN_FILENO, "input");
	fd = open(name, O_RDONLY);
	if (fd < 0)
		return complain(name);
	status = copy(fd, name);
	close(fd);
	return status;
}

int main(int argc, char **argv)
{
	int i = 1, status = 0;

	if (i < argc &&
	    (strcmp(argv[i], "--") == 0 || strcmp(argv[i], "-u") == 0))
		i++;
	if (i == argc)
		return copy(STDIN_FILENO, "input");
	for (; i < argc; i++)
		status |= copy_file(argv[i]);
	return status;
}
