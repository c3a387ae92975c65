/* SPDX-License-Identifier: MIT */
/*
 * swapuse DEVICE: private pages, a segment and a child that shares them are
 * pushed into swap on DEVICE by a ballast; what /proc and the calls say about
 * that must agree, locked pages stay, and swapoff must bring all of it back,
 * while the child goes on reading and writing, or fail and leave everything as
 * it was.
 */
#include "staged.h"
#include <signal.h>
#include <stdint.h>
#include <sys/swap.h>
#include <sys/sysinfo.h>

#define PRIVATE_PAGES 900u
#define SEGMENT_PAGES 300u
#define READ_ONLY_PAGES 40u
#define BALLAST_PAGES 3600u
#define PM_SWAP (1ull << 62)

static const char *device;
static volatile uint32_t *private, *segment, *read_only;
static volatile struct {
	int stop, bad;
} *flags;
static int segment_id;

static uint32_t stamp(unsigned page, unsigned owner)
{
	return page * 2654435761u + owner;
}

static volatile uint32_t *map(unsigned pages)
{
	void *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

static void fill(volatile uint32_t *at, unsigned pages, unsigned owner)
{
	unsigned i;

	for (i = 0; i < pages; i++)
		at[i * 1024] = at[i * 1024 + 1023] = stamp(i, owner);
}

/* Pages that do not hold what OWNER wrote. */
static unsigned wrong(volatile uint32_t *at, unsigned pages, unsigned owner)
{
	unsigned i, n = 0;

	for (i = 0; i < pages; i++)
		n += at[i * 1024] != stamp(i, owner) ||
		     at[i * 1024 + 1023] != stamp(i, owner) || at[i * 1024 + 5];
	return n;
}

static unsigned all_wrong(unsigned owner)
{
	return wrong(private, PRIVATE_PAGES, owner) +
	       wrong(segment, SEGMENT_PAGES, 1) +
	       wrong(read_only, READ_ONLY_PAGES, 1);
}

/* The number behind NAME in the file PATH, all lines of it added up. */
static unsigned long sum_of(const char *path, const char *name)
{
	static char text[65536];
	unsigned long sum = 0;
	char *s = text;

	if (read_text(path, text, sizeof(text)) < 0)
		die(path);
	while ((s = strstr(s, name))) {
		if (s == text || s[-1] == '\n')
			sum += strtoul(s + strlen(name), NULL, 10);
		s += strlen(name);
	}
	return sum;
}

/* --- what is said about pages in swap ------------------------------------ */

static unsigned swapped_words(volatile uint32_t *at, unsigned pages)
{
	static uint64_t word[PRIVATE_PAGES];
	int fd = open("/proc/self/pagemap", O_RDONLY);
	unsigned i, n = 0;

	if (fd < 0 || pread(fd, word, pages * 8, (uintptr_t)at / PAGE * 8) !=
			      (ssize_t)(pages * 8))
		die("/proc/self/pagemap");
	close(fd);
	for (i = 0; i < pages; i++)
		n += word[i] >> 62 == 1 && (word[i] & 31) == 0 &&
		     word[i] << 9 >> 14;
	return n;
}

static unsigned out_of_core(volatile uint32_t *at, unsigned pages)
{
	static unsigned char vec[PRIVATE_PAGES];
	unsigned i, n = 0;

	if (mincore((void *)at, pages * PAGE, vec) < 0)
		die("mincore");
	for (i = 0; i < pages; i++)
		n += !(vec[i] & 1);
	return n;
}

static void same_everywhere(void)
{
	unsigned long words, out, status_kib, smaps_kib, again, used;
	int tries = 100;
	struct sysinfo si;

	do { /* until kswapd is at rest */
		usleep(20000);
		status_kib = sum_of("/proc/self/status", "VmSwap:");
		smaps_kib = sum_of("/proc/self/smaps", "Swap:");
		again = sum_of("/proc/self/status", "VmSwap:");
	} while (again != status_kib && --tries);
	words = swapped_words(private, PRIVATE_PAGES) +
		swapped_words(read_only, READ_ONLY_PAGES);
	out = out_of_core(private, PRIVATE_PAGES) +
	      out_of_core(read_only, READ_ONLY_PAGES);
	fact(words > 100, "a part of it is in swap", "%lu pages", words);
	fact(status_kib / 4 >= words, "status counts what pagemap shows",
	     "%lu KiB, %lu pages", status_kib, words);
	fact(smaps_kib == status_kib && again == status_kib, "smaps too",
	     "%lu KiB, %lu KiB", smaps_kib, status_kib);
	fact(out && out <= words, "mincore: what is not in the swap cache",
	     "%lu, %lu in swap", out, words);
	fact(out_of_core(segment, SEGMENT_PAGES) > 0,
	     "mincore: pages of the segment are not in memory", "0");
	sysinfo(&si);
	used = sum_of("/proc/meminfo", "SwapTotal:") -
	       sum_of("/proc/meminfo", "SwapFree:");
	fact((si.totalswap - si.freeswap) / 1024 >= words * 4 &&
		     used >= words * 4,
	     "sysinfo and meminfo count its slots", "%lu KiB, %lu KiB",
	     (si.totalswap - si.freeswap) / 1024, used);
	fact(sum_of("/proc/vmstat", "pswpout ") >= words,
	     "vmstat counts what was written", "less than %lu", words);
}

/* --- memory that is pushed out ------------------------------------------- */

static void *push(void)
{
	volatile uint32_t *ballast = map(BALLAST_PAGES);

	fill(ballast, BALLAST_PAGES, 9);
	return (void *)ballast;
}

static void pop(void *ballast)
{
	munmap(ballast, BALLAST_PAGES * PAGE);
}

/* --- locked pages -------------------------------------------------------- */

#define LOCKED_PAGES 300u

static void locked_pages(void)
{
	pop(push());
	fact(swapped_words(private, LOCKED_PAGES) > 0, "pages are in swap",
	     "none");
	fact(!mlock((void *)private, LOCKED_PAGES * PAGE) &&
		     !swapped_words(private, LOCKED_PAGES),
	     "mlock brings them in", "%u are still there",
	     swapped_words(private, LOCKED_PAGES));
	shmctl(segment_id, SHM_LOCK, NULL);
	fact(!wrong(segment, SEGMENT_PAGES, 1), "the segment is read in",
	     "wrong pages");
	pop(push());
	fact(!swapped_words(private, LOCKED_PAGES) &&
		     !out_of_core(private, LOCKED_PAGES),
	     "locked pages stay", "%u went",
	     swapped_words(private, LOCKED_PAGES));
	fact(!out_of_core(segment, SEGMENT_PAGES),
	     "pages of a locked segment stay", "%u went",
	     out_of_core(segment, SEGMENT_PAGES));
	fact(swapped_words(private + LOCKED_PAGES * 1024, LOCKED_PAGES) > 0,
	     "others go", "none went");
	munlock((void *)private, LOCKED_PAGES * PAGE);
	shmctl(segment_id, SHM_UNLOCK, NULL);
	check();
}

/* --- swapoff -------------------------------------------------------------- */

/* The other process: every page is right, and some are written anew. */
static void reader(void)
{
	unsigned i, n = 0;

	fill(private, PRIVATE_PAGES / 3, 2);
	while (!flags->stop) {
		n += wrong(private, PRIVATE_PAGES / 3, 2) +
		     wrong(segment, SEGMENT_PAGES, 1);
		for (i = PRIVATE_PAGES / 3; i < PRIVATE_PAGES; i += 7)
			n += private[i * 1024] != stamp(i, 1);
		flags->bad += n;
		sched_yield();
	}
}

static bool has_area(void)
{
	char text[1024];

	return read_text("/proc/swaps", text, sizeof(text)) > 0 &&
	       strstr(text, device);
}

static void too_little_memory(void)
{
	void *ballast = push();
	int err = swapoff(device) ? errno : 0;

	fact(err == ENOMEM, "too little memory for it: ENOMEM", "errno %d",
	     err);
	fact(has_area() && swapon(device, 0) < 0 && errno == EBUSY,
	     "the area is there as before", "errno %d", errno);
	fact(!wrong((uint32_t *)ballast, BALLAST_PAGES, 9), "and what is in it",
	     "some pages differ");
	pop(ballast);
	check();
}

static void on_signal(int sig)
{
	(void)sig;
}

static void interrupted_body(void)
{
	signal(SIGUSR1, on_signal);
	hold_me("swapoff_page");
	_exit(swapoff(device) ? errno : 0);
}

static void interrupted(void)
{
	pid_t pid;

	pop(push());
	pid = actor(interrupted_body);
	if (!staged(pid))
		die("swapoff did not come to a page");
	fact(swapoff(device) < 0 && errno == EINVAL,
	     "a second swapoff meanwhile: EINVAL", "errno %d", errno);
	kill(pid, SIGUSR1);
	release(pid);
	fact(ended(pid) && WEXITSTATUS(status) == EINTR,
	     "a signal ends it: EINTR", "status %x", status);
	fact(has_area(), "the area is there as before", "it is not");
}

static void brought_back(void)
{
	pid_t pid;
	int res;

	pop(push());
	fact(sum_of("/proc/self/status", "VmSwap:") > 400,
	     "pages are in swap again", "%lu KiB",
	     sum_of("/proc/self/status", "VmSwap:"));
	pid = actor(reader);
	res = swapoff(device);
	fact(res == 0, "swapoff while another process uses them",
	     "errno %d", errno);
	fact(sum_of("/proc/self/status", "VmSwap:") == 0 && !has_area() &&
		     sum_of("/proc/meminfo", "SwapTotal:") == 0,
	     "nothing is in swap any more", "something is");
	check();
	fact(!all_wrong(1), "every page is right", "%u are not", all_wrong(1));
	flags->stop = 1;
	fact(ended(pid) && !status && !flags->bad,
	     "and every page of the other", "status %x, %d are not", status,
	     flags->bad);
}

static void writer(void)
{
	read_only[1024] = 1;
}

static void still_read_only(void)
{
	fact(ended(actor(writer)) && WIFSIGNALED(status) &&
		     WTERMSIG(status) == SIGSEGV,
	     "a page of a read-only area came back read-only", "status %x",
	     status);
	private[0] = stamp(0, 1);
	fact(!all_wrong(1), "the others can be written to", "a wrong page");
}

int main(int argc, char **argv)
{
	void *ballast;

	device = argc > 1 ? argv[1] : "/dev/hda";
	private = map(PRIVATE_PAGES);
	read_only = map(READ_ONLY_PAGES);
	flags = shared(1);
	segment_id = new_segment(SEGMENT_PAGES);
	segment = (volatile uint32_t *)attach(segment_id);
	shmctl(segment_id, IPC_RMID, NULL);
	fill(private, PRIVATE_PAGES, 1);
	fill(segment, SEGMENT_PAGES, 1);
	fill(read_only, READ_ONLY_PAGES, 1);
	mprotect((void *)read_only, READ_ONLY_PAGES * PAGE, PROT_READ);

	ballast = push();
	same_everywhere();
	pop(ballast);
	fact(!all_wrong(1), "read back, every page is right", "some are not");
	locked_pages();
	too_little_memory();
	interrupted();
	brought_back();
	still_read_only();
	check();
	printf("end\n");
	return 0;
}
