/* SPDX-License-Identifier: MIT */
/*
 * hold POINT PID [NTH]: the next time (the NTH time) process PID comes to the
 * sleep point POINT it waits there until `release PID`. PID 0: whoever comes
 * first. Without arguments: what is set, who is held, and all points.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STAGE "/proc/stage"

static int complain(const char *point, const char *pid)
{
	if (errno == ESRCH)
		fprintf(stderr, "hold: there is no process %s\n", pid);
	else if (errno == EINVAL)
		fprintf(stderr, "hold: %s %s: wants a point of /proc/stage and "
			"a number\n", point, pid);
	else if (errno == ENOSPC)
		fprintf(stderr, "hold: too many holds are set\n");
	else
		fprintf(stderr, "hold: %s: %s\n", STAGE, strerror(errno));
	return 1;
}

static int show(void)
{
	char text[1024];
	ssize_t n;
	int fd = open(STAGE, O_RDONLY);

	if (fd < 0)
		return complain("", "");
	while ((n = read(fd, text, sizeof(text))) > 0)
		if (write(STDOUT_FILENO, text, (size_t)n) != n)
			return 1;
	close(fd);
	return 0;
}

int main(int argc, char **argv)
{
	char line[80];
	int fd, len;

	if (argc == 1)
		return show();
	if (argc < 3 || argc > 4) {
		fprintf(argc == 2 && !strcmp(argv[1], "--help") ? stdout :
								  stderr,
			"usage: hold [POINT PID [NTH]]\n");
		return !(argc == 2 && !strcmp(argv[1], "--help"));
	}
	len = snprintf(line, sizeof(line), "hold %s %s %s\n", argv[1], argv[2],
		       argc == 4 ? argv[3] : "1");
	fd = open(STAGE, O_WRONLY);
	if (fd < 0 || len >= (int)sizeof(line) ||
	    write(fd, line, (size_t)len) != len)
		return complain(argv[1], argv[2]);
	close(fd);
	return 0;
}
