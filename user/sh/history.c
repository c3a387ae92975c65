/* SPDX-License-Identifier: MIT */
/* The lines typed before, the newest last; the oldest drop out. */
#include "sh.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HISTORY_SIZE 200

static char *lines[HISTORY_SIZE]; /* line number n is at n % HISTORY_SIZE */
static int total; /* lines ever added */

int history_count(void)
{
	return total < HISTORY_SIZE ? total : HISTORY_SIZE;
}

const char *history_get(int back)
{
	if (back < 1 || back > history_count())
		return NULL;
	return lines[(total - back) % HISTORY_SIZE];
}

/* A line that only repeats the one before is not kept twice. */
void history_add(const char *line)
{
	const char *before = history_get(1);
	char **slot = &lines[total % HISTORY_SIZE];

	if (line[strspn(line, " \t")] == '\0')
		return;
	if (before && strcmp(before, line) == 0)
		return;
	free(*slot);
	*slot = xstrdup(line);
	total++;
}

int do_history(int argc, char **argv)
{
	int i;

	(void)argc, (void)argv;
	for (i = history_count(); i >= 1; i--)
		printf("%4d  %s\n", total - i + 1, history_get(i));
	return 0;
}
