/* SPDX-License-Identifier: MIT */
/*
 * free [-b|-k|-m|-h] [-t]: how memory and swap are used, from /proc/meminfo,
 * in KiB, or bytes, MiB, or the unit that suits each figure; -t: their sum.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long long amount; /* KiB */

static int unit = 'k';

/* The line of /proc/meminfo; 0 where there is none. */
static amount value(const char *text, const char *name)
{
	const char *s = text;
	size_t n = strlen(name);

	while (s) {
		if (strncmp(s, name, n) == 0 && s[n] == ':')
			return strtoull(s + n + 1, NULL, 10);
		s = strchr(s, '\n');
		s = s ? s + 1 : NULL;
	}
	return 0;
}

/* KIB as "1.5Gi": three digits at most. */
static void print_human(amount kib)
{
	const char *prefix = "KMGT";
	amount tenths = kib * 10;
	char text[32];

	while (tenths >= 10240 && prefix[1]) {
		tenths = (tenths + 512) / 1024;
		prefix++;
	}
	if (kib == 0)
		snprintf(text, sizeof(text), "0B");
	else if (tenths >= 100 || *prefix == 'K')
		snprintf(text, sizeof(text), "%llu%ci", tenths / 10, *prefix);
	else
		snprintf(text, sizeof(text), "%llu.%llu%ci", tenths / 10,
			 tenths % 10, *prefix);
	printf(" %11s", text);
}

static void print(amount kib)
{
	if (unit == 'h')
		print_human(kib);
	else if (unit == 'b')
		printf(" %11llu", kib * 1024);
	else
		printf(" %11llu", unit == 'm' ? kib / 1024 : kib);
}

/* A line of N figures. */
static void print_line(const char *name, const amount *figure, int n)
{
	int i;

	printf("%-8s", name);
	for (i = 0; i < n; i++)
		print(figure[i]);
	printf("\n");
}

static void print_all(const char *m, int sum)
{
	amount total = value(m, "MemTotal"), idle = value(m, "MemFree");
	amount cache = value(m, "Cached") + value(m, "Buffers") +
		       value(m, "SReclaimable");
	amount available = value(m, "MemAvailable");
	amount swap = value(m, "SwapTotal"), swap_idle = value(m, "SwapFree");
	amount used = total - (available ? available : idle + cache);

	print_line("Mem:", (amount[]){ total, used, idle, value(m, "Shmem"),
				       cache, available }, 6);
	print_line("Swap:", (amount[]){ swap, swap - swap_idle, swap_idle }, 3);
	if (sum)
		print_line("Total:",
			   (amount[]){ total + swap, used + swap - swap_idle,
				       idle + swap_idle }, 3);
}

int main(int argc, char **argv)
{
	FILE *f = fopen("/proc/meminfo", "r");
	static char text[8192];
	int c, sum = 0;
	size_t n;

	while ((c = getopt(argc, argv, "bkmht")) != -1) {
		if (c == '?') {
			fprintf(stderr, "usage: free [-b|-k|-m|-h] [-t]\n");
			return 2;
		}
		if (c == 't')
			sum = 1;
		else
			unit = c;
	}
	if (!f) {
		perror("free: /proc/meminfo");
		return 1;
	}
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	printf("        %11s %11s %11s %11s %11s %11s\n", "total", "used",
	       "free", "shared", "buff/cache", "available");
	print_all(text, sum);
	return 0;
}
