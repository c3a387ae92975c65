/* SPDX-License-Identifier: MIT */
/*
 * stress MODE MILLIONS [SEED]: several processes write and read segments
 * larger than memory, at random, and verify every word of what they find,
 * until the processor has executed MILLIONS of instructions.
 *
 *   touch    only that
 *   churn    and fork, exit, RMID, recreate, munmap of pieces, mprotect
 *   swapoff  and both areas of swap go off and on all the time, and private
 *            pages are copied on write
 *   fail     and allocations and disk transfers are made to fail
 *
 * SEED: each sleep point of the kernel gives way now and then (/proc/stage).
 * The last lines say how many operations there were, and how many mismatches.
 * Status 0: none, and nobody died who should not.
 */
#include "stress.h"
#include <sys/swap.h>
#include <sys/sysinfo.h>

#define PRIVATE_PAGES 48
#define SCRATCH_PAGES 24
#define TICK 10 /* million instructions */
#define PROCESSES 4

static int mode_pid; /* the supervisor */
static uint32_t *private; /* PRIVATE_PAGES of each process */
static unsigned versions[PRIVATE_PAGES], writers[PRIVATE_PAGES];

/* --- children --------------------------------------------------------- */

/* Waits for a child that must come through. */
static void join(pid_t pid)
{
	int status = 0;

	if (pid < 0)
		return; /* no memory for a child just now */
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		mismatch("a child died", 0, status, 0);
}

/* --- churn ------------------------------------------------------------ */

static void in_a_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		touch_any(4);
		_exit(0);
	}
	join(pid);
}

/* A segment of one's own: written, read by a child, cut, removed. */
static void scratch(void)
{
	unsigned n = 4 + rnd(SCRATCH_PAGES), i, me = getpid();
	int id = shmget(IPC_PRIVATE, n * PAGE, 0600);
	char *at = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
	pid_t pid;

	if (at == (void *)-1)
		return;
	for (i = 0; i < n; i++)
		fill_page((uint32_t *)(at + i * PAGE), i, id, me);
	shmctl(id, IPC_RMID, NULL);
	pid = fork();
	if (pid == 0) {
		for (i = 0; i < n; i++)
			verify_page((uint32_t *)(at + i * PAGE), i, id, me);
		fill_page((uint32_t *)at, 0, id + 1, me);
		_exit(0);
	}
	munmap(at + PAGE, 2 * PAGE);
	touch_any(2);
	join(pid);
	if (pid > 0)
		verify_page((uint32_t *)at, 0, id + 1, me);
	for (i = 3; i < n; i++)
		verify_page((uint32_t *)(at + i * PAGE), i, id, me);
	shmdt(at);
}

/* A segment that everybody finds by its key, until somebody removes it. Who
 * finds a page there finds it untouched, or by its writer's rules. */
static void by_key(void)
{
	int id = shmget(4711, SCRATCH_PAGES * PAGE, IPC_CREAT | 0600);
	volatile uint32_t *at = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
	unsigned index = getpid() % SCRATCH_PAGES;
	volatile uint32_t *p = at + index * WORDS;

	if (at == (void *)-1)
		return;
	if (__sync_bool_compare_and_swap(&p[0], 0, index + 1)) {
		fill_page(p, index + 1, id, 7);
		sched_yield();
		verify_page(p, index + 1, id, 7);
	} else if (p[3]) {
		verify_page(p, index + 1, id, 7);
	}
	if (rnd(3) == 0)
		shmctl(id, IPC_RMID, NULL);
	shmdt((void *)at);
}

/* Through a second attach with a hole in its middle. */
static void with_a_hole(void)
{
	unsigned seg = rnd(SEGMENTS), n = shared->pages, i;
	char *first = base[seg], *second;

	second = shmat(shmget(seg + 1, 1, 0), NULL, 0);
	if (second == (void *)-1)
		return;
	munmap(second + n / 3 * PAGE, n / 3 * PAGE);
	base[seg] = second;
	for (i = 0; i < 3 && !shared->stop; i++)
		touch(seg, rnd(n / 3), rnd(2));
	touch(seg, n - 1 - rnd(n / 3 - 1), 1);
	base[seg] = first;
	shmdt(second);
}

/* A page that may only be read for a while: a writer dies of it. */
static void protected(void)
{
	unsigned seg = rnd(SEGMENTS), index = rnd(shared->pages);
	char *page = base[seg] + index * PAGE;
	int status = 0;
	pid_t pid;

	if (mprotect(page, PAGE, PROT_READ) < 0)
		return;
	touch((seg + 1) % SEGMENTS, index, 1);
	pid = fork();
	if (pid == 0) {
		*page = 1;
		_exit(0);
	}
	if (pid > 0 && waitpid(pid, &status, 0) == pid &&
	    (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSEGV))
		mismatch("a read-only page", index, status, SIGSEGV);
	mprotect(page, PAGE, PROT_READ | PROT_WRITE);
}

static void churn(void)
{
	static void (*const all[])(void) = { in_a_child, scratch, by_key,
					     with_a_hole, protected };

	touch_any(4);
	all[rnd(COUNT(all))]();
	count(&shared->others);
}

/* --- private pages, copied on write ----------------------------------- */

static int private_make(void)
{
	void *p = mmap(NULL, PRIVATE_PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p != MAP_FAILED)
		private = p;
	return p != MAP_FAILED;
}

static void private_fill(unsigned i)
{
	versions[i]++;
	writers[i] = getpid();
	fill_page(private + i * WORDS, i, versions[i], writers[i]);
}

static void private_verify(void)
{
	unsigned i;

	for (i = 0; i < PRIVATE_PAGES; i++)
		if (versions[i])
			verify_page(private + i * WORDS, i, versions[i],
				    writers[i]);
}

static void copy_on_write(void)
{
	unsigned i;
	pid_t pid;

	if (!private && !private_make())
		return;
	for (i = rnd(3); i < PRIVATE_PAGES; i += 3)
		private_fill(i);
	pid = fork();
	for (i = rnd(7); i < PRIVATE_PAGES; i += 7)
		private_fill(i);
	touch_any(4);
	private_verify();
	if (pid == 0)
		_exit(0);
	join(pid);
	count(&shared->others);
}

/* --- swap goes off and on --------------------------------------------- */

static int areas(char name[2][64])
{
	static char text[2048];
	char *line;
	int n = 0;

	if (read_text("/proc/swaps", text, sizeof(text)) < 0)
		return 0;
	for (line = strchr(text, '\n'); line && n < 2;
	     line = strchr(line + 1, '\n'))
		n += sscanf(line + 1, "%63s", name[n]) == 1;
	return n;
}

static void off_and_on(void)
{
	char name[2][64];
	int i, n = areas(name);

	if (n == 0)
		die("no swap is on");
	for (i = 0; !shared->stop; i = (i + 1) % n) {
		if (swapoff(name[i]) == 0)
			count(&shared->moved);
		else if (errno == ENOMEM)
			count(&shared->refused);
		else
			mismatch("swapoff", i, errno, 0);
		usleep(20000);
		if (swapon(name[i], 0) < 0 && errno != EBUSY)
			mismatch("swapon", i, errno, 0);
		usleep(20000);
	}
	_exit(0);
}

/* --- what is made to fail --------------------------------------------- */

static void set_nth(const char *path, unsigned n)
{
	int fd = open(path, O_WRONLY);
	char text[12];

	snprintf(text, sizeof(text), "%u", n);
	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		mismatch(path, 0, errno, 0);
	close(fd);
}

/* A child in which the Nth allocation or transfer fails. It may be killed, or
 * get an error or a SIGBUS; what others wrote stays what it was. */
static void with_a_failure(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (rnd(2))
			set_nth("/proc/self/fail-nth", 1 + rnd(6));
		else
			set_nth("/proc/self/fail-io-nth", 1 + rnd(3));
		touch_carefully(4);
		if (rnd(2))
			scratch();
		else
			copy_on_write();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return;
	if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL ||
				    WTERMSIG(status) == SIGBUS))
		count(&shared->killed);
	else if (WIFSIGNALED(status))
		mismatch("a child died", 0, status, 0);
	count(&shared->others);
}

/* --- everybody -------------------------------------------------------- */

static void touch_more(void)
{
	touch_any(16);
}

static void swapping(void)
{
	touch_any(12);
	copy_on_write();
}

static void failing(void)
{
	touch_any(6);
	with_a_failure();
}

static const struct mode {
	const char *name;
	void (*step)(void);
} modes[] = { { "touch", touch_more },
	      { "churn", churn },
	      { "swapoff", swapping },
	      { "fail", failing } };

/* Million instructions executed since boot, by the ticks that found the
 * processor busy (tools/vm --icount has one each 10 million). */
static long executed(void)
{
	long user = 0, nice = 0, kernel = 0;
	char text[256];

	if (read_text("/proc/stat", text, sizeof(text)) < 0 ||
	    sscanf(text, "cpu %ld %ld %ld", &user, &nice, &kernel) != 3)
		die("/proc/stat");
	return (user + nice + kernel) * TICK;
}

/* The same, by what each operation costs at least: with delay= all of them
 * sleep whenever a tick comes. */
static long executed_at_least(void)
{
	return (shared->reads + shared->writes) / 100 + shared->others / 20;
}

/* More than memory holds. For swapoff, only just: it has to bring back all
 * that is out, and is to be done with that now and then. */
static void make_segments(int just)
{
	struct sysinfo si;
	long ram, swap, n;
	int i, id;

	sysinfo(&si);
	ram = si.totalram / PAGE * si.mem_unit;
	swap = si.freeswap / PAGE * si.mem_unit;
	n = just ? (long)(si.freeram / PAGE * si.mem_unit) : ram;
	n += n / 4;
	if (n > MAX_NOTES || n > swap * 2 / 3)
		die("stress: more swap is wanted, or less memory");
	id = shmget(IPC_PRIVATE, sizeof(*shared), 0600);
	shared = shmat(id, NULL, 0);
	if (shared == (void *)-1)
		die("stress: shared memory");
	shmctl(id, IPC_RMID, NULL);
	shared->pages = n / SEGMENTS;
	for (i = 0; i < SEGMENTS; i++) {
		id = shmget(i + 1, shared->pages * PAGE, IPC_CREAT | 0600);
		base[i] = shmat(id, NULL, 0);
		if (base[i] == (void *)-1)
			die("stress: a segment");
	}
	printf("%d segments of %d pages, %ld pages of memory, %ld of swap\n",
	       SEGMENTS, shared->pages, ram, swap);
	fflush(stdout);
}

static void force_delays(const char *seed_text)
{
	char text[40];

	snprintf(text, sizeof(text), "delay %s", seed_text);
	write_text("/proc/stage", text);
}

/* So that memory is full before the first instruction is counted. */
static void fill_memory(void)
{
	int i, seg;

	for (seg = 0; seg < SEGMENTS; seg++)
		for (i = 0; i < shared->pages; i++)
			if (*(volatile int *)(base[seg] + i * PAGE))
				mismatch("untouched", i, 1, 0);
}

static void worker(const struct mode *mode, int number)
{
	seed = 12345 + 7919 * number;
	while (!shared->stop && getppid() == mode_pid)
		mode->step();
	_exit(0);
}

static void run(const struct mode *mode, long millions)
{
	long end = executed() + millions;
	int i, status;
	pid_t pid;

	mode_pid = getpid();
	for (i = 0; i < PROCESSES; i++)
		if (fork() == 0)
			worker(mode, i);
	if (!strcmp(mode->name, "swapoff") && fork() == 0)
		off_and_on();
	while (executed() < end && executed_at_least() < millions &&
	       !shared->mismatches)
		usleep(20000);
	shared->stop = 1;
	while ((pid = wait(&status)) > 0)
		if (status)
			mismatch("a process died", pid, status, 0);
}

/* Those of processes that were killed before they could, too. */
static void remove_segments(void)
{
	struct shm_info info;
	struct shmid_ds ds;
	int i, last = shmctl(0, SHM_INFO, (struct shmid_ds *)&info), id;

	for (i = 0; i < SEGMENTS; i++)
		shmdt(base[i]);
	for (i = 0; i <= last; i++) {
		id = shmctl(i, SHM_STAT, &ds);
		if (id >= 0)
			shmctl(id, IPC_RMID, NULL);
	}
	shmctl(0, SHM_INFO, (struct shmid_ds *)&info);
	printf("swap: %lu pages out\n", info.swap_successes);
}

int main(int argc, char **argv)
{
	const struct mode *mode = NULL;
	const char *delays = argc > 3 ? argv[3] : NULL;
	int mismatches;
	unsigned i;

	for (i = 0; argc >= 3 && i < COUNT(modes); i++)
		if (!strcmp(argv[1], modes[i].name))
			mode = &modes[i];
	if (!mode) {
		fprintf(stderr, "usage: stress touch|churn|swapoff|fail "
				"MILLIONS [SEED]\n");
		return 2;
	}
	make_segments(!strcmp(mode->name, "swapoff"));
	fill_memory();
	if (delays)
		force_delays(delays);
	run(mode, atol(argv[2]));
	if (delays)
		force_delays("0");
	remove_segments();
	printf("failures: %d killed, %d SIGBUS; swapoff: %d done, %d refused\n",
	       shared->killed, shared->buses, shared->moved, shared->refused);
	mismatches = shared->mismatches;
	printf("%s: %d operations (%d reads, %d writes, %d others), "
	       "%d mismatches\n",
	       mode->name, shared->reads + shared->writes + shared->others,
	       shared->reads, shared->writes, shared->others, mismatches);
	return mismatches != 0;
}
