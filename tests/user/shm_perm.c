/* SPDX-License-Identifier: MIT */
/*
 * Permissions (shm-spec 1.3): each right of each class of caller, then the
 * commands that ask for ownership.
 */
#include "shm.h"

#define KEY 0x9e51

static int id;

/* One letter a right: what the caller can do with the segment. */
static void probe(void *what)
{
	struct shmid_ds ds;
	char text[16], *t = text;
	void *p;

	p = shmat(id, NULL, SHM_RDONLY);
	*t++ = p == (void *)-1 ? '-' : 'r';
	p = shmat(id, NULL, 0);
	*t++ = p == (void *)-1 ? '-' : 'w';
	p = shmat(id, NULL, SHM_RDONLY | SHM_EXEC);
	*t++ = p == (void *)-1 ? '-' : 'x';
	*t++ = shmctl(id, IPC_STAT, &ds) ? '-' : 's';
	*t++ = shmctl(id & 0x7fff, SHM_STAT, &ds) < 0 ? '-' : 't';
	*t++ = shmctl(id & 0x7fff, SHM_STAT_ANY, &ds) < 0 ? '-' : 'a';
	*t++ = shmget(KEY, 0, 0) < 0 ? '-' : '0';
	*t++ = shmget(KEY, 0, 0400) < 0 ? '-' : '4';
	*t++ = shmget(KEY, 0, 0020) < 0 ? '-' : '2';
	*t++ = shmget(KEY, 0, 0666) < 0 ? '-' : '6';
	*t = 0;
	say("%s: %s", (char *)what, text);
}

static void as_owner(void *what)
{
	become(1001, 1001, 0, NULL);
	probe(what);
}

static void as_group(void *what)
{
	become(1002, 2001, 0, NULL);
	probe(what);
}

static void as_supplementary(void *what)
{
	become(1002, 1002, 2, (gid_t[]){ 3000, 2001 });
	probe(what);
}

static void as_other(void *what)
{
	become(1003, 1003, 1, (gid_t[]){ 3000 });
	probe(what);
}

static void set_mode(int mode)
{
	struct shmid_ds ds;

	shmctl(id, IPC_STAT, &ds);
	ds.shm_perm.uid = 1001;
	ds.shm_perm.gid = 2001;
	ds.shm_perm.mode = mode;
	if (shmctl(id, IPC_SET, &ds))
		say("IPC_SET: %s", err_name(errno));
}

static void classes(void)
{
	static const int modes[] = { 0000, 0004, 0006, 0007, 0040, 0060, 0070,
				     0400, 0600, 0700, 0604, 0077, 0707, 0770,
				     0020, 0200, 0666, 0111, 0777 };
	char what[40];
	size_t i;

	for (i = 0; i < COUNT(modes); i++) {
		set_mode(modes[i]);
		snprintf(what, sizeof(what), "%04o owner", modes[i]);
		in_child(as_owner, what);
		snprintf(what, sizeof(what), "%04o group", modes[i]);
		in_child(as_group, what);
		snprintf(what, sizeof(what), "%04o group list", modes[i]);
		in_child(as_supplementary, what);
		snprintf(what, sizeof(what), "%04o other", modes[i]);
		in_child(as_other, what);
	}
	set_mode(0);
	in_child(probe, "0000 root");
}

static void own(const char *who)
{
	struct shmid_ds ds = {
		.shm_perm = { .uid = 1001, .gid = 2001, .mode = 0666 }
	};
	char what[40];

	snprintf(what, sizeof(what), "%s: IPC_SET", who);
	R(what, shmctl(id, IPC_SET, &ds));
	snprintf(what, sizeof(what), "%s: SHM_LOCK", who);
	R(what, shmctl(id, SHM_LOCK, NULL));
	snprintf(what, sizeof(what), "%s: SHM_UNLOCK", who);
	R(what, shmctl(id, SHM_UNLOCK, NULL));
}

static void change_as_owner(void *arg)
{
	(void)arg;
	become(1001, 1001, 0, NULL);
	own("owner");
}

static void change_as_group(void *arg)
{
	(void)arg;
	become(1002, 2001, 0, NULL);
	own("group");
	R("group: IPC_RMID", shmctl(id, IPC_RMID, NULL));
	R("group: IPC_SET of a bad address",
	  raw_ctl(id, IPC_SET | FLAG_64, (void *)8));
}

/* Owner by IPC_SET, creator another: both may remove. */
static void creator(void *arg)
{
	struct shmid_ds ds;
	int mine;

	(void)arg;
	become(1005, 1005, 0, NULL);
	mine = seg(100, 0600);
	shmctl(mine, IPC_STAT, &ds);
	say("creator: uid %d gid %d cuid %d cgid %d", (int)ds.shm_perm.uid,
	    (int)ds.shm_perm.gid, (int)ds.shm_perm.cuid, (int)ds.shm_perm.cgid);
	ds.shm_perm.uid = 1006;
	ds.shm_perm.gid = 1007;
	R("creator: gives it away", shmctl(mine, IPC_SET, &ds));
	shmctl(mine, IPC_STAT, &ds);
	say("creator: uid %d gid %d cuid %d cgid %d", (int)ds.shm_perm.uid,
	    (int)ds.shm_perm.gid, (int)ds.shm_perm.cuid, (int)ds.shm_perm.cgid);
	R("creator: still may IPC_SET", shmctl(mine, IPC_SET, &ds));
	ds.shm_perm.uid = (uid_t)-1;
	R("creator: uid -1", shmctl(mine, IPC_SET, &ds));
	ds.shm_perm.uid = 1006;
	ds.shm_perm.gid = (gid_t)-1;
	R("creator: gid -1", shmctl(mine, IPC_SET, &ds));
	R("creator: IPC_RMID", shmctl(mine, IPC_RMID, NULL));
}

int main(void)
{
	id = shmget(KEY, 4096, IPC_CREAT | 0600);
	classes();
	child("owner", change_as_owner, NULL);
	child("group", change_as_group, NULL);
	child("creator", creator, NULL);
	rm(id);
	return 0;
}
