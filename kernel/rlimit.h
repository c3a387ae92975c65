/* SPDX-License-Identifier: MIT */
/* Resource usage, for wait4() too. The limits themselves: kernel/task.h. */
#ifndef KERNEL_RLIMIT_H
#define KERNEL_RLIMIT_H

#include <uapi/resource.h>

/* COUNT ticks as seconds and microseconds. */
struct timeval32 ticks_to_timeval(u32 count);

#endif
