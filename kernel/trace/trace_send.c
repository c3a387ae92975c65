/* SPDX-License-Identifier: MIT */
/*
 * The trace on COM3, for tools/vm --trace: every event, none left out.
 *
 *   frame   | type | length, 16 bits, low byte first | payload |
 *   'H'     a line of text: what the records mean; these come first
 *   'E'     records as they lie in the ring
 *   'T'     how many events there were; nothing follows
 *
 * The word com3=trace of the kernel command line asks for it. Whoever leaves
 * an event when TRACE_BATCH of them wait sends these first, polled; that
 * time is left out of the stamps (INV-TR2 of kernel/trace/trace.c).
 *
 * INV-TS1 trace_head - sent <= TRACE_BATCH: nothing is overwritten unsent.
 *
 * Context: any, interrupts off.
 */
#include <boot/boot_info.h>
#include <drivers/drivers.h>
#include <kernel/printk.h>
#include <kernel/sysinfo.h>
#include <kernel/trace/trace.h>
#include <lib/printf.h>
#include <lib/string.h>
#include <mm/fault.h>
#include <mm/page.h>
#include <x86/cpu.h>

#define TRACE_PORT 2 /* COM3 */
#define TRACE_VERSION "1"
#define TRACE_BATCH 64u /* 3 KiB: a few milliseconds, below a tick */

static u32 sent; /* events COM3 has got */
static bool sending;

BUILD_ASSERT(TRACE_BATCH <= TRACE_RING, "INV-TS1");

static void send_frame(char type, const void *data, u32 len)
{
	char head[] = { type, (char)len, (char)(len >> 8) };

	serial_write(TRACE_PORT, head, sizeof(head));
	serial_write(TRACE_PORT, data, len);
}

/* The events from SENT on, as far as they lie in one piece. */
static void send_piece(void)
{
	u32 first = sent % TRACE_RING;
	u32 n = MIN(trace_head - sent, TRACE_RING - first);

	send_frame('E', &trace_ring[first], n * sizeof(trace_ring[0]));
	sent += n;
}

void trace_send(void)
{
	sending = true;
	while (sent != trace_head)
		send_piece();
	sending = false;
}

void trace_send_room(void)
{
	if (trace_head - sent >= TRACE_BATCH)
		trace_send();
}

void trace_send_idle(void)
{
	u32 flags;
	u64 begin;

	if (!(trace_on & TRACE_ON_SEND) || sent == trace_head)
		return;
	flags = irq_save();
	begin = rdtsc();
	trace_send();
	trace_skew += rdtsc() - begin;
	irq_restore(flags);
}

/* A panic may have come from within a frame: then there is no end. */
void trace_send_end(void)
{
	if (!(trace_on & TRACE_ON_SEND) || sending)
		return;
	trace_on &= ~(u32)TRACE_ON_SEND;
	trace_send();
	send_frame('T', &trace_head, sizeof(trace_head));
}

/* One line of the header: the WORDS, up to a NULL, with tabs between. */
static void send_line(const char *const *words)
{
	u32 len = 0, i;
	char head[3] = { 'H' };

	for (i = 0; words[i]; i++)
		len += strlen(words[i]) + 1;
	head[1] = (char)len;
	head[2] = (char)(len >> 8);
	serial_write(TRACE_PORT, head, sizeof(head));
	for (i = 0; words[i]; i++) {
		serial_write(TRACE_PORT, words[i], strlen(words[i]));
		serial_write(TRACE_PORT, words[i + 1] ? "\t" : "\n", 1);
	}
}

#define SEND_LINE(...) send_line((const char *const[]){ __VA_ARGS__, NULL })

static void send_header(void)
{
	char number[12];
	u32 i;

	SEND_LINE("faultline-trace", TRACE_VERSION);
	SEND_LINE("kernel", system_name.release, __VERSION__);
	snprintf(number, sizeof(number), "%u", max_pfn);
	SEND_LINE("frames", number);
	SEND_LINE("cmdline", boot_info.cmdline);
	for (i = 0; i < TRACE_ID_COUNT; i++)
		SEND_LINE("event", tracepoints[i].name, tracepoints[i].args,
			  tracepoints[i].format);
	for (i = 0; i < FAULT_CLASS_EVENTS; i++)
		SEND_LINE("class", fault_class_name(i));
}

void trace_send_init(void)
{
	char word[8];

	if (!cmdline_get("com3", word, sizeof(word)))
		return;
	if (strcmp(word, "trace")) {
		cmdline_refuse("com3", word);
		return;
	}
	if (!serial_present(TRACE_PORT)) {
		printk("trace: there is no COM3\n");
		return;
	}
	send_header();
	trace_on |= TRACE_ON_RING | TRACE_ON_SEND;
}
