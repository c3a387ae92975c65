/* SPDX-License-Identifier: MIT */
/*
 * Fault injection, set at run time for one task.
 *
 *   /proc/<pid>/fail-nth   N: the Nth allocation from now on fails, be it
 *                          kmalloc or a page. Tests loop over every N until a
 *                          run comes through, and so take every error path.
 *   /proc/<pid>/park-nth   N: the Nth allocation that may sleep does, until
 *                          0 is written to the file. A test parks a task
 *                          behind "may sleep", changes what it relied on, and
 *                          so walks into the branch of the re-check. It keeps
 *                          the locks it has, as any sleeper there: that others
 *                          wait for them is tested, too. So root alone may.
 *
 *   /proc/<pid>/fail-io-nth  N: the same for transfers from and to a disk,
 *                          which then end with EIO.
 *
 *   "N every" instead of N: and so on with each Nth after that one.
 *
 *   fail_nth  3  --alloc--> 2 --alloc--> 1 --alloc fails--> 0 (off)
 *   park_nth  2  --alloc--> 1 --alloc parks--> 0 ... released
 *
 * The writes of kswapd are kswapd's: its own file, or fail-io of /proc/stage,
 * which counts the transfers of all.
 *
 * Allocations in interrupts are not the task's, process 0 is never hit, and
 * what /proc itself allocates to read or set the numbers does not count.
 */
#include <kernel/task.h>

u32 fail_io_every;
static u32 fail_io_left; /* transfers until the next one fails */

static struct wait_queue parking = WAIT_QUEUE_INIT(parking);

/* Sleeps until task_unpark(), or until a signal is to be taken. */
static void park(struct task *task)
{
	task->rig.parked = true;
	while (task->rig.parked && !sleep_on_interruptible(&parking))
		continue;
	task->rig.parked = false;
}

void task_unpark(struct task *task)
{
	task->rig.parked = false;
	wake_up(&parking);
}

bool inject_alloc(bool may_park)
{
	struct task *task = current;

	if (irq_depth || task->pid == 0 || task->rig.fail_paused)
		return false;
	if (may_park)
		may_sleep(SLEEP_page_alloc);
	if (may_park && task->rig.park_nth && !--task->rig.park_nth)
		park(task);
	if (!task->rig.fail_nth || --task->rig.fail_nth)
		return false;
	task->rig.fail_nth = task->rig.fail_every;
	task->rig.fail_count++;
	return true;
}

void fail_io_set_every(u32 n)
{
	fail_io_every = fail_io_left = n;
}

bool should_fail_io(void)
{
	struct task *task = current;

	if (fail_io_every && !--fail_io_left) {
		fail_io_left = fail_io_every;
		return true;
	}
	if (!task->rig.fail_io_nth || --task->rig.fail_io_nth)
		return false;
	task->rig.fail_io_nth = task->rig.fail_io_every;
	task->rig.fail_count++;
	return true;
}

