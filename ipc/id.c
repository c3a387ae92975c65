/* SPDX-License-Identifier: MIT */
/*
 * Slots, numbers, keys and permissions of System V IPC objects. Pure: no
 * sleeping, no allocation, no kernel state but its arguments, so that
 * tests/host runs it against naive models. Rules: shm-spec 1.3 and 1.4.
 *
 *   shmget(key) --by_key--> chain -> kern_ipc_perm
 *   shmat(id) ---slot[id & 0x7fff]--> kern_ipc_perm, its id must be the same
 */
#include <ipc/id.h>
#include <kernel/panic.h>
#include <uapi/errno.h>

#define IPC_MIN_CYCLE 64u /* numbers rise to 63 before slots are used again */

static u32 ipc_hash(s32 key)
{
	u32 k = key;

	return (k ^ k >> 8 ^ k >> 16) % IPC_KEY_HASH;
}

/* One more than the highest slot the next object may get. */
static u32 ipc_cycle(const struct ipc_ids *ids)
{
	u32 top = ids->in_use * 3 / 2;

	top = top < IPC_MIN_CYCLE ? IPC_MIN_CYCLE : top;
	return top > IPC_SLOTS ? IPC_SLOTS : top;
}

s32 ipc_find_slot(const struct ipc_ids *ids, u32 limit)
{
	u32 top = ipc_cycle(ids), slot = (u32)(ids->last_slot + 1), i;

	if (ids->in_use >= limit)
		return -ENOSPC;
	for (i = 0; i < top; i++, slot++) {
		slot = slot < top ? slot : 0;
		if (!ids->slot[slot])
			return (s32)slot;
	}
	return -ENOSPC;
}

s32 ipc_publish(struct ipc_ids *ids, struct kern_ipc_perm *perm, u32 slot)
{
	u32 hash = ipc_hash(perm->key);

	ASSERT_MSG(slot < IPC_SLOTS && !ids->slot[slot],
		   "slot %u is no free slot for key %08x", slot, perm->key);
	if ((s32)slot <= ids->last_slot)
		ids->seq = (ids->seq + 1) & IPC_SEQ_MAX;
	ids->last_slot = slot;
	perm->seq = ids->seq;
	perm->id = ids->seq << IPC_SEQ_SHIFT | slot;
	perm->next_key = NULL;
	if (perm->key) {
		perm->next_key = ids->by_key[hash];
		ids->by_key[hash] = perm;
	}
	ids->slot[slot] = perm;
	ids->in_use++;
	if (slot > ids->max_slot)
		ids->max_slot = slot;
	return perm->id;
}

void ipc_forget_key(struct ipc_ids *ids, struct kern_ipc_perm *perm)
{
	struct kern_ipc_perm **place = &ids->by_key[ipc_hash(perm->key)];

	if (!perm->key)
		return;
	while (*place != perm) {
		ASSERT_MSG(*place, "key %08x of id %d is not in the hash",
			   perm->key, perm->id);
		place = &(*place)->next_key;
	}
	*place = perm->next_key;
	perm->next_key = NULL;
	perm->key = 0;
}

void ipc_unpublish(struct ipc_ids *ids, struct kern_ipc_perm *perm)
{
	ASSERT_MSG(ids->slot[ipc_slot_of(perm->id)] == perm && ids->in_use,
		   "id %d is not in the table, %u are", perm->id, ids->in_use);
	ipc_forget_key(ids, perm);
	ids->slot[ipc_slot_of(perm->id)] = NULL;
	ids->in_use--;
	while (ids->max_slot && !ids->slot[ids->max_slot])
		ids->max_slot--;
}

struct kern_ipc_perm *ipc_lookup(const struct ipc_ids *ids, s32 id)
{
	u32 slot = ipc_slot_of(id);
	struct kern_ipc_perm *perm;

	if (id < 0 || slot >= IPC_SLOTS)
		return NULL;
	perm = ids->slot[slot];
	return perm && perm->id == id ? perm : NULL;
}

struct kern_ipc_perm *ipc_find_key(const struct ipc_ids *ids, s32 key)
{
	struct kern_ipc_perm *perm = ids->by_key[ipc_hash(key)];

	while (perm && perm->key != key)
		perm = perm->next_key;
	return perm;
}

/* Exactly one triad counts: an owner is not rescued by the group's rights. */
bool ipc_denied(const struct kern_ipc_perm *perm, u32 want,
		const struct ipc_caller *caller)
{
	u32 need = (want >> 6 | want >> 3 | want) & 7, have = perm->mode;

	if (caller->euid == perm->cuid || caller->euid == perm->uid)
		have >>= 6;
	else if (caller->in_group(perm->cgid) || caller->in_group(perm->gid))
		have >>= 3;
	return need & ~have && !caller->privileged;
}

bool ipc_owner(const struct kern_ipc_perm *perm,
	       const struct ipc_caller *caller)
{
	return caller->euid == perm->cuid || caller->euid == perm->uid ||
	       caller->privileged;
}
