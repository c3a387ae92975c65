/* SPDX-License-Identifier: MIT */
/* Kinds of page faults: docs/page-fault.md has one list of events for each. */
#ifndef MM_FAULT_CLASS_H
#define MM_FAULT_CLASS_H

#define FAULT_OUTCOMES 5 /* enum fault_outcome of mm/vma.h */

enum fault_class {
	FAULT_CLASS_NONE, /* refused before it was classified */
	FAULT_CLASS_ZERO_READ, /* anonymous, read: the zero page */
	FAULT_CLASS_ANON_WRITE, /* anonymous, written: a zeroed frame */
	FAULT_CLASS_FILE, /* a page of a file */
	FAULT_CLASS_SHM, /* entry of an attach: signature or none */
	FAULT_CLASS_SWAP, /* private page in swap */
	FAULT_CLASS_COW, /* present, written, read-only */
	FAULT_CLASS_SPURIOUS, /* another task was faster */
	FAULT_CLASS_EVENTS, /* fault_class events have one of those above */
	/* What turned out later, for the counters of /proc/<pid>/faults: */
	FAULT_CLASS_SHM_FIRST = FAULT_CLASS_EVENTS, /* nobody had touched it */
	FAULT_CLASS_SHM_SWAP, /* the segment had it in swap */
	FAULT_CLASS_COW_COPY, /* somebody else has the page, too */
	FAULT_CLASS_COUNT
};

/* The word for CLASS in /proc and in trace filters: "shm", "cow". */
const char *fault_class_name(enum fault_class class);

void fault_proc_init(void); /* registers /proc/<pid>/faults, at boot */

#endif
