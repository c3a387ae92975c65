/* SPDX-License-Identifier: MIT */
/* Argument of set_thread_area, Linux i386. */
#ifndef UAPI_LDT_H
#define UAPI_LDT_H

#include <lib/types.h>

struct user_desc {
	u32 entry_number;
	u32 base_addr;
	u32 limit;
	u32 seg_32bit : 1;
	u32 contents : 2; /* 0 data, 1 expand-down data, 2-3 code */
	u32 read_exec_only : 1;
	u32 limit_in_pages : 1;
	u32 seg_not_present : 1;
	u32 useable : 1;
	u32 unused : 25;
};

BUILD_ASSERT(sizeof(struct user_desc) == 16, "Linux i386 layout");

#endif
