/* SPDX-License-Identifier: MIT */
/*
 * Fault injection: /proc/<pid>/fail-nth makes the Nth allocation from now on
 * of one task fail, be it kmalloc or a page. Tests loop over every N until
 * a run comes through without a failure, and so take every error path.
 *
 *   fail_nth  3  --alloc--> 2 --alloc--> 1 --alloc fails--> 0 (off)
 *
 * Allocations in interrupts are not the task's, process 0 is never hit, and
 * what /proc itself allocates to read or set the number does not count.
 */
#include <kernel/task.h>

static bool hit_by_injection(struct task *task)
{
	if (irq_depth || task->pid == 0 || task->fail_paused)
		return false;
	if (--task->fail_nth)
		return false;
	task->fail_count++;
	return true;
}

bool should_fail(void)
{
	return unlikely(current->fail_nth) && hit_by_injection(current);
}
