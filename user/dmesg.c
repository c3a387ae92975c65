/* SPDX-License-Identifier: MIT */
/* dmesg: the kernel's log. Reads what is there and does not wait for more. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	int fd = open("/proc/kmsg", O_RDONLY | O_NONBLOCK);
	static char buf[4096];
	ssize_t n;

	if (fd < 0) {
		fprintf(stderr, "dmesg: /proc/kmsg: %s\n", strerror(errno));
		return 1;
	}
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (write(STDOUT_FILENO, buf, n) != n)
			return 1;
	return n < 0 && errno != EAGAIN;
}
