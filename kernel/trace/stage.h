/* SPDX-License-Identifier: MIT */
/*
 * The race stage: processes are held at named places, so that a race is a
 * script of a few commands instead of luck.
 *
 *   hold swap_read 17      the next time process 17 comes there it waits
 *   staged 17              (returns as soon as it does)
 *   release 17             and goes on
 *   delay=SEED             every point gives way to others, now and then
 *
 * sleep_points.def lists the places. Off, a place is one test and one
 * branch. See: docs/testing.md.
 */
#ifndef KERNEL_STAGE_H
#define KERNEL_STAGE_H

#include <lib/types.h>

enum sleep_point {
#define SLEEP_POINT(name, text) SLEEP_##name,
#include <kernel/trace/sleep_points.def>
#undef SLEEP_POINT
	SLEEP_POINT_COUNT
};

#define STAGE_HOLDS 32u

struct task;

/*
 * A hold: armed while nth is not 0, taken while TASK is set, else free. gdb
 * may write these: arm one and set stage_on to 1; set task to 0, and the
 * process goes on within a tenth of a second.
 */
struct stage_hold {
	enum sleep_point point; /* where */
	s32 pid; /* who; 0: whoever comes first */
	u32 nth; /* times to come there until it is held */
	struct task *task; /* who is held, or NULL */
};

extern struct stage_hold stage_holds[STAGE_HOLDS];
extern u32 stage_on; /* holds in use, plus one while delay= is on */

/* Sleeps if this process is to be held here, or to give way. */
void stage_enter(enum sleep_point point);

static __always_inline void
sleep_point(enum sleep_point point)
{
	if (unlikely(stage_on))
		stage_enter(point);
}

void stage_init(void); /* reads delay= of the command line; /proc/stage */

#endif
