/* SPDX-License-Identifier: MIT */
/*
 * failnth: each call below with its first, second, third ... allocation
 * failing (/proc/self/fail-nth), until it comes through with the number not
 * used up. A call that fails has changed nothing: the areas, segments and
 * descriptors of the process are as before. A page fault without memory ends
 * the process with SIGKILL. Afterwards the checkers agree, and the kernel holds
 * what it held.
 *
 *   for each call: for N = 1, 2, ...:  a child: prepare, look, arm N, call,
 *                                      look again
 *   then: count (stock.h), all of that once more, count
 */
#include "prog.h"
#include "../../user/stock.h"
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>

#define MAX_N 300
#define PAGES 16
#define FAR ((char *)0x60000000) /* no page table there yet */
#define SPAN ((char *)0x603fe000) /* two pages below the end of its table */
#define FARTHER ((char *)0x70000000)

enum verdict {
	THROUGH = 10, /* came through, the number not used up */
	FAILED, /* failed, nothing has changed */
	ENDURED, /* an allocation failed, the call did not */
	CHANGED, /* failed, and something is not as before */
	ODD, /* an errno it should not give, or refused without need */
};

enum kind {
	CALL, /* fails with an errno */
	TOUCH, /* a page fault: SIGKILL */
	EITHER, /* a call that touches user memory, or ends the old program */
	PARTLY, /* like Linux's, it may keep what it has got so far */
};

static int id; /* a segment of PAGES pages, some resident */
static int big; /* one of 2049 pages */
static char *at; /* an attach of it, in the child */
static char *anon; /* private memory, some of it shared with the parent */
static int nth_fd; /* /proc/self/fail-nth */
static int zero_fd; /* /dev/zero */

/* --- the calls: 0, or -1 with errno --------------------------------------- */

static int is_map(void *p)
{
	return p == (void *)-1 ? -1 : 0;
}

static int wait_for(pid_t pid)
{
	if (pid == 0)
		_exit(0);
	return pid > 0 && waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

static int call_fork(void)
{
	return wait_for(fork());
}

static int call_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : 0;
}

static int call_exec(void)
{
	char *args[] = { "failnth", "again", "b", NULL };
	char *env[] = { "A=1", NULL };

	return execve("/proc/self/exe", args, env);
}

static int call_shmget(void)
{
	return shmget(IPC_PRIVATE, 9 << 20, 0600) < 0 ? -1 : 0;
}

static int call_shmget_key(void)
{
	return shmget(0x1234, PAGE, IPC_CREAT | 0600) < 0 ? -1 : 0;
}

static int call_shmat(void)
{
	return is_map(shmat(id, NULL, 0));
}

static int call_shmat_far(void)
{
	return is_map(shmat(id, FAR, SHM_RDONLY));
}

static int call_shmat_span(void)
{
	return is_map(shmat(id, SPAN, 0));
}

static int call_shmat_big(void)
{
	return is_map(shmat(big, SPAN, 0));
}

static int call_shmat_remap(void)
{
	return is_map(shmat(id, at + 4 * PAGE, SHM_REMAP));
}

/* Replaces what lies on both sides of the end of a table. */
static int call_shmat_remap_span(void)
{
	return is_map(shmat(id, SPAN, SHM_REMAP));
}

static int call_shmdt(void)
{
	return shmdt(at);
}

static int call_shmctl(void)
{
	static struct shmid_ds ds;

	return shmctl(id, IPC_STAT, &ds) || shmctl(id, IPC_SET, &ds) ||
			       shmctl(id, SHM_LOCK, NULL) ||
			       shmctl(id, SHM_UNLOCK, NULL)
		       ? -1
		       : 0;
}

static int call_mmap(void)
{
	return is_map(mmap(FAR, 4 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static int call_mmap_over(void)
{
	return is_map(mmap(at + 3 * PAGE, 2 * PAGE, PROT_READ,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
}

static int call_hole(void)
{
	return munmap(anon + 3 * PAGE, PAGE);
}

static int call_hole_attach(void)
{
	return munmap(at + 3 * PAGE, PAGE);
}

static int call_mprotect(void)
{
	return mprotect(anon + 3 * PAGE, PAGE, PROT_READ);
}

static int call_mprotect_attach(void)
{
	return mprotect(at + 3 * PAGE, PAGE, PROT_READ);
}

static int call_mlock(void)
{
	return mlock(at + 5 * PAGE, PAGE);
}

static int call_mremap(void)
{
	return is_map(mremap(anon, PAGES * PAGE, PAGES * PAGE,
			     MREMAP_MAYMOVE | MREMAP_FIXED, SPAN));
}

static int call_mremap_attach(void)
{
	return is_map(mremap(at, PAGES * PAGE, PAGES * PAGE,
			     MREMAP_MAYMOVE | MREMAP_FIXED, SPAN));
}

/* A page of an area to where its neighbour is. */
static int call_mremap_beside(void)
{
	return is_map(mremap(at + 3 * PAGE, PAGE, PAGE,
			     MREMAP_MAYMOVE | MREMAP_FIXED, at + 4 * PAGE));
}

static int call_brk(void)
{
	return is_map(sbrk(PAGES * PAGE));
}

static int call_touch_anon(void)
{
	anon[5 * PAGE] = 1;
	return 0;
}

/* In a table of its own. */
static int call_touch_far(void)
{
	char *p = anon + (8 << 20);

	return *(volatile char *)p;
}

static int call_touch_cow(void)
{
	anon[0] = 2; /* the parent has it, too */
	return 0;
}

static int call_touch_shm(void)
{
	at[7 * PAGE] = 1;
	return 0;
}

static int call_read_shm(void)
{
	return *(volatile char *)(at + 8 * PAGE);
}

static char *mapped; /* two pages of a file, private */

static int call_touch_file(void)
{
	mapped[0] = 1;
	return 0;
}

static int deep(int n)
{
	volatile char room[4000]; /* a known index may shrink it */

	room[n] = n;
	return n ? deep(n - 1) + room[n] : 0;
}

static int call_stack(void)
{
	deep(100);
	return 0;
}

static int call_read_into(void)
{
	return read(zero_fd, at + 9 * PAGE, PAGE) == PAGE ? 0 : -1;
}

static int call_pipe(void)
{
	static int fds[2];

	return pipe(fds);
}

static int call_create(void)
{
	return open("/tmp/failnth.new", O_CREAT | O_RDWR, 0600) < 0 ? -1 : 0;
}

static int call_mkdir(void)
{
	return mkdir("/tmp/failnth.new", 0700);
}

static int call_open(void)
{
	return open("/tmp/failnth", O_RDWR) < 0 ? -1 : 0;
}

static int call_dup(void)
{
	return fcntl(1, F_DUPFD, 600) < 0 ? -1 : 0;
}

static const struct call {
	const char *name;
	int (*fn)(void);
	enum kind kind;
	int least; /* failures there must be, or nothing has been tried */
} calls[] = {
	{ "fork", call_fork, EITHER, 8 },
	{ "vfork", call_vfork, CALL, 3 },
	{ "exec", call_exec, EITHER, 10 },
	{ "shmget", call_shmget, CALL, 3 },
	{ "shmget of a key", call_shmget_key, CALL, 2 },
	{ "shmat", call_shmat, CALL, 1 },
	{ "shmat far away", call_shmat_far, CALL, 2 },
	{ "shmat over two tables", call_shmat_span, CALL, 3 },
	{ "shmat over three tables", call_shmat_big, CALL, 4 },
	{ "SHM_REMAP of the middle", call_shmat_remap, CALL, 2 },
	{ "SHM_REMAP over two tables", call_shmat_remap_span, CALL, 3 },
	{ "shmdt", call_shmdt, CALL, 0 },
	{ "shmctl", call_shmctl, CALL, 0 },
	{ "mmap", call_mmap, CALL, 1 },
	{ "mmap over the middle", call_mmap_over, CALL, 2 },
	{ "munmap of the middle", call_hole, CALL, 1 },
	{ "munmap of an attach's middle", call_hole_attach, CALL, 1 },
	{ "mprotect", call_mprotect, CALL, 2 },
	{ "mprotect in an attach", call_mprotect_attach, CALL, 2 },
	{ "mlock", call_mlock, PARTLY, 2 },
	{ "mremap", call_mremap, CALL, 3 },
	{ "mremap of an attach", call_mremap_attach, CALL, 3 },
	{ "mremap to its neighbour", call_mremap_beside, CALL, 2 },
	{ "brk", call_brk, CALL, 1 },
	{ "write of private memory", call_touch_anon, TOUCH, 1 },
	{ "read of private memory", call_touch_far, TOUCH, 1 },
	{ "copy on write", call_touch_cow, TOUCH, 1 },
	{ "write of a shm page", call_touch_shm, TOUCH, 1 },
	{ "read of a shm page", call_read_shm, TOUCH, 1 },
	{ "write of a mapped file", call_touch_file, TOUCH, 1 },
	{ "a growing stack", call_stack, TOUCH, 50 },
	{ "read(2) into a shm page", call_read_into, EITHER, 1 },
	{ "pipe", call_pipe, CALL, 3 },
	{ "open", call_open, CALL, 1 },
	{ "open of a new file", call_create, CALL, 2 },
	{ "mkdir", call_mkdir, CALL, 2 },
	{ "a high descriptor", call_dup, CALL, 1 },
};

/* --- before and after ----------------------------------------------------- */

struct look {
	char maps[8192], segments[4096];
	int descriptors;
};

static struct look before, after;

/* The columns of /proc/sysvipc/shm that no failed call may change. */
static void read_segments(char *text)
{
	static char all[4096];
	char *line, *save = NULL;
	int key, shmid, perms, size, cpid, lpid, nattch;

	read_text("/proc/sysvipc/shm", all, sizeof(all));
	text[0] = '\0';
	for (line = strtok_r(all, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (sscanf(line, "%d %d %o %d %d %d %d", &key, &shmid, &perms,
			   &size, &cpid, &lpid, &nattch) == 7)
			sprintf(text + strlen(text), "%d %d %o %d %d\n", key,
				shmid, perms, size, nattch);
}

static void look(struct look *l)
{
	int fd;

	read_text("/proc/self/maps", l->maps, sizeof(l->maps));
	read_segments(l->segments);
	l->descriptors = 0;
	for (fd = 0; fd < 700; fd++)
		l->descriptors += fcntl(fd, F_GETFD) >= 0;
}

static bool same(void)
{
	if (strcmp(before.maps, after.maps))
		printf("NO areas are\n%snot\n%s", after.maps, before.maps);
	if (strcmp(before.segments, after.segments))
		printf("NO segments are\n%snot\n%s", after.segments,
		       before.segments);
	if (before.descriptors != after.descriptors)
		printf("NO %d descriptors, not %d\n", after.descriptors,
		       before.descriptors);
	fflush(stdout);
	return !strcmp(before.maps, after.maps) &&
	       !strcmp(before.segments, after.segments) &&
	       before.descriptors == after.descriptors;
}

/* --- one attempt, in a child ---------------------------------------------- */

static void arm(int n)
{
	char text[5] = { '0' + n / 100, '0' + n / 10 % 10, '0' + n % 10, '\n' };

	if (write(nth_fd, text, 4) != 4)
		_exit(99);
}

/* Has the number been used up? Switches it off. */
static bool fired(void)
{
	char text[16] = "";

	if (pread(nth_fd, text, sizeof(text) - 1, 0) < 0)
		_exit(98);
	arm(0);
	return atoi(text) == 0;
}

static bool errno_fits(int err)
{
	return err == ENOMEM || err == EAGAIN || err == ENFILE || err == ENOSPC;
}

static void prepare(void)
{
	int fd = open("/tmp/failnth", O_RDONLY);

	nth_fd = open("/proc/self/fail-nth", O_RDWR);
	zero_fd = open("/dev/zero", O_RDONLY);
	mapped = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd,
		      0);
	at = shmat(id, NULL, 0);
	anon[2 * PAGE] = 1;
	at[2 * PAGE] = 1;
	sbrk(0);
	look(&after); /* so that its pages are there */
	settle();
	look(&before);
}

static enum verdict attempt(const struct call *call, int n)
{
	int res, err;

	prepare();
	arm(n);
	res = call->fn();
	err = errno;
	if (!fired())
		return res ? ODD : THROUGH;
	if (!res)
		return ENDURED;
	if (!errno_fits(err)) {
		printf("NO %s, allocation %d: %s\n", call->name, n,
		       strerror(err));
		fflush(stdout);
		return ODD;
	}
	look(&after);
	return call->kind == PARTLY || same() ? FAILED : CHANGED;
}

/* --- all attempts --------------------------------------------------------- */

/* What is left of a call that came through, or was killed on the way. */
static void clean_up(void)
{
	struct shm_info info;
	struct shmid_ds ds;
	int slot, max, found;

	max = shmctl(0, SHM_INFO, (struct shmid_ds *)&info);
	for (slot = 0; slot <= max; slot++) {
		found = shmctl(slot, SHM_STAT, &ds);
		if (found >= 0 && found != id && found != big)
			shmctl(found, IPC_RMID, NULL);
	}
	unlink("/tmp/failnth.new");
	rmdir("/tmp/failnth.new");
	/* page 7, 8, 9 of the segment have never been touched */
	madvise(at + 5 * PAGE, 5 * PAGE, MADV_REMOVE);
}

static bool acceptable(const struct call *call, int status)
{
	if (WIFSIGNALED(status))
		return call->kind != CALL && WTERMSIG(status) == SIGKILL;
	switch (WEXITSTATUS(status)) {
	case FAILED:
		return call->kind != TOUCH;
	case ENDURED:
		return call->kind != TOUCH;
	case 127: /* the C library's beginning */
		return call->fn == call_exec;
	}
	return false;
}

/* Calls that failed; -1: one of them as it should not. */
static int try_all(const struct call *call)
{
	int n, status = 0, failed = 0;
	pid_t pid;

	for (n = 1; n < MAX_N; n++) {
		fflush(stdout);
		pid = fork();
		if (pid == 0)
			_exit(attempt(call, n));
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			die("fork");
		clean_up();
		if (WIFEXITED(status) && WEXITSTATUS(status) == THROUGH)
			return failed;
		if (!acceptable(call, status))
			break;
		failed += WIFSIGNALED(status) || WEXITSTATUS(status) == FAILED;
	}
	printf("NO %s, allocation %d: status %x\n", call->name, n, status);
	return -1;
}

/* Twice: the first round may fill what is kept for later. */
static int try_call(const struct call *call)
{
	int hits = try_all(call);
	char name[80], moved[1024];

	if (!stock_take(&stock_before))
		die("/proc/stock");
	if (hits >= 0)
		hits = try_all(call);
	stock_take(&stock_after);
	snprintf(name, sizeof(name), "%s: each failure is clean", call->name);
	fact(hits >= call->least, name, "%d failures, at least %d wanted", hits,
	     call->least);
	snprintf(name, sizeof(name), "%s: no frame, no object is lost",
		 call->name);
	fact(!stock_moved(moved, sizeof(moved)), name, "%s", moved);
	return hits;
}

/* After exec, which keeps the number. */
static int again(void)
{
	nth_fd = open("/proc/self/fail-nth", O_RDWR);
	if (nth_fd < 0) /* it was the allocation of this open */
		return ENDURED;
	return fired() ? ENDURED : THROUGH;
}

static void make_things(void)
{
	int fd = open("/tmp/failnth", O_CREAT | O_TRUNC | O_RDWR, 0600);
	static char bytes[2 * PAGE];

	if (fd < 0 || write(fd, bytes, sizeof(bytes)) != sizeof(bytes))
		die("/tmp/failnth");
	close(fd);
	id = shmget(IPC_PRIVATE, PAGES * PAGE, 0600);
	big = shmget(IPC_PRIVATE, 2049 * PAGE, 0600);
	at = shmat(id, FARTHER, 0);
	if (id < 0 || big < 0 || at == (void *)-1)
		die("shmget, shmat");
	anon = mmap(NULL, 12 << 20, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	anon[0] = 1;
}

int main(int argc, char **argv)
{
	int total = 0;
	unsigned i;

	(void)argv;
	if (argc > 1)
		return again();
	make_things();
	if (!stock_prepare())
		die("/proc/stock");
	for (i = 0; i < COUNT(calls); i++)
		total += try_call(&calls[i]);
	fact(total > 150, "enough has failed", "%d", total);
	shmctl(id, IPC_RMID, NULL);
	shmctl(big, IPC_RMID, NULL);
	unlink("/tmp/failnth");
	printf("end\n");
	return 0;
}
