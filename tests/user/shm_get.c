/* SPDX-License-Identifier: MIT */
/* shmget: every error, in order (shm-spec 3.1, 3.2), through both doors. */
#include "shm.h"

#define KEY 0x5ea1

static long (*get)(long key, unsigned long size, long flags);

static long by_ipc(long key, unsigned long size, long flags)
{
	return syscall(NR_IPC, OP_SHMGET, key, size, flags, 0, 0);
}

static long by_number(long key, unsigned long size, long flags)
{
	return syscall(NR_SHMGET, key, size, flags);
}

static void as_user(void *arg)
{
	(void)arg;
	become(1001, 1001, 0, NULL);
	R("user: mode 0600, want 0600", get(KEY, 0, 0600));
	R("user: mode 0600, want 0", get(KEY, 0, 0));
	R("user: mode 0600, want 0060 (the triads are folded)",
	  get(KEY, 0, 0060));
	R("user: size too large comes before permission", get(KEY, 6000, 0600));
	R("user: EEXIST comes before permission",
	  get(KEY, 0, IPC_CREAT | IPC_EXCL | 0600));
}

static void existing(void)
{
	struct shmid_ds ds;
	int id;

	R("no key, no IPC_CREAT", get(KEY, 100, 0600));
	R("no key, IPC_EXCL alone", get(KEY, 100, IPC_EXCL | 0600));
	R("new, size 0", get(KEY, 0, IPC_CREAT | 0600));
	id = R("new, 5000 bytes", get(KEY, 5000, IPC_CREAT | IPC_EXCL | 0600));
	fact("the same id again", get(KEY, 5000, 0600) == id);
	fact("IPC_CREAT finds it too", get(KEY, 5000, IPC_CREAT) == id);
	fact("size 0 will do", get(KEY, 0, 0600) == id);
	fact("IPC_EXCL without IPC_CREAT is ignored",
	     get(KEY, 10, IPC_EXCL | 0600) == id);
	fact("unknown flag bits are ignored",
	     get(KEY, 10, 0x40000000 | 0600) == id);
	R("IPC_CREAT|IPC_EXCL", get(KEY, 100, IPC_CREAT | IPC_EXCL | 0600));
	R("IPC_CREAT|IPC_EXCL with a size too large",
	  get(KEY, 9000, IPC_CREAT | IPC_EXCL | 0600));
	R("5001 bytes of 5000, though the page has room", get(KEY, 5001, 0600));
	R("8192 bytes", get(KEY, 8192, 0600));
	R("0x80000000 bytes of an existing one", get(KEY, 0x80000000ul, 0600));
	R("0xffffffff bytes of an existing one", get(KEY, ~0ul, 0600));
	shmctl(id, IPC_STAT, &ds);
	V("segsz is as asked", ds.shm_segsz);
	child("as uid 1001", as_user, NULL);
	rm(id);
	R("after IPC_RMID the key is free", get(KEY, 0, 0600));
}

static void fresh(void)
{
	struct shmid_ds ds;
	int id, other;

	R("IPC_PRIVATE, size 0", get(IPC_PRIVATE, 0, 0600));
	id = R("IPC_PRIVATE", get(IPC_PRIVATE, 1, IPC_CREAT | IPC_EXCL | 0640));
	other = get(IPC_PRIVATE, 1, 0600);
	fact("IPC_PRIVATE is another one each time", other != id);
	rm(other);
	memset(&ds, 0x5a, sizeof(ds));
	shmctl(id, IPC_STAT, &ds);
	say("mode %o key %d segsz %d nattch %d", ds.shm_perm.mode,
	    ds.shm_perm.__key, (int)ds.shm_segsz, (int)ds.shm_nattch);
	fact("cpid is the maker", ds.shm_cpid == getpid());
	fact("lpid, atime, dtime are 0",
	     !ds.shm_lpid && !ds.shm_atime && !ds.shm_dtime);
	fact("ctime is set", ds.shm_ctime > 0);
	rm(id);
	id = get(IPC_PRIVATE, 1, 07773777);
	shmctl(id, IPC_STAT, &ds);
	say("only 9 bits of the mode count: %o", ds.shm_perm.mode);
	rm(id);
	id = get(0x80000001, 1, IPC_CREAT | 0600);
	shmctl(id, IPC_STAT, &ds);
	fact("a negative key", ds.shm_perm.__key == (int)0x80000001);
	rm(id);
}

static void limits(void)
{
	char shmmni[32], shmall[32];
	int ids[5], i;

	file_read("/proc/sys/kernel/shmmni", shmmni, sizeof(shmmni));
	file_read("/proc/sys/kernel/shmall", shmall, sizeof(shmall));
	R("set shmmax", sysctl_set("/proc/sys/kernel/shmmax", "8192\n"));
	R("8193 bytes over shmmax", get(IPC_PRIVATE, 8193, 0600));
	R("0x80000000 bytes over shmmax", get(IPC_PRIVATE, 0x80000000ul, 0600));
	R("0xfffff001 bytes", get(IPC_PRIVATE, 0xfffff001ul, 0600));
	R("0xffffffff bytes", get(IPC_PRIVATE, 0xfffffffful, 0600));
	ids[0] = R("8192 bytes", get(IPC_PRIVATE, 8192, 0600));
	rm(ids[0]);
	R("set shmmni", sysctl_set("/proc/sys/kernel/shmmni", "3\n"));
	for (i = 0; i < 3; i++)
		ids[i] = R("up to shmmni", get(IPC_PRIVATE, 1, 0600));
	R("over shmmni", get(IPC_PRIVATE, 1, 0600));
	R("over shmmni and over shmmax", get(IPC_PRIVATE, 9000, 0600));
	rm(ids[0]);
	R("one less, one more", ids[0] = get(IPC_PRIVATE, 1, 0600));
	for (i = 0; i < 3; i++)
		rm(ids[i]);
	sysctl_set("/proc/sys/kernel/shmmni", shmmni);
	R("set shmall", sysctl_set("/proc/sys/kernel/shmall", "3\n"));
	ids[0] = R("2 pages of 3", get(IPC_PRIVATE, 8192, 0600));
	R("2 more pages", get(IPC_PRIVATE, 4097, 0600));
	ids[1] = R("1 more page", get(IPC_PRIVATE, 4096, 0600));
	R("and 1 byte", get(IPC_PRIVATE, 1, 0600));
	rm(ids[0]);
	rm(ids[1]);
	sysctl_set("/proc/sys/kernel/shmall", shmall);
	sysctl_set("/proc/sys/kernel/shmmax", "33554432\n");
}

int main(void)
{
	get = by_ipc;
	existing();
	fresh();
	limits();
	say("-- directly, call 395");
	get = by_number;
	existing();
	fresh();
	return 0;
}
