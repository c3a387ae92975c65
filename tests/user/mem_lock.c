/* SPDX-License-Identifier: MIT */
/* mlock and its kin, SHM_LOCK: who may, how much, what becomes resident. */
#include "shm.h"
#include "t.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)
#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 1
#endif
#ifndef MCL_ONFAULT
#define MCL_ONFAULT 4
#endif
#define SYS_MLOCK2 376

static char *map(size_t pages, int prot, int flags)
{
	return mmap(NULL, pages * PAGE, prot, ANON | flags, -1, 0);
}

static long mlock_2(void *p, size_t len, unsigned flags)
{
	return syscall(SYS_MLOCK2, p, len, flags);
}

/* VmLck of this process, in pages. */
static long locked(void)
{
	char text[4096], *line;
	int fd = open("/proc/self/status", O_RDONLY);
	long n = read(fd, text, sizeof(text) - 1);

	close(fd);
	text[n > 0 ? n : 0] = '\0';
	line = strstr(text, "VmLck:");
	return line ? atol(line + 6) / 4 : -2;
}

static int resident(char *p, int pages)
{
	unsigned char vec[64];
	int i, n = 0;

	if (mincore(p, pages * PAGE, vec))
		return -2;
	for (i = 0; i < pages; i++)
		n += vec[i] & 1;
	return n;
}

static void limit(unsigned pages)
{
	struct rlimit rl = { pages * PAGE, pages * PAGE };

	setrlimit(RLIMIT_MEMLOCK, &rl);
}

static void as_root(void *arg)
{
	char *p = map(8, RW, 0), *q;

	(void)arg;
	V("locked at first", locked());
	V("resident at first", resident(p, 8));
	R("mlock of 3 pages by their bytes", mlock(p + 5, 2 * PAGE));
	V("locked", locked());
	V("resident", resident(p, 8));
	R("once more, and one", mlock(p, 4 * PAGE));
	V("locked", locked());
	R("length 0", mlock(p, 0));
	R("mlock2", mlock_2(p + 4 * PAGE, 2 * PAGE, 0));
	R("mlock2, on fault", mlock_2(p + 6 * PAGE, 2 * PAGE, MLOCK_ONFAULT));
	R("mlock2, unknown flag", mlock_2(p, PAGE, 2));
	V("locked", locked());
	V("resident", resident(p, 8));
	R("madvise DONTNEED of a locked page",
	  madvise(p, PAGE, MADV_DONTNEED));
	R("munlock in the middle", munlock(p + PAGE, PAGE));
	V("locked", locked());
	munmap(p + 2 * PAGE, PAGE);
	V("locked, one page unmapped", locked());
	R("mlock over the hole", mlock(p, 8 * PAGE));
	V("locked: up to the hole", locked());
	R("munlock over the hole", munlock(p, 8 * PAGE));
	V("locked", locked());
	munmap(p, 8 * PAGE);
	p = map(2, PROT_NONE, 0);
	R("mlock without rights", mlock(p, 2 * PAGE));
	V("locked", locked());
	munmap(p, 2 * PAGE);
	p = map(4, RW, MAP_LOCKED);
	V("MAP_LOCKED: resident", resident(p, 4));
	q = mremap(p, 4 * PAGE, 6 * PAGE, MREMAP_MAYMOVE);
	V("grown: resident", resident(q, 6));
	V("locked", locked());
	munmap(q, 6 * PAGE);
	p = map(4, RW, MAP_POPULATE);
	V("MAP_POPULATE: resident", resident(p, 4));
	V("locked", locked());
}

static void in_fork(void *arg)
{
	(void)arg;
	V("locked in the child", locked());
}

static void all(void *arg)
{
	char *p = map(4, RW, 0), *q;

	(void)arg;
	R("MCL_ONFAULT alone", mlockall(MCL_ONFAULT));
	R("flag 8", mlockall(8));
	R("MCL_CURRENT", mlockall(MCL_CURRENT));
	fact("much is locked", locked() > 4);
	V("resident", resident(p, 4));
	q = map(4, RW, 0);
	V("a later map: resident", resident(q, 4));
	child("fork", in_fork, NULL);
	R("munlockall", munlockall());
	V("locked", locked());
	R("MCL_FUTURE", mlockall(MCL_FUTURE));
	V("locked", locked());
	p = map(4, RW, 0);
	V("a later map: resident", resident(p, 4));
	V("locked", locked());
	R("MCL_FUTURE | MCL_ONFAULT", mlockall(MCL_FUTURE | MCL_ONFAULT));
	p = map(4, RW, 0);
	V("a later map: resident", resident(p, 4));
	p[PAGE] = 1;
	V("touched: resident", resident(p, 4));
	V("locked", locked());
	R("munlockall", munlockall());
	p = map(4, RW, 0);
	V("a later map: resident", resident(p, 4));
}

static void limited(void *arg)
{
	char *p = map(16, RW, 0);

	(void)arg;
	limit(8);
	become(1001, 1001, 0, NULL);
	R("8 pages of 8", mlock(p, 8 * PAGE));
	R("the same again", mlock(p, 8 * PAGE));
	R("another", mlock(p + 8 * PAGE, PAGE));
	R("9, of them 8 locked", mlock(p, 9 * PAGE));
	R("MAP_LOCKED", map(1, RW, MAP_LOCKED));
	R("munlock of one", munlock(p, PAGE));
	R("another", mlock(p + 8 * PAGE, PAGE));
	V("locked", locked());
	R("MCL_CURRENT", mlockall(MCL_CURRENT));
	R("MCL_FUTURE", mlockall(MCL_FUTURE));
	R("mmap then", map(1, RW, 0));
	munlock(p, 16 * PAGE);
	R("and with room", map(1, RW, 0));
	R("munlockall", munlockall());
}

static void nothing(void *arg)
{
	char *p = map(4, RW, 0);

	(void)arg;
	limit(0);
	R("root may all the same", mlock(p, PAGE));
	become(1001, 1001, 0, NULL);
	R("mlock", mlock(p, PAGE));
	R("mlock, length 0", mlock(p, 0));
	R("mlock2", mlock_2(p, PAGE, 0));
	R("mlockall", mlockall(MCL_FUTURE));
	R("mlockall, no flag", mlockall(0));
	R("MAP_LOCKED", map(1, RW, MAP_LOCKED));
	R("munlock", munlock(p, PAGE));
	R("munlockall", munlockall());
}

/* --- segments ------------------------------------------------------------ */

static int own_segment(size_t pages)
{
	return shmget(IPC_PRIVATE, pages * PAGE, IPC_CREAT | 0600);
}

static void segments(void *arg)
{
	int others = *(int *)arg, a, b;
	struct shmid_ds ds;

	limit(8);
	become(1001, 1001, 0, NULL);
	a = own_segment(6);
	b = own_segment(4);
	R("SHM_LOCK of 6 pages of 8", shmctl(a, SHM_LOCK, NULL));
	R("again", shmctl(a, SHM_LOCK, NULL));
	shmctl(a, IPC_STAT, &ds);
	say("mode %o", ds.shm_perm.mode);
	R("of 4 more", shmctl(b, SHM_LOCK, NULL));
	R("SHM_UNLOCK of what is not locked", shmctl(b, SHM_UNLOCK, NULL));
	R("SHM_UNLOCK of the first", shmctl(a, SHM_UNLOCK, NULL));
	R("now the second", shmctl(b, SHM_LOCK, NULL));
	R("removed", shmctl(b, IPC_RMID, NULL));
	R("the first again", shmctl(a, SHM_LOCK, NULL));
	R("somebody else's", shmctl(others, SHM_LOCK, NULL));
	R("SHM_UNLOCK of somebody else's", shmctl(others, SHM_UNLOCK, NULL));
	limit(0);
	R("limit 0: unlock", shmctl(a, SHM_UNLOCK, NULL));
	R("limit 0: lock", shmctl(a, SHM_LOCK, NULL));
	shmctl(a, IPC_RMID, NULL);
}

static void lock_for_good(void *arg)
{
	limit(8);
	become(1001, 1001, 0, NULL);
	R("user: SHM_LOCK", shmctl(*(int *)arg, SHM_LOCK, NULL));
}

static void lock_another(void *arg)
{
	int id;

	(void)arg;
	limit(8);
	become(1001, 1001, 0, NULL);
	id = own_segment(6);
	R("user: SHM_LOCK of another", shmctl(id, SHM_LOCK, NULL));
	shmctl(id, IPC_RMID, NULL);
}

/* The locker pays until it is unlocked, whoever does that. */
static void who_pays(void)
{
	struct shmid_ds ds;
	int id = own_segment(6);

	shmctl(id, IPC_STAT, &ds);
	ds.shm_perm.uid = 1001;
	shmctl(id, IPC_SET, &ds);
	child("the locker", lock_for_good, &id);
	child("ends, and pays", lock_another, NULL);
	R("root: SHM_UNLOCK", shmctl(id, SHM_UNLOCK, NULL));
	child("pays no more", lock_another, NULL);
	R("root: SHM_LOCK", shmctl(id, SHM_LOCK, NULL));
	child("root pays", lock_another, NULL);
	shmctl(id, IPC_RMID, NULL);
}

int main(void)
{
	int id = own_segment(1);

	child("-- as root", as_root, NULL);
	child("-- mlockall", all, NULL);
	child("-- RLIMIT_MEMLOCK of 8 pages", limited, NULL);
	child("-- of none", nothing, NULL);
	child("-- segments", segments, &id);
	shmctl(id, IPC_RMID, NULL);
	who_pays();
	return 0;
}
