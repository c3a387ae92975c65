/* SPDX-License-Identifier: MIT */
/*
 * swapon [-p PRIORITY] FILE...: swap areas, on disks (/dev/hda) or in files
 *        -a     those that the kernel's command line names: swap=hda
 *        -s     the areas there are, as /proc/swaps has them
 *        --show the same as a table; without arguments too
 * swapoff FILE...: everything in them comes back into memory first.
 *        -a     all there are
 *
 * mkswap makes an area; tools/vm --swap SIZE does all of it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>

#define AREAS "/proc/swaps"
#define CMDLINE "/proc/cmdline"
#define MAX_AREAS 32

struct area {
	char name[4096], type[16];
	unsigned long size, used; /* KiB */
	int prio;
};

static const char *me; /* "swapon" or "swapoff" */

/* Blanks in names are given as \040. */
static void unescape(char *name)
{
	char *to = name;
	int n;

	for (; *name; to++) {
		n = 1;
		if (sscanf(name, "\\%3hho%n", (unsigned char *)to, &n) != 1)
			*to = *name;
		name += n;
	}
	*to = '\0';
}

static int read_areas(struct area *area)
{
	FILE *f = fopen(AREAS, "r");
	int n = 0;

	if (!f) {
		fprintf(stderr, "%s: %s: %s\n", me, AREAS, strerror(errno));
		return -1;
	}
	if (fscanf(f, "%*[^\n]") == 0)
		while (n < MAX_AREAS &&
		       fscanf(f, "%4095s %15s %lu %lu %d", area[n].name,
			      area[n].type, &area[n].size, &area[n].used,
			      &area[n].prio) == 5)
			unescape(area[n++].name);
	fclose(f);
	return n;
}

/* KIB as "128M": to a tenth of the unit. */
static const char *human(unsigned long kib, char *buf, size_t size)
{
	const char *unit = "KMGT";
	unsigned long tenths = kib * 10;

	if (kib == 0)
		return "0B";
	while (tenths >= 10240 && unit[1]) {
		tenths = (tenths + 512) / 1024;
		unit++;
	}
	if (tenths % 10)
		snprintf(buf, size, "%lu.%lu%c", tenths / 10, tenths % 10,
			 *unit);
	else
		snprintf(buf, size, "%lu%c", tenths / 10, *unit);
	return buf;
}

static int show_table(void)
{
	static struct area area[MAX_AREAS];
	int i, n = read_areas(area), width = 4;
	char size[32], used[32];

	for (i = 0; i < n; i++)
		if ((int)strlen(area[i].name) > width)
			width = strlen(area[i].name);
	if (n > 0)
		printf("%-*s %-9s %6s %6s %4s\n", width, "NAME", "TYPE", "SIZE",
		       "USED", "PRIO");
	for (i = 0; i < n; i++)
		printf("%-*s %-9s %6s %6s %4d\n", width, area[i].name,
		       area[i].type, human(area[i].size, size, sizeof(size)),
		       human(area[i].used, used, sizeof(used)), area[i].prio);
	return n < 0;
}

static int show_file(void)
{
	FILE *f = fopen(AREAS, "r");
	int c;

	if (!f) {
		perror("swapon: " AREAS);
		return 1;
	}
	while ((c = getc(f)) != EOF)
		putchar(c);
	fclose(f);
	return 0;
}

/* What an errno of the calls means for the user. */
static const char *reason(void)
{
	switch (errno) {
	case EBUSY:
		return "it is a swap area already";
	case EINVAL:
		return strcmp(me, "swapon") ?
			       "it is no swap area" :
			       "it is not fit for swap; dmesg says why";
	case ENOMEM:
		return strcmp(me, "swapon") ?
			       "there is too little memory for what is in it" :
			       strerror(errno);
	default:
		return strerror(errno);
	}
}

static int change(const char *name, int prio)
{
	int flags = 0;

	if (prio >= 0)
		flags = SWAP_FLAG_PREFER | (prio & SWAP_FLAG_PRIO_MASK);
	if ((strcmp(me, "swapon") ? swapoff(name) : swapon(name, flags)) == 0)
		return 0;
	fprintf(stderr, "%s: %s: %s\n", me, name, reason());
	return 1;
}

/* Each word swap=DEVICE of the command line that is no area yet. */
static int all_on(int prio)
{
	static char text[4096], path[4096 + 8];
	FILE *f = fopen(CMDLINE, "r");
	char *word, *save;
	int bad = 0;
	size_t n;

	if (!f) {
		perror("swapon: " CMDLINE);
		return 1;
	}
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	for (word = strtok_r(text, " \n", &save); word;
	     word = strtok_r(NULL, " \n", &save)) {
		if (strncmp(word, "swap=", 5) != 0)
			continue;
		snprintf(path, sizeof(path), "%s%s",
			 word[5] == '/' ? "" : "/dev/", word + 5);
		if (swapon(path, prio < 0 ? 0 : SWAP_FLAG_PREFER | prio) == 0 ||
		    errno == EBUSY)
			continue;
		fprintf(stderr, "swapon: %s: %s\n", path, reason());
		bad = 1;
	}
	return bad;
}

static int all_off(void)
{
	static struct area area[MAX_AREAS];
	int i, n = read_areas(area), bad = n < 0;

	for (i = 0; i < n; i++)
		bad |= change(area[i].name, -1);
	return bad;
}

static int usage(void)
{
	fprintf(stderr, "usage: swapon [-p PRIORITY] FILE... | -a | -s | "
			"--show\n"
			"       swapoff FILE... | -a\n");
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option words[] = {
		{ "show", no_argument, NULL, 'S' },
		{ "summary", no_argument, NULL, 's' },
		{ "all", no_argument, NULL, 'a' },
		{ "priority", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	const char *slash = strrchr(argv[0], '/');
	int c, prio = -1, all = 0, off, bad = 0;

	me = slash ? slash + 1 : argv[0];
	off = strcmp(me, "swapon") != 0;
	while ((c = getopt_long(argc, argv, off ? "a" : "ap:s", words,
				NULL)) != -1) {
		if (c == 'a')
			all = 1;
		else if (c == 'p' && !off)
			prio = atoi(optarg);
		else if (c == 's' && !off)
			return show_file();
		else if (c == 'S' && !off)
			return show_table();
		else
			return usage();
	}
	if (prio > SWAP_FLAG_PRIO_MASK || all == (optind < argc))
		return !off && argc == 1 ? show_table() : usage();
	if (all)
		return off ? all_off() : all_on(prio);
	for (; optind < argc; optind++)
		bad |= change(argv[optind], prio);
	return bad;
}
