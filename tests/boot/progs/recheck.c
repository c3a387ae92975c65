/* SPDX-License-Identifier: MIT */
/*
 * recheck: every call of shared memory that sleeps, put to sleep on purpose
 * (/proc/<pid>/park-nth), while somebody else changes what it relies on.
 *
 *   the parked one                    this process
 *   --------------                    ------------
 *   park-nth = N
 *   the call ... allocation N sleeps
 *                                     touches, removes, creates ...
 *                                     park-nth = 0
 *   ... looks again, and goes on
 *                                     compares results; /proc/check
 *
 * /proc/check is read in the middle of each and at its end: a broken invariant
 * is a panic.
 *
 * Not reachable are two branches that guard entries of one address space: the
 * comparison in map_page() and the second look of pte_alloc_table(). Their
 * sleep holds mmap_sem, which every other task of that address space has to
 * take first. So what is tested there is that the second one waits, and finds
 * the work done (a sharer made by clone with CLONE_VM).
 */
#include "prog.h"
#include <sched.h>

#define KEY 0x5ec0de
#define FAR ((char *)0x60000000) /* no page table there yet */
#define FARTHER ((char *)0x70000000)
#define NR_IPC 117
#define NR_SHMCTL 396 /* raw: the C library copies on its own */
#define OP_SHMAT 21

/* Shared with the parked one. */
static struct control {
	long result; /* of its call; -2: not there yet */
	int err; /* errno after it */
	int value; /* what else it has seen */
	volatile pid_t first; /* of two sharers */
	volatile int go; /* the second may */
} * ctl;

static int id; /* the segment at hand */
static char *at; /* an attach of it */
static int park_fd, fail_fd;
static int status; /* of the parked one, when it has ended */

static void set_limit(const char *path, long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%ld\n", value);
	write_text(path, text);
}

/* --- the parked one ----------------------------------------------------- */

static bool is_parked(pid_t pid)
{
	char path[40], text[16];

	snprintf(path, sizeof(path), "/proc/%d/park-nth", pid);
	return read_text(path, text, sizeof(text)) > 0 && text[0] == 'p';
}

/* Does it wait for a lock? */
static bool is_waiting(pid_t pid)
{
	char path[40], text[512], *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (read_text(path, text, sizeof(text)) < 0)
		return false;
	state = strrchr(text, ')');
	return state && state[2] == 'D';
}

/* Until IS(PID) holds: true; false if it has ended before, see `status`. */
static bool until(bool (*is)(pid_t pid), pid_t pid)
{
	status = -1;
	while (!is(pid)) {
		if (waitpid(pid, &status, WNOHANG | __WALL) == pid)
			return false;
		sched_yield();
	}
	return true;
}

static void release(pid_t pid)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/park-nth", pid);
	write_text(path, "0");
}

static void ended(pid_t pid)
{
	if (waitpid(pid, &status, __WALL) != pid)
		die("waitpid");
}

/* The Nth allocation from here on sleeps, and fails afterwards if FAILS. */
static void arm(int n, bool fails)
{
	char text[4] = { '0' + n / 10, '0' + n % 10, '\n' };

	settle();
	ctl->result = -2;
	if (write(park_fd, text, 3) != 3 ||
	    (fails && write(fail_fd, text, 3) != 3))
		_exit(99);
}

static void disarm(void)
{
	ctl->err = errno;
	if (write(park_fd, "0\n", 2) != 2 || write(fail_fd, "0\n", 2) != 2)
		_exit(99);
}

static int armed_n = 1;
static bool armed_fails;

/* BODY in a child whose allocation N sleeps: its pid once it does; 0 if it
 * has ended without. */
static pid_t begin_at(void (*body)(void), int n, bool fails)
{
	pid_t pid;

	armed_n = n;
	armed_fails = fails;
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		park_fd = open("/proc/self/park-nth", O_WRONLY);
		fail_fd = open("/proc/self/fail-nth", O_WRONLY);
		body();
		_exit(0);
	}
	if (!until(is_parked, pid))
		return 0;
	check();
	return pid;
}

static pid_t begin(void (*body)(void))
{
	pid_t pid = begin_at(body, 1, false);

	if (!pid)
		die("nothing was parked");
	return pid;
}

/* BODY in a child, which is to wait for a lock. */
static pid_t waiter(void (*body)(void), const char *what)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		body();
		_exit(0);
	}
	fact(until(is_waiting, pid), what, "it ended, status %x", status);
	return pid;
}

/* --- segments ----------------------------------------------------------- */

static void make(int pages)
{
	id = shmget(IPC_PRIVATE, pages * PAGE, IPC_CREAT | 0600);
	if (id < 0)
		die("shmget");
}

static void attach(void)
{
	at = shmat(id, NULL, 0);
	if (at == (void *)-1)
		die("shmat");
}

static void removed(void)
{
	if (shmctl(id, IPC_RMID, NULL))
		die("IPC_RMID");
}

static bool is_gone(void)
{
	struct shmid_ds ds;

	return shmctl(id, IPC_STAT, &ds) < 0 && errno == EINVAL;
}

/* A child of the parked one, whose parent was killed, may have to end yet. */
static bool is_gone_soon(void)
{
	int i;

	for (i = 0; i < 10000 && !is_gone(); i++)
		sched_yield();
	return is_gone();
}

static int nattch(void)
{
	struct shmid_ds ds;

	return shmctl(id, IPC_STAT, &ds) ? -1 : (int)ds.shm_nattch;
}

static int resident_pages(void)
{
	struct shm_info info;

	return shmctl(0, SHM_INFO, (struct shmid_ds *)&info) < 0
		       ? -1
		       : (int)info.shm_rss;
}

/* --- the trace ---------------------------------------------------------- */

static char events[256 << 10];

static void trace(const char *word)
{
	write_text("/proc/trace", word);
}

/* How many events of PID have WORDS, and MORE, in their line? */
static int count_events(pid_t pid, const char *words, const char *more)
{
	char *line, *save = NULL;
	int n = 0, who;

	if (read_text("/proc/trace", events, sizeof(events)) < 0)
		die("/proc/trace");
	for (line = strtok_r(events, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (sscanf(line, "%*u %*u %d", &who) == 1 && who == pid &&
		    strstr(line, words) && strstr(line, more))
			n++;
	return n;
}

/* How often has PID written the entry of WHERE, with MORE in the event? */
static int count_sets(pid_t pid, const char *where, const char *more)
{
	char words[40];

	snprintf(words, sizeof(words), "pte_set addr=%08lx",
		 (unsigned long)where);
	words[strlen(words) - 3] = '\0'; /* any address of the page */
	return count_events(pid, words, more);
}

/* --- two at one page ---------------------------------------------------- */

static void touch(void)
{
	arm(armed_n, armed_fails);
	at[PAGE + 1] = 2;
	disarm();
	ctl->value = at[PAGE];
}

static void two_touch_one_page(void)
{
	int before = resident_pages(), raced;
	pid_t pid;

	make(2);
	attach();
	trace("clear");
	trace("on");
	pid = begin(touch);
	at[PAGE] = 1; /* gets there first */
	release(pid);
	ended(pid);
	trace("off");
	raced = count_events(pid, "shm_page", "state=2");
	fact(raced == 1, "touched at once: the second looks at the slot again",
	     "%d raced", raced);
	fact(count_events(pid, "page_free", "") >= 1,
	     "and gives its frame back", "no page_free");
	fact(count_sets(pid, at + PAGE, "count=3") == 1,
	     "the frame has both entries", "no count of 3");
	fact(ctl->value == 1 && at[PAGE + 1] == 2, "and both see one page",
	     "%d %d", ctl->value, at[PAGE + 1]);
	fact(resident_pages() == before + 1, "which is counted once", "%d %d",
	     before, resident_pages());
	shmdt(at);
	removed();
}

/* The one who fails leaves the page to the next. */
static void failed_touch(void)
{
	pid_t pid;

	make(2);
	attach();
	pid = begin_at(touch, 1, true);
	at[PAGE] = 1;
	release(pid);
	ended(pid);
	fact(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
	     "a touch without memory ends its process", "status %x", status);
	fact(nattch() == 1, "and its attach", "nattch %d", nattch());
	shmdt(at);
	removed();
}

static void killed_touch(void)
{
	pid_t pid;

	make(2);
	attach();
	pid = begin(touch);
	kill(pid, SIGKILL);
	ended(pid);
	fact(WIFSIGNALED(status) && nattch() == 1,
	     "killed in its sleep: the attach goes with it", "status %x, %d",
	     status, nattch());
	shmdt(at);
	removed();
}

static void removed_while_touched(void)
{
	pid_t pid;

	make(2);
	attach();
	pid = begin(touch);
	shmdt(at);
	removed();
	release(pid);
	ended(pid);
	fact(status == 0, "removed during a touch: the touch succeeds",
	     "status %x", status);
	fact(is_gone(), "and the segment dies with the last attach", "%s",
	     strerror(errno));
}

/* --- MADV_REMOVE, which reaches into others' page tables ------------------ */

/* A page table with nothing but an entry of page 1: page 0 is none. */
static void touch_beside(void)
{
	char *p = shmat(id, FAR, 0);

	p[PAGE] = 1;
	madvise(p, PAGE, MADV_DONTNEED);
	arm(1, false);
	p[0] = 5;
	disarm();
	ctl->value = p[0] + p[PAGE];
}

static void page_taken_away_beside(void)
{
	pid_t pid;
	char *anon;

	make(2);
	attach();
	pid = begin(touch_beside);
	madvise(at + PAGE, PAGE, MADV_REMOVE);
	anon = mmap(FARTHER, 2 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	anon[PAGE] = 9; /* takes a page table */
	release(pid);
	ended(pid);
	check();
	fact(status == 0 && ctl->value == 5 && at[0] == 5,
	     "MADV_REMOVE of the page beside: the touch lands where it should",
	     "status %x, %d, %d", status, ctl->value, at[0]);
	munmap(anon, 2 * PAGE);
	shmdt(at);
	removed();
}

static void page_taken_away(void)
{
	pid_t pid;

	make(2);
	attach();
	pid = begin(touch);
	at[PAGE] = 7;
	madvise(at + PAGE, PAGE, MADV_REMOVE);
	release(pid);
	ended(pid);
	fact(status == 0 && ctl->value == 0 && at[PAGE + 1] == 2,
	     "MADV_REMOVE of the page itself: it is zero, and shared again",
	     "status %x, %d, %d", status, ctl->value, at[PAGE + 1]);
	shmdt(at);
	removed();
}

/* --- one address space, two tasks --------------------------------------- */

static char *shared_page;
static char stack[4 * PAGE];

/* Nothing but system calls and the touch: the C library is not ours alone. */
static int first_sharer(void *arg)
{
	int fd = open("/proc/self/park-nth", O_WRONLY);

	(void)arg;
	if (write(fd, "1\n", 2) != 2)
		return 1;
	shared_page[1] = 1;
	return 0;
}

/* The second of them, once this process says so. It must not fault before. */
static void second_sharer(void)
{
	settle();
	ctl->first = clone(first_sharer, stack + sizeof(stack),
			   CLONE_VM | SIGCHLD, NULL);
	while (!ctl->go)
		sched_yield();
	shared_page[2] = 2;
	ctl->value = shared_page[1] + shared_page[2];
	waitpid(ctl->first, NULL, __WALL);
}

static bool has_first(pid_t pid)
{
	(void)pid;
	return ctl->first && is_parked(ctl->first);
}

/* WHERE is touched by two tasks with one mm, the first asleep in its touch. */
static void two_sharers(char *where, const char *what)
{
	char name[120];
	pid_t second, first;

	shared_page = where;
	ctl->first = ctl->go = 0;
	trace("clear");
	trace("on");
	fflush(stdout);
	second = fork();
	if (second == 0) {
		second_sharer();
		_exit(0);
	}
	if (!until(has_first, second))
		die("no sharer was parked");
	first = ctl->first;
	ctl->go = 1;
	snprintf(name, sizeof(name),
		 "%s: the second of one address space waits", what);
	fact(until(is_waiting, second), name, "it ended, status %x", status);
	check();
	release(first);
	ended(second);
	trace("off");
	snprintf(name, sizeof(name), "%s: and finds the work done", what);
	fact(ctl->value == 3 && count_events(first, "page_alloc", "") >= 1 &&
		     !count_sets(second, where, ""),
	     name, "%d, %d, %d", ctl->value,
	     count_events(first, "page_alloc", ""),
	     count_sets(second, where, ""));
}

static void sharers(void)
{
	char *far;

	make(1);
	attach();
	two_sharers(at, "a shm page");
	shmdt(at);
	removed();
	far = mmap(FAR, PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	two_sharers(far, "a page table");
	munmap(far, PAGE);
}

/* --- shmat and the rest, at each of their allocations --------------------- */

static void do_shmat(void)
{
	arm(armed_n, armed_fails);
	ctl->result = (long)shmat(id, FAR, 0);
	disarm();
	if (ctl->result != -1) {
		ctl->value = nattch();
		*(char *)ctl->result = 1;
	}
}

static void do_shmat_remap(void)
{
	at = shmat(id, FAR, 0);
	arm(armed_n, armed_fails);
	ctl->result = (long)shmat(id, at + PAGE, SHM_REMAP);
	disarm();
}

static void do_fork(void)
{
	pid_t pid;

	at = shmat(id, FAR, 0);
	at[0] = 3;
	arm(armed_n, armed_fails);
	pid = fork();
	if (pid == 0)
		_exit(at[0] != 3);
	disarm();
	ctl->result = pid;
	if (pid > 0 && (waitpid(pid, &status, 0) != pid || status))
		ctl->result = -1;
}

static void do_hole(void)
{
	at = shmat(id, FAR, 0);
	arm(armed_n, armed_fails);
	ctl->result = munmap(at + PAGE, PAGE);
	disarm();
}

static void do_mprotect(void)
{
	at = shmat(id, FAR, 0);
	arm(armed_n, armed_fails);
	ctl->result = mprotect(at + PAGE, PAGE, PROT_READ);
	disarm();
}

static void do_mremap(void)
{
	at = shmat(id, FAR, 0);
	arm(armed_n, armed_fails);
	ctl->result = (long)mremap(at, 3 * PAGE, 3 * PAGE,
				   MREMAP_MAYMOVE | MREMAP_FIXED, FARTHER);
	disarm();
}

static void do_touch(void)
{
	at = shmat(id, FAR, 0);
	arm(armed_n, armed_fails);
	at[PAGE] = 1;
	disarm();
	ctl->result = 0;
}

static void do_read(void)
{
	int fd = open("/dev/zero", O_RDONLY);

	at = shmat(id, FAR, 0);
	arm(armed_n, armed_fails);
	ctl->result = read(fd, at, 2 * PAGE) == 2 * PAGE ? 0 : -1;
	disarm();
}

/* BODY sleeps in its Nth allocation, for every N, while the segment is
 * removed: it succeeds, and the segment is gone when it ends. */
static void removed_meanwhile(void (*body)(void), const char *what)
{
	char name[120];
	int n, wrong = 0;
	pid_t pid;

	for (n = 1; n < 90; n++) {
		make(3);
		pid = begin_at(body, n, false);
		removed();
		if (!pid)
			break;
		release(pid);
		ended(pid);
		check();
		if (status || ctl->result == -1 || !is_gone())
			wrong = wrong ? wrong : n;
	}
	snprintf(name, sizeof(name),
		 "removed while %s sleeps in any allocation", what);
	fact(!wrong && n > 1, name, "%d allocations, wrong in %d: %ld", n - 1,
	     wrong, ctl->result);
}

/* The same, and the allocation fails in the end: nothing stays. */
static void removed_and_failed(void (*body)(void), const char *what)
{
	char name[120];
	int n, wrong = 0;
	pid_t pid;

	for (n = 1; n < 90; n++) {
		make(3);
		pid = begin_at(body, n, true);
		removed();
		if (pid) {
			release(pid);
			ended(pid);
		}
		check();
		if (!status && ctl->result != -1)
			break; /* it has fewer allocations than that */
		if (!is_gone_soon())
			wrong = wrong ? wrong : n;
	}
	snprintf(name, sizeof(name), "and when %s fails there, too", what);
	fact(!wrong && n > 1, name, "%d allocations, wrong in %d", n - 1,
	     wrong);
}

static void removed_cases(void)
{
	static const struct {
		void (*body)(void);
		const char *what;
	} cases[] = {
		{ do_shmat, "shmat" },
		{ do_shmat_remap, "SHM_REMAP" },
		{ do_fork, "fork" },
		{ do_hole, "munmap of the middle" },
		{ do_mprotect, "mprotect" },
		{ do_mremap, "mremap" },
		{ do_touch, "a touch" },
		{ do_read, "read(2) into it" },
	};
	unsigned i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		removed_meanwhile(cases[i].body, cases[i].what);
		removed_and_failed(cases[i].body, cases[i].what);
	}
}

/* shmat alone, step by step: what the others see of it. */
static void shmat_in_progress(void)
{
	pid_t pid;

	make(3);
	pid = begin(do_shmat);
	fact(nattch() == 1, "shmat in progress holds the segment", "nattch %d",
	     nattch());
	removed();
	fact(nattch() == 1, "removed then: the id is still good", "nattch %d",
	     nattch());
	release(pid);
	ended(pid);
	fact(ctl->result == (long)FAR && ctl->value == 1,
	     "shmat succeeds with one attach", "%lx, nattch %d", ctl->result,
	     ctl->value);
	fact(is_gone(), "the segment dies at the detach", "nattch %d",
	     nattch());
}

/* --- shmget: one key, one limit ----------------------------------------- */

static void create(void)
{
	arm(armed_n, armed_fails);
	ctl->result = shmget(KEY, 3 * PAGE, IPC_CREAT | 0600);
	disarm();
}

static void find_or_create(void)
{
	int found = shmget(KEY, 3 * PAGE, IPC_CREAT | 0600);

	ctl->value = found < 0 ? -errno : found;
}

static void only_create(void)
{
	int found = shmget(KEY, 3 * PAGE, IPC_CREAT | IPC_EXCL | 0600);

	ctl->value = found < 0 ? -errno : found;
}

static void create_private(void)
{
	int made = shmget(IPC_PRIVATE, 3 * PAGE, IPC_CREAT | 0600);

	ctl->value = made < 0 ? -errno : made;
	if (made >= 0)
		shmctl(made, IPC_RMID, NULL);
}

/* CREATE sleeps in allocation N; OTHER comes meanwhile. */
static bool two_creators(void (*other)(void), int n, bool fails,
			 const char *what)
{
	pid_t pid = begin_at(create, n, fails), second;

	if (!pid)
		return false;
	second = waiter(other, what);
	check();
	release(pid);
	ended(pid);
	ended(second);
	return true;
}

static void one_key(void)
{
	int n;

	for (n = 1; two_creators(find_or_create, n, false,
				 "shmget of a key that is being made waits");
	     n++) {
		fact(ctl->result >= 0 && ctl->value == ctl->result,
		     "both get one segment", "%ld %d", ctl->result, ctl->value);
		shmctl(ctl->result, IPC_RMID, NULL);
	}
	shmctl(ctl->result, IPC_RMID, NULL);
	fact(n > 2, "object and slot page have been slept for", "%d", n - 1);
	two_creators(only_create, 1, false, "so does one with IPC_EXCL");
	fact(ctl->value == -EEXIST, "which gets EEXIST", "%d", ctl->value);
	shmctl(ctl->result, IPC_RMID, NULL);
	two_creators(find_or_create, 1, true, "the maker will fail: waits");
	fact(ctl->result == -1 && ctl->err == ENOMEM && ctl->value >= 0,
	     "and the one who waited makes it", "%ld %d %d", ctl->result,
	     ctl->err, ctl->value);
	shmctl(ctl->value, IPC_RMID, NULL);
}

static long pages_of_all(void)
{
	struct shm_info info;

	if (shmctl(0, SHM_INFO, (struct shmid_ds *)&info) < 0)
		die("SHM_INFO");
	return (long)info.shm_tot;
}

static void one_limit(void)
{
	char was[24];

	read_text("/proc/sys/kernel/shmall", was, sizeof(was));
	set_limit("/proc/sys/kernel/shmall", pages_of_all() + 4);
	two_creators(create_private, 1, false, "room for one of two: waits");
	fact(ctl->result >= 0 && ctl->value == -ENOSPC,
	     "shmall is not spent twice", "%ld %d", ctl->result, ctl->value);
	shmctl(ctl->result, IPC_RMID, NULL);
	two_creators(create_private, 1, true, "the first will fail: waits");
	fact(ctl->result == -1 && ctl->value >= 0,
	     "what a failed one had reserved is free again", "%ld %d",
	     ctl->result, ctl->value);
	write_text("/proc/sys/kernel/shmall", was);
}

/* --- user copies -------------------------------------------------------- */

/* Fresh memory, whose first touch by the kernel allocates a page table. */
static void *fresh(void)
{
	return mmap(FARTHER, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static void stat_into_fresh(void)
{
	struct shmid_ds *ds = fresh();

	arm(1, false);
	ctl->result = syscall(NR_SHMCTL, id, IPC_STAT, ds);
	disarm();
	ctl->value = ds->shm_segsz;
}

static void set_from_fresh(void)
{
	struct shmid_ds *ds = fresh();

	arm(1, false);
	ctl->result = syscall(NR_SHMCTL, id, IPC_SET, ds);
	disarm();
}

static void attach_result_into_fresh(void)
{
	unsigned long *result = fresh();

	arm(1, false);
	ctl->result = syscall(NR_IPC, OP_SHMAT, id, 0, result, 0);
	disarm();
}

static void removed_during_copy(void (*body)(void))
{
	pid_t pid;

	make(3);
	pid = begin(body);
	removed();
	release(pid);
	ended(pid);
}

static void copies(void)
{
	removed_during_copy(stat_into_fresh);
	fact(ctl->result == 0 && ctl->value == 3 * PAGE && is_gone(),
	     "IPC_STAT asleep in its copy tells what was", "%ld, %d",
	     ctl->result, ctl->value);
	removed_during_copy(set_from_fresh);
	fact(ctl->result == -1 && ctl->err == EINVAL,
	     "IPC_SET looks the segment up after its copy", "%ld, %s",
	     ctl->result, strerror(ctl->err));
	removed_during_copy(attach_result_into_fresh);
	fact(ctl->result == -1 && ctl->err == EINVAL && is_gone(),
	     "ipc(SHMAT) looks it up after the result was tried", "%ld, %s",
	     ctl->result, strerror(ctl->err));
}

/* ------------------------------------------------------------------------ */

int main(void)
{
	int control = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);

	ctl = shmat(control, NULL, 0);
	if (ctl == (void *)-1)
		die("control");
	shmctl(control, IPC_RMID, NULL);
	ctl->result = 0;
	two_touch_one_page();
	failed_touch();
	killed_touch();
	removed_while_touched();
	page_taken_away();
	page_taken_away_beside();
	sharers();
	shmat_in_progress();
	removed_cases();
	one_key();
	one_limit();
	copies();
	check();
	printf("end\n");
	return 0;
}
