/* SPDX-License-Identifier: MIT */
/* Built-in commands about what a process may do, and has used. */
#include "sh.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <unistd.h>

int do_umask(int argc, char **argv)
{
	mode_t mask;
	char *end;
	long n;

	if (argc < 2) {
		mask = umask(0);
		umask(mask);
		printf("%04o\n", (unsigned)mask);
		return 0;
	}
	n = strtol(argv[1], &end, 8);
	if (!argv[1][0] || *end || n < 0 || n > 0777) {
		complain("umask: %s: is no octal mask", argv[1]);
		return 1;
	}
	umask((mode_t)n);
	return 0;
}

static void print_time(clock_t ticks, char end)
{
	long hz = sysconf(_SC_CLK_TCK);
	long hundredths = (long)(ticks * 100LL / hz);

	printf("%ldm%ld.%02lds%c", hundredths / 6000, hundredths / 100 % 60,
	       hundredths % 100, end);
}

int do_times(int argc, char **argv)
{
	struct tms t;

	(void)argc, (void)argv;
	times(&t);
	print_time(t.tms_utime, ' ');
	print_time(t.tms_stime, '\n');
	print_time(t.tms_cutime, ' ');
	print_time(t.tms_cstime, '\n');
	return 0;
}

struct limit {
	char letter;
	int resource;
	unsigned unit; /* bytes, or one */
	const char *text;
};

static const struct limit limits[] = {
	{ 'c', RLIMIT_CORE, 512, "core file (blocks)" },
	{ 'd', RLIMIT_DATA, 1024, "data (KiB)" },
	{ 'f', RLIMIT_FSIZE, 512, "file size (blocks)" },
	{ 'l', RLIMIT_MEMLOCK, 1024, "locked memory (KiB)" },
	{ 'n', RLIMIT_NOFILE, 1, "open files" },
	{ 's', RLIMIT_STACK, 1024, "stack (KiB)" },
	{ 't', RLIMIT_CPU, 1, "processor time (s)" },
	{ 'u', RLIMIT_NPROC, 1, "processes" },
	{ 'v', RLIMIT_AS, 1024, "address space (KiB)" },
};

static void print_limit(const struct limit *l, bool named)
{
	struct rlimit r;

	if (getrlimit(l->resource, &r) < 0)
		return;
	if (named)
		printf("-%c  %-22s ", l->letter, l->text);
	if (r.rlim_cur == RLIM_INFINITY)
		puts("unlimited");
	else
		printf("%llu\n", (unsigned long long)r.rlim_cur / l->unit);
}

static int set_limit(const struct limit *l, const char *text)
{
	struct rlimit r;
	char *end;
	long n;

	getrlimit(l->resource, &r);
	if (strcmp(text, "unlimited") == 0) {
		r.rlim_cur = RLIM_INFINITY;
	} else {
		n = strtol(text, &end, 10);
		if (!*text || *end || n < 0) {
			complain("ulimit: %s: is no number", text);
			return 2;
		}
		r.rlim_cur = (rlim_t)n * l->unit;
	}
	if (r.rlim_cur < r.rlim_max || r.rlim_max == RLIM_INFINITY)
		r.rlim_max = r.rlim_cur;
	if (setrlimit(l->resource, &r) == 0)
		return 0;
	complain("ulimit: %s", strerror(errno));
	return 1;
}

int do_ulimit(int argc, char **argv)
{
	char letter = argc > 1 && argv[1][0] == '-' ? argv[1][1] : 'f';
	const char *value = argc > 1 ? argv[argc - 1] : "-";
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		if (letter == 'a')
			print_limit(&limits[i], true);
		if (letter != limits[i].letter)
			continue;
		if (value[0] != '-')
			return set_limit(&limits[i], value);
		print_limit(&limits[i], false);
		return 0;
	}
	if (letter == 'a')
		return 0;
	complain("ulimit: -%c: unknown; see ulimit -a", letter);
	return 2;
}
