/* SPDX-License-Identifier: MIT */
/* shmat: every error in order, flags, what is mapped (shm-spec 3.3). */
#include "shm.h"

static int two; /* a segment of 5000 bytes, two pages */

static void try_at(const char *what, int id, const void *addr, int flags)
{
	void *p = shmat(id, addr, flags);

	result(what, (long)p);
	if (p != (void *)-1)
		shmdt(p);
}

static void bad_arguments(void)
{
	char *free = free_range(8);
	static char bss[4 * PAGE] __attribute__((aligned(4096)));
	char local;

	try_at("id -1", -1, NULL, 0);
	try_at("id of nothing", 31000, NULL, 0);
	try_at("unaligned", two, free + 1, 0);
	try_at("unaligned, no such id", 31000, free + 1, 0);
	try_at("SHM_REMAP at NULL", two, NULL, SHM_REMAP);
	try_at("SHM_RND to 0 with SHM_REMAP", two, (void *)5,
	       SHM_RND | SHM_REMAP);
	try_at("on a page of bss", two, bss, 0);
	try_at("on our own text", two,
	       (void *)((uintptr_t)bad_arguments & ~(PAGE - 1)), 0);
	try_at("on the stack", two, (void *)((uintptr_t)&local & ~(PAGE - 1)),
	       0);
	try_at("ends in bss", two, bss - PAGE, 0);
	try_at("free range", two, free, 0);
	try_at("unknown flag bits", two, NULL, 0x40000);
}

static void over_the_top(void)
{
	int one = seg(PAGE, 0600);

	try_at("one page at 0xffffe000", one, (void *)0xffffe000, 0);
	try_at("one page at 0xffffe000, SHM_REMAP", one, (void *)0xffffe000,
	       SHM_REMAP);
	rm(one);
}

static void rounding(void)
{
	char *free = free_range(4), *p, *q;

	p = at(two, free + 0xfff, SHM_RND);
	fact("SHM_RND rounds down", p == free);
	q = at(two, free + 2 * PAGE, SHM_RND);
	fact("right behind it", q == free + 2 * PAGE);
	V("two attaches", nattch(two));
	fact("they are two areas",
	     maps_lines((uintptr_t)free, (uintptr_t)free + 4 * PAGE) == 2);
	try_at("over the first page", two, p, 0);
	try_at("over the end of the first", two, p + PAGE, 0);
	try_at("inside, SHM_RND", two, p + 5000, SHM_RND);
	shmdt(p);
	shmdt(q);
}

static void remap(void)
{
	char *m = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *p;

	memset(m, 'm', 8 * PAGE);
	/* Fresh neighbours might be joined: guard the range. */
	mprotect(m, PAGE, PROT_NONE);
	mprotect(m + 7 * PAGE, PAGE, PROT_NONE);
	p = at(two, m + 3 * PAGE, SHM_REMAP);
	fact("over anonymous memory", p == m + 3 * PAGE);
	say("its neighbours stay: %c %c, the middle is %d", m[3 * PAGE - 1],
	    m[5 * PAGE], p[0]);
	p[0] = 's';
	at(two, p, SHM_REMAP);
	V("over itself: nattch", nattch(two));
	say("the data too: %c", p[0]);
	at(two, p + PAGE, SHM_REMAP);
	V("over its own second page: nattch", nattch(two));
	say("now page 0 shows twice: %c %c", p[0], p[PAGE]);
	V("areas", maps_lines((uintptr_t)m, (uintptr_t)m + 8 * PAGE));
	R("detach the upper", shmdt(p + PAGE));
	V("nattch", nattch(two));
	R("detach the lower", shmdt(p));
	V("nattch", nattch(two));
	munmap(m, 8 * PAGE);
}

static void rights(void)
{
	char *rw = at(two, NULL, 0), *ro = at(two, NULL, SHM_RDONLY);
	char *rx = at(two, NULL, SHM_RDONLY | SHM_EXEC);

	fact("three different places", rw != ro && ro != rx);
	say("read rw: %s", touch(rw, false));
	say("write rw: %s", touch(rw, true));
	say("write the last byte of the last page: %s",
	    touch(rw + 2 * PAGE - 1, true));
	say("read ro: %s", touch(ro, false));
	say("write ro: %s", touch(ro, true));
	say("write ro, page never touched before: %s", touch(ro + PAGE, true));
	say("read rx: %s", touch(rx, false));
	say("write rx: %s", touch(rx, true));
	rw[1] = 'A';
	rw[5001] = 'B';
	say("the same bytes everywhere: %c%c %c%c", ro[1], ro[5001], rx[1],
	    rx[5001]);
	R("mprotect ro to rw", mprotect(ro, PAGE, PROT_READ | PROT_WRITE));
	R("mprotect rw to none", mprotect(rw, 2 * PAGE, PROT_NONE));
	say("read: %s", touch(rw, false));
	R("and back", mprotect(rw, 2 * PAGE, PROT_READ | PROT_WRITE));
	say("the data stayed: %c%c", rw[1], rw[5001]);
	signal(SIGSEGV, SIG_DFL);
	*(volatile char *)rx = 0;
}

static void rights_child(void *arg)
{
	(void)arg;
	rights();
}

static void code_runs(void)
{
	static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
	char *p = at(two, NULL, SHM_EXEC);

	memcpy(p, code, sizeof(code));
	say("code in it runs: %d", ((int (*)(void))p)());
	shmdt(p);
}

static void as_user(void *arg)
{
	int none = *(int *)arg;

	become(1001, 1001, 0, NULL);
	try_at("user: no right", none, NULL, 0);
	try_at("user: no right, unaligned", none, (void *)0x10000001, 0);
	try_at("user: no right, on our own text", none,
	       (void *)((uintptr_t)as_user & ~(PAGE - 1)), 0);
	try_at("user: read-only right, read-only", two, NULL, SHM_RDONLY);
	try_at("user: read-only right, read-write", two, NULL, 0);
	try_at("user: no x, SHM_EXEC", two, NULL, SHM_RDONLY | SHM_EXEC);
	try_at("user: page 0 by SHM_RND", two, (void *)5, SHM_RND | SHM_RDONLY);
	try_at("user: page 512", two, (void *)0x200000, SHM_RDONLY);
}

static void limit_as(void *arg)
{
	struct rlimit rl = { 64 << 20, 64 << 20 };
	int big = seg(32 << 20, 0600), i;
	void *p = NULL;

	(void)arg;
	setrlimit(RLIMIT_AS, &rl);
	for (i = 0; i < 3 && p != (void *)-1; i++)
		p = shmat(big, NULL, 0);
	say("RLIMIT_AS of 64 MiB, attaches of 32 MiB: number %d fails, %s", i,
	    err_name(errno));
	V("nattch", nattch(big));
	rm(big);
}

static void limit_memlock(void *arg)
{
	struct rlimit rl = { 8 << 20, 8 << 20 };
	int big = *(int *)arg;

	setrlimit(RLIMIT_MEMLOCK, &rl);
	become(1001, 1001, 0, NULL);
	R("mlockall(MCL_FUTURE)", mlockall(MCL_FUTURE));
	try_at("attach of 16 MiB with RLIMIT_MEMLOCK 8 MiB", big, NULL, 0);
}

static void times(void)
{
	struct shmid_ds ds;
	int id = seg(100, 0600);
	char *p;

	p = at(id, NULL, 0);
	shmctl(id, IPC_STAT, &ds);
	fact("after shmat: atime, lpid, no dtime",
	     ds.shm_atime > 0 && ds.shm_lpid == getpid() && !ds.shm_dtime);
	shmdt(p);
	shmctl(id, IPC_STAT, &ds);
	fact("after shmdt: dtime, lpid",
	     ds.shm_dtime > 0 && ds.shm_lpid == getpid());
	rm(id);
}

/* A dead segment can still be attached, and dies with the last detach. */
static void dead(void)
{
	struct shmid_ds ds;
	int id = seg(100, 0644);
	char *p = at(id, NULL, 0), *q;

	rm(id);
	q = at(id, NULL, 0);
	*q = 'd';
	shmctl(id, IPC_STAT, &ds);
	say("removed, attached twice: mode %o key %d nattch %d, %c",
	    ds.shm_perm.mode, ds.shm_perm.__key, (int)ds.shm_nattch, *p);
	R("removing it again", shmctl(id, IPC_RMID, NULL));
	shmdt(p);
	R("one detached", shmctl(id, IPC_STAT, &ds));
	shmdt(q);
	R("both detached", shmctl(id, IPC_STAT, &ds));
}

int main(void)
{
	int none = seg(PAGE, 0600), big = seg(16 << 20, 0666);
	struct shmid_ds ds;

	two = seg(5000, 0744);
	bad_arguments();
	over_the_top();
	rounding();
	remap();
	child("rights, at last a write through rx", rights_child, NULL);
	code_runs();
	child("as uid 1001", as_user, &none);
	child("RLIMIT_AS", limit_as, NULL);
	child("RLIMIT_MEMLOCK", limit_memlock, &big);
	times();
	dead();
	shmctl(two, IPC_STAT, &ds);
	V("attaches left", (int)ds.shm_nattch);
	rm(two);
	rm(none);
	rm(big);
	return 0;
}
