/* SPDX-License-Identifier: MIT */
/*
 * The event trace: a ring of fixed-size records, filled at the tracepoints
 * that kernel/tracepoints.def lists. Off, a tracepoint is one test and one
 * branch. Readers: /proc/trace, gdb, and a web page through the gate port.
 *
 *   trace_pte_set(addr, before, after, pfn, count)
 *        |   trace_on == 0: nothing
 *        v
 *   trace_ring[head++ % TRACE_RING]   oldest records are overwritten
 */
#ifndef KERNEL_TRACE_H
#define KERNEL_TRACE_H

#include <lib/types.h>

#define TRACE_RING 4096u /* records, a power of two: 192 KiB */
#define TRACE_ARGS 7

enum trace_on_bits {
	TRACE_ON_RING = 1, /* records go to the ring */
	TRACE_ON_GATE = 2, /* and to the gate port: docs/trace.md */
	TRACE_ON_LOG = 4, /* and to the kernel log as text (menu: verbose) */
};

struct trace_event {
	u64 tsc; /* guest instructions under --icount */
	u32 seq; /* counts events since boot */
	u16 id; /* enum trace_id */
	s16 pid;
	u32 caller; /* return address of the function with the tracepoint */
	u32 arg[TRACE_ARGS];
};

BUILD_ASSERT(sizeof(struct trace_event) == 48, "docs/trace.md");

enum trace_id {
#define TRACEPOINT(name, args, format) TRACE_ID_##name,
#include <kernel/tracepoints.def>
#undef TRACEPOINT
	TRACE_ID_COUNT
};

extern u32 trace_on; /* enum trace_on_bits; 0: off */
extern struct trace_event trace_ring[TRACE_RING];
extern u32 trace_head; /* events written since boot */

/* Appends one record. Any context, atomic. */
void trace_emit(enum trace_id id, u32 a0, u32 a1, u32 a2, u32 a3, u32 a4,
		u32 a5, u32 a6);

#define TRACE7(id, a, b, c, d, e, f, g, ...) \
	trace_emit(id, (u32)(a), (u32)(b), (u32)(c), (u32)(d), (u32)(e), \
		   (u32)(f), (u32)(g))

/* The tracepoint: TRACE(pte_set, addr, before, after, pfn, count). */
#define TRACE(name, ...)                                                  \
	do {                                                              \
		if (unlikely(trace_on))                                   \
			TRACE7(TRACE_ID_##name, __VA_ARGS__, 0, 0, 0, 0,  \
			       0, 0, 0, 0);                               \
	} while (0)

void trace_init(void); /* probes the gate port, reads "trace" of the cmdline */

/* Text of record EV into BUF; length. */
u32 trace_format(char *buf, u32 size, const struct trace_event *ev);

#endif
