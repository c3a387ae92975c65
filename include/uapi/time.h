/* SPDX-License-Identifier: MIT */
/* Clocks and their layouts, Linux i386. */
#ifndef UAPI_TIME_H
#define UAPI_TIME_H

#include <lib/types.h>
#include <uapi/resource.h>

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7

#define TIMER_ABSTIME 1

struct timespec32 {
	s32 tv_sec, tv_nsec;
};

struct timespec_abi64 { /* of the calls whose names end in 64 */
	s64 tv_sec;
	s32 tv_nsec;
	u32 pad; /* ignored, written as 0 */
};

struct timezone {
	s32 tz_minuteswest, tz_dsttime;
};

#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2

struct itimerval {
	struct timeval32 interval, value; /* again after; left, 0: off */
};

struct tms { /* in ticks */
	s32 tms_utime, tms_stime, tms_cutime, tms_cstime;
};

BUILD_ASSERT(sizeof(struct timespec_abi64) == 16, "Linux i386 layout");

#endif
