/* SPDX-License-Identifier: MIT */
/* free [-m]: how memory is used, in KiB (-m: MiB), from /proc/meminfo. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The line of /proc/meminfo, in KiB; 0 where there is none. */
static unsigned long value(const char *text, const char *name)
{
	const char *s = text;
	size_t n = strlen(name);

	while (s) {
		if (strncmp(s, name, n) == 0 && s[n] == ':')
			return strtoul(s + n + 1, NULL, 10);
		s = strchr(s, '\n');
		s = s ? s + 1 : NULL;
	}
	return 0;
}

static void print_memory(const char *m, unsigned unit)
{
	unsigned long total = value(m, "MemTotal"), idle = value(m, "MemFree");
	unsigned long cache = value(m, "Cached") + value(m, "Buffers");
	unsigned long available = value(m, "MemAvailable");

	if (!available)
		available = idle + cache;
	printf("Mem:  %11lu %11lu %11lu %11lu %11lu %11lu\n", total / unit,
	       (total - idle - cache) / unit, idle / unit,
	       value(m, "Shmem") / unit, cache / unit, available / unit);
}

static void print_swap(const char *m, unsigned unit)
{
	unsigned long total = value(m, "SwapTotal");
	unsigned long idle = value(m, "SwapFree");

	printf("Swap: %11lu %11lu %11lu\n", total / unit, (total - idle) / unit,
	       idle / unit);
}

int main(int argc, char **argv)
{
	unsigned unit = argc > 1 && strcmp(argv[1], "-m") == 0 ? 1024 : 1;
	FILE *f = fopen("/proc/meminfo", "r");
	static char text[8192];
	size_t n;

	if (!f) {
		perror("free: /proc/meminfo");
		return 1;
	}
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	printf("      %11s %11s %11s %11s %11s %11s\n", "total", "used", "free",
	       "shared", "buff/cache", "available");
	print_memory(text, unit);
	print_swap(text, unit);
	return 0;
}
