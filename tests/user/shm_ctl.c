/* SPDX-License-Identifier: MIT */
/*
 * shmctl: every command, both layouts, both doors, errors in order
 * (shm-spec 1.5, 3.0, 3.6). Buffers are filled with 0x5a first, so that a
 * byte the kernel did not set shows.
 */
#include "shm.h"

static int id;

static void *fresh(size_t size)
{
	static unsigned char buf[256];

	memset(buf, 0x5a, size + 16);
	return buf;
}

/* Nothing behind SIZE bytes was written. */
static bool tail_intact(const void *buf, size_t size)
{
	const unsigned char *b = buf;

	for (size_t i = size; i < size + 16; i++)
		if (b[i] != 0x5a)
			return false;
	return true;
}

static void show_new(const struct new_ds *d)
{
	say("  key %d uid %u gid %u cuid %u cgid %u mode %o", d->key, d->uid,
	    d->gid, d->cuid, d->cgid, d->mode);
	say("  segsz %u nattch %u", d->segsz, d->nattch);
	fact("  pads are 0", !d->pad1 && !d->pad2 && !d->unused1 &&
				     !d->unused2 && !d->unused4 && !d->unused5);
	fact("  high halves of the times are 0",
	     !d->atime_high && !d->dtime_high && !d->ctime_high);
	fact("  seq is the id's", d->seq == (uint16_t)(id >> 15));
	fact("  cpid, ctime", d->cpid == getpid() && d->ctime > 1600000000u);
	fact("  lpid, atime, dtime are 0", !d->lpid && !d->atime && !d->dtime);
	fact("  84 bytes", tail_intact(d, 84));
}

static void show_old(const struct old_ds *d)
{
	say("  key %d uid %u gid %u cuid %u cgid %u mode %o", d->perm.key,
	    d->perm.uid, d->perm.gid, d->perm.cuid, d->perm.cgid, d->perm.mode);
	say("  segsz %d nattch %u", d->segsz, d->nattch);
	fact("  unused fields are 0", !d->unused && !d->unused2 && !d->unused3);
	fact("  seq, cpid, ctime", d->perm.seq == (uint16_t)(id >> 15) &&
					   d->cpid == (uint16_t)getpid() &&
					   d->ctime > 1600000000);
	fact("  48 bytes", tail_intact(d, 48));
}

static void stat_commands(void)
{
	void *b;

	R("IPC_STAT, IPC_64", raw_ctl(id, IPC_STAT | FLAG_64, b = fresh(84)));
	show_new(b);
	R("IPC_STAT, old", raw_ctl(id, IPC_STAT, b = fresh(48)));
	show_old(b);
	R("IPC_STAT, call 396",
	  syscall(NR_SHMCTL, id, IPC_STAT, b = fresh(84)));
	show_new(b);
	R("call 396 with IPC_64 in cmd",
	  syscall(NR_SHMCTL, id, IPC_STAT | FLAG_64, fresh(84)));
	fact("SHM_STAT returns the id",
	     raw_ctl(id & 0x7fff, SHM_STAT | FLAG_64, b = fresh(84)) == id);
	show_new(b);
	fact("SHM_STAT, old",
	     raw_ctl(id & 0x7fff, SHM_STAT, b = fresh(48)) == id);
	show_old(b);
	fact("SHM_STAT_ANY",
	     raw_ctl(id & 0x7fff, SHM_STAT_ANY | FLAG_64, b = fresh(84)) == id);
	show_new(b);
}

static void large_ids(void)
{
	struct shmid_ds ds;
	struct old_ds *old;

	shmctl(id, IPC_STAT, &ds);
	ds.shm_perm.uid = 70000;
	ds.shm_perm.gid = 80000;
	R("uid 70000, gid 80000", shmctl(id, IPC_SET, &ds));
	raw_ctl(id, IPC_STAT, old = fresh(48));
	say("  the old layout shows %u %u", old->perm.uid, old->perm.gid);
	shmctl(id, IPC_STAT, &ds);
	say("  the new one %u %u", ds.shm_perm.uid, ds.shm_perm.gid);
}

static void set_commands(void)
{
	struct new_ds set = { .uid = 3, .gid = 4, .mode = 07640 };
	struct old_ds old = { .perm = { .uid = 5, .gid = 6, .mode = 0604 } };
	struct new_ds *d;

	set.cuid = set.cgid = set.segsz = set.nattch = 99;
	R("IPC_SET, IPC_64", raw_ctl(id, IPC_SET | FLAG_64, &set));
	raw_ctl(id, IPC_STAT | FLAG_64, d = fresh(84));
	show_new(d);
	R("IPC_SET, old", raw_ctl(id, IPC_SET, &old));
	raw_ctl(id, IPC_STAT | FLAG_64, d = fresh(84));
	show_new(d);
	set.mode = 0600;
	R("IPC_SET, call 396", syscall(NR_SHMCTL, id, IPC_SET, &set));
	set.uid = ~0u;
	R("IPC_SET uid -1", raw_ctl(id, IPC_SET | FLAG_64, &set));
	set.uid = 0;
	set.gid = ~0u;
	R("IPC_SET gid -1", raw_ctl(id, IPC_SET | FLAG_64, &set));
	large_ids();
}

static void errors(void)
{
	void *bad = (void *)8;

	R("IPC_STAT bad address", raw_ctl(id, IPC_STAT | FLAG_64, bad));
	R("IPC_STAT bad address, old", raw_ctl(id, IPC_STAT, bad));
	R("IPC_STAT NULL", raw_ctl(id, IPC_STAT | FLAG_64, NULL));
	R("IPC_STAT bad id, bad address",
	  raw_ctl(31000, IPC_STAT | FLAG_64, bad));
	R("IPC_SET bad id, bad address",
	  raw_ctl(31000, IPC_SET | FLAG_64, bad));
	R("IPC_SET bad id", raw_ctl(31000, IPC_SET | FLAG_64, fresh(84)));
	R("SHM_STAT bad address",
	  raw_ctl(id & 0x7fff, SHM_STAT | FLAG_64, bad));
	R("SHM_STAT empty slot", raw_ctl(31000, SHM_STAT | FLAG_64, bad));
	R("SHM_STAT_ANY empty slot",
	  raw_ctl(31000, SHM_STAT_ANY | FLAG_64, bad));
	R("IPC_INFO bad address", raw_ctl(0, IPC_INFO | FLAG_64, bad));
	R("SHM_INFO bad address", raw_ctl(0, SHM_INFO | FLAG_64, bad));
	R("IPC_RMID bad id", raw_ctl(31000, IPC_RMID | FLAG_64, NULL));
	R("SHM_LOCK bad id", raw_ctl(31000, SHM_LOCK | FLAG_64, NULL));
	R("cmd 77", raw_ctl(id, 77 | FLAG_64, NULL));
	R("cmd 77 bad id", raw_ctl(31000, 77, NULL));
	R("cmd 77 id -1", raw_ctl(-1, 77, NULL));
	R("IPC_STAT id -1", raw_ctl(-1, IPC_STAT | FLAG_64, fresh(84)));
	R("IPC_INFO id -1", raw_ctl(-1, IPC_INFO | FLAG_64, fresh(84)));
	R("cmd -1", raw_ctl(id, -1, NULL));
	R("IPC_RMID with a bad buffer is fine",
	  raw_ctl(seg(1, 0600), IPC_RMID | FLAG_64, bad));
}

static void info_commands(void)
{
	struct new_info *ni;
	struct old_info *oi;
	struct usage *u;
	uint32_t shmmni;

	fact("IPC_INFO returns the highest slot",
	     raw_ctl(0, IPC_INFO | FLAG_64, ni = fresh(36)) == (id & 0x7fff));
	say("  shmmax %u shmmin %u, shmseg is shmmni: %s", ni->shmmax,
	    ni->shmmin, ni->shmseg == ni->shmmni ? "yes" : "NO");
	fact("  unused words are 0", !ni->unused[0] && !ni->unused[1] &&
					     !ni->unused[2] && !ni->unused[3]);
	fact("  36 bytes", tail_intact(ni, 36));
	shmmni = ni->shmmni;
	raw_ctl(0, IPC_INFO, oi = fresh(20));
	say("  old: shmmax %d shmmin %d, shmmni the same: %s", oi->shmmax,
	    oi->shmmin, oi->shmmni == (int)shmmni ? "yes" : "NO");
	fact("  20 bytes", tail_intact(oi, 20));
	fact("SHM_INFO returns the highest slot",
	     raw_ctl(0, SHM_INFO | FLAG_64, u = fresh(24)) == (id & 0x7fff));
	say("  used_ids %d tot %u rss %u swp %u", u->used_ids, u->tot, u->rss,
	    u->swp);
	fact("  24 bytes", tail_intact(u, 24));
}

/* rss counts pages that were touched, tot all of them. */
static void usage(void)
{
	int big = seg(10 * PAGE, 0600);
	char *p = at(big, NULL, 0);
	struct usage u;

	p[0] = p[3 * PAGE] = 1;
	(void)*(volatile char *)(p + 9 * PAGE);
	raw_ctl(0, SHM_INFO | FLAG_64, &u);
	say("three pages of ten touched: used_ids %d tot %u rss %u", u.used_ids,
	    u.tot, u.rss);
	rm(big);
	raw_ctl(0, SHM_INFO | FLAG_64, &u);
	say("removed, attached: used_ids %d tot %u rss %u", u.used_ids, u.tot,
	    u.rss);
	shmdt(p);
	raw_ctl(0, SHM_INFO | FLAG_64, &u);
	say("detached: used_ids %d tot %u rss %u", u.used_ids, u.tot, u.rss);
}

static void mode_of(const char *what)
{
	struct shmid_ds ds;

	shmctl(id, IPC_STAT, &ds);
	say("%s: mode %o", what, ds.shm_perm.mode);
}

static void lock_limit(void *arg)
{
	struct rlimit rl = { *(unsigned *)arg, *(unsigned *)arg };
	int mine;

	setrlimit(RLIMIT_MEMLOCK, &rl);
	become(1001, 1001, 0, NULL);
	mine = seg(4 * PAGE, 0600);
	R("  SHM_LOCK of 4 pages", shmctl(mine, SHM_LOCK, NULL));
	R("  SHM_UNLOCK", shmctl(mine, SHM_UNLOCK, NULL));
	rm(mine);
}

static void lock_commands(void)
{
	static unsigned limits[] = { 0, 2 * PAGE, 4 * PAGE };
	struct shmid_ds ds;
	time_t ctime;

	shmctl(id, IPC_STAT, &ds);
	ctime = ds.shm_ctime;
	R("SHM_LOCK", shmctl(id, SHM_LOCK, NULL));
	mode_of("locked");
	R("SHM_LOCK again", shmctl(id, SHM_LOCK, NULL));
	R("SHM_UNLOCK", shmctl(id, SHM_UNLOCK, NULL));
	mode_of("unlocked");
	R("SHM_UNLOCK again", shmctl(id, SHM_UNLOCK, NULL));
	shmctl(id, IPC_STAT, &ds);
	fact("ctime is untouched", ds.shm_ctime == ctime);
	for (size_t i = 0; i < COUNT(limits); i++) {
		say("RLIMIT_MEMLOCK %u, uid 1001", limits[i]);
		in_child(lock_limit, &limits[i]);
	}
}

static void removed(void)
{
	struct shmid_ds ds;
	char *p = at(id, NULL, 0);

	rm(id);
	mode_of("removed, attached");
	shmctl(id, IPC_STAT, &ds);
	ds.shm_perm.mode = 0777;
	R("IPC_SET of a removed one", shmctl(id, IPC_SET, &ds));
	mode_of("removed, set to 0777");
	R("SHM_LOCK of a removed one", shmctl(id, SHM_LOCK, NULL));
	R("IPC_RMID again", shmctl(id, IPC_RMID, NULL));
	V("nattch", nattch(id));
	shmdt(p);
	R("after the last detach", shmctl(id, IPC_STAT, &ds));
}

static void multiplexer(void)
{
	long addr = 0;

	R("ipc call 0", syscall(NR_IPC, 0, 0, 0, 0, 0, 0));
	R("ipc call 99", syscall(NR_IPC, 99, 0, 0, 0, 0, 0));
	R("SHMAT version 1",
	  syscall(NR_IPC, 1 << 16 | OP_SHMAT, id, 0, &addr, 0, 0));
	R("SHMAT version 2",
	  syscall(NR_IPC, 2 << 16 | OP_SHMAT, id, 0, &addr, 0, 0));
	V("nattch", nattch(id));
	R("SHMDT of it", syscall(NR_IPC, OP_SHMDT, 0, 0, 0, addr, 0));
	R("SHMGET version 3",
	  syscall(NR_IPC, 3 << 16 | OP_SHMGET, 0x77777777, 1, 0, 0, 0));
	addr = syscall(NR_SHMAT, id, 0, 0);
	say("call 397 and 398: %s, byte %d", addr == -1 ? "failed" : "attached",
	    addr == -1 ? -1 : *(char *)addr);
	R("call 398", syscall(NR_SHMDT, addr));
	R("call 398 again", syscall(NR_SHMDT, addr));
	R("call 397 of nothing", syscall(NR_SHMAT, 31000, 0, 0));
}

int main(void)
{
	id = shmget(IPC_PRIVATE, 5000, 0640);
	stat_commands();
	set_commands();
	errors();
	info_commands();
	usage();
	lock_commands();
	multiplexer();
	removed();
	return 0;
}
