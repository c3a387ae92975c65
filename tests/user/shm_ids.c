/* SPDX-License-Identifier: MIT */
/* Segment numbers (shm-spec 1.4). Must be the first user of shm: run.t. */
#include "shm.h"

static int make(void)
{
	return shmget(IPC_PRIVATE, 1, 0600);
}

static void one_at_a_time(void)
{
	int i, id;

	for (i = 0; i < 130; i++) {
		id = make();
		if (i < 3 || (i >= 62 && i < 67) || i >= 127)
			say("segment %d has id %d", i, id);
		rm(id);
	}
}

static void growing(void)
{
	static int ids[100];
	struct shmid_ds ds;
	int i;

	for (i = 0; i < 100; i++)
		ids[i] = make();
	for (i = 0; i < 100; i++)
		if (i < 3 || (i > 58 && i < 68) || i > 96)
			say("of 100 alive, segment %d: seq %d slot %d", i,
			    ids[i] >> 15, ids[i] & 0x7fff);
	shmctl(ids[70], IPC_STAT, &ds);
	fact("seq is visible in ipc_perm", ds.shm_perm.__seq == ids[70] >> 15);
	V("IPC_INFO returns the highest slot",
	  shmctl(0, IPC_INFO, (struct shmid_ds *)&(char[64]){ 0 }));
	for (i = 0; i < 100; i += 2)
		rm(ids[i]);
	for (i = 0; i < 4; i++) {
		ids[i * 2] = make();
		say("after removing half: seq %d slot %d", ids[i * 2] >> 15,
		    ids[i * 2] & 0x7fff);
	}
	for (i = 1; i < 100; i += 2)
		rm(ids[i]);
	for (i = 0; i < 4; i++)
		rm(ids[i * 2]);
	V("IPC_INFO when there is none",
	  shmctl(0, IPC_INFO, (struct shmid_ds *)&(char[64]){ 0 }));
}

static void stale(void)
{
	struct shmid_ds ds;
	int id = make();

	rm(id);
	R("IPC_STAT of a removed id", shmctl(id, IPC_STAT, &ds));
	R("shmat of a removed id", shmat(id, NULL, 0));
	R("IPC_RMID of a removed id", shmctl(id, IPC_RMID, NULL));
	id = make();
	R("IPC_STAT with a wrong seq", shmctl(id + 32768, IPC_STAT, &ds));
	R("shmat with a wrong seq", shmat(id + 32768, NULL, 0));
	R("IPC_STAT of an id beyond the table",
	  shmctl((id & ~0x7fff) | 0x7fff, IPC_STAT, &ds));
	R("SHM_STAT masks its slot number",
	  shmctl((id & 0x7fff) + 32768, SHM_STAT, &ds));
	fact("SHM_STAT returns the id",
	     shmctl(id & 0x7fff, SHM_STAT, &ds) == id);
	R("SHM_STAT of an empty slot",
	  shmctl((id & 0x7fff) + 1, SHM_STAT, &ds));
	rm(id);
}

int main(void)
{
	one_at_a_time();
	growing();
	stale();
	return 0;
}
