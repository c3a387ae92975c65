/* SPDX-License-Identifier: MIT */
/* What the system says about itself. */
#ifndef KERNEL_SYSINFO_H
#define KERNEL_SYSINFO_H

#include <lib/types.h>
#include <uapi/utsname.h>

#define LOAD_SHIFT 11 /* load_average[] are fixed-point numbers */

extern struct new_utsname system_name; /* nodename may be changed */
extern u32 load_average[3]; /* over 1, 5 and 15 minutes */

/* Takes the load's sample. Every 5 seconds, from a tick that interrupted
 * user mode or process 0, so that no list of tasks is half changed. */
void load_sample(void);

#endif
