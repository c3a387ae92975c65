/* SPDX-License-Identifier: MIT */
/* Kinds of page faults: docs/page-fault.md has one list of events for each. */
#ifndef MM_FAULT_CLASS_H
#define MM_FAULT_CLASS_H

#include <uapi/faultline.h>

/* The word for CLASS in /proc and in trace filters: "shm", "cow". */
const char *fault_class_name(enum fault_class class);

void fault_proc_init(void); /* registers /proc/<pid>/faults, at boot */

#endif
