/* SPDX-License-Identifier: MIT */
/*
 * watchpage: one page of one segment, attached by two processes, followed
 * through its life:
 *
 *   never touched -> resident -> resident in both -> evicted -> swapped in
 *   signature        frame       frame               signature   frame
 *   signature        signature   frame               signature   signature
 *
 * It looks from outside: /proc/<pid>/pagemap (is a frame mapped, and which),
 * shmctl(SHM_INFO), mincore(), and the entry itself, as the events pte_range
 * and pte_set of /proc/trace told it, where there is such a trace. A page is
 * sent out through /proc/sys/vm/evict, where that is not there by taking
 * memory until it goes.
 *
 * The trace of the last touch stays behind, marked: hops -f /proc/trace tells
 * it hop by hop.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <uapi/faultline.h>
#include <unistd.h>

#define PAGE 4096u
#define PAGES 4
#define WATCHED 2 /* the page that is followed */
#define NUMBER 20061995 /* what is written there */
#define PM_PRESENT (1ull << 63)
#define PM_FRAME ((1ull << 55) - 1)
#define MAX_PRESSURE (512u << 20) /* bytes taken to drive a page out */
#define TRACE_TEXT (512 << 10)

struct view { /* the page as one process sees it */
	const char *who;
	pid_t pid;
	uintptr_t addr; /* of the page */
	unsigned long entry; /* the last one the trace has told */
	int known; /* has it told one? */
	uint64_t pagemap;
};

static struct view views[2] = { { "writer", 0, 0, 0, 0, 0 },
				{ "reader", 0, 0, 0, 0, 0 } };
static volatile int *watched; /* the writer's page */
static unsigned long area, slot; /* of swap, where the page went */
static int id, moment, bad;
static int to_reader, from_reader; /* pipes */
static struct shm_info start;

static void check(int holds, const char *what)
{
	printf("       %s  %s\n", holds ? "yes" : "NO ", what);
	bad += !holds;
}

/* --- looking ---------------------------------------------------------- */

static int write_word(const char *path, const char *word)
{
	int fd = open(path, O_WRONLY), failed;

	if (fd < 0)
		return -1;
	failed = write(fd, word, strlen(word)) < 0;
	close(fd);
	return failed ? -1 : 0;
}

static uint64_t pagemap(pid_t pid, uintptr_t addr)
{
	char path[40];
	uint64_t e = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)pid);
	fd = open(path, O_RDONLY);
	if (fd < 0 || pread(fd, &e, 8, (off_t)(addr / PAGE * 8)) != 8)
		perror(path);
	if (fd >= 0)
		close(fd);
	return e;
}

static struct shm_info shm_info(void)
{
	struct shm_info info;

	memset(&info, 0, sizeof(info));
	shmctl(0, SHM_INFO, (struct shmid_ds *)&info);
	return info;
}

static int in_core(void)
{
	unsigned char vec = 0;

	mincore((void *)views[0].addr, PAGE, &vec);
	return vec & 1;
}

/* An event of the trace that says what stands in a view's entry. */
static void learn(const char *line)
{
	unsigned long first, end, before, after, step;
	const char *set = strstr(line, " pte_set addr=");
	const char *range = strstr(line, " pte_range range=");
	const char *out = strstr(line, " shm_evict ");
	int i;

	if (out)
		sscanf(out,
		       " shm_evict id=%*u index=%*u pfn=%*x area=%lu slot=%lu",
		       &area, &slot);

	for (i = 0; i < 2; i++) {
		uintptr_t a = views[i].addr;

		if (set &&
		    sscanf(set, " pte_set addr=%lx before=%lx after=%lx",
			   &first, &before, &after) == 3 &&
		    first == a)
			views[i].entry = after, views[i].known = 1;
		if (range &&
		    sscanf(range, " pte_range range=%lx-%lx first=%lx step=%lx",
			   &first, &end, &after, &step) == 4 &&
		    first <= a && a < end) {
			views[i].entry = after + (a - first) / PAGE * step;
			views[i].known = 1;
		}
	}
}

/* What is traced from here to trace_stop() is seen by learn(). */
static void trace_start(void)
{
	write_word("/proc/trace", "clear");
	write_word("/proc/trace", "on");
}

static void trace_stop(void)
{
	static char text[TRACE_TEXT];
	char *line, *save;
	size_t len = 0;
	ssize_t n;
	int fd;

	if (write_word("/proc/trace", "off") < 0)
		return;
	fd = open("/proc/trace", O_RDONLY);
	while (fd >= 0 && (n = read(fd, text + len, TRACE_TEXT - 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	text[len] = '\0';
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		learn(line);
}

/* --- showing ---------------------------------------------------------- */

static int present(int i)
{
	return (views[i].pagemap & PM_PRESENT) != 0;
}

/* A signature names the page: segment slot, index (docs/shm.md). */
static void show_view(const struct view *v)
{
	unsigned long e = v->entry;

	printf("     %s  %08lx  ", v->who, (unsigned long)v->addr);
	if (v->pagemap & PM_PRESENT)
		printf("frame %llx",
		       (unsigned long long)(v->pagemap & PM_FRAME));
	else if (v->known && entry_is_signature(e))
		printf("signature of segment %lu, page %lu",
		       ENTRY_FIELD(e, SHM_SLOT), ENTRY_FIELD(e, SHM_INDEX));
	else
		printf("not mapped");
	if (v->known)
		printf("  (entry %08lx)", e);
	putchar('\n');
}

static void show(const char *title)
{
	struct shm_info now = shm_info();
	int i;

	printf("\n  %d. %s\n", ++moment, title);
	for (i = 0; i < 2; i++) {
		views[i].pagemap = pagemap(views[i].pid, views[i].addr);
		show_view(&views[i]);
	}
	printf("     segment  %ld resident, %ld in swap; mincore: %s\n",
	       (long)(now.shm_rss - start.shm_rss),
	       (long)(now.shm_swp - start.shm_swp),
	       in_core() ? "in memory" : "not in memory");
	fflush(stdout);
}

/* --- the reader ------------------------------------------------------- */

struct answer {
	int value; /* what stands in the page */
	long major; /* faults that read a disk, for this touch */
};

static long major_faults(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return ru.ru_majflt;
}

/* Attaches at an address of its own, and tells it; then touches the page
 * whenever it is asked to. */
static void reader(int in, int out)
{
	char *base = shmat(id, NULL, 0);
	volatile int *page = (volatile int *)(base + WATCHED * PAGE);
	uintptr_t addr = (uintptr_t)page;
	int marks = open("/dev/trace", O_WRONLY);
	struct answer a;
	char c;

	shmdt((char *)watched - WATCHED * PAGE);
	if (base == (void *)-1 || write(out, &addr, sizeof(addr)) < 0)
		_exit(1);
	while (read(in, &c, 1) == 1) {
		a.major = major_faults();
		if (marks >= 0 && write(marks, "1", 1) < 0)
			perror("watchpage: /dev/trace");
		a.value = *page;
		a.major = major_faults() - a.major;
		if (write(out, &a, sizeof(a)) < 0)
			_exit(1);
	}
	_exit(0);
}

static struct answer ask_reader(void)
{
	struct answer a = { -1, -1 };

	if (write(to_reader, "t", 1) != 1 ||
	    read(from_reader, &a, sizeof(a)) != sizeof(a))
		printf("NO   the reader does not answer\n"), bad++;
	return a;
}

static int start_reader(void)
{
	int down[2], up[2];

	fflush(stdout);
	if (pipe(down) < 0 || pipe(up) < 0)
		return -1;
	views[1].pid = fork();
	if (views[1].pid == 0) {
		close(down[1]);
		close(up[0]);
		reader(down[0], up[1]);
	}
	close(down[0]);
	close(up[1]);
	to_reader = down[1];
	from_reader = up[0];
	return read(from_reader, &views[1].addr, sizeof(uintptr_t)) ==
			       sizeof(uintptr_t)
		       ? 0
		       : -1;
}

/* --- sending it out --------------------------------------------------- */

/* A child takes memory until the page has left, or it has enough. */
static void press(void)
{
	size_t i;
	pid_t pid;
	char *p;

	pid = fork();
	if (pid == 0) {
		p = mmap(NULL, MAX_PRESSURE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		for (i = 0; p != MAP_FAILED && i < MAX_PRESSURE; i += PAGE) {
			p[i] = 1;
			if (!in_core())
				break;
		}
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static int evict(void)
{
	char word[40];

	snprintf(word, sizeof(word), "shm %d %d", id, WATCHED);
	if (write_word("/proc/sys/vm/evict", word) < 0)
		press();
	return in_core() ? -1 : 0;
}

/* --- the life of the page --------------------------------------------- */

static void first_life(void)
{
	struct answer a;

	show("never touched: the segment has no frame for it");
	check(!present(0) && !present(1) && !in_core(), "nobody has it");

	trace_start();
	*watched = NUMBER;
	trace_stop();
	show("resident: the writer has touched it");
	check(present(0) && !present(1), "it is in one page table");

	trace_start();
	a = ask_reader();
	trace_stop();
	show("resident in two processes: the reader has touched it, too");
	check(present(0) && present(1), "it is in both page tables");
	check(a.value == NUMBER && a.major == 0, "and no disk was read");
}

static void second_life(void)
{
	uint64_t frame = views[0].pagemap & PM_FRAME;
	struct answer a;

	trace_start();
	if (evict() < 0) {
		printf("\nwatchpage: it does not leave memory here\n");
		bad++;
		return;
	}
	trace_stop();
	show("evicted: both entries are the page's signature again");
	if (slot)
		printf("     slot     %lu of swap area %lu\n", slot, area);
	check(!present(0) && !present(1), "it is in no page table");

	trace_start();
	a = ask_reader();
	trace_stop();
	show("swapped in: the reader has touched it");
	check(!present(0) && present(1), "it is in the reader's page table");
	check(a.value == NUMBER, "with what the writer wrote there");
	printf("       %ld fault that read the disk; frame %llx before, "
	       "%llx now\n",
	       a.major, (unsigned long long)frame,
	       (unsigned long long)(views[1].pagemap & PM_FRAME));
	check(*watched == NUMBER, "the writer finds it, too");
}

int main(void)
{
	struct sysinfo si = { 0 };
	char *base;

	start = shm_info();
	trace_start();
	id = shmget(IPC_PRIVATE, PAGES * PAGE, 0600);
	base = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
	if (base == (void *)-1) {
		perror("watchpage: shared memory");
		return 1;
	}
	watched = (volatile int *)(base + WATCHED * PAGE);
	views[0].pid = getpid();
	views[0].addr = (uintptr_t)watched;
	if (start_reader() < 0) {
		perror("watchpage: the reader");
		shmctl(id, IPC_RMID, NULL);
		return 1;
	}
	trace_stop();
	shmctl(id, IPC_RMID, NULL);
	printf("watchpage: page %d of segment %d; the writer is process %d, "
	       "the reader %d\n",
	       WATCHED, id, (int)views[0].pid, (int)views[1].pid);
	first_life();
	sysinfo(&si);
	if (si.totalswap)
		second_life();
	else
		printf("\nwatchpage: no swap is on, so it stays there; in "
		       "Faultline:\n"
		       "    tools/vm --ram 16M --swap 64M -- watchpage\n");
	close(to_reader);
	waitpid(views[1].pid, NULL, 0);
	if (bad || !si.totalswap)
		return 1;
	printf("\nok: out and back, and every word in its place\n");
	return 0;
}
