/* SPDX-License-Identifier: MIT */
/*
 * Segments: found or made by shmget(), destroyed by the last to let go.
 *
 *   shmget --> find key --> id
 *                 '-- new_segment: check, reserve shm_tot, allocate, publish
 *
 *   IPC_RMID, nattch 0 ------------------.
 *   IPC_RMID, nattch > 0 -> SHM_DEST ..   v
 *        last detach of a SHM_DEST -> shm_destroy: table, pages, object
 *
 * No frame is allocated here: a page comes into being when it is touched
 * (shm_fault.c). Invariants and locks: shm.h. Rules: shm-spec 3.1,
 * 3.2, 3.7.
 */
#include <ipc/shm/shm.h>
#include <kernel/panic.h>
#include <kernel/trace/stage.h>
#include <kernel/task.h>
#include <kernel/time/time.h>
#include <kernel/trace/trace.h>
#include <mm/kmalloc.h>
#include <mm/swap/swap.h>
#include <mm/swap/swap_policy.h>
#include <uapi/errno.h>
#include <uapi/ipc.h>

struct ipc_ids shm_ids;
struct shm_totals shm_totals;
u32 shm_ctlmax = 32u << 20, shm_ctlall = 1u << 21, shm_ctlmni = SHMMNI_HARD;
u32 shm_rmid_forced, shm_margin;

#define SHM_MARGIN_PART 32u /* this part of memory is never a segment's */

/* "Look up, else create" is one step: two creators cannot both find none. */
static struct mutex shm_creator;

void shm_init(void)
{
	mutex_init(&shm_creator, LOCK_CREATOR, "shm_creator");
	shm_ids.last_slot = -1;
	swap_objects_register(&shm_objects);
	shm_margin = nr_total_pages / SHM_MARGIN_PART;
}

struct ipc_caller ipc_current(void)
{
	return (struct ipc_caller){ current->cred.euid, current->cred.egid,
				    capable(), in_group };
}

struct shmid_kernel *shm_lookup(s32 id)
{
	struct kern_ipc_perm *perm = ipc_lookup(&shm_ids, id);

	return perm ? container_of(perm, struct shmid_kernel, shm_perm) : NULL;
}

/* ------------------------------------------------------------------ */
/* the end of a segment                                                */

void shm_slot_clear(struct shmid_kernel *seg, pte_t *slot)
{
	if (pte_resident(*slot)) {
		ASSERT_MSG(seg->rss && pte_page(*slot)->seg == seg,
			   "I2: segment %d, rss %u, lets %08x go",
			   seg->shm_perm.id, seg->rss, slot->val);
		swap_policy_leave(pte_page(*slot));
		free_page(pte_page(*slot));
		seg->rss--;
		shm_totals.rss--;
	} else if (!pte_none(*slot)) {
		ASSERT_MSG(seg->swp && is_swap_entry(*slot),
			   "I2: segment %d, %u pages in swap, lets %08x go",
			   seg->shm_perm.id, seg->swp, slot->val);
		free_swap_and_cache(*slot);
		seg->swp--;
		shm_totals.swp--;
	}
	slot->val = 0;
}

/* Gives the pages and slot pages back. The slots are zero afterwards, so
 * the slot pages need no clearing before they are used again. */
static void shm_free_pages(struct shmid_kernel *seg)
{
	pte_t *slot;
	u32 i;

	for (i = 0; i < seg->shm_npages && seg->rss + seg->swp; i++) {
		slot = shm_slot(seg, i);
		if (!pte_none(*slot))
			shm_slot_clear(seg, slot);
	}
	ASSERT_MSG(!seg->rss && !seg->swp,
		   "I2: segment %d counts %u resident pages too many",
		   seg->shm_perm.id, seg->rss);
	for (i = 0; i < SHM_MAX_SLOT_PAGES; i++)
		if (seg->pages[i])
			zero_stock_put(kva_to_page(seg->pages[i]));
}

void shm_destroy(struct shmid_kernel *seg)
{
	ASSERT_MSG(!seg->shm_nattch && list_empty(&seg->attaches),
		   "I3: segment %d destroyed with nattch %u", seg->shm_perm.id,
		   seg->shm_nattch);
	TRACE(shm_destroy, seg->shm_perm.id, seg->shm_npages, seg->rss);
	ipc_unpublish(&shm_ids, &seg->shm_perm);
	ASSERT_MSG(seg->shm_npages <= shm_totals.tot,
		   "I1: %u pages of segment %d go, of %u", seg->shm_npages,
		   seg->shm_perm.id, shm_totals.tot);
	shm_totals.tot -= seg->shm_npages;
	shm_free_pages(seg);
	kfree(seg);
}

void shm_put_attach(struct shmid_kernel *seg)
{
	ASSERT_MSG(seg->shm_nattch > seg->shm_pins,
		   "I3: segment %d, nattch %u, is detached, %u are shmat's",
		   seg->shm_perm.id, seg->shm_nattch, seg->shm_pins);
	seg->shm_nattch--;
	if (!shm_is_attached(seg) &&
	    (seg->shm_perm.mode & SHM_DEST || shm_rmid_forced))
		shm_destroy(seg);
}

/* Does the task that made SEG still live? */
static bool shm_has_creator(const struct shmid_kernel *seg)
{
	struct task *task = find_task(seg->shm_cpid);

	return task && !task->exiting &&
	       task->process->start_tick == seg->shm_creator_start;
}

void shm_destroy_orphans(void)
{
	struct shmid_kernel *seg;
	u32 slot;

	for_each_segment(seg, slot)
		if (!shm_is_attached(seg) && !shm_has_creator(seg))
			shm_destroy(seg);
}

void shm_exit_task(struct task *task)
{
	if (shm_rmid_forced && shm_ids.in_use && task->exiting)
		shm_destroy_orphans();
}

/* ------------------------------------------------------------------ */
/* shmget                                                              */

/* The checks of shm-spec 3.2 in their order; 0 and *NPAGES. */
static int new_segment_check(u32 size, u32 flags, u32 *npages)
{
	if (size < 1 || size > shm_ctlmax)
		return -EINVAL;
	*npages = (size >> PAGE_SHIFT) + !!(size & ~PAGE_MASK);
	if (shm_totals.tot + *npages < shm_totals.tot ||
	    shm_totals.tot + *npages > shm_ctlall)
		return -ENOSPC;
	if (flags & SHM_HUGETLB || *npages > 1u << SHM_INDEX_BITS)
		return -EINVAL;
	if (*npages + shm_margin >
		    nr_free_pages + freeable_pages() + nr_swap_pages &&
	    !(flags & SHM_NORESERVE))
		return -ENOMEM;
	return 0;
}

/* The object and its zeroed slot pages; NULL: no memory. */
static struct shmid_kernel *new_segment_alloc(u32 npages)
{
	struct shmid_kernel *seg = kzalloc(sizeof(*seg), GFP_KERNEL);
	struct page *page;
	u32 i;

	if (!seg)
		return NULL;
	seg->shm_npages = npages;
	for (i = 0; i < DIV_ROUND_UP(npages, SHM_SLOTS_PER_PAGE); i++) {
		page = zero_stock_get(GFP_KERNEL);
		if (!page) {
			shm_free_pages(seg);
			kfree(seg);
			return NULL;
		}
		seg->pages[i] = page_kva(page);
	}
	return seg;
}

static void new_segment_fill(struct shmid_kernel *seg, s32 key, u32 size,
			     u32 flags)
{
	struct kern_ipc_perm *perm = &seg->shm_perm;

	perm->key = key;
	perm->mode = flags & 0777;
	perm->uid = perm->cuid = current->cred.euid;
	perm->gid = perm->cgid = current->cred.egid;
	seg->shm_segsz = size;
	seg->shm_cpid = current->process->pid;
	seg->shm_creator_start = current->process->start_tick;
	seg->shm_created_key = key;
	seg->shm_ctime = time_seconds();
	list_init(&seg->attaches);
}

/* A segment that nobody can have made meanwhile: the creator mutex is held. */
static long new_segment(s32 key, u32 size, u32 flags)
{
	struct shmid_kernel *seg;
	s32 slot;
	u32 npages;
	int err = new_segment_check(size, flags, &npages);

	assert_held(&shm_creator);
	if (err)
		return err;
	slot = ipc_find_slot(&shm_ids, shm_ctlmni);
	if (slot < 0)
		return slot;
	shm_totals.tot += npages; /* before we sleep: nobody spends it twice */
	seg = new_segment_alloc(npages);
	if (!seg) {
		shm_totals.tot -= npages;
		return -ENOMEM;
	}
	may_sleep(SLEEP_new_segment);
	new_segment_fill(seg, key, size, flags);
	ipc_publish(&shm_ids, &seg->shm_perm, slot);
	TRACE(shm_get, seg->shm_perm.id, key, npages);
	return seg->shm_perm.id;
}

/* Looks up, else creates: the creator mutex is held. */
static long shmget_key(s32 key, u32 size, u32 flags)
{
	struct kern_ipc_perm *perm = ipc_find_key(&shm_ids, key);
	struct ipc_caller caller = ipc_current();
	struct shmid_kernel *seg;

	assert_held(&shm_creator);
	if (!perm)
		return flags & IPC_CREAT ? new_segment(key, size, flags) :
					   -ENOENT;
	if ((flags & IPC_CREAT) && (flags & IPC_EXCL))
		return -EEXIST;
	seg = container_of(perm, struct shmid_kernel, shm_perm);
	if (seg->shm_segsz < size)
		return -EINVAL;
	return ipc_denied(perm, flags, &caller) ? -EACCES : perm->id;
}

long do_shmget(s32 key, u32 size, u32 flags)
{
	long res;

	mutex_lock(&shm_creator);
	res = key == IPC_PRIVATE ? new_segment(0, size, flags) :
				   shmget_key(key, size, flags);
	mutex_unlock(&shm_creator);
	return res;
}
