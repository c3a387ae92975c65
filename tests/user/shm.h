/* SPDX-License-Identifier: MIT */
/* What the shared-memory programs share: the raw calls and their layouts. */
#ifndef TESTS_USER_SHM_H
#define TESTS_USER_SHM_H

#include "t.h"
#include <sys/ipc.h>
#include <sys/shm.h>

#define NR_IPC 117
#define NR_SHMGET 395
#define NR_SHMCTL 396
#define NR_SHMAT 397
#define NR_SHMDT 398
#define OP_SHMAT 21
#define OP_SHMDT 22
#define OP_SHMGET 23
#define OP_SHMCTL 24
#define FLAG_64 0x100

#ifndef SHM_STAT_ANY
#define SHM_STAT_ANY 15
#endif

struct old_perm {
	int32_t key;
	uint16_t uid, gid, cuid, cgid, mode, seq;
};

struct old_ds {
	struct old_perm perm;
	int32_t segsz, atime, dtime, ctime;
	uint16_t cpid, lpid, nattch, unused;
	uint32_t unused2, unused3;
};

struct new_ds {
	int32_t key;
	uint32_t uid, gid, cuid, cgid;
	uint16_t mode, pad1, seq, pad2;
	uint32_t unused1, unused2;
	uint32_t segsz, atime, atime_high, dtime, dtime_high, ctime, ctime_high;
	int32_t cpid, lpid;
	uint32_t nattch, unused4, unused5;
};

struct new_info {
	uint32_t shmmax, shmmin, shmmni, shmseg, shmall, unused[4];
};

struct old_info {
	int32_t shmmax, shmmin, shmmni, shmseg, shmall;
};

struct usage {
	int32_t used_ids;
	uint32_t tot, rss, swp, attempts, successes;
};

UNUSED static long raw_ctl(int id, int cmd, const void *buf)
{
	return syscall(NR_IPC, OP_SHMCTL, id, cmd, 0, buf, 0);
}

UNUSED static int nattch(int id)
{
	struct shmid_ds ds;

	return shmctl(id, IPC_STAT, &ds) ? -1 : (int)ds.shm_nattch;
}

UNUSED static int seg(size_t size, int mode)
{
	int id = shmget(IPC_PRIVATE, size, mode);

	if (id < 0)
		say("cannot make a segment of %u bytes: %s", (unsigned)size,
		    err_name(errno));
	return id;
}

UNUSED static void *at(int id, void *addr, int flags)
{
	void *p = shmat(id, addr, flags);

	if (p == (void *)-1)
		say("cannot attach: %s", err_name(errno));
	return p;
}

UNUSED static void rm(int id)
{
	if (shmctl(id, IPC_RMID, NULL))
		say("cannot remove: %s", err_name(errno));
}

/* An address range of N pages that is free, chosen by the kernel. */
UNUSED static char *free_range(int pages)
{
	char *p = mmap(NULL, pages * PAGE, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(p, pages * PAGE);
	return p;
}

#endif
