/* SPDX-License-Identifier: MIT */
/*
 * Limits and usage of resources. A limit is 32 bits; all ones is "none", in
 * the 64-bit form of prlimit64 too.
 *
 * Which limits bite: STACK, AS, DATA (mm), MEMLOCK (mlock, SHM_LOCK),
 * NOFILE (fs), NPROC (fork), FSIZE (write). The others are kept and reported.
 *
 * Nothing here sleeps but the user copies; a task of another pid is looked
 * up after the last of them, so it cannot go away.
 */
#include <kernel/rlimit.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <mm/mm.h>
#include <uapi/errno.h>

#define NR_OPEN_LIMIT 1048576u /* RLIMIT_NOFILE goes no higher, even for root */
#define RLIM_OLD_MAX 0x7fffffffu
#define USEC_PER_TICK (1000000 / HZ)

#define PRIO_USER 2
#define NICE_ZERO 20 /* getpriority's form of nice 0: 20 - nice */
#define RUSAGE_THREAD 1

/* --- limits ------------------------------------------------------------- */

static int check_rlimit(const struct rlimit *old, u32 which,
			const struct rlimit *new_rlim)
{
	if (new_rlim->rlim_cur > new_rlim->rlim_max)
		return -EINVAL;
	if (which == RLIMIT_NOFILE && new_rlim->rlim_max > NR_OPEN_LIMIT)
		return -EPERM;
	if (new_rlim->rlim_max > old->rlim_max && !capable())
		return -EPERM;
	return 0;
}

/* NEW_RLIM or NULL in, *OLD or NULL out. */
static int do_prlimit(struct task *task, u32 which,
		      const struct rlimit *new_rlim, struct rlimit *old)
{
	struct rlimit *entry;
	int err;

	if (which >= RLIM_NLIMITS)
		return -EINVAL;
	entry = &task->process->rlim[which];
	err = new_rlim ? check_rlimit(entry, which, new_rlim) : 0;
	if (err)
		return err;
	if (old)
		*old = *entry;
	if (new_rlim)
		*entry = *new_rlim;
	return 0;
}

long sys_setrlimit(u32 which, const void *rlim)
{
	struct rlimit new_rlim;

	if (copy_from_user(&new_rlim, rlim, sizeof(new_rlim)))
		return -EFAULT;
	return do_prlimit(current, which, &new_rlim, NULL);
}

long sys_ugetrlimit(u32 which, void *rlim)
{
	struct rlimit old;
	int err = do_prlimit(current, which, NULL, &old);

	if (err)
		return err;
	return copy_to_user(rlim, &old, sizeof(old)) ? -EFAULT : 0;
}

long sys_getrlimit(u32 which, void *rlim)
{
	struct rlimit old;
	int err = do_prlimit(current, which, NULL, &old);

	if (err)
		return err;
	old.rlim_cur = MIN(old.rlim_cur, RLIM_OLD_MAX);
	old.rlim_max = MIN(old.rlim_max, RLIM_OLD_MAX);
	return copy_to_user(rlim, &old, sizeof(old)) ? -EFAULT : 0;
}

static u32 rlim_from_64(u64 value)
{
	return value > RLIM_INFINITY ? RLIM_INFINITY : (u32)value;
}

static u64 rlim_to_64(u32 value)
{
	return value == RLIM_INFINITY ? RLIM64_INFINITY : value;
}

static bool may_prlimit(const struct task *task)
{
	const struct cred *own = &current->cred, *its = &task->cred;

	return task == current || capable() ||
	       (own->uid == its->uid && own->uid == its->euid &&
		own->uid == its->suid && own->gid == its->gid &&
		own->gid == its->egid && own->gid == its->sgid);
}

static int prlimit_pid(s32 pid, u32 which, const struct rlimit *new_rlim,
		       struct rlimit *old)
{
	struct task *task = pid ? find_task(pid) : current;

	if (!task)
		return -ESRCH;
	if (!may_prlimit(task))
		return -EPERM;
	return do_prlimit(task, which, new_rlim, old);
}

long sys_prlimit64(s32 pid, u32 which, const void *new_rlim, void *old_rlim)
{
	struct rlimit64 wide;
	struct rlimit new_narrow, old = { 0, 0 };
	int err;

	if (new_rlim && copy_from_user(&wide, new_rlim, sizeof(wide)))
		return -EFAULT;
	if (new_rlim) {
		if (wide.rlim_cur > wide.rlim_max)
			return -EINVAL;
		new_narrow.rlim_cur = rlim_from_64(wide.rlim_cur);
		new_narrow.rlim_max = rlim_from_64(wide.rlim_max);
	}
	err = prlimit_pid(pid, which, new_rlim ? &new_narrow : NULL, &old);
	if (err || !old_rlim)
		return err;
	wide.rlim_cur = rlim_to_64(old.rlim_cur);
	wide.rlim_max = rlim_to_64(old.rlim_max);
	return copy_to_user(old_rlim, &wide, sizeof(wide)) ? -EFAULT : 0;
}

/* --- usage -------------------------------------------------------------- */

struct timeval32 ticks_to_timeval(u32 count)
{
	return (struct timeval32){ (s32)(count / HZ),
				   (s32)(count % HZ * USEC_PER_TICK) };
}

static void usage_of_self(struct rusage *ru)
{
	ru->ru_utime = ticks_to_timeval(current->utime);
	ru->ru_stime = ticks_to_timeval(current->stime);
	ru->ru_minflt = (s32)current->min_flt;
	ru->ru_majflt = (s32)current->maj_flt;
	ru->ru_nvcsw = (s32)current->nvcsw;
	ru->ru_nivcsw = (s32)current->nivcsw;
	ru->ru_maxrss = (s32)(current->mm->rss * (PAGE_SIZE / 1024));
}

static void usage_of_children(struct rusage *ru)
{
	ru->ru_utime = ticks_to_timeval(current->process->cutime);
	ru->ru_stime = ticks_to_timeval(current->process->cstime);
	ru->ru_minflt = (s32)current->process->cmin_flt;
	ru->ru_majflt = (s32)current->process->cmaj_flt;
}

long sys_getrusage(s32 who, void *rusage)
{
	struct rusage ru;

	memset(&ru, 0, sizeof(ru));
	if (who == RUSAGE_SELF || who == RUSAGE_THREAD)
		usage_of_self(&ru);
	else if (who == RUSAGE_CHILDREN)
		usage_of_children(&ru);
	else
		return -EINVAL;
	return copy_to_user(rusage, &ru, sizeof(ru)) ? -EFAULT : 0;
}

/* --- priorities: there is only one -------------------------------------- */

/* Does WHICH (process, group, user) and WHO (0: the caller's) name a task? */
static bool names_a_task(u32 which, u32 who)
{
	const u32 own[] = { (u32)current->pid, (u32)current->process->pgrp,
			    current->cred.uid };
	struct task *task;

	if (!who)
		return true;
	if (who == own[which])
		return true;
	for_each_task(task) {
		const u32 its[] = { (u32)task->pid, (u32)task->process->pgrp,
				    task->cred.uid };

		if (its[which] == who)
			return true;
	}
	return false;
}

long sys_getpriority(s32 which, s32 who)
{
	if ((u32)which > PRIO_USER)
		return -EINVAL;
	return names_a_task((u32)which, (u32)who) ? NICE_ZERO : -ESRCH;
}

long sys_setpriority(s32 which, s32 who, s32 nice)
{
	if ((u32)which > PRIO_USER)
		return -EINVAL;
	if (!names_a_task((u32)which, (u32)who))
		return -ESRCH;
	return nice < 0 && !capable() ? -EACCES : 0;
}

/* --- processors: there is only one -------------------------------------- */

#define CPU_MASK 1u /* bit 0: that one */

long sys_sched_getaffinity(s32 pid, u32 len, u32 *mask)
{
	u32 own = CPU_MASK;

	if (len < sizeof(own) || len % sizeof(own))
		return -EINVAL;
	if (pid && !find_task(pid))
		return -ESRCH;
	return copy_to_user(mask, &own, sizeof(own)) ? -EFAULT :
						       (long)sizeof(own);
}

long sys_sched_setaffinity(s32 pid, u32 len, const u32 *mask)
{
	const struct cred *own = &current->cred;
	struct task *task;
	u32 wanted = 0;

	if (copy_from_user(&wanted, mask, MIN(len, sizeof(wanted))))
		return -EFAULT;
	task = pid ? find_task(pid) : current;
	if (!task)
		return -ESRCH;
	if (own->euid != task->cred.euid && own->euid != task->cred.uid &&
	    !capable())
		return -EPERM;
	return wanted & CPU_MASK ? 0 : -EINVAL;
}
