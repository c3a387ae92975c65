/* SPDX-License-Identifier: MIT */
/*
 * shmctl(): one function a command. Each copies in first, looks the segment
 * up, builds its answer in a zeroed local (ipc/abi.c), and copies out last,
 * so that no segment pointer lives across a user copy, which may sleep
 * (shm-spec 3.6, B35). Rules and errno: shm-spec 3.6.
 */
#include <ipc/abi.h>
#include <ipc/shm/shm.h>
#include <kernel/task.h>
#include <kernel/time/time.h>
#include <kernel/usercopy.h>
#include <uapi/errno.h>

/* The segment of ID if the caller owns it; NULL and *ERR. */
static struct shmid_kernel *shm_owned(s32 id, int *err)
{
	struct ipc_caller caller = ipc_current();
	struct shmid_kernel *seg = shm_lookup(id);

	*err = !seg				       ? -EINVAL :
	       !ipc_owner(&seg->shm_perm, &caller) ? -EPERM :
						       0;
	return *err ? NULL : seg;
}

/* ------------------------------------------------------------------ */
/* asking                                                              */

static long shmctl_ipc_info(void *buf, bool old)
{
	struct shminfo64 info = {
		.shmmax = shm_ctlmax,
		.shmmin = 1,
		.shmmni = shm_ctlmni,
		.shmseg = shm_ctlmni,
		.shmall = shm_ctlall,
	};

	if (abi_put_shminfo(buf, &info, old))
		return -EFAULT;
	return (long)shm_ids.max_slot;
}

static long shmctl_shm_info(void *buf)
{
	struct shm_info info = {
		.used_ids = (s32)shm_ids.in_use,
		.shm_tot = shm_totals.tot,
		.shm_rss = shm_totals.rss,
		.shm_swp = shm_totals.swp,
		.swap_attempts = shm_totals.swap_attempts,
		.swap_successes = shm_totals.swap_successes,
	};

	if (copy_to_user(buf, &info, sizeof(info)))
		return -EFAULT;
	return (long)shm_ids.max_slot;
}

/* The segment in slot number WHERE (SHM_STAT), or of that id. */
static struct shmid_kernel *shm_by_slot(s32 where)
{
	u32 slot = ipc_slot_of(where);

	return slot < IPC_SLOTS ? shm_segment_at(slot) : NULL;
}

static long shmctl_stat(s32 id, s32 cmd, void *buf, bool old)
{
	struct ipc_caller caller = ipc_current();
	struct shmid_kernel *seg;
	struct shmid64_ds ds;
	long res;

	seg = cmd == IPC_STAT ? shm_lookup(id) : shm_by_slot(id);
	if (!seg)
		return -EINVAL;
	if (cmd != SHM_STAT_ANY && ipc_denied(&seg->shm_perm, 0444, &caller))
		return -EACCES;
	abi_fill_shmid(&ds, seg);
	res = cmd == IPC_STAT ? 0 : seg->shm_perm.id;
	return abi_put_shmid(buf, &ds, old) ? -EFAULT : res;
}

/* ------------------------------------------------------------------ */
/* changing                                                            */

static long shmctl_set(s32 id, void *buf, bool old)
{
	struct shmid_kernel *seg;
	struct ipc64_perm perm;
	int err;

	if (abi_get_perm(&perm, buf, old))
		return -EFAULT;
	seg = shm_owned(id, &err);
	if (!seg)
		return err;
	if (perm.uid == (u32)-1 || perm.gid == (u32)-1)
		return -EINVAL;
	seg->shm_perm.uid = perm.uid;
	seg->shm_perm.gid = perm.gid;
	seg->shm_perm.mode = (seg->shm_perm.mode & ~0777) | (perm.mode & 0777);
	seg->shm_ctime = time_seconds();
	return 0;
}

static long shmctl_rmid(s32 id)
{
	int err;
	struct shmid_kernel *seg = shm_owned(id, &err);

	if (!seg)
		return err;
	if (!shm_is_attached(seg)) {
		shm_destroy(seg);
		return 0;
	}
	ipc_forget_key(&shm_ids, &seg->shm_perm);
	seg->shm_perm.mode |= SHM_DEST;
	return 0;
}

/* Pages of all segments that UID has locked. */
static u32 shm_locked_pages(u32 uid)
{
	struct shmid_kernel *seg;
	u32 slot, n = 0;

	for_each_segment(seg, slot)
		if (seg->shm_perm.mode & SHM_LOCKED && seg->shm_locker == uid)
			n += seg->shm_npages;
	return n;
}

u32 shm_locked_rss(void)
{
	struct shmid_kernel *seg;
	u32 slot, n = 0;

	for_each_segment(seg, slot)
		if (seg->shm_perm.mode & SHM_LOCKED)
			n += seg->rss;
	return n;
}

/* May the caller have NPAGES more locked? 0, -EPERM, -ENOMEM. */
static int shm_may_lock(u32 npages)
{
	u64 limit = rlimit(RLIMIT_MEMLOCK);
	u32 uid = current->cred.uid;

	if (capable() || limit == RLIM_INFINITY)
		return 0;
	if (!limit)
		return -EPERM;
	return (u64)(shm_locked_pages(uid) + npages) << PAGE_SHIFT > limit ?
		       -ENOMEM :
		       0;
}

static long shmctl_lock(s32 id, bool lock)
{
	int err;
	struct shmid_kernel *seg = shm_owned(id, &err);

	if (!seg)
		return err;
	if (!lock) {
		seg->shm_perm.mode &= ~SHM_LOCKED;
		return 0;
	}
	if (seg->shm_perm.mode & SHM_LOCKED)
		return 0;
	err = shm_may_lock(seg->shm_npages);
	if (err)
		return err;
	seg->shm_perm.mode |= SHM_LOCKED;
	seg->shm_locker = current->cred.uid;
	return 0;
}

/* ------------------------------------------------------------------ */

long do_shmctl(s32 id, s32 cmd, void *buf, bool old)
{
	if (cmd < 0 || id < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
		return shmctl_ipc_info(buf, old);
	case SHM_INFO:
		return shmctl_shm_info(buf);
	case IPC_STAT:
	case SHM_STAT:
	case SHM_STAT_ANY:
		return shmctl_stat(id, cmd, buf, old);
	case IPC_SET:
		return shmctl_set(id, buf, old);
	case IPC_RMID:
		return shmctl_rmid(id);
	case SHM_LOCK:
	case SHM_UNLOCK:
		return shmctl_lock(id, cmd == SHM_LOCK);
	default:
		return -EINVAL;
	}
}
