/* SPDX-License-Identifier: MIT */
/*
 * The event trace as files: /proc/trace, the ring as text and a word to
 * steer it; /proc/trace_state, what it does just now; /dev/trace, where a
 * program leaves a mark.
 *
 * INV-TP1 trace_first is the oldest event that has not been cleared.
 *
 * See: docs/trace.md.
 */
#include <fs/file.h>
#include <fs/proc/procfs.h>
#include <fs/proc/proc.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <kernel/usercopy.h>
#include <lib/parse.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <uapi/errno.h>
#include <uapi/stat.h>

#define LINE_MAX 160u
#define WORD_MAX 256u /* of what is written to /proc/trace, with the NUL */
#define FILTER_WORD "filter"
#define DEV_TRACE_MAJOR 10u
#define DEV_TRACE_MINOR 200u

static u32 trace_first;

/* --- /proc/trace, read -------------------------------------------------- */

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

/* --- /proc/trace, written; /proc/trace_state ---------------------------- */

/* Who is there already: their names would be missing else. */
static void name_tasks(void)
{
	const struct task *task;

	for_each_task(task)
		trace_name(task);
}

static void switch_on(u32 bits)
{
	bool was_on = trace_on & ~(u32)TRACE_ON_GATE;

	trace_on |= bits;
	if (!was_on)
		name_tasks();
}

static int obey(const char *word)
{
	u32 len = strlen(FILTER_WORD);

	if (!strcmp(word, "on"))
		switch_on(TRACE_ON_RING);
	else if (!strcmp(word, "log"))
		switch_on(TRACE_ON_RING | TRACE_ON_LOG);
	else if (!strcmp(word, "off"))
		trace_on &= TRACE_ON_GATE | TRACE_ON_SEND;
	else if (!strcmp(word, "clear"))
		trace_first = trace_head;
	else if (!strncmp(word, FILTER_WORD, len) &&
		 (!word[len] || word[len] == ' '))
		return trace_filter_set(word + len);
	else
		return -EINVAL;
	return 0;
}

static long trace_store(const char *text, u32 len, void *arg)
{
	char word[WORD_MAX];
	int err;

	if (len && text[len - 1] == '\n')
		len--;
	if (len >= sizeof(word) || strnlen(text, len) != len)
		return -EINVAL;
	strlcpy(word, text, len + 1);
	err = obey(word);
	return err ? err : (long)strlen(text);
}

static int state_show(struct seq_buf *s, void *arg)
{
	char filter[WORD_MAX];

	trace_filter_text(filter, sizeof(filter));
	seq_printf(s, "trace:  %s%s%s%s\n",
		   trace_on & TRACE_ON_RING ? "on" : "off",
		   trace_on & TRACE_ON_LOG ? " log" : "",
		   trace_on & TRACE_ON_SEND ? " com3" : "",
		   trace_on & TRACE_ON_GATE ? " gate" : "");
	seq_printf(s, "filter: %s\n", filter[0] ? filter : "none");
	seq_printf(s, "events: %u, %u to be read\n", trace_head,
		   trace_head - oldest_event());
	seq_printf(s, "skew:   %llu\n", trace_skew);
	return 0;
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

static struct proc_entry state_entry = {
	.path = "trace_state",
	.mode = 0444,
	.show = state_show,
};

void trace_proc_init(void)
{
	proc_register(&trace_entry);
	proc_register(&state_entry);
	devfs_register("trace", 0666,
		       makedev(DEV_TRACE_MAJOR, DEV_TRACE_MINOR),
		       &dev_trace_ops);
}
