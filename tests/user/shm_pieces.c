/* SPDX-License-Identifier: MIT */
/*
 * nattch counts areas: what munmap, mprotect, mlock, mremap, madvise, msync
 * and mincore do to an attach (shm-spec 3.10, 3.11).
 */
#include "shm.h"

#define N 8 /* pages of the segment */

static int id;
static char *p;

static void begin(const char *title)
{
	say("-- %s", title);
	id = seg(N * PAGE, 0600);
	p = at(id, NULL, 0);
	for (int i = 0; i < N; i += 2)
		p[i * PAGE] = (char)('A' + i);
}

static void end(void)
{
	shmdt(p);
	V("shmdt: nattch", nattch(id));
	rm(id);
}

static void areas(const char *what)
{
	say("%s: nattch %d, %d areas", what, nattch(id),
	    maps_lines((uintptr_t)p, (uintptr_t)p + N * PAGE));
}

static void unmapping(void)
{
	struct shmid_ds ds;

	begin("munmap");
	R("nothing of it", munmap(p, 0));
	munmap(p, PAGE);
	areas("the head");
	munmap(p + 7 * PAGE, PAGE);
	areas("the tail");
	munmap(p + 3 * PAGE, PAGE);
	areas("a hole");
	munmap(p + 5 * PAGE, PAGE);
	areas("another");
	munmap(p + 3 * PAGE, PAGE);
	areas("an empty range");
	say("what is left: %c%c%c", p[2 * PAGE], p[4 * PAGE], p[6 * PAGE]);
	say("what is not: %s, %s", touch(p, false), touch(p + 3 * PAGE, false));
	rm(id);
	munmap(p + 1 * PAGE, 2 * PAGE);
	areas("removed, first piece unmapped");
	munmap(p + 4 * PAGE, PAGE);
	areas("second piece unmapped");
	say("the last piece holds %c", p[6 * PAGE]);
	munmap(p, N * PAGE);
	R("all unmapped", shmctl(id, IPC_STAT, &ds));
}

static void protecting(void)
{
	begin("mprotect");
	mprotect(p, N * PAGE, PROT_READ);
	areas("all of it");
	say("write: %s", touch(p, true));
	mprotect(p, N * PAGE, PROT_READ | PROT_WRITE);
	areas("back");
	say("write: %s", touch(p, true));
	mprotect(p + 2 * PAGE, 2 * PAGE, PROT_READ);
	areas("the middle");
	mprotect(p + 2 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE);
	areas("back: areas of an attach are never joined");
	mprotect(p, PAGE, PROT_NONE);
	areas("the head");
	say("read: %s, write: %s", touch(p, false), touch(p, true));
	mprotect(p, PAGE, PROT_READ);
	say("read: %s, write: %s, it holds %c", touch(p, false), touch(p, true),
	    p[0]);
	say("a page never touched, in the middle: %s",
	    touch(p + 3 * PAGE, true));
	end();
}

static void locking(void)
{
	begin("mlock");
	R("mlock of the first page", mlock(p, PAGE));
	areas("locked");
	R("munlock", munlock(p, PAGE));
	areas("unlocked");
	R("mlock of a page in the middle", mlock(p + 4 * PAGE + 5, 1));
	areas("locked");
	R("munlock of all", munlock(p, N * PAGE));
	areas("unlocked");
	end();
}

static void moving(void)
{
	char *to = free_range(4 * N), *q;

	begin("mremap");
	q = mremap(p, N * PAGE, 6 * PAGE, 0);
	fact("shrunk in place", q == p);
	areas("6 pages");
	q = mremap(p, 6 * PAGE, 6 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		   to + N * PAGE);
	fact("moved", q == to + N * PAGE);
	say("old place: %s", touch(p, false));
	p = q;
	areas("moved");
	say("it holds %c%c", p[0], p[4 * PAGE]);
	q = mremap(p, 0, 6 * PAGE, MREMAP_MAYMOVE);
	fact("old size 0 doubles it", q != MAP_FAILED && q != p);
	V("nattch", nattch(id));
	if (q != MAP_FAILED) {
		q[PAGE] = 'D';
		say("the same memory: %c", p[PAGE]);
		R("shmdt of the double", shmdt(q));
	}
	q = mremap(p + 2 * PAGE, 2 * PAGE, 2 * PAGE,
		   MREMAP_MAYMOVE | MREMAP_FIXED, to);
	fact("a piece from the middle moved", q == to);
	V("nattch", nattch(id));
	say("it holds %c", q[0]);
	R("shmdt of where it stands", shmdt(q));
	R("shmdt of its base", shmdt(q - 2 * PAGE));
	end();
}

static void growing(void)
{
	char *to = free_range(4 * N), *q;

	begin("growth");
	shmdt(p);
	p = at(id, to, 0);
	q = mremap(p, N * PAGE, (N + 2) * PAGE, 0);
	fact("in place, by 2 pages", q == p);
	V("nattch", nattch(id));
	say("the last page of the segment: %s",
	    touch(p + (N - 1) * PAGE, true));
	say("the first behind it: %s", touch(p + N * PAGE, false));
	say("written: %s", touch(p + (N + 1) * PAGE, true));
	R("shmdt", shmdt(p));
	V("nattch", nattch(id));
	say("behind it afterwards: %s", touch(p + N * PAGE, false));
	rm(id);
}

static void advising(void)
{
	char *ro;

	begin("madvise");
	R("MADV_DONTNEED", madvise(p, N * PAGE, MADV_DONTNEED));
	say("the data stay: %c%c", p[0], p[6 * PAGE]);
	areas("after DONTNEED");
	say("write to a page never touched: %s", touch(p + PAGE, true));
	R("MADV_REMOVE of two pages", madvise(p, 2 * PAGE, MADV_REMOVE));
	say("they are zero: %d, the others not: %c", p[0], p[2 * PAGE]);
	ro = at(id, NULL, SHM_RDONLY);
	R("MADV_REMOVE, read-only attach", madvise(ro, PAGE, MADV_REMOVE));
	R("MADV_DONTNEED, read-only attach", madvise(ro, PAGE, MADV_DONTNEED));
	say("it still shows %c", ro[2 * PAGE]);
	R("unaligned", madvise(p + 1, PAGE, MADV_DONTNEED));
	R("unknown advice", madvise(p, PAGE, 77));
	R("length 0", madvise(p, 0, MADV_DONTNEED));
	munmap(p + PAGE, PAGE);
	R("over a hole", madvise(p, 3 * PAGE, MADV_DONTNEED));
	shmdt(ro);
	end();
}

static void syncing(void)
{
	begin("msync");
	R("MS_SYNC", msync(p, N * PAGE, MS_SYNC));
	R("MS_ASYNC", msync(p, N * PAGE, MS_ASYNC));
	R("MS_SYNC|MS_ASYNC", msync(p, PAGE, MS_SYNC | MS_ASYNC));
	R("unaligned", msync(p + 1, PAGE, MS_SYNC));
	R("unknown flag", msync(p, PAGE, 64));
	munmap(p + PAGE, PAGE);
	R("over a hole", msync(p, 3 * PAGE, MS_SYNC));
	R("length 0", msync(p, 0, MS_SYNC));
	mlock(p + 2 * PAGE, PAGE);
	R("MS_INVALIDATE of a locked page",
	  msync(p + 2 * PAGE, PAGE, MS_INVALIDATE));
	end();
}

static void residence(void)
{
	unsigned char vec[N];
	int i;
	char text[N + 1] = "";

	begin("mincore");
	R("all of it", mincore(p, N * PAGE, vec));
	for (i = 0; i < N; i++)
		text[i] = (char)('0' + (vec[i] & 1));
	say("every second page: %s", text);
	R("unaligned", mincore(p + 1, PAGE, vec));
	R("bad vector", mincore(p, PAGE, (void *)8));
	munmap(p + 2 * PAGE, PAGE);
	R("over a hole", mincore(p, N * PAGE, vec));
	end();
}

int main(void)
{
	unmapping();
	protecting();
	locking();
	moving();
	growing();
	advising();
	syncing();
	residence();
	return 0;
}
