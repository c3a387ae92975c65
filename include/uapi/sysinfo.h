/* SPDX-License-Identifier: MIT */
/* Argument of sysinfo, Linux i386. */
#ifndef UAPI_SYSINFO_H
#define UAPI_SYSINFO_H

#include <lib/types.h>

#define SI_LOAD_SHIFT 16 /* loads[] are fixed-point numbers */

struct sysinfo {
	s32 uptime; /* seconds */
	u32 loads[3]; /* over 1, 5 and 15 minutes */
	u32 totalram, freeram, sharedram, bufferram; /* in mem_unit bytes */
	u32 totalswap, freeswap;
	u16 procs, pad;
	u32 totalhigh, freehigh;
	u32 mem_unit;
	char padding[8];
};

BUILD_ASSERT(sizeof(struct sysinfo) == 64, "Linux i386 layout");

#endif
