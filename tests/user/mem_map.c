/* SPDX-License-Identifier: MIT */
/* mmap, munmap, mprotect, mremap, msync: errors in order (spec 6.4, 6.6). */
#include "t.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

static int file, ro_file, wo_file;

static void *map(void *addr, size_t len, int prot, int flags, int fd, long off)
{
	/* The raw call: the libc checks offsets of its own. */
	return (void *)syscall(SYS_mmap2, addr, len, prot, flags, fd, off);
}

static void try_map(const char *what, void *addr, size_t len, int prot,
		    int flags, int fd, long off)
{
	void *p = map(addr, len, prot, flags, fd, off);

	result(what, (long)p);
	if (p != MAP_FAILED)
		munmap(p, len);
}

static void make_files(void)
{
	file = open("/tmp/mem_map", O_RDWR | O_CREAT | O_TRUNC, 0644);
	ro_file = open("/tmp/mem_map", O_RDONLY);
	wo_file = open("/tmp/mem_map", O_WRONLY);
	write(file, "hello", 5);
}

static void map_errors(void)
{
	int pipes[2];
	long old[6] = { 0, PAGE, RW, ANON, -1, 1 };

	pipe(pipes);
	try_map("length 0", NULL, 0, RW, ANON, -1, 0);
	try_map("bad fd", NULL, PAGE, RW, MAP_PRIVATE, 77, 0);
	try_map("bad fd, length 0", NULL, 0, RW, MAP_PRIVATE, 77, 0);
	try_map("neither SHARED nor PRIVATE", NULL, PAGE, RW, MAP_ANONYMOUS, -1,
		0);
	try_map("length 0xfffff001", NULL, 0xfffff001, RW, ANON, -1, 0);
	try_map("length 0xffffffff", NULL, 0xffffffff, RW, ANON, -1, 0);
	try_map("length 0xfffff000", NULL, 0xfffff000, RW, ANON, -1, 0);
	try_map("fixed, unaligned", (void *)0x50000001, PAGE, RW,
		ANON | MAP_FIXED, -1, 0);
	try_map("fixed at 0xffffe000, 2 pages", (void *)0xffffe000, 2 * PAGE,
		RW, ANON | MAP_FIXED, -1, 0);
	try_map("a hint that is unaligned", (void *)0x50000001, PAGE, RW, ANON,
		-1, 0);
	try_map("a hint far too high", (void *)0xffffe000, PAGE, RW, ANON, -1,
		0);
	try_map("a pipe", NULL, PAGE, PROT_READ, MAP_SHARED, pipes[0], 0);
	try_map("read-only file, shared, read", NULL, PAGE, PROT_READ,
		MAP_SHARED, ro_file, 0);
	try_map("read-only file, shared, write", NULL, PAGE, RW, MAP_SHARED,
		ro_file, 0);
	try_map("read-only file, private, write", NULL, PAGE, RW, MAP_PRIVATE,
		ro_file, 0);
	try_map("write-only file, private", NULL, PAGE, PROT_READ, MAP_PRIVATE,
		wo_file, 0);
	try_map("write-only file, shared, write only", NULL, PAGE, PROT_WRITE,
		MAP_SHARED, wo_file, 0);
	R("old mmap, offset 1", syscall(SYS_mmap, old));
	old[5] = 0;
	R("old mmap", munmap((void *)syscall(SYS_mmap, old), PAGE));
	R("old mmap, bad pointer", syscall(SYS_mmap, 8));
	close(pipes[0]);
	close(pipes[1]);
}

static void fixed(void)
{
	char *p = map(NULL, 4 * PAGE, RW, ANON, -1, 0), *q;

	p[PAGE] = 'a';
	q = map(p + PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0);
	fact("MAP_FIXED replaces", q == p + PAGE && *q == 0);
	R("MAP_FIXED_NOREPLACE over it",
	  map(p, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0));
	munmap(p + 2 * PAGE, PAGE);
	q = map(p + 2 * PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0);
	fact("MAP_FIXED_NOREPLACE in the hole", q == p + 2 * PAGE);
	R("unmap all", munmap(p, 4 * PAGE));
	q = map(p, PAGE, RW, ANON, -1, 0);
	fact("a hint that is free is taken", q == p);
	q = map(p, PAGE, RW, ANON, -1, 0);
	fact("one that is not is not", q != p && q != MAP_FAILED);
	munmap(q, PAGE);
	munmap(p, PAGE);
}

static void unmap_errors(void)
{
	char *p = map(NULL, 4 * PAGE, RW, ANON, -1, 0);

	R("unaligned", munmap(p + 1, PAGE));
	R("length 0", munmap(p, 0));
	R("nothing there", (munmap(p, 4 * PAGE), munmap(p, 4 * PAGE)));
	R("beyond the address space", munmap((void *)0xfffff000, 2 * PAGE));
	R("length 0xffffffff", munmap(p, 0xffffffff));
}

static void protect_errors(void)
{
	char *p = map(NULL, 4 * PAGE, RW, ANON, -1, 0), *f;

	R("unaligned", mprotect(p + 1, PAGE, RW));
	R("length 0", mprotect(p, 0, RW));
	R("bad bits", mprotect(p, PAGE, 0x40));
	munmap(p + PAGE, PAGE);
	R("over a hole", mprotect(p, 3 * PAGE, PROT_READ));
	say("the part before it is changed: %s", touch(p, true));
	R("nothing there", mprotect(p + PAGE, PAGE, PROT_READ));
	R("a length that wraps", mprotect(p, 0xffffffff, PROT_READ));
	munmap(p, 4 * PAGE);
	f = map(NULL, PAGE, PROT_READ, MAP_SHARED, ro_file, 0);
	R("shared map of a read-only file", mprotect(f, PAGE, RW));
	munmap(f, PAGE);
	f = map(NULL, PAGE, PROT_READ, MAP_PRIVATE, ro_file, 0);
	R("private map of it", mprotect(f, PAGE, RW));
	f[0] = 'J';
	say("a copy: %.5s", f);
	munmap(f, PAGE);
	f = map(NULL, PAGE, PROT_READ, MAP_PRIVATE, ro_file, 0);
	say("the file: %.5s", f);
	munmap(f, PAGE);
}

static void remap_errors(void)
{
	char *p = map(NULL, 4 * PAGE, RW, ANON, -1, 0), *q;

	R("unaligned", mremap(p + 1, PAGE, PAGE, 0));
	R("new length 0", mremap(p, PAGE, 0, 0));
	R("unknown flag", mremap(p, PAGE, PAGE, 64));
	R("FIXED without MAYMOVE", mremap(p, PAGE, PAGE, MREMAP_FIXED, p));
	R("FIXED, unaligned",
	  mremap(p, PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, p + 1));
	R("FIXED onto itself", mremap(p, 2 * PAGE, 2 * PAGE,
				      MREMAP_FIXED | MREMAP_MAYMOVE, p + PAGE));
	munmap(p + 2 * PAGE, PAGE);
	p[0] = 'r';
	R("over a hole", mremap(p, 4 * PAGE, 5 * PAGE, MREMAP_MAYMOVE));
	R("nothing there", mremap(p + 2 * PAGE, PAGE, 2 * PAGE, 0));
	R("cannot grow in place", mremap(p, 2 * PAGE, 4 * PAGE, 0));
	q = mremap(p, 2 * PAGE, 3 * PAGE, 0);
	fact("grows into the hole", q == p);
	q = mremap(p, 3 * PAGE, 20 * PAGE, MREMAP_MAYMOVE);
	fact("grows elsewhere, contents move", q != MAP_FAILED && *q == 'r');
	say("the rest is zero: %d", q[19 * PAGE]);
	q[19 * PAGE] = 'z';
	fact("shrinks", mremap(q, 20 * PAGE, PAGE, 0) == q);
	say("behind it: %s", touch(q + PAGE, false));
	R("huge", mremap(q, PAGE, 0xf0000000, MREMAP_MAYMOVE));
	munmap(q, PAGE);
	munmap(p, 4 * PAGE);
}

static void sync_errors(void)
{
	char *p = map(NULL, 3 * PAGE, RW, ANON, -1, 0);

	R("MS_SYNC", msync(p, 3 * PAGE, MS_SYNC));
	R("no flag", msync(p, PAGE, 0));
	R("SYNC|ASYNC", msync(p, PAGE, MS_SYNC | MS_ASYNC));
	R("unknown flag", msync(p, PAGE, 8));
	R("unaligned", msync(p + 1, PAGE, MS_SYNC));
	munmap(p + PAGE, PAGE);
	R("hole", msync(p, 3 * PAGE, MS_SYNC));
	R("mlock over a hole", mlock(p, 3 * PAGE));
	R("mlock", mlock(p, PAGE));
	R("munlock", munlock(p, PAGE));
	R("munlock over a hole", munlock(p, 3 * PAGE));
	R("mlockall, no flag", mlockall(0));
	R("mlockall, unknown flag", mlockall(64));
	munmap(p, 3 * PAGE);
}

static void limit(void *arg)
{
	struct rlimit rl = { 48 << 20, 48 << 20 };
	char *p;

	(void)arg;
	setrlimit(RLIMIT_AS, &rl);
	p = map(NULL, 32 << 20, RW, ANON, -1, 0);
	fact("32 MiB of 48", p != MAP_FAILED);
	R("32 more", map(NULL, 32 << 20, RW, ANON, -1, 0));
	R("grow by 32", mremap(p, 32 << 20, 64 << 20, MREMAP_MAYMOVE));
	R("replacing the same range",
	  map(p, 32 << 20, RW, ANON | MAP_FIXED, -1, 0));
	munmap(p, 32 << 20);
	R("after giving it back",
	  munmap(map(NULL, 32 << 20, RW, ANON, -1, 0), 32 << 20));
}

/* Neighbours of the same kind are one area, others are not. */
static void joining(void)
{
	char *p = map(NULL, 6 * PAGE, PROT_NONE, ANON, -1, 0);
	uintptr_t a = (uintptr_t)p + PAGE, b = a + 4 * PAGE;

	mprotect(p + PAGE, 4 * PAGE, RW);
	V("4 pages: areas", maps_lines(a, b));
	mprotect(p + 2 * PAGE, PAGE, PROT_READ);
	V("one of them read-only: areas", maps_lines(a, b));
	mprotect(p + 2 * PAGE, PAGE, RW);
	V("back again: areas", maps_lines(a, b));
	munmap(p + 3 * PAGE, PAGE);
	V("a hole: areas", maps_lines(a, b));
	map(p + 3 * PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0);
	V("filled: areas", maps_lines(a, b));
	munmap(p, 6 * PAGE);
}

int main(void)
{
	make_files();
	say("-- mmap");
	map_errors();
	fixed();
	say("-- munmap");
	unmap_errors();
	make_files();
	say("-- mprotect");
	protect_errors();
	say("-- mremap");
	remap_errors();
	say("-- msync, mlock");
	sync_errors();
	child("-- RLIMIT_AS", limit, NULL);
	say("-- areas");
	joining();
	unlink("/tmp/mem_map");
	return 0;
}
