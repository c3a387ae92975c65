/* SPDX-License-Identifier: MIT */
/*
 * Memory is short: a frame is made free, now (try_to_free_page) or ahead of
 * time (kswapd).
 *
 *   alloc_pages -- free < low --> kswapd wakes, works until free >= high
 *        |
 *        '-- free < reserve --> try_to_free_page
 *                                  |  urgency 6, 5 .. 0; each time round:
 *               .------------------+------------------.
 *          shrink_mmap          shm_swap           swap_out
 *        clean file pages,    a page of a       a private page
 *        the swap cache        segment          of a process
 *
 * The rotation goes on with the source that was good for a frame last time.
 * A source looks at (what there is) >> urgency pages before it gives up.
 *
 * INV-R1  reclaim allocates nothing and takes no lock: it may run with any
 *         lock held, mmap_sem included. It changes entries of other address
 *         spaces without theirs, atomically; they look again after sleeping.
 *
 * Context: sleeps while a page is written. See: docs/swap.md, shm-spec 5.1.
 */
#include <kernel/panic.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <mm/filemap.h>
#include <mm/swap/swap.h>

#define CALM 6 /* urgency to begin with; 0 is desperate */
#define KSWAPD_REST (HZ / 4) /* after a turn that found nothing */

u32 free_pages_low = RESERVE_PAGES;
static u32 free_pages_high = RESERVE_PAGES; /* with as many, kswapd rests */

static bool (*sources[])(u32 urgency) = {
	[RECLAIM_CACHE] = shrink_mmap,
	[RECLAIM_SHM] = NULL, /* whoever registers */
	[RECLAIM_PROCESS] = swap_out,
};

const struct swap_objects *swap_objects;

static u32 next_source; /* the rotation */
static struct task *kswapd;
static struct wait_queue kswapd_wait = WAIT_QUEUE_INIT(kswapd_wait);
static struct wait_queue kswapd_rest = WAIT_QUEUE_INIT(kswapd_rest);
static struct kswapd_work *kswapd_asked; /* NULL: nothing to do, or done */
static struct wait_queue kswapd_done = WAIT_QUEUE_INIT(kswapd_done);

void swap_objects_register(const struct swap_objects *objects)
{
	ASSERT_MSG(!swap_objects, "two kinds of objects want to be swapped");
	swap_objects = objects;
	sources[RECLAIM_SHM] = objects->reclaim;
}

/* One source at one urgency. */
static bool try_source(u32 source, u32 urgency)
{
	u32 locks = current->held_locks;
	bool freed;

	TRACE(reclaim_enter, source, urgency, nr_free_pages);
	freed = sources[source](urgency);
	ASSERT_MSG(current->held_locks == locks,
		   "INV-R1: source %u took locks: classes %x, now %x", source,
		   locks, current->held_locks);
	swap_counts.stolen[current->kthread] += freed;
	TRACE(reclaim_exit, source, urgency, nr_free_pages, freed);
	return freed;
}

/* Each source once, beginning with the one that was good last time. */
static bool try_round(u32 urgency)
{
	u32 tries;

	for (tries = 0; tries < ARRAY_SIZE(sources); tries++) {
		if (try_source(next_source, urgency))
			return true;
		next_source = (next_source + 1) % ARRAY_SIZE(sources);
	}
	return false;
}

/* Can any source find anything at all? Most machines have no disk. */
static bool nothing_can_go(void)
{
	return !nr_swap_pages && !nr_swap_cache && !nr_buffer_pages;
}

/* From calm to desperate, until a source has freed a frame. */
static bool free_one_page(void)
{
	s32 urgency = CALM;

	ASSERT_MSG(!current->reclaiming, "INV-R1: pid %d reclaims to reclaim",
		   current->pid);
	if (nothing_can_go())
		return false;
	current->reclaiming = true;
	while (urgency >= 0 && !try_round((u32)urgency))
		urgency--;
	current->reclaiming = false;
	return urgency >= 0;
}

__hop bool try_to_free_page(enum gfp gfp)
{
	u32 before;

	if (page_stocks_drain())
		return true;
	if (gfp != GFP_KERNEL || current->reclaiming)
		return false;
	before = nr_free_pages; /* may sleep: others free frames as well */
	return free_one_page() || nr_free_pages > before || swap_write_wait();
}

u32 freeable_pages(void)
{
	return nr_buffer_pages;
}

/* ------------------------------------------------------------------ */
/* kswapd                                                              */

void kswapd_wake(void)
{
	wake_up(&kswapd_wait);
}

void kswapd_do(struct kswapd_work *work)
{
	ASSERT_MSG(kswapd && current != kswapd, "pid %d asks kswapd, %s",
		   current->pid, kswapd ? "itself" : "which does not run");
	wait_event(&kswapd_done, !kswapd_asked);
	kswapd_asked = work;
	kswapd_wake();
	wait_event(&kswapd_done, kswapd_asked != work);
}

static void kswapd_obey(void)
{
	if (!kswapd_asked)
		return;
	kswapd_asked->run(kswapd_asked);
	kswapd_asked = NULL;
	wake_up(&kswapd_done);
}

/* Frees until there are enough; rests when nothing can be found. */
static void kswapd_balance(void)
{
	while (nr_free_pages < free_pages_high) {
		if (!page_stocks_drain() && !free_one_page()) {
			sleep_on_timeout(&kswapd_rest, KSWAPD_REST);
			return;
		}
		if (current->work & WORK_RESCHED)
			schedule();
	}
}

static void kswapd_main(void *unused)
{
	for (;;) {
		while (nr_free_pages >= free_pages_low && !kswapd_asked)
			sleep_on_interruptible(&kswapd_wait);
		kswapd_obey();
		kswapd_balance();
	}
}

bool kswapd_start(void)
{
	u32 step = nr_total_pages / 128 + 8;

	if (kswapd)
		return true;
	kswapd = kernel_thread(kswapd_main, NULL, "kswapd");
	if (!kswapd) /* reclaim still works, only later */
		return false;
	free_pages_low = RESERVE_PAGES + step;
	free_pages_high = RESERVE_PAGES + 2 * step;
	return true;
}
