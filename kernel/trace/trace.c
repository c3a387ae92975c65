/* SPDX-License-Identifier: MIT */
/*
 * The event trace: filling the ring.
 *
 *   trace_emit() --> filter --> trace_ring[] --> /proc/trace   trace_proc.c
 *        |--> COM3, none left out (com3=trace)                 trace_send.c
 *        |--> kernel log (trace=log)
 *        '--> gate port: a web page reads the record and may hold the machine
 *
 * The gate is port 0xe10. On machines without one it reads all ones, and is
 * never written. With one, writing a record's physical address makes it
 * known, and while the port reads "PAUS" the machine waits.
 *
 * INV-TR1 trace_ring[seq % TRACE_RING] holds event seq, for the TRACE_RING
 *         last ones.
 * INV-TR2 the time between two events' stamps holds none of the trace's own:
 *         what trace_emit() takes, sending and waiting included, is added to
 *         trace_skew, and stamps are the TSC less that.
 *
 * Context: any. Interrupts are off while a record is written.
 */
#include <boot/boot_info.h>
#include <kernel/printk.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <lib/printf.h>
#include <lib/string.h>
#include <mm/page.h>
#include <x86/cpu.h>
#include <x86/io.h>

#define GATE_PORT 0xe10
#define GATE_NOBODY 0xffffffffu
#define GATE_PAUSED 0x50415553u /* "PAUS" */
#define LINE_MAX 160u

u32 trace_on;
struct trace_event trace_ring[TRACE_RING];
u32 trace_head;
u64 trace_skew;

const struct tracepoint tracepoints[TRACE_ID_COUNT] = {
#define TRACEPOINT(name, args, format) { #name, args, format },
#include <kernel/trace/tracepoints.def>
#undef TRACEPOINT
};

u32 trace_format(char *buf, u32 size, const struct trace_event *ev)
{
	const u32 *a = ev->arg;
	u32 len = (u32)snprintf(buf, size, "%u %llu %d %s ", ev->seq, ev->tsc,
				ev->pid, tracepoints[ev->id].name);

	if (len < size)
		len += (u32)snprintf(buf + len, size - len,
				     tracepoints[ev->id].format, a[0], a[1],
				     a[2], a[3], a[4], a[5]);
	if (ev->id == TRACE_ID_task_name && len < size)
		len += (u32)snprintf(buf + len, size - len, "%.16s",
				     (const char *)&a[1]);
	return MIN(len, size - 1);
}

/* --- filling ------------------------------------------------------------ */

/* Tells the page that what follows is the trace's own time, not the
 * kernel's: it counts instructions by itself. */
static void tell_gate(void)
{
	if (trace_on & TRACE_ON_GATE)
		inl(GATE_PORT);
}

static void pass_gate(const struct trace_event *ev)
{
	outl(GATE_PORT, kva_to_paddr(ev));
	while (inl(GATE_PORT) == GATE_PAUSED)
		;
}

static void log_event(const struct trace_event *ev)
{
	char line[LINE_MAX];

	trace_format(line, sizeof(line), ev);
	printk("trace: %s\n", line);
}

void trace_keep(const struct trace_event *ev)
{
	struct trace_event *kept = &trace_ring[trace_head % TRACE_RING];

	if (trace_on & TRACE_ON_SEND)
		trace_send_room();
	*kept = *ev;
	kept->seq = trace_head++;
	if (trace_on & TRACE_ON_GATE)
		pass_gate(kept);
	if (trace_on & TRACE_ON_LOG)
		log_event(kept);
}

void trace_emit(enum trace_id id, u32 a0, u32 a1, u32 a2, u32 a3, u32 a4,
		u32 a5)
{
	/* Our caller's frame: its caller's ebp, then its return address. */
	const u32 *caller = *(u32 **)__builtin_frame_address(0);
	u32 flags = irq_save();
	u64 begin = rdtsc();
	struct trace_event ev = {
		.tsc = begin - trace_skew,
		.id = (u16)id,
		.pid = (s16)current->pid,
		.caller = caller[1],
		.arg = { a0, a1, a2, a3, a4, a5 },
		.at = (u32)__builtin_return_address(0),
	};

	tell_gate();
	if (likely(!trace_filtering) || trace_filter_pass(&ev))
		trace_keep(&ev);
	trace_skew += rdtsc() - begin;
	irq_restore(flags);
}

void trace_name(const struct task *task)
{
	u32 name[sizeof(task->comm) / sizeof(u32)];

	memcpy(name, task->comm, sizeof(task->comm));
	TRACE(task_name, task->pid, name[0], name[1], name[2], name[3]);
}

void trace_init(void)
{
	char mode[8];

	if (inl(GATE_PORT) != GATE_NOBODY)
		trace_on |= TRACE_ON_GATE;
	trace_send_init();
	if (!cmdline_get("trace", mode, sizeof(mode)))
		return;
	if (!strcmp(mode, "ring"))
		trace_on |= TRACE_ON_RING;
	else if (!strcmp(mode, "log"))
		trace_on |= TRACE_ON_RING | TRACE_ON_LOG;
	else
		cmdline_refuse("trace", mode);
}
