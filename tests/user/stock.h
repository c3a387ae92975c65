/* SPDX-License-Identifier: MIT */
/*
 * What the kernel holds, before and after: /proc/stock with everything dropped
 * that is kept back for speed, and the checkers run. "As before" means that
 * every line of it is the same, but "own", the frames of whoever counts.
 *
 *   stock_prepare()           once, at the beginning
 *   ...                       once to warm up
 *   stock_take(&stock_before)
 *   ...                       again
 *   stock_take(&stock_after), stock_moved(text, size)
 */
#ifndef TESTS_USER_STOCK_H
#define TESTS_USER_STOCK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STOCK_ENDS 10000 /* milliseconds that processes have to end */

struct stock {
	char text[2048]; /* of /proc/stock; empty: there is no such system */
};

static struct stock stock_before, stock_after;
static int stock_tasks; /* there were when stock_prepare() counted */

/* The text of PATH; its length, or -1. */
static int stock_read(const char *path, char *text, int size)
{
	int fd = open(path, O_RDONLY), n;

	if (fd < 0)
		return -1;
	n = read(fd, text, size - 1);
	close(fd);
	text[n > 0 ? n : 0] = 0;
	return n;
}

/* Tasks there are, by "0.00 0.00 0.00 1/3 10"; -1: it does not say. */
static int stock_count_tasks(void)
{
	char text[64], *slash;

	if (stock_read("/proc/loadavg", text, sizeof(text)) <= 0)
		return -1;
	slash = strchr(text, '/');
	return slash ? atoi(slash + 1) : -1;
}

/* Orphans that were killed end in their own time; what they give back may be
 * kept for the next one, so nothing is dropped before they have. */
static void stock_settle(void)
{
	int i;

	for (i = 0; i < STOCK_ENDS && stock_count_tasks() > stock_tasks; i++)
		usleep(1000);
}

/* False where the system has no such file. */
static bool stock_take(struct stock *stock)
{
	static char check[1024];
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);
	bool dropped;

	stock_settle();
	dropped = fd >= 0 && write(fd, "3\n", 2) == 2;
	close(fd);
	return dropped && stock_read("/proc/check", check, sizeof(check)) > 0 &&
	       stock_read("/proc/stock", stock->text, sizeof(stock->text)) > 0;
}

static bool stock_prepare(void)
{
	stock_tasks = stock_count_tasks();
	return stock_take(&stock_before);
}

/* One line: a name, a number, what else it says. */
struct stock_line {
	char name[32], kinds[128];
	long count;
};

/* The line at *P, which goes on to the next one; false: there is none. */
static bool stock_next(const char **p, struct stock_line *line)
{
	const char *end = strchr(*p, '\n');

	line->kinds[0] = 0;
	if (!end || sscanf(*p, "%31s %ld%*[ ]%127[^\n]", line->name,
			   &line->count, line->kinds) < 2)
		return false;
	*p = end + 1;
	return true;
}

/*
 * Has anything moved? Then TEXT names each kind with both numbers: "areas: 21
 * before, 22 after; kmalloc-96 (vm_area_struct): 188 before, 189 after".
 */
static bool stock_moved(char *text, int size)
{
	const char *old = stock_before.text, *new = stock_after.text;
	struct stock_line was, is;
	int len = 0;

	text[0] = 0;
	while (stock_next(&old, &was) && stock_next(&new, &is) && len < size) {
		if (was.count == is.count || !strcmp(is.name, "own"))
			continue;
		len += snprintf(text + len, size - len,
				"%s%s%s%s%s: %ld before, %ld after",
				len ? "; " : "", is.name, *is.kinds ? " (" : "",
				is.kinds, *is.kinds ? ")" : "", was.count,
				is.count);
	}
	return len;
}

#endif
