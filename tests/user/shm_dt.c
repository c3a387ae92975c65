/* SPDX-License-Identifier: MIT */
/* shmdt: by the base address of the attach, piece by piece (shm-spec 3.5). */
#include "shm.h"

static void errors(void)
{
	int id = seg(3 * PAGE, 0600);
	char *p = at(id, NULL, 0);
	char *m =
		mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	R("unaligned", shmdt(p + 1));
	R("second page", shmdt(p + PAGE));
	R("anonymous memory", shmdt(m));
	R("nothing there", shmdt(free_range(1)));
	R("0", shmdt(NULL));
	R("0xc0000000", shmdt((void *)0xc0000000));
	R("0xfffff000", shmdt((void *)0xfffff000));
	V("nattch", nattch(id));
	R("the attach", shmdt(p));
	R("again", shmdt(p));
	V("nattch", nattch(id));
	rm(id);
	munmap(m, PAGE);
}

static void pieces(void)
{
	int id = seg(5 * PAGE, 0600);
	char *p = at(id, NULL, 0);

	munmap(p, PAGE);
	V("first page unmapped: nattch", nattch(id));
	R("shmdt of the first remaining byte", shmdt(p + PAGE));
	munmap(p + 2 * PAGE, PAGE);
	V("a page in the middle unmapped: nattch", nattch(id));
	R("shmdt of the base takes both pieces", shmdt(p));
	V("nattch", nattch(id));
	say("the last page: %s", touch(p + 4 * PAGE, false));
	rm(id);
}

/* A foreign mapping between two pieces stays. */
static void between(void)
{
	int id = seg(5 * PAGE, 0600), other = seg(PAGE, 0600);
	char *p = at(id, NULL, 0), *q;

	munmap(p + 2 * PAGE, PAGE);
	q = at(other, p + 2 * PAGE, 0);
	*q = 'q';
	R("shmdt around another segment", shmdt(p));
	say("nattch %d and %d, the other's byte: %c", nattch(id), nattch(other),
	    *q);
	R("the other", shmdt(q));
	rm(id);
	rm(other);
}

/* The same segment attached again within the old range is its own attach. */
static void same_segment(void)
{
	int id = seg(4 * PAGE, 0600);
	char *m = mmap(NULL, 8 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	char *p = at(id, m, SHM_REMAP), *q = at(id, m + 4 * PAGE, SHM_REMAP);

	V("side by side: nattch", nattch(id));
	R("shmdt of the first", shmdt(p));
	V("nattch", nattch(id));
	say("the second: %s", touch(q, true));
	R("shmdt of the second", shmdt(q));
	V("nattch", nattch(id));
	munmap(m, 8 * PAGE);
	rm(id);
}

static void after_mremap(void)
{
	int id = seg(2 * PAGE, 0600);
	char *p = at(id, NULL, 0), *to = free_range(16), *q;

	p[PAGE] = 'x';
	q = mremap(p, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		   to + 8 * PAGE);
	fact("moved", q == to + 8 * PAGE);
	say("nattch %d, byte %c", nattch(id), q[PAGE]);
	R("shmdt of the old base", shmdt(p));
	R("shmdt of the new base", shmdt(q));
	V("nattch", nattch(id));
	rm(id);
}

static void whole_by_munmap(void)
{
	int id = seg(2 * PAGE, 0600);
	char *p = at(id, NULL, 0);

	R("munmap of all of it", munmap(p, 2 * PAGE));
	V("nattch", nattch(id));
	R("shmdt afterwards", shmdt(p));
	rm(id);
}

int main(void)
{
	errors();
	pieces();
	between();
	same_segment();
	after_mremap();
	whole_by_munmap();
	return 0;
}
