/* SPDX-License-Identifier: MIT */
/*
 * The event trace: filling the ring, and reading it as text.
 *
 *   trace_emit() --> trace_ring[] --> /proc/trace   SEQ TSC PID NAME k=v ...
 *        |--> kernel log (trace=log)
 *        '--> gate port: a web page reads the record and may hold the machine
 *
 * The gate is port 0xe10. On machines without one it reads all ones, and is
 * never written. With one, writing a record's physical address makes it
 * known, and while the port reads "PAUS" the machine waits.
 *
 * INV-1  trace_ring[seq % TRACE_RING] holds event seq, for the TRACE_RING
 *        last ones; trace_first is the oldest that has not been cleared.
 *
 * Context: any. Interrupts are off while a record is written.
 */
#include <boot/boot_info.h>
#include <fs/file.h>
#include <fs/procfs.h>
#include <kernel/printk.h>
#include <kernel/proc.h>
#include <kernel/task.h>
#include <kernel/trace.h>
#include <kernel/usercopy.h>
#include <lib/parse.h>
#include <lib/printf.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <uapi/errno.h>
#include <uapi/stat.h>
#include <x86/cpu.h>
#include <x86/io.h>

#define GATE_PORT 0xe10
#define GATE_NOBODY 0xffffffffu
#define GATE_PAUSED 0x50415553u /* "PAUS" */
#define LINE_MAX 160u
#define DEV_TRACE_MAJOR 10u
#define DEV_TRACE_MINOR 200u

u32 trace_on;
struct trace_event trace_ring[TRACE_RING];
u32 trace_head;

static u32 trace_first;

static const struct {
	const char *name;
	const char *format; /* of all arguments */
} tracepoints[TRACE_ID_COUNT] = {
#define TRACEPOINT(name, args, format) { #name, format },
#include <kernel/tracepoints.def>
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
				     a[2], a[3], a[4], a[5], a[6]);
	return MIN(len, size - 1);
}

/* --- filling ------------------------------------------------------------ */

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

void trace_emit(enum trace_id id, u32 a0, u32 a1, u32 a2, u32 a3, u32 a4,
		u32 a5, u32 a6)
{
	/* Our caller's frame: its caller's ebp, then its return address. */
	const u32 *caller = *(u32 **)__builtin_frame_address(0);
	u32 flags = irq_save();
	struct trace_event *ev = &trace_ring[trace_head % TRACE_RING];

	*ev = (struct trace_event){
		.tsc = rdtsc(),
		.seq = trace_head++,
		.id = (u16)id,
		.pid = (s16)current->pid,
		.caller = caller[1],
		.arg = { a0, a1, a2, a3, a4, a5, a6 },
	};
	if (trace_on & TRACE_ON_GATE)
		pass_gate(ev);
	if (trace_on & TRACE_ON_LOG)
		log_event(ev);
	irq_restore(flags);
}

/* --- /proc/trace -------------------------------------------------------- */

static u32 oldest_event(void)
{
	u32 kept = MIN(trace_head - trace_first, TRACE_RING);

	return trace_head - kept;
}

/* Appends events FROM .. END; what is overwritten meanwhile is left out. */
static void show_events(struct seq_buf *s, u32 from, u32 end)
{
	struct trace_event ev;
	char line[LINE_MAX];
	u32 seq;

	for (seq = from; seq != end && !s->failed; seq++) {
		ev = trace_ring[seq % TRACE_RING];
		if (ev.seq != seq)
			continue;
		trace_format(line, sizeof(line), &ev);
		seq_printf(s, "%s\n", line);
	}
}

/* Is there memory for a buffer of twice the size? */
static bool can_grow(const struct seq_buf *s)
{
	void *probe = kmalloc(s->size * 2, GFP_KERNEL);

	kfree(probe);
	return probe;
}

static int trace_show(struct seq_buf *s, void *arg)
{
	u32 end = trace_head, from = oldest_event();

	show_events(s, from, end);
	if (!s->failed || can_grow(s))
		return 0;
	/* The newest part that fits; one line always does. */
	while (s->failed && end - from > 1) {
		s->failed = false;
		s->len = 0;
		from = end - (end - from) / 2;
		show_events(s, from, end);
	}
	return 0;
}

static bool is_word(const char *text, u32 len, const char *word)
{
	if (len && text[len - 1] == '\n')
		len--;
	return len == strlen(word) && !strncmp(text, word, len);
}

static long trace_store(const char *text, u32 len, void *arg)
{
	if (is_word(text, len, "on"))
		trace_on |= TRACE_ON_RING;
	else if (is_word(text, len, "log"))
		trace_on |= TRACE_ON_RING | TRACE_ON_LOG;
	else if (is_word(text, len, "off"))
		trace_on &= TRACE_ON_GATE;
	else if (is_word(text, len, "clear"))
		trace_first = trace_head;
	else
		return -EINVAL;
	return (long)len;
}

/* --- /dev/trace --------------------------------------------------------- */

/* Each write leaves one mark, with the number written. */
static long dev_trace_write(struct file *file, const char *buf, u32 len,
			    u32 *pos)
{
	char text[16] = "";
	u32 value = 0;

	if (copy_from_user(text, buf, MIN(len, sizeof(text) - 1)))
		return -EFAULT;
	parse_digits(text, sizeof(text), 10, &value);
	TRACE(mark, value);
	return (long)len;
}

static long dev_trace_read(struct file *file, char *buf, u32 len, u32 *pos)
{
	return 0;
}

static const struct file_operations dev_trace_ops = {
	.read = dev_trace_read,
	.write = dev_trace_write,
};

static struct proc_entry trace_entry = {
	.path = "trace",
	.mode = 0644,
	.show = trace_show,
	.store = trace_store,
};

void trace_proc_init(void)
{
	proc_register(&trace_entry);
	devfs_register("trace", 0666,
		       makedev(DEV_TRACE_MAJOR, DEV_TRACE_MINOR),
		       &dev_trace_ops);
}

void trace_init(void)
{
	char mode[8];

	if (inl(GATE_PORT) != GATE_NOBODY)
		trace_on |= TRACE_ON_GATE;
	if (!cmdline_get("trace", mode, sizeof(mode)))
		return;
	if (!strcmp(mode, "ring"))
		trace_on |= TRACE_ON_RING;
	else if (!strcmp(mode, "log"))
		trace_on |= TRACE_ON_RING | TRACE_ON_LOG;
}
