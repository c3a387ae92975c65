/* SPDX-License-Identifier: MIT */
/*
 * System V IPC in /proc: sysvipc/shm, and the limits in sys/kernel. The text
 * is Linux's to the blank (shm-spec 7.3): ipcs(1) reads it before it asks
 * the kernel.
 */
#include <fs/proc/procfs.h>
#include <ipc/shm/shm.h>
#include <uapi/errno.h>

static void segment_line(struct seq_buf *s, const struct shmid_kernel *seg)
{
	const struct kern_ipc_perm *perm = &seg->shm_perm;

	seq_printf(s,
		   "%10d %10d  %4o %10u %5u %5u  %5u %5u %5u %5u %5u "
		   "%10llu %10llu %10llu %10u %10u\n",
		   perm->key, perm->id, perm->mode, seg->shm_segsz,
		   (u32)seg->shm_cpid, (u32)seg->shm_lpid, seg->shm_nattch,
		   perm->uid, perm->gid, perm->cuid, perm->cgid,
		   (unsigned long long)seg->shm_atime,
		   (unsigned long long)seg->shm_dtime,
		   (unsigned long long)seg->shm_ctime, seg->rss << PAGE_SHIFT,
		   seg->swp << PAGE_SHIFT);
}

static int sysvipc_shm_show(struct seq_buf *s, void *arg)
{
	const struct shmid_kernel *seg;
	u32 slot;

	seq_printf(s, "       key      shmid perms       size  cpid  lpid "
		      "nattch   uid   gid  cuid  cgid      atime      dtime"
		      "      ctime        rss       swap\n");
	for_each_segment(seg, slot)
		segment_line(s, seg);
	return 0;
}

/* ------------------------------------------------------------------ */
/* limits                                                              */

struct shm_limit {
	u32 *value;
	u32 max; /* largest that may be written: the signature's width */
};

static struct shm_limit limit_shmmax = { &shm_ctlmax, SHMMAX_HARD };
static struct shm_limit limit_shmall = { &shm_ctlall, 0xffffffff };
static struct shm_limit limit_shmmni = { &shm_ctlmni, SHMMNI_HARD };
static struct shm_limit limit_forced = { &shm_rmid_forced, 1 };

static int limit_show(struct seq_buf *s, void *arg)
{
	seq_printf(s, "%u\n", *((struct shm_limit *)arg)->value);
	return 0;
}

static long limit_store(const char *text, u32 len, void *arg)
{
	struct shm_limit *limit = arg;
	u32 value;

	if (proc_parse_u32(text, &value) || value > limit->max)
		return -EINVAL;
	*limit->value = value;
	if (shm_rmid_forced)
		shm_destroy_orphans();
	return len;
}

static struct proc_entry entries[] = {
	{ "sysvipc/shm", 0444, sysvipc_shm_show, NULL, NULL, NULL },
	{ "sys/kernel/shmmax", 0644, limit_show, limit_store, &limit_shmmax,
	  NULL },
	{ "sys/kernel/shmall", 0644, limit_show, limit_store, &limit_shmall,
	  NULL },
	{ "sys/kernel/shmmni", 0644, limit_show, limit_store, &limit_shmmni,
	  NULL },
	{ "sys/kernel/shm_rmid_forced", 0644, limit_show, limit_store,
	  &limit_forced, NULL },
};

void ipc_proc_init(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(entries); i++)
		proc_register(&entries[i]);
}
