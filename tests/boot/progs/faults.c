/* SPDX-License-Identifier: MIT */
/*
 * faults: one page fault of every class of docs/page-fault.md, each between
 * two marks in the event trace. For each it prints a line
 *
 *     case N NAME pid=P before=MINFLT addr=A key=value ...
 *
 * with what the trace must show, then the trace itself. A case is touched by
 * the same few instructions, in pages that are there already, so that the one
 * fault between its marks is the one meant: settle() sees to that.
 *
 * Usage: echo clear >/proc/trace; faults
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096u
#define PAGES 8
#define NOWHERE ((char *)0x30000000) /* no area there */

static int trace_fd, mark_fd, zero_fd;
/* of the case; in a page of its own, as the linker may decide */
static struct {
	int n;
} __attribute__((aligned(4096))) number;
static sigjmp_buf jump;
static volatile char sink;

/* --- the trace ---------------------------------------------------------- */

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void trace(const char *word)
{
	if (write(trace_fd, word, strlen(word)) < 0)
		die("/proc/trace");
}

static void mark(int n)
{
	char digits[4] = { '0' + n / 10, '0' + n % 10, '\n' };

	if (write(mark_fd, digits, 3) != 3)
		die("/dev/trace");
}

enum how {
	READ,
	WRITE,
	READ_INTO
};

/* The touch itself. A signal for it comes back to the sigsetjmp. */
static void touch(int n, char *p, enum how how)
{
	mark(n);
	if (sigsetjmp(jump, 1) == 0) {
		if (how == READ)
			sink = *(volatile char *)p;
		else if (how == WRITE)
			*(volatile char *)p = 1;
		else if (read(zero_fd, p, 1) != 1)
			sink = 0;
	}
	mark(0);
}

static void on_signal(int signo)
{
	siglongjmp(jump, signo);
}

/* Brings in all that touch() needs of this process, and takes back what fork
 * has made read-only of it. */
static void settle(void)
{
	static char page[2 * PAGE];
	char *p = page + (-(unsigned long)page & (PAGE - 1));
	struct rusage usage;

	trace("off");
	getrusage(RUSAGE_SELF, &usage);
	touch(0, p, READ);
	touch(0, p, WRITE);
	touch(0, p, READ_INTO);
	touch(0, NOWHERE, WRITE);
	touch(0, NOWHERE, READ_INTO);
}

/* --- a case ------------------------------------------------------------- */

static long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* Touches P as case NAME; KEYS is printed behind the line. */
static void one(const char *name, char *p, enum how how, const char *keys)
{
	char line[160];
	long before;

	settle();
	number.n++;
	trace("on");
	before = minor_faults(); /* last: where variables lie is the linker's */
	touch(number.n, p, how);
	trace("off");
	snprintf(line, sizeof(line),
		 "case %d %s pid=%d before=%ld addr=%08lx %s\n", number.n,
		 name, getpid(), before, (unsigned long)p, keys);
	if (write(1, line, strlen(line)) < 0)
		exit(1);
}

static char *map(int prot, int flags, int fd)
{
	char *p = mmap(NULL, PAGES * PAGE, prot, flags, fd, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

/* Private memory whose page table is there. */
static char *anonymous(void)
{
	char *p = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	p[(PAGES - 1) * PAGE] = 1;
	return p;
}

/* Runs FN(P) in a child, which ends with it. */
static pid_t child(void (*fn)(char *), char *p)
{
	pid_t pid = fork();

	if (pid == 0) {
		fn(p);
		_exit(0);
	}
	if (pid < 0)
		die("fork");
	return pid;
}

static void wait_for(pid_t pid)
{
	if (waitpid(pid, NULL, 0) != pid)
		die("waitpid");
}

/* --- private memory ----------------------------------------------------- */

static void private_cases(void)
{
	char *p = anonymous();

	one("zero-read", p, READ, "class=1");
	one("zero-write", p, WRITE, "class=6");
	one("anon-write", p + PAGE, WRITE, "class=2");
	one("copy-success", p + 2 * PAGE, READ_INTO, "class=2");
	one("copy-fixup", NOWHERE, READ_INTO, "class=0");
	munmap(p, PAGES * PAGE);
}

static void stay(char *p)
{
	(void)p;
	pause();
}

static void leave(char *p)
{
	(void)p;
}

/* A page that two have is copied, a page that only we have left is not. */
static void cow_cases(void)
{
	char *p = anonymous();
	pid_t pid;

	p[0] = p[PAGE] = 1;
	pid = child(stay, p);
	one("cow-copy", p, WRITE, "class=6");
	kill(pid, SIGKILL);
	wait_for(pid);
	wait_for(child(leave, p));
	one("cow-reuse", p + PAGE, WRITE, "class=6");
	munmap(p, PAGES * PAGE);
}

static void file_cases(void)
{
	int fd = open("/tmp/faults", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char bytes[2 * PAGE], *p;

	memset(bytes, 'x', sizeof(bytes));
	if (fd < 0 || write(fd, bytes, sizeof(bytes)) != sizeof(bytes))
		die("/tmp/faults");
	p = map(PROT_READ | PROT_WRITE, MAP_PRIVATE, fd);
	one("file-read", p, READ, "class=3");
	one("file-write", p + PAGE, WRITE, "class=3");
	one("beyond-file", p + 2 * PAGE, READ, "class=3");
	munmap(p, PAGES * PAGE);
	close(fd);
	unlink("/tmp/faults");
}

/* --- a segment ---------------------------------------------------------- */

static int segment;

static const char *shm_keys(int index, int count)
{
	static char text[80];

	snprintf(text, sizeof(text), "class=4 id=%d index=%d count=%d", segment,
		 index, count);
	return text;
}

/* Two more processes find the frame: one waits while the other touches. */
static void third_touch(char *p)
{
	one("shm-resident", p + PAGE, READ, shm_keys(1, 4));
}

static void second_touch(char *p)
{
	one("shm-resident", p + PAGE, READ, shm_keys(1, 3));
	wait_for(child(third_touch, p));
}

static void shm_cases(void)
{
	char *p;

	segment = shmget(IPC_PRIVATE, PAGES * PAGE, IPC_CREAT | 0600);
	p = shmat(segment, NULL, 0);
	if (segment < 0 || p == (void *)-1)
		die("shmget, shmat");
	one("shm-first-touch", p + PAGE, WRITE, shm_keys(1, 2));
	wait_for(child(second_touch, p));
	number.n += 2; /* the children's */
	if (madvise(p + PAGE, PAGE, MADV_DONTNEED))
		die("madvise");
	one("shm-none", p + PAGE, READ, shm_keys(1, 2));
	shmdt(p);
	shmctl(segment, IPC_RMID, NULL);
}

/* --- refusals ----------------------------------------------------------- */

/* The page below the lowest one of the stack. */
static char *below_stack(void)
{
	unsigned long start = 0;
	char line[256];
	FILE *maps = fopen("/proc/self/maps", "r");

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "[stack]"))
			start = strtoul(line, NULL, 16);
	if (!start)
		die("/proc/self/maps");
	fclose(maps);
	return (char *)start - PAGE;
}

static void refused_cases(void)
{
	char *p = anonymous(), *stack = below_stack();

	one("stack-growth", stack, WRITE, "class=2");
	one("segv-maperr", NOWHERE, WRITE, "class=0 code=1");
	mprotect(p + (PAGES - 1) * PAGE, PAGE, PROT_READ);
	one("segv-accerr", p + (PAGES - 1) * PAGE, WRITE, "class=0 code=2");
	munmap(p, PAGES * PAGE);
}

/* No frame for a write: the process is killed, behind the last mark. */
static void starved(char *p)
{
	int fd = open("/proc/self/fail-nth", O_WRONLY);
	char line[80];

	number.n++;
	for (int i = 0; i < 2; i++) { /* the second brings nothing in */
		settle();
		snprintf(line, sizeof(line),
			 "case %d out-of-memory pid=%d before=%ld addr=%08lx "
			 "class=2\n",
			 number.n, getpid(), minor_faults(), (unsigned long)p);
	}
	if (fd < 0 || write(1, line, strlen(line)) < 0)
		die("/proc/self/fail-nth");
	trace("on");
	mark(number.n);
	if (write(fd, "1", 1) != 1)
		die("/proc/self/fail-nth");
	*(volatile char *)p = 1;
	_exit(0);
}

static void starved_case(void)
{
	wait_for(child(starved, anonymous()));
	trace("off");
}

/* ------------------------------------------------------------------------ */

static void print_trace(void)
{
	char buf[4096];
	int fd = open("/proc/trace", O_RDONLY);
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (write(1, buf, n) != n)
			exit(1);
	close(fd);
}

int main(void)
{
	trace_fd = open("/proc/trace", O_WRONLY);
	mark_fd = open("/dev/trace", O_WRONLY);
	zero_fd = open("/dev/zero", O_RDONLY);
	if (trace_fd < 0 || mark_fd < 0 || zero_fd < 0)
		die("/proc/trace, /dev/trace or /dev/zero");
	signal(SIGSEGV, on_signal);
	signal(SIGBUS, on_signal);
	trace("clear");
	private_cases();
	cow_cases();
	file_cases();
	shm_cases();
	refused_cases();
	starved_case();
	print_trace();
	return 0;
}
