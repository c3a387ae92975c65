/* SPDX-License-Identifier: MIT */
/* Kinds of page faults: docs/page-fault.md has one list of events for each. */
#ifndef MM_FAULT_CLASS_H
#define MM_FAULT_CLASS_H

#include <lib/types.h>
#include <uapi/faultline.h>

/* The word for CLASS in /proc and in trace filters: "shm", "cow". */
const char *fault_class_name(enum fault_class class);

struct seq_buf;

/* Its line in /proc/<pid>/faults: "shm-first", "refused-bus"; or "none". */
void fault_kind_tell(struct seq_buf *s, enum fault_class class, bool major,
		     enum fault_outcome outcome);

void fault_proc_init(void); /* registers /proc/<pid>/faults, at boot */

#endif
