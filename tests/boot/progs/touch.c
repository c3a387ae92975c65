/* SPDX-License-Identifier: MIT */
/*
 * touch: an address for every end of a touch that a program can bring about
 * (TOUCHES of include/uapi/faultline.h). First /proc/self/why is asked for all
 * of them: "@ ADDR", its lines read and write. Then getpriority(0, 12345), at
 * which gdb may hold. Then each is foreseen again and touched, and
 * /proc/self/faults must count what was foreseen and nothing else.
 */
#include "prog.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define AT(n) ((char *)0x50000000 + (n) * 0x100000)
#define STACK_FREE ((char *)0xbff00000) /* within the limit */
#define STACK_FAR ((char *)0xbf000000) /* beyond it */

enum how { READ, WRITE };

static const struct {
	const char *name;
	char *addr;
	enum how how;
	const char *kind; /* as in /proc/self/faults */
} cases[] = {
	{ "a page that is there", AT(0), WRITE, "none" },
	{ "no area", AT(1), READ, "refused-maperr" },
	{ "the kernel's half", (char *)0xc0000000, READ, "refused-maperr" },
	{ "an area that is not writable", AT(2), WRITE, "refused-accerr" },
	{ "a page behind PROT_NONE", AT(3), READ, "refused-accerr" },
	{ "anonymous, read", AT(4), READ, "zero-read" },
	{ "anonymous, written", AT(5), WRITE, "anon-write" },
	{ "the zero page, written", AT(6), WRITE, "cow-copy" },
	{ "a page whose child is gone", AT(7), WRITE, "cow-reuse" },
	{ "a page the child has, too", AT(8), WRITE, "cow-copy" },
	{ "a segment, never touched", AT(9), WRITE, "shm-first" },
	{ "a segment, touched elsewhere", AT(10), READ, "shm-resident" },
	{ "a file, read", AT(11), READ, "file-cached" },
	{ "a file, copied", AT(12), WRITE, "file-cached" },
	{ "behind the end of a file", AT(13), READ, "refused-bus" },
	{ "too close below a stack", AT(14), READ, "refused-maperr" },
	{ "a stack that grows", STACK_FREE, READ, "zero-read" },
	{ "a stack at its limit", STACK_FAR, READ, "refused-maperr" },
	{ "a segment's page in swap", AT(15), READ, "shm-swapin" },
	{ "our page in swap", AT(16), READ, "swap-read" },
	{ "our page in the swap cache", AT(17), READ, "swap-cached" },
	{ "back from swap, all ours", AT(18), WRITE, "cow-reuse" },
};

static char why[8192], before[1024], after[1024];
static sigjmp_buf back;
static pid_t children[2]; /* that stay */
static int nchildren;
static volatile char sink;

static void on_signal(int signo)
{
	siglongjmp(back, signo);
}

static void touch(char *p, enum how how)
{
	if (sigsetjmp(back, 1))
		return;
	if (how == READ)
		sink = *(volatile char *)p;
	else
		*(volatile char *)p = 1;
}

/* --- setting up ----------------------------------------------------------- */

static char *map(int n, int prot, int flags, int fd, int npages)
{
	char *p = mmap(AT(n), (size_t)npages * PAGE, prot,
		       flags | MAP_PRIVATE | MAP_FIXED, fd, 0);

	if (p != AT(n))
		die("mmap");
	return p;
}

static char *anonymous(int n)
{
	return map(n, PROT_READ | PROT_WRITE, MAP_ANONYMOUS, -1, 1);
}

static int segment(int n)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);

	if (shmat(id, AT(n), 0) != (void *)AT(n))
		die("shmat");
	return id;
}

static void evict(const char *format, int a, unsigned long b)
{
	char words[64];

	snprintf(words, sizeof(words), format, a, b);
	write_text("/proc/sys/vm/evict", words);
}

/* A child that touches P and stays, or goes again. */
static void child(char *p, enum how how, bool stays)
{
	int pipes[2];
	char byte = 0;
	pid_t pid;

	if (pipe(pipes) < 0)
		die("pipe");
	pid = fork();
	if (pid == 0) {
		touch(p, how);
		if (write(pipes[1], &byte, 1) != 1)
			_exit(1);
		while (stays)
			pause();
		_exit(0);
	}
	if (read(pipes[0], &byte, 1) != 1)
		die("the child");
	if (stays)
		children[nchildren++] = pid;
	else
		wait(NULL);
}

static void set_up_swap(void)
{
	int id = segment(15), n;

	touch(AT(15), WRITE);
	evict("shm %d %lu", id, 0);
	touch(anonymous(17), WRITE);
	child(AT(17), READ, true); /* who keeps the frame */
	touch(anonymous(16), WRITE);
	touch(anonymous(18), WRITE);
	for (n = 16; n <= 18; n++)
		evict("%d %lx", getpid(), (unsigned long)AT(n));
	touch(AT(18), READ);
}

static void set_up_files(void)
{
	int fd = open("/tmp/file", O_RDWR | O_CREAT, 0600);

	if (ftruncate(fd, PAGE) < 0 || write(fd, "x", 1) != 1)
		die("/tmp/file");
	map(11, PROT_READ, 0, fd, 1);
	map(12, PROT_READ | PROT_WRITE, 0, fd, 1);
	mmap(AT(13), PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, PAGE);
}

static void set_up(void)
{
	static const struct rlimit limit = { 4 << 20, 4 << 20 };
	int n;

	anonymous(0);
	touch(AT(0), WRITE);
	map(2, PROT_READ, MAP_ANONYMOUS, -1, 1);
	anonymous(3);
	touch(AT(3), WRITE);
	mprotect(AT(3), PAGE, PROT_NONE);
	for (n = 4; n <= 8; n++)
		anonymous(n);
	touch(AT(6), READ);
	touch(AT(7), WRITE);
	touch(AT(8), WRITE);
	segment(9);
	segment(10);
	set_up_files();
	/* AT(14) lies between an area and a stack, too close to the former */
	mmap(AT(14) - PAGE, PAGE, PROT_READ,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	mmap(AT(14) + PAGE, PAGE, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	setrlimit(RLIMIT_STACK, &limit);
	child(AT(10), WRITE, true);
	set_up_swap();
	touch(anonymous(7), WRITE); /* anew: those that stay have the other */
	child(AT(7), READ, false);
	touch(AT(0), WRITE);
}

/* --- foreseeing, touching ------------------------------------------------- */

/* Asks for ADDR; the lines "read ..." and "write ...", in WHY. */
static char *foresee(char *addr)
{
	char words[16], *line;

	snprintf(words, sizeof(words), "%lx", (unsigned long)addr);
	write_text("/proc/self/why", words);
	read_text("/proc/self/why", why, sizeof(why));
	line = strstr(why, "\nread ");
	return line ? line + 1 : NULL;
}

static bool foresees(char *lines, enum how how, const char *kind)
{
	char found[32] = "";
	char *line = how == READ ? lines : strstr(lines, "\nwrite ");

	if (line)
		sscanf(line, " %*s %31s", found);
	return !strcmp(found, kind);
}

/* Do the counts differ by one KIND ("none": not at all)? */
static bool counted(const char *kind)
{
	char *a = before, *b = after, name[32];
	long x, y;
	bool right = true;
	int n;

	for (; sscanf(a, "%31s %ld\n%n", name, &x, &n) == 2; a += n) {
		sscanf(b, "%*s %ld\n%n", &y, &n);
		right &= y - x == !strcmp(name, kind);
		b = strchr(b, '\n') + 1;
	}
	return right;
}

static void test(unsigned i)
{
	char *lines = foresee(cases[i].addr), text[64];
	bool right = lines && foresees(lines, cases[i].how, cases[i].kind);

	read_text("/proc/self/faults", before, sizeof(before));
	touch(cases[i].addr, cases[i].how);
	read_text("/proc/self/faults", after, sizeof(after));
	snprintf(text, sizeof(text), "%s: %s is foreseen", cases[i].name,
		 cases[i].kind);
	fact(right, text, "%s", lines);
	snprintf(text, sizeof(text), "%s: and happens", cases[i].name);
	fact(counted(cases[i].kind), text, "before: %s after: %s", before,
	     after);
}

int main(void)
{
	unsigned i;

	signal(SIGSEGV, on_signal);
	signal(SIGBUS, on_signal);
	set_up();
	settle();
	foresee(cases[0].addr);
	for (i = 0; i < COUNT(cases); i++)
		printf("@ %lx\n%s", (unsigned long)cases[i].addr,
		       foresee(cases[i].addr));
	fflush(stdout);
	getpriority(0, 12345);
	test(0); /* brings in what test() itself needs */
	for (i = 0; i < COUNT(cases); i++)
		test(i);
	puts("end");
	while (nchildren)
		kill(children[--nchildren], SIGKILL);
	return 0;
}
