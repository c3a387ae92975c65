/* SPDX-License-Identifier: MIT */
/*
 * Numbers, keys and permissions, shared by shm, sem and msg.
 *
 *   id = seq << 15 | slot        slot[] -> kern_ipc_perm -> key hash chain
 *
 * The slot is the next free one after the last handed out, within
 * [0, max(64, 1.5 * in use)); seq moves on when the slot wraps: the numbers
 * Linux gives (shm-spec 1.4). 0 is a valid id.
 *
 * Locks: none; nothing here sleeps.
 */
#ifndef IPC_ID_H
#define IPC_ID_H

#include <lib/types.h>

#define IPC_SLOTS 1024u
#define IPC_SEQ_SHIFT 15
#define IPC_SEQ_MAX 0xffffu
#define IPC_KEY_HASH 64u

struct kern_ipc_perm {
	s32 key; /* 0: IPC_PRIVATE, or the segment is dead */
	s32 id;
	u32 uid, gid, cuid, cgid;
	u16 mode; /* low 9 bits, SHM_DEST, SHM_LOCKED */
	u32 seq;
	struct kern_ipc_perm *next_key; /* chain of the key hash */
};

struct ipc_ids {
	struct kern_ipc_perm *slot[IPC_SLOTS];
	struct kern_ipc_perm *by_key[IPC_KEY_HASH];
	u32 in_use;
	u32 max_slot; /* highest slot in use, 0 if none */
	s32 last_slot; /* handed out last, -1 at first */
	u32 seq;
};

/* A free slot, or -ENOSPC; LIMIT is the largest number of objects. */
s32 ipc_find_slot(const struct ipc_ids *ids, u32 limit);
/* Publishes PERM, whose fields but id and seq are set, in SLOT; its id. */
s32 ipc_publish(struct ipc_ids *ids, struct kern_ipc_perm *perm, u32 slot);
/* Takes it out of table and hash. */
void ipc_unpublish(struct ipc_ids *ids, struct kern_ipc_perm *perm);
/* The key becomes 0: later shmget() calls no longer find it. */
void ipc_forget_key(struct ipc_ids *ids, struct kern_ipc_perm *perm);

/* By id with its sequence number checked, or NULL. */
struct kern_ipc_perm *ipc_lookup(const struct ipc_ids *ids, s32 id);
/* By key, or NULL. */
struct kern_ipc_perm *ipc_find_key(const struct ipc_ids *ids, s32 key);

struct ipc_caller { /* who asks: filled from the current task */
	u32 euid, egid;
	bool privileged;
	bool (*in_group)(u32 gid);
};
/* shm-spec 1.3: true if CALLER lacks any right of WANT (bits of 0777). */
bool ipc_denied(const struct kern_ipc_perm *perm, u32 want,
		const struct ipc_caller *caller);
/* Owner, creator or privileged: may IPC_SET and IPC_RMID. */
bool ipc_owner(const struct kern_ipc_perm *perm,
	       const struct ipc_caller *caller);

static inline u32 ipc_slot_of(s32 id)
{
	return (u32)id & ((1u << IPC_SEQ_SHIFT) - 1);
}

#endif
