/* SPDX-License-Identifier: MIT */
/*
 * System V IPC of Linux i386: numbers and layouts (shm-spec 1.1 and 1.5).
 * "old" layouts have 16-bit ids, the *64 ones are chosen by IPC_64 in cmd.
 */
#ifndef UAPI_IPC_H
#define UAPI_IPC_H

#include <lib/types.h>

#define IPC_PRIVATE 0
#define IPC_CREAT 01000
#define IPC_EXCL 02000
#define IPC_NOWAIT 04000
#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2
#define IPC_INFO 3
#define IPC_64 0x100

/* Call numbers of ipc(117). */
#define IPCOP_SEMOP 1
#define IPCOP_SEMGET 2
#define IPCOP_SEMCTL 3
#define IPCOP_SEMTIMEDOP 4
#define IPCOP_MSGSND 11
#define IPCOP_MSGRCV 12
#define IPCOP_MSGGET 13
#define IPCOP_MSGCTL 14
#define IPCOP_SHMAT 21
#define IPCOP_SHMDT 22
#define IPCOP_SHMGET 23
#define IPCOP_SHMCTL 24

#define SHM_R 0400
#define SHM_W 0200
#define SHM_RDONLY 010000
#define SHM_RND 020000
#define SHM_REMAP 040000
#define SHM_EXEC 0100000
#define SHM_HUGETLB 04000
#define SHM_NORESERVE 010000

#define SHM_LOCK 11
#define SHM_UNLOCK 12
#define SHM_STAT 13
#define SHM_INFO 14
#define SHM_STAT_ANY 15

#define SHM_DEST 01000 /* in mode: dies with its last detach */
#define SHM_LOCKED 02000 /* in mode: stays in memory */

struct ipc_perm_old {
	s32 key;
	u16 uid, gid, cuid, cgid, mode, seq;
};

struct ipc64_perm {
	s32 key;
	u32 uid, gid, cuid, cgid;
	u16 mode, pad1, seq, pad2;
	u32 unused1, unused2;
};

struct shmid_ds_old {
	struct ipc_perm_old shm_perm;
	s32 shm_segsz;
	s32 shm_atime, shm_dtime, shm_ctime;
	u16 shm_cpid, shm_lpid, shm_nattch, shm_unused;
	u32 shm_unused2, shm_unused3;
};

struct shmid64_ds {
	struct ipc64_perm shm_perm;
	u32 shm_segsz;
	u32 shm_atime, shm_atime_high;
	u32 shm_dtime, shm_dtime_high;
	u32 shm_ctime, shm_ctime_high;
	s32 shm_cpid, shm_lpid;
	u32 shm_nattch;
	u32 unused4, unused5;
};

struct shminfo_old {
	s32 shmmax, shmmin, shmmni, shmseg, shmall;
};

struct shminfo64 {
	u32 shmmax, shmmin, shmmni, shmseg, shmall;
	u32 unused[4];
};

struct shm_info {
	s32 used_ids;
	u32 shm_tot, shm_rss, shm_swp, swap_attempts, swap_successes;
};

BUILD_ASSERT(sizeof(struct ipc_perm_old) == 16, "Linux i386 layout");
BUILD_ASSERT(sizeof(struct ipc64_perm) == 36, "Linux i386 layout");
BUILD_ASSERT(sizeof(struct shmid_ds_old) == 48, "Linux i386 layout");
BUILD_ASSERT(sizeof(struct shmid64_ds) == 84, "Linux i386 layout");
BUILD_ASSERT(offsetof(struct shmid64_ds, shm_nattch) == 72, "Linux i386");

#endif
