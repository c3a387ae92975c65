/* SPDX-License-Identifier: MIT */
/*
 * Who a task is: user and group ids, process group and session.
 *
 *   uid  real        who started it           saved: suid, what it may
 *   euid effective   what it may do           go back to
 *   fsuid            for files; follows euid unless setfsuid is called
 *
 * Privilege is effective uid 0, and nothing else. An unprivileged task may
 * set each id to one of its present real, effective and saved ones.
 *
 * The old calls carry 16 bits: what does not fit reads as 65534.
 * Nothing here sleeps but the user copies.
 */
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <uapi/errno.h>

#define ID_KEEP (~0u) /* "leave it", and no valid id */
#define ID_OVERFLOW 65534u

bool capable(void)
{
	return current->cred.euid == 0;
}

bool in_group(u32 gid)
{
	const struct cred *cred = &current->cred;
	u32 i;

	if (gid == cred->egid)
		return true;
	for (i = 0; i < cred->ngroups; i++)
		if (cred->groups[i] == gid)
			return true;
	return false;
}

/* --- asking ------------------------------------------------------------- */

static u32 to_id16(u32 id)
{
	return id > 0xffff ? ID_OVERFLOW : id;
}

static u32 from_id16(u32 id)
{
	return (u16)id == 0xffff ? ID_KEEP : (u16)id;
}

long sys_getpid(void)
{
	return current->process->pid;
}

long sys_gettid(void)
{
	return current->pid;
}

long sys_getppid(void)
{
	return current->process->parent->pid;
}

long sys_getuid(void)
{
	return to_id16(current->cred.uid);
}

long sys_geteuid(void)
{
	return to_id16(current->cred.euid);
}

long sys_getgid(void)
{
	return to_id16(current->cred.gid);
}

long sys_getegid(void)
{
	return to_id16(current->cred.egid);
}

long sys_getuid32(void)
{
	return (long)current->cred.uid;
}

long sys_geteuid32(void)
{
	return (long)current->cred.euid;
}

long sys_getgid32(void)
{
	return (long)current->cred.gid;
}

long sys_getegid32(void)
{
	return (long)current->cred.egid;
}

static long put_ids(u32 *r, u32 rid, u32 *e, u32 eid, u32 *s, u32 sid)
{
	if (put_user_u32(rid, r) || put_user_u32(eid, e) ||
	    put_user_u32(sid, s))
		return -EFAULT;
	return 0;
}

long sys_getresuid32(u32 *ruid, u32 *euid, u32 *suid)
{
	const struct cred *cred = &current->cred;

	return put_ids(ruid, cred->uid, euid, cred->euid, suid, cred->suid);
}

long sys_getresgid32(u32 *rgid, u32 *egid, u32 *sgid)
{
	const struct cred *cred = &current->cred;

	return put_ids(rgid, cred->gid, egid, cred->egid, sgid, cred->sgid);
}

/* --- changing users ----------------------------------------------------- */

static bool may_use_uid(u32 uid, bool saved_too)
{
	const struct cred *cred = &current->cred;

	return uid == ID_KEEP || capable() || uid == cred->uid ||
	       uid == cred->euid || (saved_too && uid == cred->suid);
}

static u32 pick(u32 wanted, u32 present)
{
	return wanted == ID_KEEP ? present : wanted;
}

long sys_setuid32(u32 uid)
{
	struct cred *cred = &current->cred;

	if (uid == ID_KEEP)
		return -EINVAL;
	if (!capable() && uid != cred->uid && uid != cred->suid)
		return -EPERM;

	if (capable())
		cred->uid = cred->suid = uid;
	cred->euid = cred->fsuid = uid;
	return 0;
}

long sys_setuid(u32 uid)
{
	return sys_setuid32(from_id16(uid));
}

long sys_setreuid32(u32 ruid, u32 euid)
{
	struct cred *cred = &current->cred;
	u32 old_uid = cred->uid;

	if (!may_use_uid(ruid, false) || !may_use_uid(euid, true))
		return -EPERM;

	cred->uid = pick(ruid, cred->uid);
	cred->euid = cred->fsuid = pick(euid, cred->euid);
	if (ruid != ID_KEEP || (euid != ID_KEEP && euid != old_uid))
		cred->suid = cred->euid;
	return 0;
}

long sys_setresuid32(u32 ruid, u32 euid, u32 suid)
{
	struct cred *cred = &current->cred;

	if (!may_use_uid(ruid, true) || !may_use_uid(euid, true) ||
	    !may_use_uid(suid, true))
		return -EPERM;

	cred->uid = pick(ruid, cred->uid);
	cred->euid = cred->fsuid = pick(euid, cred->euid);
	cred->suid = pick(suid, cred->suid);
	return 0;
}

/* Returns the id before, whether or not it changed. */
long sys_setfsuid32(u32 uid)
{
	struct cred *cred = &current->cred;
	u32 old = cred->fsuid;

	if (uid != ID_KEEP && (uid == old || may_use_uid(uid, true)))
		cred->fsuid = uid;
	return (long)old;
}

/* --- changing groups ---------------------------------------------------- */

static bool may_use_gid(u32 gid, bool saved_too)
{
	const struct cred *cred = &current->cred;

	return gid == ID_KEEP || capable() || gid == cred->gid ||
	       gid == cred->egid || (saved_too && gid == cred->sgid);
}

long sys_setgid32(u32 gid)
{
	struct cred *cred = &current->cred;

	if (gid == ID_KEEP)
		return -EINVAL;
	if (!capable() && gid != cred->gid && gid != cred->sgid)
		return -EPERM;

	if (capable())
		cred->gid = cred->sgid = gid;
	cred->egid = cred->fsgid = gid;
	return 0;
}

long sys_setgid(u32 gid)
{
	return sys_setgid32(from_id16(gid));
}

long sys_setregid32(u32 rgid, u32 egid)
{
	struct cred *cred = &current->cred;
	u32 old_gid = cred->gid;

	if (!may_use_gid(rgid, false) || !may_use_gid(egid, true))
		return -EPERM;

	cred->gid = pick(rgid, cred->gid);
	cred->egid = cred->fsgid = pick(egid, cred->egid);
	if (rgid != ID_KEEP || (egid != ID_KEEP && egid != old_gid))
		cred->sgid = cred->egid;
	return 0;
}

long sys_setresgid32(u32 rgid, u32 egid, u32 sgid)
{
	struct cred *cred = &current->cred;

	if (!may_use_gid(rgid, true) || !may_use_gid(egid, true) ||
	    !may_use_gid(sgid, true))
		return -EPERM;

	cred->gid = pick(rgid, cred->gid);
	cred->egid = cred->fsgid = pick(egid, cred->egid);
	cred->sgid = pick(sgid, cred->sgid);
	return 0;
}

/* Returns the id before, whether or not it changed. */
long sys_setfsgid32(u32 gid)
{
	struct cred *cred = &current->cred;
	u32 old = cred->fsgid;

	if (gid != ID_KEEP && (gid == old || may_use_gid(gid, true)))
		cred->fsgid = gid;
	return (long)old;
}

long sys_getgroups32(s32 size, u32 *list)
{
	const struct cred *cred = &current->cred;

	if (size < 0 || (size && (u32)size < cred->ngroups))
		return -EINVAL;
	if (size && copy_to_user(list, cred->groups, cred->ngroups * 4))
		return -EFAULT;
	return (long)cred->ngroups;
}

long sys_setgroups32(s32 size, const u32 *list)
{
	struct cred *cred = &current->cred;
	u32 groups[NGROUPS_MAX], i;

	if (!capable())
		return -EPERM;
	if ((u32)size > NGROUPS_MAX)
		return -EINVAL;
	if (copy_from_user(groups, list, (u32)size * 4))
		return -EFAULT;
	for (i = 0; i < (u32)size; i++)
		if (groups[i] == ID_KEEP)
			return -EINVAL;

	cred->ngroups = (u32)size;
	for (i = 0; i < cred->ngroups; i++)
		cred->groups[i] = groups[i];
	return 0;
}

/* --- process groups and sessions ---------------------------------------- */

static struct task *task_or_self(pid_t pid)
{
	return pid ? find_task(pid) : current;
}

/* Is PGRP a group with a member in SESSION (0: in any)? */
static bool pgrp_exists(pid_t pgrp, pid_t session)
{
	struct task *task;

	for_each_task(task)
		if (task->process->pgrp == pgrp && !task->kthread &&
		    (!session || task->process->session == session))
			return true;
	return false;
}

static int may_set_pgrp(const struct task *task)
{
	if (task != current && task->process->parent != current->process)
		return -ESRCH;
	if (task->process->session != current->process->session)
		return -EPERM;
	if (task != current && task->process->did_exec)
		return -EACCES;
	return task->process->session == task->pid ? -EPERM : 0;
}

long sys_setpgid(s32 pid, s32 pgid)
{
	struct task *task = task_or_self(pid);
	int err;

	if (pgid < 0)
		return -EINVAL;
	if (!task)
		return -ESRCH;
	err = may_set_pgrp(task);
	if (err)
		return err;
	if (!pgid)
		pgid = task->pid;
	if (pgid != task->pid && !pgrp_exists(pgid, current->process->session))
		return -EPERM;

	task->process->pgrp = pgid;
	return 0;
}

long sys_getpgid(s32 pid)
{
	const struct task *task = task_or_self(pid);

	return task ? task->process->pgrp : -ESRCH;
}

long sys_getpgrp(void)
{
	return current->process->pgrp;
}

long sys_setsid(void)
{
	if (pgrp_exists(current->pid, 0))
		return -EPERM;

	current->process->session = current->process->pgrp = current->pid;
	current->process->tty = NULL;
	return current->pid;
}

long sys_getsid(s32 pid)
{
	const struct task *task = task_or_self(pid);

	return task ? task->process->session : -ESRCH;
}
