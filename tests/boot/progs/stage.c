/* SPDX-License-Identifier: MIT */
/*
 * stage: a process can be held at every sleep point there is; while it is,
 * the checkers find nothing wrong; and only a release lets it go.
 */
#include "staged.h"
#include <sys/ioctl.h>
#include <sys/utsname.h>

#define STACK (4 * PAGE)

static char *page; /* private, in swap */
static char *at; /* attach of id, its page in swap */
static int id;
static struct {
	volatile int ready; /* the actor has prepared itself */
} * ctl;

static char *fresh_at(unsigned long addr)
{
	return mmap((void *)addr, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | (addr ? MAP_FIXED : 0), -1,
		    0);
}

/* --- what the actors do once the hold is set ------------------------------ */

static void touch(void)
{
	fresh_at(0x70000000)[0] = 1;
}

static void fetch_private(void)
{
	(void)*(volatile char *)page;
}

static void fetch_shared(void)
{
	(void)*(volatile char *)at;
}

static void send_out(void)
{
	page[0] = 2;
	evict_private(getpid(), page);
}

static void swap_off(void)
{
	if (swapoff(SWAP))
		_exit(1);
}

static void copy(void)
{
	struct utsname name;

	uname(&name);
}

static void unmap(void)
{
	munmap(page, PAGE);
}

static void make_segment(void)
{
	shmctl(shmget(IPC_PRIVATE, PAGE, 0600), IPC_RMID, NULL);
}

static void attach_again(void)
{
	shmdt(shmat(id, NULL, 0));
}

static void fork_one(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static void run_another(void)
{
	execl("/bin/true", "true", NULL);
	_exit(1);
}

/* Nobody has typed anything: EAGAIN, after the place. */
static void read_terminal(void)
{
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY), fd, unlock = 0;
	char c;

	ioctl(master, TIOCSPTLCK, &unlock);
	fd = open(ptsname(master), O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (read(fd, &c, 1) != -1 || errno != EAGAIN)
		_exit(1);
}

static void do_nothing(void)
{
}

/* Who meets somebody else's transfer has to wait for it. */
static void fetch_after_another(void)
{
	char line[40];
	pid_t first;

	snprintf(line, sizeof(line), "clear"); /* not yet */
	write_text("/proc/stage", line);
	first = fork();
	if (first == 0) {
		hold_me("swap_read");
		fetch_shared();
		_exit(0);
	}
	if (!staged(first))
		_exit(1);
	hold_me("swap_wait");
	fetch_shared();
	waitpid(first, NULL, 0);
}

static int touch_too(void *arg)
{
	hold_me("mutex_wait");
	*(volatile char *)arg = 1;
	return 0;
}

/* A second task of this address space touches while it is changed. */
static void touch_during_munmap(void)
{
	static char stack[STACK];
	pid_t second;

	settle();
	write_text("/proc/stage", "clear");
	hold_me("munmap");
	second = clone(touch_too, stack + STACK, CLONE_VM | SIGCHLD, page + 1);
	munmap(page, PAGE);
	waitpid(second, NULL, __WALL);
}

static const struct {
	const char *point;
	void (*body)(void);
} points[] = {
	{ "page_alloc", touch },
	{ "table_alloc", touch },
	{ "fault_page", fetch_private },
	{ "swap_read", fetch_private },
	{ "swap_read_done", fetch_private },
	{ "swap_wait", fetch_after_another },
	{ "swap_write", send_out },
	{ "swap_write_done", send_out },
	{ "shm_page_in", fetch_shared },
	{ "swapoff_page", swap_off },
	{ "user_copy", copy },
	{ "fork", fork_one },
	{ "execve", run_another },
	{ "exit", do_nothing },
	{ "wait", fork_one },
	{ "tty_read", read_terminal },
	{ "munmap", unmap },
	{ "new_segment", make_segment },
	{ "shmat", attach_again },
	{ "fork_area", fork_one },
	{ "exit_mmap", do_nothing },
	{ "mutex_wait", touch_during_munmap },
	{ "disk_wait", fetch_shared },
};

/* ------------------------------------------------------------------------ */

static int current_point;

static void act(void)
{
	page = fresh_at(0);
	page[0] = 1;
	at = attach(id);
	if (evict_private(getpid(), page))
		_exit(2);
	evict_shm(id, 0);
	settle();
	ctl->ready = 1;
	hold_me(points[current_point].point);
	points[current_point].body();
}

/* Somebody is held at the point; who, or 0. */
static pid_t who_is_held(const char *point)
{
	char text[4096], *line, *save = NULL, name[40], state[16];
	int pid;

	if (read_text("/proc/stage", text, sizeof(text)) < 0)
		die("/proc/stage");
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (sscanf(line, "%39s %d %15s", name, &pid, state) == 3 &&
		    !strcmp(state, "held") && !strcmp(name, point))
			return pid;
	return 0;
}

static bool point_is_taken(pid_t pid)
{
	(void)pid;
	return who_is_held(points[current_point].point) != 0;
}

static void one_point(int i)
{
	char wchan[40], path[40], want[48];
	bool taken;
	pid_t pid;

	current_point = i;
	at[0] = 1;
	ctl->ready = 0;
	pid = actor(act);
	taken = until(point_is_taken, pid);
	fact(taken, points[i].point, "ready %d, status %x", ctl->ready, status);
	if (!taken)
		return;
	check();
	snprintf(path, sizeof(path), "/proc/%d/wchan",
		 who_is_held(points[i].point));
	snprintf(want, sizeof(want), "stage:%s", points[i].point);
	read_text(path, wchan, sizeof(wchan));
	if (strcmp(wchan, want))
		fact(false, "its wchan", "%s", wchan);
	strike();
	if (!ended(pid) || status)
		fact(false, "it goes on", "status %x", status);
	if (!strcmp(points[i].point, "swapoff_page") && swapon(SWAP, 0))
		die("swapon");
}

/* Every line of the table is one of points[]. */
static void all_points_are_known(void)
{
	char text[4096], *line, *save = NULL, name[40], dash[4];
	size_t n = 0, i;

	read_text("/proc/stage", text, sizeof(text));
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "%39s %3s", name, dash) != 2 ||
		    strcmp(dash, "-"))
			continue;
		for (i = 0; i < COUNT(points); i++)
			n += !strcmp(points[i].point, name);
	}
	fact(n == COUNT(points), "all points of the table are tried", "%u",
	     (unsigned)n);
}

static void copy_held(void)
{
	hold_me("user_copy");
	copy();
}

static void only_a_release_helps(void)
{
	pid_t pid = actor(copy_held);

	staged(pid);
	kill(pid, SIGKILL);
	take_breath();
	fact(is_held(pid), "SIGKILL does not end a hold", "it has");
	release(pid);
	fact(ended(pid) && WIFSIGNALED(status), "but what follows it",
	     "status %x", status);
	fact(open("/proc/stage", O_WRONLY) >= 0, "/proc/stage can be written",
	     "%s", strerror(errno));
}

/* Which of the N reads of one page fails? */
static void fetch_n(int n, const char *nth, char *failed)
{
	char *mine;
	pid_t pid;
	int i;

	for (i = 0; i < n; i++) {
		fflush(stdout);
		pid = fork();
		if (pid == 0) {
			mine = attach(id);
			evict_shm(id, 0);
			if (nth)
				write_text("/proc/self/fail-io-nth", nth);
			(void)*(volatile char *)mine;
			_exit(0);
		}
		ended(pid);
		failed[i] = WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS ?
				    'F' :
				    '.';
	}
}

static void failing_disk(void)
{
	char failed[9] = "", text[24];

	at[0] = 'k';
	fetch_n(3, "1", failed);
	fact(!strcmp(failed, "FFF"), "fail-io-nth: a read that fails is SIGBUS",
	     "%s", failed);
	fetch_n(3, "2", failed);
	fact(!strcmp(failed, "..."), "the second of one read does not come",
	     "%s", failed);
	fact(at[0] == 'k', "the page is what it was", "%c", at[0]);
	write_text("/proc/self/fail-io-nth", "4 every");
	read_text("/proc/self/fail-io-nth", text, sizeof(text));
	fact(!strcmp(text, "4 every\n"), "N every: again and again", "%s",
	     text);
	write_text("/proc/self/fail-io-nth", "0");
	evict_shm(id, 0);
	write_text("/proc/stage", "fail-io 3");
	fetch_n(8, NULL, failed);
	write_text("/proc/stage", "fail-io 0");
	fact(strchr(failed, 'F') && strchr(failed, '.'),
	     "fail-io: every third transfer of anybody", "%s", failed);
	fact(at[0] == 'k', "and the page is there", "%c", at[0]);
	check();
}

int main(void)
{
	size_t i;

	ctl = shared(1);
	id = new_segment(1);
	at = attach(id);
	all_points_are_known();
	for (i = 0; i < COUNT(points); i++)
		one_point((int)i);
	only_a_release_helps();
	failing_disk();
	shmdt(at);
	shmctl(id, IPC_RMID, NULL);
	check();
	printf("end\n");
	return 0;
}
