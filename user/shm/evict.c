/* SPDX-License-Identifier: MIT */
/*
 * evict [MIB]: shared memory larger than the machine's. This process writes
 * every word of it, a second one reads it back, and both add up the same
 * checksum. What does not fit leaves for swap meanwhile, and comes back: the
 * table shows it, taken from shmctl(SHM_INFO).
 *
 *        writer                                  reader (fork)
 *   every word, in order                    every word, in order
 *          v                                       ^
 *   [ frames of memory ] ---- evicted ----> [ slots of swap ]
 *                        <--- touched -----
 *
 * Without MIB it takes twice the memory, or what swap has room for.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096u
#define WORDS (PAGE / sizeof(uint32_t))
#define MIB_PAGES ((1u << 20) / PAGE)
#define MAX_SEGMENTS 64
#define MAX_PAGES (1024 * MIB_PAGES) /* without being asked: 1 GiB */
#define STEPS 8 /* lines of the table for each direction */
#define BAR 24

struct room { /* in pages */
	unsigned long memory, swap, swap_free;
};

static uint32_t *segment[MAX_SEGMENTS];
static unsigned segment_pages, pages; /* of one, of all */
static struct shm_info before; /* when nothing was touched yet */

/* --- what there is ---------------------------------------------------- */

static struct room look_around(void)
{
	struct room r = { 0, 0, 0 };
	struct sysinfo si;
	unsigned long long unit;

	if (sysinfo(&si) < 0)
		return r;
	unit = si.mem_unit ? si.mem_unit : 1;
	r.memory = (unsigned long)(si.totalram * unit / PAGE);
	r.swap = (unsigned long)(si.totalswap * unit / PAGE);
	r.swap_free = (unsigned long)(si.freeswap * unit / PAGE);
	return r;
}

static struct shm_info shm_info(void)
{
	struct shm_info info;

	memset(&info, 0, sizeof(info));
	shmctl(0, SHM_INFO, (struct shmid_ds *)&info);
	return info;
}

/* How many pages to fill; 0, after a sentence, if that makes no sense. */
static unsigned choose_size(const struct room *r)
{
	unsigned long most = r->swap_free - r->swap_free / 8;

	if (r->swap == 0) {
		fprintf(stderr, "evict: no swap is on, so nothing can leave "
				"memory. In Faultline:\n"
				"    tools/vm --ram 16M --swap 128M -- "
				"evict\n");
		return 0;
	}
	if (most < r->memory + r->memory / 8) {
		fprintf(stderr, "evict: %lu MiB of swap are free, too little "
				"beside %lu MiB of memory\n",
			r->swap_free / MIB_PAGES, r->memory / MIB_PAGES);
		return 0;
	}
	if (2 * r->memory > MAX_PAGES) {
		fprintf(stderr, "evict: memory is %lu MiB; to fill it twice "
				"would take long. Say how much: evict MIB\n",
			r->memory / MIB_PAGES);
		return 0;
	}
	return (unsigned)(2 * r->memory < most ? 2 * r->memory : most);
}

/* --- the segments ----------------------------------------------------- */

/* One segment if it may be that large, else several. They are removed at
 * once, and live as long as somebody is attached. */
static int make_segments(void)
{
	struct shminfo limits = { 0 };
	unsigned n, max, count;
	int id;

	shmctl(0, IPC_INFO, (struct shmid_ds *)&limits);
	max = (unsigned)((unsigned long)limits.shmmax / PAGE);
	max = max && max < pages ? max : pages;
	count = (pages + max - 1) / max;
	segment_pages = (pages + count - 1) / count;
	pages = count * segment_pages;
	for (n = 0; n < count && count <= MAX_SEGMENTS; n++) {
		id = shmget(IPC_PRIVATE, (size_t)segment_pages * PAGE, 0600);
		if (id < 0) {
			perror("evict: shmget");
			return -1;
		}
		segment[n] = shmat(id, NULL, 0);
		shmctl(id, IPC_RMID, NULL);
		if (segment[n] == (void *)-1) {
			perror("evict: shmat");
			return -1;
		}
	}
	return count <= MAX_SEGMENTS ? 0 : -1;
}

static uint32_t *page_at(unsigned i)
{
	return segment[i / segment_pages] + i % segment_pages * WORDS;
}

/* --- the table -------------------------------------------------------- */

/* '#' is in memory, '-' in swap, ' ' was never touched. */
static void print_bar(const struct shm_info *now)
{
	unsigned long in = now->shm_rss * BAR / pages;
	unsigned long both = (now->shm_rss + now->shm_swp) * BAR / pages;
	unsigned i;

	putchar('[');
	for (i = 0; i < BAR; i++)
		putchar(i < in ? '#' : i < both ? '-' : ' ');
	putchar(']');
}

static void print_titles(void)
{
	printf("%-9s %7s %8s %8s %9s %9s  %s\n", "", "pages", "resident",
	       "in swap", "attempts", "successes", "# memory  - swap");
}

static void print_step(const char *what, unsigned done)
{
	struct shm_info now = shm_info();

	printf("%-9s %7u %8lu %8lu %9lu %9lu  ", what, done,
	       (unsigned long)now.shm_rss, (unsigned long)now.shm_swp,
	       (unsigned long)(now.swap_attempts - before.swap_attempts),
	       (unsigned long)(now.swap_successes - before.swap_successes));
	print_bar(&now);
	putchar('\n');
	fflush(stdout);
}

/* Is the page behind the Ith the end of a step? */
static int step_ends(unsigned i)
{
	return (i + 1) * STEPS / pages != i * STEPS / pages;
}

/* --- writing and reading ---------------------------------------------- */

/* What stands in word W of page I. */
static uint32_t content(unsigned i, unsigned w)
{
	return (i + 1) * 2654435761u ^ w * 0x9e3779b9u;
}

static uint32_t add_up(uint32_t sum, uint32_t word)
{
	return (sum << 1 | sum >> 31) + word;
}

static uint32_t write_all(void)
{
	uint32_t sum = 0, *p;
	unsigned i, w;

	for (i = 0; i < pages; i++) {
		p = page_at(i);
		for (w = 0; w < WORDS; w++)
			sum = add_up(sum, p[w] = content(i, w));
		if (step_ends(i))
			print_step("written", i + 1);
	}
	return sum;
}

/* The sum of what is there; *WRONG pages are not as they were written. */
static uint32_t read_all(unsigned *wrong)
{
	unsigned i, w, bad;
	uint32_t sum = 0;
	const uint32_t *p;

	for (i = 0; i < pages; i++) {
		p = page_at(i);
		for (w = 0, bad = 0; w < WORDS; w++) {
			bad |= p[w] != content(i, w);
			sum = add_up(sum, p[w]);
		}
		if (bad && !(*wrong)++)
			printf("page %u is WRONG, the first of them\n", i);
		if (step_ends(i))
			print_step("read", i + 1);
	}
	return sum;
}

static int reader(uint32_t want)
{
	unsigned wrong = 0;
	struct rusage ru;
	uint32_t sum = read_all(&wrong);

	getrusage(RUSAGE_SELF, &ru);
	printf("\n%u pages written by process %d, sum %08x\n"
	       "%u pages read by process %d,    sum %08x, "
	       "%ld of them from the disk\n",
	       pages, (int)getppid(), want, pages, (int)getpid(), sum,
	       ru.ru_majflt);
	fflush(stdout);
	return sum != want || wrong;
}

static int run(void)
{
	int status = -1;
	uint32_t sum;
	pid_t pid;

	before = shm_info();
	print_titles();
	print_step("untouched", 0);
	sum = write_all();
	pid = fork();
	if (pid == 0)
		_exit(reader(sum));
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("evict: fork");
		return 1;
	}
	if (status != 0) {
		printf("checksum WRONG, or the reader ended early\n");
		return 1;
	}
	printf("checksum ok\nswap_successes %lu\n",
	       (unsigned long)(shm_info().swap_successes -
			       before.swap_successes));
	return 0;
}

int main(int argc, char **argv)
{
	struct room r = look_around();

	if (argc > 2 || (argc == 2 && atoi(argv[1]) <= 0)) {
		fprintf(stderr, "usage: evict [MIB]\n");
		return 2;
	}
	pages = argc > 1 ? (unsigned)atoi(argv[1]) * MIB_PAGES
			 : choose_size(&r);
	if (pages == 0)
		return 1;
	if (make_segments() < 0) {
		fprintf(stderr, "evict: no shared memory of %u pages\n", pages);
		return 1;
	}
	printf("evict: %u MiB of shared memory on %lu MiB of memory and %lu "
	       "MiB of swap\n\n",
	       pages / MIB_PAGES, r.memory / MIB_PAGES, r.swap / MIB_PAGES);
	return run();
}
