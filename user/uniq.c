/* SPDX-License-Identifier: MIT */
/* uniq [-cdu]: drops lines that repeat the one before; -c counts them, -d
 * prints only those repeated, -u only the others. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int opt_count, opt_repeated, opt_single;

static void print(const char *line, long times)
{
	if (!line || (opt_repeated && times == 1) || (opt_single && times > 1))
		return;
	if (opt_count)
		printf("%7ld ", times);
	fputs(line, stdout);
}

int main(int argc, char **argv)
{
	char *line = NULL, *before = NULL;
	size_t size = 0;
	long times = 0;
	int c;

	while ((c = getopt(argc, argv, "+cdu")) != -1) {
		opt_count |= c == 'c';
		opt_repeated |= c == 'd';
		opt_single |= c == 'u';
		if (c == '?')
			return 2;
	}
	if (optind < argc && !freopen(argv[optind], "r", stdin)) {
		perror(argv[optind]);
		return 1;
	}
	while (getline(&line, &size, stdin) >= 0) {
		if (before && strcmp(before, line) == 0) {
			times++;
			continue;
		}
		print(before, times);
		free(before);
		before = strdup(line);
		times = 1;
	}
	print(before, times);
	return fflush(stdout) ? 1 : 0;
}
