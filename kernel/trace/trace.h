/* SPDX-License-Identifier: MIT */
/*
 * The event trace: a ring of fixed-size records, filled at the tracepoints
 * that tracepoints.def lists. Off, a tracepoint is one test and one
 * branch. Readers: /proc/trace, gdb, tools/vm --trace behind COM3, and a web
 * page through the gate port.
 *
 *   TRACE(pte_set, addr, before, after, pfn, count)
 *        |   trace_on == 0: nothing
 *        v
 *   trace_filter_pass()               kernel/trace/trace_filter.c
 *        v
 *   trace_ring[head++ % TRACE_RING]   oldest records are overwritten, but
 *        |                            none before trace_send() has sent it
 *        '--> COM3                    kernel/trace/trace_send.c
 */
#ifndef KERNEL_TRACE_H
#define KERNEL_TRACE_H

#include <lib/types.h>

struct task;

#define TRACE_RING 4096u /* records, a power of two: 192 KiB */
#define TRACE_ARGS 6

enum trace_on_bits {
	TRACE_ON_RING = 1, /* records go to the ring */
	TRACE_ON_GATE = 2, /* and to the gate port: docs/trace.md */
	TRACE_ON_LOG = 4, /* and to the kernel log as text (menu: verbose) */
	TRACE_ON_SEND = 8, /* and to COM3, all of them */
};

struct trace_event {
	u64 tsc; /* of the processor: guest instructions under --icount */
	u32 seq; /* counts events since boot */
	u16 id; /* enum trace_id */
	s16 pid;
	u32 caller; /* return address of the function with the tracepoint */
	u32 arg[TRACE_ARGS];
	u32 at; /* the tracepoint: where the call of trace_emit() returns to */
};

BUILD_ASSERT(sizeof(struct trace_event) == 48, "docs/trace.md");

enum trace_id {
#define TRACEPOINT(name, args, format) TRACE_ID_##name,
#include <kernel/trace/tracepoints.def>
#undef TRACEPOINT
	TRACE_ID_COUNT
};

extern u32 trace_on; /* enum trace_on_bits; 0: off */
extern struct trace_event trace_ring[TRACE_RING];
extern u32 trace_head; /* events written since boot */
extern u64 trace_skew; /* cycles the trace itself has taken */

/* Appends one record. Any context, atomic. */
void trace_emit(enum trace_id id, u32 a0, u32 a1, u32 a2, u32 a3, u32 a4,
		u32 a5);

#define TRACE6(id, a, b, c, d, e, f, ...) \
	trace_emit(id, (u32)(a), (u32)(b), (u32)(c), (u32)(d), (u32)(e), \
		   (u32)(f))

/* The tracepoint: TRACE(pte_set, addr, before, after, pfn, count). */
#define TRACE(name, ...)                                                  \
	do {                                                              \
		if (unlikely(trace_on))                                   \
			TRACE6(TRACE_ID_##name, __VA_ARGS__, 0, 0, 0, 0,  \
			       0, 0, 0);                                  \
	} while (0)

/* The name of TASK, which has just got it: a task_name event. */
void trace_name(const struct task *task);

/* Probes the gate port, reads the words trace and com3 of the command line. */
void trace_init(void);

/* Text of record EV into BUF; length. */
u32 trace_format(char *buf, u32 size, const struct trace_event *ev);

/* What kernel/trace/tracepoints.def says of event ID. */
struct tracepoint {
	const char *name, *args; /* names with a blank between them */
	const char *format; /* of all arguments */
};
extern const struct tracepoint tracepoints[TRACE_ID_COUNT];

/* --- kernel/trace/trace_filter.c ----------------------------------------- */

extern bool trace_filtering; /* is there a filter? */

/* Does the filter let EV through? It may put other events, held back until
 * now, into the ring with trace_keep(). Interrupts are off. */
bool trace_filter_pass(const struct trace_event *ev);

/* Takes TEXT, words such as event=pte_set pid=4,5 class=shm, as the filter;
 * none: no filter. 0 or -EINVAL, with the filter as it was. */
int trace_filter_set(const char *text);

/* The filter as text, "" without one; length. */
u32 trace_filter_text(char *buf, u32 size);

/* --- kernel/trace/trace_send.c ------------------------------------------- */

/* Makes COM3 carry the trace, if the command line says so. */
void trace_send_init(void);

/* Sends what COM3 has not got yet. Any context; interrupts are off. */
void trace_send(void);

/* Room for one more record: sends when there is a batch. */
void trace_send_room(void);

/* The same when nobody else wants the processor. */
void trace_send_idle(void);

/* The last of it, before the machine ends. */
void trace_send_end(void);

/* Puts EV into the ring. Interrupts are off. */
void trace_keep(const struct trace_event *ev);

#endif
