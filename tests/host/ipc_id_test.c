/* SPDX-License-Identifier: MIT */
/*
 * ipc/id.c against naive models: the numbers Linux gives, lookup by id and
 * by key, and the permission rule with every mode and every kind of caller.
 */
#include <string.h>

#include <ipc/id.h>
#include <uapi/errno.h>

#include "tap.h"

#define LIMIT 1000u

static struct ipc_ids *ids;

static struct kern_ipc_perm *create(s32 key, u32 limit)
{
	struct kern_ipc_perm *perm;
	s32 slot = ipc_find_slot(ids, limit);

	if (slot < 0)
		return NULL;
	perm = calloc(1, sizeof(*perm));
	perm->key = key;
	ipc_publish(ids, perm, (u32)slot);
	return perm;
}

static void destroy(struct kern_ipc_perm *perm)
{
	ipc_unpublish(ids, perm);
	free(perm);
}

static void new_ids(void)
{
	ids = calloc(1, sizeof(*ids));
	ids->last_slot = -1;
}

/* Create and remove, again and again: 0..63, 32768..32831, 65536... */
static void test_cycle(void)
{
	bool good = true;
	u32 i;

	new_ids();
	for (i = 0; i < 64 * 5; i++) {
		struct kern_ipc_perm *perm = create(0, LIMIT);

		good &= perm->id == (s32)((i / 64 << 15) + i % 64);
		good &= perm->seq == i / 64 && ids->in_use == 1;
		destroy(perm);
	}
	ok(good, "one at a time: 0..63, 32768.., 65536..");
	free(ids);
}

static void test_wrap(void)
{
	struct kern_ipc_perm *perm;
	bool positive = true, forward = true;
	s32 last = -1, wraps = 0;

	new_ids();
	for (u32 i = 0; i < 64u * 65536 * 2 + 100; i++) {
		s32 slot = ipc_find_slot(ids, LIMIT);
		struct kern_ipc_perm one = { .key = 0 };

		perm = &one;
		ipc_publish(ids, perm, (u32)slot);
		positive &= perm->id >= 0;
		positive &= ipc_lookup(ids, perm->id) == perm;
		if (perm->id <= last) {
			wraps++;
			forward &= perm->id == 0;
		}
		last = perm->id;
		ipc_unpublish(ids, perm);
	}
	ok(positive, "ids are never negative and always found, over the wrap");
	ok(forward && wraps == 2, "65,536 rounds later numbers begin at 0");
	free(ids);
}

/* The model: which slots live, what was handed out last. */
static struct {
	struct kern_ipc_perm *live[IPC_SLOTS];
	u32 in_use, seq;
	s32 last;
} model;

static s32 model_slot(void)
{
	u32 range = MIN(MAX(64u, model.in_use * 3 / 2), IPC_SLOTS), i;
	u32 start = (u32)(model.last + 1);

	for (i = start; i < range; i++)
		if (!model.live[i])
			return (s32)i;
	for (i = 0; i < range; i++)
		if (!model.live[i])
			return (s32)i;
	return -1;
}

static bool model_create(void)
{
	s32 slot = model_slot();
	struct kern_ipc_perm *perm = create((s32)rnd_below(50), LIMIT);

	if (model.in_use >= LIMIT)
		return !perm;
	if (!perm || slot < 0)
		return false;
	if (slot <= model.last)
		model.seq++;
	model.last = slot;
	model.live[slot] = perm;
	model.in_use++;
	return ipc_slot_of(perm->id) == (u32)slot &&
	       perm->id == (s32)(model.seq << 15 | (u32)slot);
}

static void model_destroy(void)
{
	u32 slot = rnd_below(IPC_SLOTS), i;

	for (i = 0; i < IPC_SLOTS; i++, slot = (slot + 1) % IPC_SLOTS) {
		if (!model.live[slot])
			continue;
		destroy(model.live[slot]);
		model.live[slot] = NULL;
		model.in_use--;
		return;
	}
}

static bool model_agrees(void)
{
	u32 max = 0, i;

	for (i = 0; i < IPC_SLOTS; i++) {
		if (model.live[i])
			max = i;
		if (ids->slot[i] != model.live[i])
			return false;
	}
	return ids->in_use == model.in_use && ids->max_slot == max;
}

/* Stale numbers of a slot, and numbers that never were, are not found. */
static bool lookups_agree(void)
{
	s32 id = (s32)(rnd_below(model.seq + 2) << 15 | rnd_below(1100));
	u32 slot = ipc_slot_of(id);
	struct kern_ipc_perm *want;

	want = slot < IPC_SLOTS ? model.live[slot] : NULL;
	if (want && want->id != id)
		want = NULL;
	return ipc_lookup(ids, id) == want;
}

static void test_model(u32 grow, const char *what)
{
	bool numbers = true, table = true, found = true;

	new_ids();
	memset(&model, 0, sizeof(model));
	model.last = -1;
	for (u32 i = 0; i < 12000; i++) {
		if (rnd_below(100) < grow)
			numbers &= model_create();
		else
			model_destroy();
		if (i % 16 == 0)
			table &= model_agrees();
		found &= lookups_agree();
	}
	ok(numbers, "%s: every new number is Linux's", what);
	ok(table, "%s: table, count and highest slot", what);
	ok(found, "%s: only live numbers are found", what);
	while (model.in_use)
		model_destroy();
	ok(model_agrees(), "%s: empty again", what);
	free(ids);
}

static void test_limit(void)
{
	struct kern_ipc_perm *perm[3];

	new_ids();
	for (u32 i = 0; i < 3; i++)
		perm[i] = create(0, 3);
	ok(perm[2] && ipc_find_slot(ids, 3) == -ENOSPC, "the limit: ENOSPC");
	ok(ipc_find_slot(ids, 2) == -ENOSPC, "a limit below what exists");
	ok(ipc_find_slot(ids, 4) == 3, "a higher limit gives the next slot");
	destroy(perm[1]);
	ok(ipc_find_slot(ids, 3) == 3, "the freed slot waits for its turn");
	destroy(perm[0]);
	destroy(perm[2]);
	free(ids);
}

static void test_keys(void)
{
	struct kern_ipc_perm *perm[200];
	bool good = true;
	u32 i;

	new_ids();
	for (i = 0; i < 200; i++)
		perm[i] = create((s32)(i * 64 - 3000) | 1, LIMIT);
	for (i = 0; i < 200; i++)
		good &= ipc_find_key(ids, perm[i]->key) == perm[i];
	ok(good, "200 keys, negative ones too, in long chains");
	ok(!ipc_find_key(ids, 2) && !ipc_find_key(ids, 0), "absent keys");
	for (i = 0; i < 200; i += 2) {
		s32 key = perm[i]->key;

		ipc_forget_key(ids, perm[i]);
		good &= !ipc_find_key(ids, key) && !perm[i]->key;
		good &= ipc_lookup(ids, perm[i]->id) == perm[i];
	}
	for (i = 1; i < 200; i += 2)
		good &= ipc_find_key(ids, perm[i]->key) == perm[i];
	ok(good, "a forgotten key is gone, its object and the others are not");
	for (i = 0; i < 200; i++)
		destroy(perm[i]);
	ok(ids->in_use == 0 && !ipc_find_key(ids, 5), "all removed");
	free(ids);
}

static u32 caller_group;

static bool in_caller_group(u32 gid)
{
	return gid == caller_group || gid == 77;
}

/* One bit of one class, looked at by itself. */
static bool naive_has(u32 mode, u32 bit, u32 class)
{
	static const u32 shift[] = { 6, 3, 0 };

	return mode & bit << shift[class];
}

static bool naive_denied(const struct kern_ipc_perm *perm, u32 want,
			 const struct ipc_caller *caller)
{
	u32 class = 2, bit;

	if (caller->privileged)
		return false;
	if (in_caller_group(perm->gid) || in_caller_group(perm->cgid))
		class = 1;
	if (caller->euid == perm->uid || caller->euid == perm->cuid)
		class = 0;
	for (bit = 1; bit <= 4; bit <<= 1)
		if ((want & (bit | bit << 3 | bit << 6)) &&
		    !naive_has(perm->mode, bit, class))
			return true;
	return false;
}

static void random_case(struct kern_ipc_perm *perm, struct ipc_caller *caller)
{
	static const u32 names[] = { 0, 1, 2, 77 };

	perm->uid = names[rnd_below(4)];
	perm->cuid = names[rnd_below(4)];
	perm->gid = names[rnd_below(4)];
	perm->cgid = names[rnd_below(4)];
	perm->mode = rnd() & 03777;
	caller->euid = names[rnd_below(4)];
	caller_group = caller->egid = names[rnd_below(3)];
	caller->privileged = rnd_below(8) == 0;
	caller->in_group = in_caller_group;
}

static void test_permissions(void)
{
	struct kern_ipc_perm perm = { .key = 0 };
	struct ipc_caller caller;
	bool good = true, owner = true;

	for (u32 i = 0; i < 300000; i++) {
		u32 want = i % 3 ? rnd() & 0777
				 : (const u32[]){ 0444, 0666, 0777 }[i % 9 / 3];

		random_case(&perm, &caller);
		good &= ipc_denied(&perm, want, &caller) ==
			naive_denied(&perm, want, &caller);
		owner &= ipc_owner(&perm, &caller) ==
			 (caller.privileged || caller.euid == perm.uid ||
			  caller.euid == perm.cuid);
	}
	ok(good, "300,000 random rights: one class counts, triads folded");
	ok(owner, "owner, creator or privileged may change and remove");
	perm = (struct kern_ipc_perm){
		.uid = 1, .cuid = 1, .gid = 2, .cgid = 2, .mode = 0604
	};
	caller = (struct ipc_caller){ 5, 2, false, in_caller_group };
	caller_group = 2;
	ok(ipc_denied(&perm, 0444, &caller),
	   "a member of the group is not rescued by the others' right");
	ok(!ipc_denied(&perm, 0, &caller), "wanting nothing is never denied");
}

int main(void)
{
	test_cycle();
	test_wrap();
	test_model(50, "few objects");
	test_model(80, "up to the limit");
	test_limit();
	test_keys();
	test_permissions();
	return tap_done();
}
