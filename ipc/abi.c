/* SPDX-License-Identifier: MIT */
/*
 * Linux's layouts of System V IPC (shm-spec 1.5), filled and read.
 *
 *   struct shmid_kernel -> shmid64_ds (84 bytes) -> shmid_ds_old (48 bytes)
 */
#include <ipc/abi.h>
#include <ipc/shm/shm.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <uapi/errno.h>

#define OVERFLOW_ID 65534u /* shown for ids that 16 bits cannot hold */
#define OLD_INT_MAX 0x7fffffffu

static u16 old_id(u32 id)
{
	return id > 0xffff ? OVERFLOW_ID : id;
}

void abi_fill_shmid(struct shmid64_ds *ds, const struct shmid_kernel *seg)
{
	const struct kern_ipc_perm *perm = &seg->shm_perm;

	memset(ds, 0, sizeof(*ds));
	ds->shm_perm.key = perm->key;
	ds->shm_perm.uid = perm->uid;
	ds->shm_perm.gid = perm->gid;
	ds->shm_perm.cuid = perm->cuid;
	ds->shm_perm.cgid = perm->cgid;
	ds->shm_perm.mode = perm->mode;
	ds->shm_perm.seq = perm->seq;
	ds->shm_segsz = seg->shm_segsz;
	ds->shm_atime = (u32)seg->shm_atime;
	ds->shm_atime_high = (u32)(seg->shm_atime >> 32);
	ds->shm_dtime = (u32)seg->shm_dtime;
	ds->shm_dtime_high = (u32)(seg->shm_dtime >> 32);
	ds->shm_ctime = (u32)seg->shm_ctime;
	ds->shm_ctime_high = (u32)(seg->shm_ctime >> 32);
	ds->shm_cpid = seg->shm_cpid;
	ds->shm_lpid = seg->shm_lpid;
	ds->shm_nattch = seg->shm_nattch;
}

static void old_perm(struct ipc_perm_old *old, const struct ipc64_perm *perm)
{
	old->key = perm->key;
	old->uid = old_id(perm->uid);
	old->gid = old_id(perm->gid);
	old->cuid = old_id(perm->cuid);
	old->cgid = old_id(perm->cgid);
	old->mode = perm->mode;
	old->seq = perm->seq;
}

int abi_put_shmid(void *user, const struct shmid64_ds *ds, bool old)
{
	struct shmid_ds_old out = { 0 };

	if (!old)
		return copy_to_user(user, ds, sizeof(*ds)) ? -EFAULT : 0;
	old_perm(&out.shm_perm, &ds->shm_perm);
	out.shm_segsz = (s32)ds->shm_segsz;
	out.shm_atime = (s32)ds->shm_atime;
	out.shm_dtime = (s32)ds->shm_dtime;
	out.shm_ctime = (s32)ds->shm_ctime;
	out.shm_cpid = ds->shm_cpid;
	out.shm_lpid = ds->shm_lpid;
	out.shm_nattch = ds->shm_nattch;
	return copy_to_user(user, &out, sizeof(out)) ? -EFAULT : 0;
}

int abi_put_shminfo(void *user, const struct shminfo64 *info, bool old)
{
	struct shminfo_old out = {
		.shmmax = (s32)MIN(info->shmmax, OLD_INT_MAX),
		.shmmin = (s32)info->shmmin,
		.shmmni = (s32)info->shmmni,
		.shmseg = (s32)info->shmseg,
		.shmall = (s32)MIN(info->shmall, OLD_INT_MAX),
	};
	u32 left = old ? copy_to_user(user, &out, sizeof(out)) :
			 copy_to_user(user, info, sizeof(*info));

	return left ? -EFAULT : 0;
}

int abi_get_perm(struct ipc64_perm *perm, const void *user, bool old)
{
	struct shmid_ds_old in_old;
	struct shmid64_ds in;

	memset(perm, 0, sizeof(*perm));
	if (!old) {
		if (copy_from_user(&in, user, sizeof(in)))
			return -EFAULT;
		perm->uid = in.shm_perm.uid;
		perm->gid = in.shm_perm.gid;
		perm->mode = in.shm_perm.mode;
		return 0;
	}
	if (copy_from_user(&in_old, user, sizeof(in_old)))
		return -EFAULT;
	perm->uid = in_old.shm_perm.uid;
	perm->gid = in_old.shm_perm.gid;
	perm->mode = in_old.shm_perm.mode;
	return 0;
}
