/* SPDX-License-Identifier: MIT */
/*
 * Memory that processes share without a System V segment: MAP_SHARED |
 * MAP_ANONYMOUS and /dev/zero; maps of files as a dynamic loader makes them;
 * files that shrink under a map that runs; areas that grow; and what
 * mincore, msync, smaps and pagemap say of all that.
 */
#include "t.h"

#include <sys/ipc.h>
#include <sys/shm.h>

#define RW (PROT_READ | PROT_WRITE)
#define SHARED (MAP_SHARED | MAP_ANONYMOUS)
#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)
#define FILE_NAME "/tmp/mem_shared"

static char *mem; /* what a test maps */

static char *map(size_t pages, int flags, int fd)
{
	return mmap(NULL, pages * PAGE, RW, flags, fd, 0);
}

/* --- shared without a name ---------------------------------------------- */

static void child_writes(void *arg)
{
	mem[0] = 'c';
	mem[2 * PAGE] = *(char *)arg;
	munmap(mem, PAGE);
}

static void grandchild_writes(void *arg)
{
	in_child(child_writes, arg);
	mem[1] = 'g';
}

static void one_object(const char *what, char *p)
{
	say("%s", what);
	if (p == MAP_FAILED) {
		say("cannot map: %s", err_name(errno));
		return;
	}
	mem = p;
	say("fresh pages are zero: %d %d", p[0], p[2 * PAGE]);
	p[0] = 'p';
	child("a child writes", child_writes, "1");
	say("the parent sees %c and %c", p[0], p[2 * PAGE]);
	child("a grandchild writes", grandchild_writes, "2");
	say("the parent sees %c%c and %c", p[0], p[1], p[2 * PAGE]);
	mprotect(p, PAGE, PROT_READ);
	say("read-only now: read %s, write %s", touch(p, false),
	    touch(p, true));
	child("but not for a child that writes page 2", child_writes, "3");
	say("the parent sees %c", p[2 * PAGE]);
	munmap(p + PAGE, PAGE);
	say("a hole in the middle: %s, behind it %c", touch(p + PAGE, false),
	    p[2 * PAGE]);
	say("areas: %d", maps_lines((uintptr_t)p, (uintptr_t)p + 3 * PAGE));
	madvise(p + 2 * PAGE, PAGE, MADV_DONTNEED);
	say("after MADV_DONTNEED still %c", p[2 * PAGE]);
	munmap(p, 3 * PAGE);
}

static void errors(void)
{
	int fd = open("/dev/zero", O_RDONLY);

	R("shared, anonymous, grows down",
	  (long)mmap(NULL, PAGE, RW, SHARED | MAP_GROWSDOWN, -1, 0));
	R("shared and validated, anonymous",
	  (long)mmap(NULL, PAGE, RW, 0x03 | MAP_ANONYMOUS, -1, 0));
	R("of 0 bytes", (long)mmap(NULL, 0, RW, SHARED, -1, 0));
	R("of nearly 4 GiB", (long)mmap(NULL, -PAGE, RW, SHARED, -1, 0));
	R("/dev/zero read-only, shared, written",
	  (long)mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0));
	mem = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	fact("read", mem != MAP_FAILED && mem[0] == 0);
	R("and made writable", mprotect(mem, PAGE, RW));
	munmap(mem, PAGE);
	close(fd);
}

static void resized(void)
{
	char *p = map(2, SHARED, -1), *q;

	p[PAGE] = 'x';
	p = mremap(p, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE);
	say("longer: keeps %c, behind its end %s", p[PAGE],
	    touch(p + 2 * PAGE, true));
	q = mremap(p, 0, 2 * PAGE, MREMAP_MAYMOVE);
	q[0] = 'y';
	say("seen a second time: %c, and %c", p[0], q[PAGE]);
	munmap(p, 4 * PAGE);
	say("the first view gone: %c", q[0]);
	munmap(q, 2 * PAGE);
}

static void as_limit(void *arg)
{
	struct rlimit low = { 64 << 20, 64 << 20 };

	(void)arg;
	setrlimit(RLIMIT_AS, &low);
	R("above RLIMIT_AS, shared", (long)map((64 << 20) / PAGE, SHARED, -1));
	R("above it, private", (long)map((64 << 20) / PAGE, PRIVATE, -1));
	R("below it", (long)map(1 << 8, SHARED, -1));
}

/* --- maps of files ------------------------------------------------------ */

/* mov $AL, %eax; ret -- at the start of each page */
static void fill_with_code(int fd, int pages)
{
	char code[PAGE];
	int i;

	memset(code, 0x90, sizeof(code));
	memcpy(code, "\xb8\0\0\0\0\xc3", 6);
	for (i = 0; i < pages; i++) {
		code[1] = i + 1;
		pwrite(fd, code, PAGE, i * PAGE);
	}
}

static int call(char *at)
{
	int (*fn)(void) = (int (*)(void))(uintptr_t)at;

	return fn();
}

static sigjmp_buf call_jmp;
static siginfo_t call_info;

static void call_handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	call_info = *info;
	siglongjmp(call_jmp, 1);
}

static void say_call(const char *what, char *at)
{
	struct sigaction act = { .sa_sigaction = call_handler,
				 .sa_flags = SA_SIGINFO };

	sigaction(SIGBUS, &act, NULL);
	sigaction(SIGSEGV, &act, NULL);
	if (sigsetjmp(call_jmp, 1))
		say("%s: %s, code %d, at the page: %d", what,
		    call_info.si_signo == SIGBUS ? "SIGBUS" : "SIGSEGV",
		    call_info.si_code, call_info.si_addr == at);
	else
		say("%s: gives %d", what, call(at));
	signal(SIGBUS, SIG_DFL);
	signal(SIGSEGV, SIG_DFL);
}

/* As ld.so does: the whole file first, pieces over it, then zero pages. */
static void pieces(int fd)
{
	char *p = mmap(NULL, 6 * PAGE, PROT_READ, MAP_PRIVATE | MAP_DENYWRITE,
		       fd, 0);

	mmap(p + PAGE, PAGE, PROT_READ | PROT_EXEC,
	     MAP_PRIVATE | MAP_FIXED | MAP_DENYWRITE, fd, PAGE);
	mmap(p + 3 * PAGE, PAGE, RW, MAP_PRIVATE | MAP_FIXED | MAP_DENYWRITE,
	     fd, 2 * PAGE);
	mmap(p + 4 * PAGE, 2 * PAGE, RW, MAP_FIXED | PRIVATE, -1, 0);
	say("pieces: %d areas, page 3 shows page %d, bss %d",
	    maps_lines((uintptr_t)p, (uintptr_t)p + 6 * PAGE),
	    p[3 * PAGE + 1], p[5 * PAGE]);
	say_call("code in a piece", p + PAGE);
	p[3 * PAGE + 1] = 77;
	mprotect(p + 3 * PAGE, PAGE, PROT_READ | PROT_EXEC);
	say_call("written, then made code", p + 3 * PAGE);
	close(open(FILE_NAME, O_WRONLY)); /* MAP_DENYWRITE means nothing */
	munmap(p, 6 * PAGE);
}

static void truncated(int fd)
{
	char *p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd,
		       0);

	say_call("a library", p + 2 * PAGE);
	ftruncate(fd, PAGE);
	say_call("cut off where it runs", p + 2 * PAGE);
	say_call("cut off where it has not run yet", p + PAGE);
	say_call("what is left of it", p);
	fill_with_code(fd, 3);
	say_call("whole again", p + 2 * PAGE);
	munmap(p, 3 * PAGE);
}

static void say_core(const char *what, char *p, size_t pages)
{
	unsigned char vec[8] = { 0 };
	char text[9] = "";
	size_t i;

	if (mincore(p, pages * PAGE, vec)) {
		say("%s: %s", what, err_name(errno));
		return;
	}
	for (i = 0; i < pages; i++)
		text[i] = vec[i] & 1 ? '1' : '0';
	say("%s: %s", what, text);
}

static void advice(int fd)
{
	char *p = map(3, MAP_SHARED, fd), *q = map(3, MAP_PRIVATE, fd);
	char *s = map(3, SHARED, -1);

	s[PAGE] = 1;
	say_core("in core, shared and anonymous", s, 3);
	say_core("a file that was just written", p, 3);
	p[1] = 50;
	q[1] = 51;
	R("MADV_DONTNEED, shared", madvise(p, PAGE, MADV_DONTNEED));
	R("MADV_DONTNEED, private", madvise(q, PAGE, MADV_DONTNEED));
	say("the file keeps %d, the copy is gone: %d", p[1], q[1]);
	R("MADV_FREE on a file", madvise(q, PAGE, MADV_FREE));
	R("MADV_FREE, shared and anonymous", madvise(s, PAGE, MADV_FREE));
	R("MADV_WILLNEED", madvise(p, 3 * PAGE, MADV_WILLNEED));
	R("msync, file", msync(p, 3 * PAGE, MS_SYNC));
	R("msync, shared and anonymous", msync(s, 3 * PAGE, MS_ASYNC));
	R("msync both ways", msync(p, PAGE, MS_SYNC | MS_ASYNC));
	R("msync between pages", msync(p + 1, PAGE, MS_SYNC));
	munmap(p + PAGE, PAGE);
	R("msync over a hole", msync(p, 3 * PAGE, MS_SYNC));
	say_core("mincore over a hole", p, 3);
	munmap(p, 3 * PAGE);
	munmap(q, 3 * PAGE);
	munmap(s, 3 * PAGE);
}

/* --- areas that grow down ----------------------------------------------- */

static void grows(void)
{
	size_t room = 4096 * PAGE;
	char *low = mmap(NULL, room, PROT_NONE, PRIVATE, -1, 0), *p;

	munmap(low, room);
	p = mmap(low + room - PAGE, PAGE, RW,
		 PRIVATE | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	p[0] = 'g';
	say("one page below: %s", touch(p - 1, true));
	say("twenty pages below: %s", touch(p - 20 * PAGE, true));
	say("the first page keeps %c", p[0]);
	fact("it is one area now",
	     maps_lines((uintptr_t)low, (uintptr_t)p + PAGE) == 1);
	mmap(p - 400 * PAGE, PAGE, RW, PRIVATE | MAP_FIXED, -1, 0);
	say("300 pages above another area: %s", touch(p - 100 * PAGE, true));
	say("200 pages above it: %s", touch(p - 200 * PAGE, true));
	munmap(p - 400 * PAGE, 401 * PAGE);
	say("unmapped: %s", touch(p - PAGE, true));
}

static void grows_to_limit(void *arg)
{
	struct rlimit low = { 32 * PAGE, 32 * PAGE };
	char *p;

	(void)arg;
	p = mmap(NULL, 1024 * PAGE, PROT_NONE, PRIVATE, -1, 0);
	munmap(p, 1024 * PAGE);
	p = mmap(p + 1023 * PAGE, PAGE, RW,
		 PRIVATE | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	setrlimit(RLIMIT_STACK, &low);
	say("at RLIMIT_STACK: %s, one more: %s", touch(p - 31 * PAGE, true),
	    touch(p - 32 * PAGE, true));
}

/* --- what /proc says ---------------------------------------------------- */

/* The flags of a page, without its frame number and what Linux may not have
 * been built to keep. */
static void say_pagemap(const char *what, char *at)
{
	uint64_t word = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	pread(fd, &word, sizeof(word), (uintptr_t)at / PAGE * sizeof(word));
	close(fd);
	say("%s: present %d, swapped %d, object %d, ours alone %d", what,
	    (int)(word >> 63), (int)(word >> 62) & 1, (int)(word >> 61) & 1,
	    (int)(word >> 56) & 1);
}

/* Some sums of the area that begins at AT. */
static void say_smaps(const char *what, char *at)
{
	static const char *const want[] = { "Size",	     "Rss",
					    "Pss",	     "Shared_Clean",
					    "Shared_Dirty",  "Private_Clean",
					    "Private_Dirty", "Anonymous" };
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[512], name[32], text[200] = "";
	unsigned long from;
	bool here = false;
	unsigned kib;
	size_t i;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-", &from) == 1 && strchr(line, '-'))
			here = from == (uintptr_t)at;
		if (!here || sscanf(line, "%31[^:]: %u kB", name, &kib) != 2)
			continue;
		for (i = 0; i < COUNT(want); i++)
			if (!strcmp(name, want[i]))
				sprintf(text + strlen(text), " %u", kib);
	}
	if (f)
		fclose(f);
	say("%s:%s", what, text);
}

static void look(void *arg)
{
	say("it touches the page: %s", touch(mem, true));
	say_pagemap("shared, in both", mem);
	say_smaps("shared, in both", mem);
	(void)arg;
}

static void proc_files(int fd)
{
	char *p = map(3, PRIVATE, -1), *f = map(3, MAP_PRIVATE, fd), c;

	mem = map(3, SHARED, -1);
	mem[0] = 1;
	p[0] = 1;
	c = p[PAGE];
	c += f[PAGE];
	f[2 * PAGE] = c;
	say_pagemap("private", p);
	say_pagemap("read only, so the zero page", p + PAGE);
	say_pagemap("never touched", p + 2 * PAGE);
	say_pagemap("a page of a file", f + PAGE);
	say_pagemap("a copy of one", f + 2 * PAGE);
	say_pagemap("shared", mem);
	say_pagemap("nothing there", NULL);
	say_smaps("private", p);
	say_smaps("shared", mem);
	child("a child looks", look, NULL);
	munmap(p, 3 * PAGE);
	munmap(f, 3 * PAGE);
	munmap(mem, 3 * PAGE);
}

/* A segment: its pages are those of an object, shared or not. */
static void attached(void)
{
	int id = shmget(IPC_PRIVATE, 3 * PAGE, IPC_CREAT | 0600);
	char *other;

	mem = shmat(id, NULL, 0);
	other = shmat(id, NULL, SHM_RDONLY);
	shmctl(id, IPC_RMID, NULL);
	mem[0] = 1;
	mem[PAGE] = other[PAGE];
	say_pagemap("an attach, twice here", mem);
	say_pagemap("only read there", other + PAGE);
	say_pagemap("not touched there", other);
	say_pagemap("never touched", mem + 2 * PAGE);
	say_smaps("an attach", mem);
	shmdt(other);
	say_pagemap("once", mem);
	say_smaps("once", mem);
	child("a child looks", look, NULL);
	shmdt(mem);
}

static void pagemap_calls(void)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	char buf[64];

	V("pagemap at 4", pread(fd, buf, 8, 4));
	V("7 bytes of it", pread(fd, buf, 7, 0));
	V("64 bytes", pread(fd, buf, 64, 0));
	V("behind the last page", pread(fd, buf, 8, 0x7ffffff8));
	close(fd);
}

int main(void)
{
	int fd = open("/dev/zero", O_RDWR);

	one_object("shared and anonymous", map(3, SHARED, -1));
	one_object("/dev/zero, shared", map(3, MAP_SHARED, fd));
	close(fd);
	errors();
	resized();
	child("limited", as_limit, NULL);

	fd = open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC, 0700);
	fill_with_code(fd, 3);
	pieces(fd);
	truncated(fd);
	advice(fd);
	grows();
	child("limited", grows_to_limit, NULL);
	proc_files(fd);
	attached();
	pagemap_calls();
	close(fd);
	unlink(FILE_NAME);
	return 0;
}
