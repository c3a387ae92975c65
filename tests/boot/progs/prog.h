/* SPDX-License-Identifier: MIT */
/*
 * What the programs of tests/boot share. They print "yes WHAT" or "NO WHAT
 * (values)" for each fact, and "end" when they have come to their end; `facts`
 * of tests/lib.sh turns that into TAP.
 */
#ifndef TESTS_BOOT_PROG_H
#define TESTS_BOOT_PROG_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define UNUSED __attribute__((unused))
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

UNUSED static void die(const char *what)
{
	printf("NO %s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

UNUSED __attribute__((format(printf, 3, 4))) static void
fact(bool holds, const char *what, const char *format, ...)
{
	va_list ap;

	printf("%s %s", holds ? "yes" : "NO", what);
	if (!holds) {
		va_start(ap, format);
		printf(" (");
		vprintf(format, ap);
		printf(")");
		va_end(ap);
	}
	printf("\n");
	fflush(stdout);
}

/* The text of a file, at most SIZE - 1 bytes of it; its length, or -1. */
UNUSED static int read_text(const char *path, char *text, int size)
{
	int fd = open(path, O_RDONLY), n, len = 0;

	if (fd < 0)
		return -1;
	while ((n = read(fd, text + len, size - 1 - len)) > 0)
		len += n;
	close(fd);
	text[len] = '\0';
	return len;
}

UNUSED static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

/* The kernel's checkers run; they stop the machine if something is wrong.
 * The number of free frames. */
UNUSED static long check(void)
{
	char text[512], *line;

	if (read_text("/proc/check", text, sizeof(text)) < 0)
		die("/proc/check");
	line = strstr(text, "free ");
	if (!line)
		die("/proc/check has no free frames");
	return atol(line + 5);
}

extern char data_start[], end[]; /* of the linker */

/* All pages this process writes become its own, so that what it allocates
 * from now on is what its next call asks for. */
UNUSED static void settle(void)
{
	volatile char room[2 * PAGE], *p;

	for (p = room; p < room + sizeof(room); p += PAGE)
		*p = 0;
	for (p = data_start; p < end; p += PAGE)
		*p = *p;
	errno = 0;
}

#endif
