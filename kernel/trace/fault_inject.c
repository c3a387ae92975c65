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
	task->parked = true;
	while (task->parked && !sleep_on_interruptible(&parking))
		continue;
	task->parked = false;
}

void task_unpark(struct task *task)
{
	task->parked = false;
	wake_up(&parking);
}

bool inject_alloc(bool may_park)
{
	struct task *task = current;

	if (irq_depth || task->pid == 0 || task->fail_paused)
		return false;
	if (may_park)
		sleep_point(SLEEP_page_alloc);
	if (may_park && task->park_nth && !--task->park_nth)
		park(task);
	if (!task->fail_nth || --task->fail_nth)
		return false;
	task->fail_nth = task->fail_every;
	task->fail_count++;
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
	if (!task->fail_io_nth || --task->fail_io_nth)
		return false;
	task->fail_io_nth = task->fail_io_every;
	task->fail_count++;
	return true;
}

void task_clear_injection(struct task *task)
{
	task->fail_nth = task->fail_every = 0;
	task->fail_io_nth = task->fail_io_every = 0;
	task->fail_count = task->park_nth = 0;
}
