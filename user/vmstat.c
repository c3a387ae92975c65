/* SPDX-License-Identifier: MIT */
/*
 * vmstat [-n] [SECONDS [COUNT]]: processes, memory, swap, disks, processor; a
 * line for the time since boot, then one every so many SECONDS.
 *
 *   r b     processes that run or could, that wait for a disk
 *   memory  KiB: in swap, free, cached from disks, in files and segments
 *   si so   KiB a second read from swap, written to it
 *   bi bo   KiB a second read from disks, written to them
 *   in cs   interrupts and task switches a second
 *   us..st  percent of the processor's time
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADER_EVERY 20 /* lines */
#define KIB_A_PAGE 4

/* What is counted since boot, and a difference of two such. */
struct counts {
	double user, system, idle; /* ticks */
	double in, cs, swap_in, swap_out, disk_in, disk_out;
};

/* The number behind the word NAME at the start of a line; 0: no such line. */
static double find(const char *text, const char *name)
{
	size_t n = strlen(name);
	const char *s = text;

	while (s) {
		if (strncmp(s, name, n) == 0 && strchr(" :\t", s[n]))
			return strtod(s + n + 1, NULL);
		s = strchr(s, '\n');
		s = s ? s + 1 : NULL;
	}
	return 0;
}

/* The file NAME of /proc; a reader that cannot work says so and ends. */
static const char *slurp(const char *name)
{
	static char text[16384];
	FILE *f = fopen(name, "r");
	size_t n;

	if (!f) {
		fprintf(stderr, "vmstat: ");
		perror(name);
		exit(1);
	}
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static struct counts read_counts(void)
{
	const char *text = slurp("/proc/stat");
	struct counts c = { 0 };
	double nice;

	if (sscanf(text, "cpu %lf %lf %lf %lf", &c.user, &nice, &c.system,
		   &c.idle) == 4)
		c.user += nice;
	c.in = find(text, "intr");
	c.cs = find(text, "ctxt");
	text = slurp("/proc/vmstat");
	c.swap_in = find(text, "pswpin") * KIB_A_PAGE;
	c.swap_out = find(text, "pswpout") * KIB_A_PAGE;
	c.disk_in = find(text, "pgpgin");
	c.disk_out = find(text, "pgpgout");
	return c;
}

static struct counts difference(struct counts a, struct counts b)
{
	return (struct counts){
		a.user - b.user,	 a.system - b.system,
		a.idle - b.idle,	 a.in - b.in,
		a.cs - b.cs,		 a.swap_in - b.swap_in,
		a.swap_out - b.swap_out, a.disk_in - b.disk_in,
		a.disk_out - b.disk_out,
	};
}

static void header(void)
{
	printf("procs -----------memory---------- ---swap-- -----io---- "
	       "-system-- ------cpu-----\n"
	       " r  b   swpd   free   buff  cache   si   so    bi    bo   "
	       "in   cs us sy id wa st\n");
}

static void memory(void)
{
	const char *text = slurp("/proc/meminfo");

	printf(" %6.0f %6.0f %6.0f %6.0f",
	       find(text, "SwapTotal") - find(text, "SwapFree"),
	       find(text, "MemFree"), find(text, "Buffers"),
	       find(text, "Cached") + find(text, "SReclaimable"));
}

/* D was counted in SECONDS. */
static void line(struct counts d, double seconds)
{
	double ticks = d.user + d.system + d.idle, percent = 100;
	const char *text = slurp("/proc/stat");

	percent /= ticks > 0 ? ticks : 1;
	seconds = seconds > 0 ? seconds : 1;
	printf("%2.0f %2.0f", find(text, "procs_running"),
	       find(text, "procs_blocked"));
	memory();
	printf(" %4.0f %4.0f %5.0f %5.0f %4.0f %4.0f", d.swap_in / seconds,
	       d.swap_out / seconds, d.disk_in / seconds, d.disk_out / seconds,
	       d.in / seconds, d.cs / seconds);
	printf(" %2.0f %2.0f %2.0f %2d %2d\n", d.user * percent,
	       d.system * percent, d.idle * percent, 0, 0);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct counts last = { 0 }, now;
	int c, once = 0;
	long seconds, count, i;

	while ((c = getopt(argc, argv, "n")) != -1) {
		if (c != 'n') {
			fprintf(stderr,
				"usage: vmstat [-n] [SECONDS [COUNT]]\n");
			return 2;
		}
		once = 1;
	}
	seconds = optind < argc ? atol(argv[optind]) : 0;
	count = optind + 1 < argc ? atol(argv[optind + 1]) : seconds ? -1 : 1;
	for (i = 0; count < 0 || i < count; i++) {
		if (i)
			sleep(seconds);
		if (i == 0 || (!once && i % HEADER_EVERY == 0))
			header();
		now = read_counts();
		line(difference(now, last),
		     i ? seconds : strtod(slurp("/proc/uptime"), NULL));
		last = now;
	}
	return 0;
}
