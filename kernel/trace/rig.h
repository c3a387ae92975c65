/* SPDX-License-Identifier: MIT */
/*
 * What only tests and teaching tools want of a task, in one member of it: what
 * is to fail, where it is to wait, what it is asked about, how it has faulted.
 * Files: /proc/<pid>/{fail-nth,fail-io-nth,park-nth,why,faults}.
 *
 * Fields: [t] only the task itself; the rest is atomic.
 */
#ifndef KERNEL_RIG_H
#define KERNEL_RIG_H

#include <mm/fault_class.h>

struct rig {
	u32 fail_nth; /* [t] allocations until one fails; 0: never */
	u32 fail_every; /* [t] fail_nth begins anew with it; 0: it does not */
	u32 fail_io_nth; /* disk transfers until one fails; 0: never */
	u32 fail_io_every; /* the same for them */
	u32 fail_count; /* [t] injected failures so far */
	u32 park_nth; /* [t] allocations until one sleeps; 0: never */
	bool parked; /* sleeps there until it is released */
	bool fail_paused; /* [t] allocations do not count just now */
	u32 why_addr; /* what /proc/<pid>/why tells about */
	u32 faults[FAULT_CLASS_COUNT][2]; /* done: [class][a disk was read] */
	u32 refused[FAULT_OUTCOME_COUNT]; /* by enum fault_outcome */
};

#endif
