/* SPDX-License-Identifier: MIT */
/*
 * refs [-f FRAMES] [-p PAGES] [-n COUNT] PATTERN: touches the pages of a
 * segment in a pattern, and marks each touch in /dev/trace: a reference
 * string, which tools/policies replays under every policy of replacement.
 *
 *   belady    1 2 3 4 1 2 5 1 2 3 4 5: fifo has more faults with 4 frames
 *             than with 3
 *   loop      1 2 .. PAGES, again and again
 *   random    any page
 *   locality  mostly a few neighbours, which move on now and then
 *
 * -f: no more than FRAMES of the pages are in memory at once. Before a page
 * comes in when there are as many, one goes: the word "shm" written to
 * /proc/sys/vm/evict makes the kernel choose it, by the policy that is in use
 * (/proc/sys/vm/swap_policy).
 *
 * One column a reference, one row a page:
 *   *  it was not in memory, a fault   #  it is in memory   .  it is not
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#define PAGE 4096
#define MAX_PAGES 64
#define MAX_REFERENCES 2000
#define CHART_COLUMNS 64
#define EVICT "/proc/sys/vm/evict"
#define POLICY "/proc/sys/vm/swap_policy"
#define TRIES 4 /* until every page was looked at, and its use forgotten */

static unsigned string[MAX_REFERENCES], count, pages = 16, frames;
static char chart[MAX_PAGES + 1][CHART_COLUMNS];
static volatile char *base; /* page N is at base + N * PAGE */
static unsigned seed = 2463534242u;
static unsigned faults, evictions;

/* --- patterns --------------------------------------------------------- */

static unsigned below(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % n;
}

static void belady(void)
{
	static const unsigned fixed[] = { 1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5 };

	count = sizeof(fixed) / sizeof(fixed[0]);
	memcpy(string, fixed, sizeof(fixed));
	pages = 5;
}

static void loop(void)
{
	unsigned i;

	for (i = 0; i < count; i++)
		string[i] = 1 + i % pages;
}

static void any(void)
{
	unsigned i;

	for (i = 0; i < count; i++)
		string[i] = 1 + below(pages);
}

static void locality(void)
{
	unsigned size = 2 + pages / 5, first = 0, i;

	for (i = 0; i < count; i++) {
		if (below(24) == 0)
			first = below(pages);
		string[i] = 1 + (below(10) ? (first + below(size)) % pages
					   : below(pages));
	}
}

static const struct {
	const char *name;
	void (*make)(void);
} patterns[] = { { "belady", belady },
		 { "loop", loop },
		 { "random", any },
		 { "locality", locality } };

static int make_string(const char *name)
{
	unsigned i;

	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (strcmp(name, patterns[i].name) == 0) {
			patterns[i].make();
			return 0;
		}
	return -1;
}

/* --- touching --------------------------------------------------------- */

static int in_memory(unsigned page)
{
	unsigned char vec = 0;

	mincore((void *)(base + page * PAGE), PAGE, &vec);
	return vec & 1;
}

static unsigned resident(void)
{
	unsigned page, n = 0;

	for (page = 1; page <= pages; page++)
		n += in_memory(page);
	return n;
}

/* The kernel sends out a page of its choice; false: it did not. */
static int evict_one(void)
{
	int fd = open(EVICT, O_WRONLY), tries, done = 0;

	for (tries = 0; fd >= 0 && !done && tries < TRIES; tries++)
		done = write(fd, "shm", 3) == 3;
	if (!done)
		perror("refs: " EVICT);
	if (fd >= 0)
		close(fd);
	evictions += (unsigned)done;
	return done;
}

static void mark(unsigned page)
{
	static int fd = -2;
	char text[12];

	if (fd == -2)
		fd = open("/dev/trace", O_WRONLY);
	snprintf(text, sizeof(text), "%u", page);
	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		perror("refs: /dev/trace");
}

static void draw(unsigned column, unsigned touched, int fault)
{
	unsigned page;

	for (page = 1; page <= pages && column < CHART_COLUMNS; page++)
		chart[page][column] = in_memory(page) ? '#' : '.';
	if (fault && column < CHART_COLUMNS)
		chart[touched][column] = '*';
}

static int touch_all(void)
{
	unsigned i;
	int fault;

	for (i = 0; i < count; i++) {
		fault = !in_memory(string[i]);
		if (fault && frames && resident() >= frames && !evict_one())
			return -1;
		mark(string[i]);
		base[string[i] * PAGE]++;
		faults += (unsigned)fault;
		draw(i, string[i], fault);
	}
	return 0;
}

/* --- showing ---------------------------------------------------------- */

static void print_policy(void)
{
	FILE *f = fopen(POLICY, "r");
	char text[128], *name;

	if (!f)
		return;
	name = fgets(text, sizeof(text), f) ? strchr(text, '[') : NULL;
	if (name)
		printf(", policy %.*s", (int)strcspn(name + 1, "]"), name + 1);
	fclose(f);
}

static void print_chart(void)
{
	static const char digit[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ+-/";
	unsigned columns = count < CHART_COLUMNS ? count : CHART_COLUMNS;
	unsigned page, i;

	printf("reference ");
	for (i = 0; i < columns; i++)
		putchar(digit[string[i]]);
	putchar('\n');
	for (page = 1; page <= pages; page++)
		printf("page %2u %c %.*s\n", page, digit[page], (int)columns,
		       chart[page]);
}

static int run(const char *pattern)
{
	int failed;

	printf("%s: %u references to %u pages", pattern, count, pages);
	if (frames)
		printf(", %u frames", frames);
	print_policy();
	printf("\n\n");
	fflush(stdout);
	failed = touch_all();
	print_chart();
	printf("\n%u faults, %u evictions\n", faults, evictions);
	return failed < 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: refs [-f FRAMES] [-p PAGES] [-n COUNT] "
			"belady|loop|random|locality\n");
	return 2;
}

int main(int argc, char **argv)
{
	int c, id;

	count = 64;
	while ((c = getopt(argc, argv, "f:p:n:")) != -1) {
		if (c == 'f')
			frames = (unsigned)atoi(optarg);
		else if (c == 'p')
			pages = (unsigned)atoi(optarg);
		else if (c == 'n')
			count = (unsigned)atoi(optarg);
		else
			return usage();
	}
	if (optind + 1 != argc || pages < 1 || pages > MAX_PAGES ||
	    count > MAX_REFERENCES || make_string(argv[optind]) < 0)
		return usage();
	id = shmget(IPC_PRIVATE, (pages + 1) * PAGE, 0600);
	base = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
	if (base == (void *)-1) {
		perror("refs: shared memory");
		return 1;
	}
	shmctl(id, IPC_RMID, NULL);
	return run(argv[optind]);
}
