/* SPDX-License-Identifier: MIT */
/*
 * Every allocation fails once: each call below is run with its first, second,
 * third ... allocation failing (/proc/self/fail-nth), until it comes through
 * with the number not used up. A call that fails has changed nothing: areas,
 * segments and descriptors of the process are as before. A page fault without
 * memory ends the process with SIGKILL. Afterwards the checkers agree, and the
 * kernel holds what it held.
 *
 *   for each call: for N = 1, 2, ...:  a child: prepare, look, arm N, call,
 *                                      look again
 *   then: count (stock.h), all of that once more, count
 */
#include "inject_mem.h"
#include "inject_sys.h"
#include "stock.h"

#define MAX_N 400
#define FARTHER ((char *)0x70000000)

enum kind {
	CALL, /* fails with an errno */
	TOUCH, /* a page fault: SIGKILL */
	EITHER, /* a call that touches user memory, or ends the old program */
	PARTLY, /* may keep what it has got so far */
};

static const struct op {
	const char *name;
	int (*fn)(void);
	enum kind kind;
	int least; /* failures there must be, or nothing has been tried */
} ops[] = {
	{ "fork", call_fork, EITHER, 8 },
	{ "vfork", call_vfork, CALL, 3 },
	{ "exec", call_exec, EITHER, 10 },
	{ "exec of a script", call_exec_script, EITHER, 10 },
	{ "exec with a dynamic loader", call_exec_dynamic, EITHER, 10 },
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
	{ "mprotect within an attach", call_mprotect_attach, CALL, 2 },
	{ "mlock", call_mlock, PARTLY, 2 },
	{ "mremap", call_mremap, CALL, 3 },
	{ "mremap of an attach", call_mremap_attach, CALL, 3 },
	{ "mremap to its neighbour", call_mremap_beside, CALL, 2 },
	{ "mremap that doubles an attach", call_mremap_double, CALL, 1 },
	{ "shared anonymous memory", call_shared_anon, PARTLY, 5 },
	{ "brk", call_brk, CALL, 1 },
	{ "write of private memory", call_touch_anon, TOUCH, 1 },
	{ "read of private memory", call_touch_far, TOUCH, 1 },
	{ "copy on write", call_touch_cow, TOUCH, 1 },
	{ "write of a shm page", call_touch_shm, TOUCH, 1 },
	{ "read of a shm page", call_read_shm, TOUCH, 1 },
	{ "write of a mapped file", call_touch_file, TOUCH, 1 },
	{ "a growing stack", call_stack, TOUCH, 50 },
	{ "read(2) into a shm page", call_read_into, EITHER, 1 },
	{ "map of a file", call_file_map, EITHER, 3 },
	{ "write of a file", call_file_write, PARTLY, 3 },
	{ "names", call_names, CALL, 8 },
	{ "open", call_open, CALL, 1 },
	{ "open of a new file", call_create, CALL, 2 },
	{ "pipe", call_pipe, CALL, 4 },
	{ "terminal", call_terminal, CALL, 2 },
	{ "descriptor 700", call_many_fds, CALL, 1 },
	{ "/proc", call_proc, CALL, 1 },
	{ "getdents64", call_readdir, CALL, 2 },
	{ "mount", call_mount, CALL, 5 },
	{ "locks", call_locks, CALL, 3 },
	{ "/proc/self's folders", call_proc_folder, CALL, 1 },
	{ "a signal", call_signal, CALL, 0 },
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

	stock_read("/proc/sysvipc/shm", all, sizeof(all));
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

	stock_read("/proc/self/maps", l->maps, sizeof(l->maps));
	read_segments(l->segments);
	l->descriptors = 0;
	for (fd = 0; fd < 700; fd++)
		l->descriptors += fcntl(fd, F_GETFD) >= 0;
}

/* Nothing this process had has changed? Says what. */
static bool same(const struct op *op)
{
	if (strcmp(before.maps, after.maps))
		say("%s: areas\n%snot\n%s", op->name, after.maps,
		    before.maps);
	if (strcmp(before.segments, after.segments))
		say("%s: segments\n%snot\n%s", op->name, after.segments,
		    before.segments);
	if (before.descriptors != after.descriptors)
		say("%s: %d descriptors, not %d", op->name, after.descriptors,
		    before.descriptors);
	return !strcmp(before.maps, after.maps) &&
	       !strcmp(before.segments, after.segments) &&
	       before.descriptors == after.descriptors;
}

/* --- one attempt, in a child ---------------------------------------------- */

static int nth_fd; /* /proc/self/fail-nth */

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
	return err == ENOMEM || err == EAGAIN || err == ENFILE ||
	       err == ENOSPC || err == ENOLCK || err == EFAULT;
}

static void prepare(void)
{
	int fd = open(HERE, O_RDONLY);

	dup2(open("/dev/null", O_WRONLY), 2);
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

static enum verdict attempt(const struct op *op, int n)
{
	int res, err;

	prepare();
	arm(n);
	res = op->fn();
	err = errno;
	if (!fired()) {
		if (res)
			say("%s, nothing failed: %s", op->name, err_name(err));
		return res ? ODD : THROUGH;
	}
	if (!res)
		return ENDURED;
	if (!errno_fits(err)) {
		say("%s, allocation %d: %s", op->name, n, err_name(err));
		return ODD;
	}
	look(&after);
	return op->kind == PARTLY || same(op) ? FAILED : CHANGED;
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
	leave_nothing();
	/* the pages of the segment behind the third have never been touched */
	madvise(at + 3 * PAGE, (PAGES - 3) * PAGE, MADV_REMOVE);
}

static bool acceptable(const struct op *op, int status)
{
	if (WIFSIGNALED(status))
		return op->kind != CALL && WTERMSIG(status) == SIGKILL;
	switch (WEXITSTATUS(status)) {
	case FAILED:
	case ENDURED:
		return op->kind != TOUCH;
	case 127: /* the C library's beginning */
		return op->fn == call_exec || op->fn == call_exec_script;
	}
	return false;
}

/* Calls that failed; -1: one of them as it should not. */
static int try_all(const struct op *op)
{
	int n, status = 0, failed = 0;
	pid_t pid;

	for (n = 1; n < MAX_N; n++) {
		pid = fork();
		if (pid == 0)
			_exit(attempt(op, n));
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			say("fork or wait failed: %s", err_name(errno));
		clean_up();
		if (WIFEXITED(status) && WEXITSTATUS(status) == THROUGH)
			return failed;
		if (!acceptable(op, status))
			break;
		failed += WIFSIGNALED(status) || WEXITSTATUS(status) == FAILED;
	}
	say("%s, allocation %d: %s", op->name, n, status_name(status));
	return -1;
}

/* Twice: the first round may fill what is kept for later. */
static void operation(const struct op *op)
{
	char moved[1024];
	int hits = try_all(op);

	stock_take(&stock_before);
	if (hits >= 0)
		hits = try_all(op);
	stock_take(&stock_after);
	if (stock_moved(moved, sizeof(moved)))
		say("%s: %s", op->name, moved);
	else if (hits >= 0 && hits < op->least)
		say("%s: %d failures, at least %d wanted", op->name, hits,
		    op->least);
	else if (hits >= 0)
		say("%s: %s", op->name, hits ? "every failure is clean" :
					       "allocates nothing");
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
	make_files();
	id = shmget(IPC_PRIVATE, PAGES * PAGE, 0600);
	big = shmget(IPC_PRIVATE, 2049 * PAGE, 0600);
	at = shmat(id, FARTHER, 0);
	anon = mmap(NULL, 12 << 20, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	anon[0] = 1;
}

int main(int argc, char **argv)
{
	size_t i;

	(void)argv;
	if (argc > 1)
		return again();
	make_things();
	if (!stock_prepare())
		say("/proc/stock cannot be read");
	for (i = 0; i < COUNT(ops); i++)
		operation(&ops[i]);
	shmctl(id, IPC_RMID, NULL);
	shmctl(big, IPC_RMID, NULL);
	remove_files();
	return 0;
}
