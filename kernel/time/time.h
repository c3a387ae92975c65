/* SPDX-License-Identifier: MIT */
/*
 * Time: ticks of 10 ms since boot, and the wall clock = RTC at boot + ticks
 * + TSC within the tick. Neither ever goes backwards.
 */
#ifndef KERNEL_TIME_H
#define KERNEL_TIME_H

#include <lib/types.h>

#define NSEC_PER_SEC 1000000000u
#define NSEC_PER_TICK 10000151u /* 11932 cycles of the PIT's 1193182 Hz */

struct timespec64 {
	s64 sec;
	u32 nsec;
};

/* A relative sleep that a stop signal interrupted. */
struct sleep_restart {
	struct timespec64 until; /* monotonic */
	void *rem; /* user address for the time left, or NULL */
	bool time64; /* ... and its layout */
};

extern volatile u32 ticks; /* since boot, 100 a second */

/* Ticks by what they interrupted: /proc/stat. */
extern u32 time_user_ticks, time_system_ticks, time_idle_ticks;

/* Reads the wall clock; before the first tick. */
void time_init(void);
/* Wall clock and time since boot, to the TSC. Any context. */
struct timespec64 time_realtime(void);
struct timespec64 time_monotonic(void);
/* A whole number of ticks as a time. */
struct timespec64 time_from_ticks(u32 count);
/* T in ticks, rounded up; 0 if it is negative, at most 2^30. As a part of
 * the running tick is over, they may end early: look again afterwards. */
u32 time_to_ticks(struct timespec64 t);
/* The monotonic clock's time after T; far away if that cannot be said. */
struct timespec64 time_from_now(struct timespec64 t);
/* As time_to_ticks() for what is left up to UNTIL of the monotonic clock. */
u32 time_ticks_until(struct timespec64 until);
/* A - B; both normalised, the result may be negative (sec < 0). */
struct timespec64 time_sub(struct timespec64 a, struct timespec64 b);
struct timespec64 time_add(struct timespec64 a, struct timespec64 b);
/* Cycles of the TSC in a second; 0 before it is known. */
u64 time_tsc_hz(void);
/* Wall clock at boot, whole seconds since 1970. */
s64 time_boot_seconds(void);
/* The wall clock's seconds as of the last tick: a few instructions. */
s64 time_seconds(void);

/* A struct timespec of a program, with 32- or 64-bit seconds (TIME64): 0,
 * -EFAULT, or -EINVAL for what is no time. May sleep. */
int time_read_user(struct timespec64 *t, const void *from, bool time64);
int time_write_user(void *to, struct timespec64 t, bool time64);

/* Calls FN(ARG) from the timer interrupt when `ticks` reaches EXPIRES. */
struct timer {
	struct timer *next; /* sooner first */
	u32 expires; /* in ticks since boot */
	void (*fn)(void *arg);
	void *arg;
	bool armed; /* on the list */
};

/* Arms T for EXPIRES, less than 2^31 ticks away; in the past: next tick.
 * An armed one is moved. Any context. */
void timer_add(struct timer *t, u32 expires);
/* Afterwards FN is not going to be called. Any context. */
void timer_del(struct timer *t);
/* Calls what is due; from timer_tick(). */
void timer_run(void);

/* Driven by drivers/pit.c once a tick, interrupts off. */
struct trap_frame;
void timer_tick(struct trap_frame *frame);

#endif
