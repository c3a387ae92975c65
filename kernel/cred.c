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

static long put_ids(const struct ids *ids, u32 *r, u32 *e, u32 *s)
{
	if (put_user_u32(ids->real, r) || put_user_u32(ids->effective, e) ||
	    put_user_u32(ids->saved, s))
		return -EFAULT;
	return 0;
}

long sys_getresuid32(u32 *ruid, u32 *euid, u32 *suid)
{
	return put_ids(&current->cred.user, ruid, euid, suid);
}

long sys_getresgid32(u32 *rgid, u32 *egid, u32 *sgid)
{
	return put_ids(&current->cred.group, rgid, egid, sgid);
}

/* --- changing users and groups ------------------------------------------ */

static bool may_use(const struct ids *ids, u32 id, bool saved_too)
{
	return id == ID_KEEP || capable() || id == ids->real ||
	       id == ids->effective || (saved_too && id == ids->saved);
}

static u32 pick(u32 wanted, u32 present)
{
	return wanted == ID_KEEP ? present : wanted;
}

static long set_id(struct ids *ids, u32 id)
{
	if (id == ID_KEEP)
		return -EINVAL;
	if (!capable() && id != ids->real && id != ids->saved)
		return -EPERM;

	if (capable())
		ids->real = ids->saved = id;
	ids->effective = ids->fs = id;
	return 0;
}

static long set_two(struct ids *ids, u32 real, u32 effective)
{
	u32 old = ids->real;

	if (!may_use(ids, real, false) || !may_use(ids, effective, true))
		return -EPERM;

	ids->real = pick(real, ids->real);
	ids->effective = ids->fs = pick(effective, ids->effective);
	if (real != ID_KEEP || (effective != ID_KEEP && effective != old))
		ids->saved = ids->effective;
	return 0;
}

static long set_three(struct ids *ids, u32 real, u32 effective, u32 saved)
{
	if (!may_use(ids, real, true) || !may_use(ids, effective, true) ||
	    !may_use(ids, saved, true))
		return -EPERM;

	ids->real = pick(real, ids->real);
	ids->effective = ids->fs = pick(effective, ids->effective);
	ids->saved = pick(saved, ids->saved);
	return 0;
}

/* Returns the id before, whether or not it changed. */
static long set_fs(struct ids *ids, u32 id)
{
	u32 old = ids->fs;

	if (id != ID_KEEP && (id == old || may_use(ids, id, true)))
		ids->fs = id;
	return (long)old;
}

long sys_setuid32(u32 uid)
{
	return set_id(&current->cred.user, uid);
}

long sys_setgid32(u32 gid)
{
	return set_id(&current->cred.group, gid);
}

long sys_setuid(u32 uid)
{
	return sys_setuid32(from_id16(uid));
}

long sys_setgid(u32 gid)
{
	return sys_setgid32(from_id16(gid));
}

long sys_setreuid32(u32 ruid, u32 euid)
{
	return set_two(&current->cred.user, ruid, euid);
}

long sys_setregid32(u32 rgid, u32 egid)
{
	return set_two(&current->cred.group, rgid, egid);
}

long sys_setresuid32(u32 ruid, u32 euid, u32 suid)
{
	return set_three(&current->cred.user, ruid, euid, suid);
}

long sys_setresgid32(u32 rgid, u32 egid, u32 sgid)
{
	return set_three(&current->cred.group, rgid, egid, sgid);
}

long sys_setfsuid32(u32 uid)
{
	return set_fs(&current->cred.user, uid);
}

long sys_setfsgid32(u32 gid)
{
	return set_fs(&current->cred.group, gid);
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
