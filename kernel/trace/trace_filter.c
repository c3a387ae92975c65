/* SPDX-License-Identifier: MIT */
/*
 * Which events the trace keeps. A filter is up to three words, and an event
 * must please all that are there:
 *
 *   event=pte_set,fault_*    its name; a star at the end stands for anything
 *   pid=4,5                  whose it is
 *   class=shm,cow            it belongs to a page fault of that class
 *
 * The class is known at fault_class only. So what a fault leaves up to there
 * is held back, and kept or forgotten then:
 *
 *   fault_enter  fault_vma  fault_class  page_alloc  pte_set  fault_exit
 *   '---- held back ----'       |        '-- as fault_class was ---'
 *
 * INV-TF1 a task between its fault_enter and its fault_exit has a slot if its
 *         fault may still be wanted, else it has none.
 * INV-TF2 there are SLOTS of them, so that many tasks may sleep within wanted
 *         faults at once; a fault that finds none free is left out.
 *
 * Context: any, interrupts off.
 */
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <lib/parse.h>
#include <lib/printf.h>
#include <lib/string.h>
#include <mm/fault_class.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

#define PIDS_MAX 8u
#define SLOTS 16u
#define HELD_MAX 8u /* of one fault; what comes beyond is left out */
#define WORD_MAX 256u

struct trace_filter {
	bool by_event, by_pid, by_class;
	bool event[TRACE_ID_COUNT];
	s32 pid[PIDS_MAX];
	u32 npids;
	u32 classes; /* bits */
	char text[WORD_MAX]; /* as it was given */
};

struct slot { /* a page fault that may be wanted */
	s16 pid; /* 0: free */
	bool wanted; /* its class is known */
	u32 nheld;
	struct trace_event held[HELD_MAX];
};

bool trace_filtering;

static struct trace_filter filter;
static struct slot slots[SLOTS];

/* --- the text ----------------------------------------------------------- */

/* Does NAME match the LEN bytes of PATTERN? */
static bool matches(const char *name, const char *pattern, u32 len)
{
	if (len && pattern[len - 1] == '*')
		return !strncmp(name, pattern, len - 1);
	return strlen(name) == len && !strncmp(name, pattern, len);
}

static int add_event(struct trace_filter *f, const char *word, u32 len)
{
	u32 i, found = 0;

	for (i = 0; i < TRACE_ID_COUNT; i++)
		if (matches(tracepoints[i].name, word, len)) {
			f->event[i] = true;
			found++;
		}
	f->by_event = true;
	return found ? 0 : -EINVAL;
}

static int add_pid(struct trace_filter *f, const char *word, u32 len)
{
	u32 pid;

	if (f->npids == PIDS_MAX || !len ||
	    parse_digits(word, len, 10, &pid) != len || pid >= PID_MAX)
		return -EINVAL;
	f->pid[f->npids++] = (s32)pid;
	f->by_pid = true;
	return 0;
}

static int add_class(struct trace_filter *f, const char *word, u32 len)
{
	u32 i;

	for (i = 0; i < FAULT_CLASS_EVENTS; i++)
		if (matches(fault_class_name(i), word, len)) {
			f->classes |= 1u << i;
			f->by_class = true;
			return 0;
		}
	return -EINVAL;
}

static const struct {
	const char *key; /* with the = */
	int (*add)(struct trace_filter *f, const char *word, u32 len);
} keys[] = {
	{ "event=", add_event },
	{ "pid=", add_pid },
	{ "class=", add_class },
};

/* The values behind a key, up to a blank or the end; *TEXT is moved on. */
static int add_values(struct trace_filter *f, const char **text,
		      int (*add)(struct trace_filter *, const char *, u32))
{
	const char *s = *text;
	u32 len;
	int err;

	for (;;) {
		for (len = 0; s[len] && !strchr(", ", s[len]); len++)
			;
		err = add(f, s, len);
		s += len;
		if (err || *s != ',')
			break;
		s++;
	}
	*text = s;
	return err;
}

static int add_word(struct trace_filter *f, const char **text)
{
	u32 i, len;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		len = strlen(keys[i].key);
		if (strncmp(*text, keys[i].key, len))
			continue;
		*text += len;
		return add_values(f, text, keys[i].add);
	}
	return -EINVAL;
}

int trace_filter_set(const char *text)
{
	static struct trace_filter new; /* too large for the stack */
	const char *s;
	u32 flags;
	int err;

	if (strlen(text) >= WORD_MAX)
		return -EINVAL;
	new = (struct trace_filter){ 0 };
	for (s = text; *s == ' '; s++)
		;
	strlcpy(new.text, s, sizeof(new.text));
	while (*s) {
		err = add_word(&new, &s);
		if (err)
			return err;
		while (*s == ' ')
			s++;
	}
	flags = irq_save();
	filter = new;
	memset(slots, 0, sizeof(slots));
	trace_filtering = filter.by_event || filter.by_pid || filter.by_class;
	irq_restore(flags);
	return 0;
}

u32 trace_filter_text(char *buf, u32 size)
{
	return (u32)snprintf(buf, size, "%s", filter.text);
}

/* --- faults by class ---------------------------------------------------- */

static struct slot *find_slot(s32 pid)
{
	u32 i;

	for (i = 0; i < SLOTS; i++)
		if (slots[i].pid == pid)
			return &slots[i];
	return NULL;
}

static void keep_held(struct slot *slot)
{
	u32 i;

	for (i = 0; i < slot->nheld; i++)
		trace_keep(&slot->held[i]);
	slot->nheld = 0;
}

/* A fault begins. */
static void begin_fault(const struct trace_event *ev)
{
	struct slot *slot = find_slot(ev->pid);

	if (!slot)
		slot = find_slot(0);
	if (slot)
		*slot = (struct slot){ .pid = ev->pid };
}

/* The class is known: from now on the fault is wanted, or forgotten. */
static void decide(struct slot *slot, u32 class)
{
	slot->wanted = filter.classes >> class & 1;
	if (slot->wanted)
		keep_held(slot);
	else
		slot->pid = 0;
}

/* EV, which passes the other words: is it to be kept? */
static bool pass_class(const struct trace_event *ev, bool others)
{
	struct slot *slot;
	bool wanted;

	if (ev->id == TRACE_ID_fault_enter)
		begin_fault(ev);
	slot = ev->pid ? find_slot(ev->pid) : NULL;
	if (!slot)
		return false;
	if (ev->id == TRACE_ID_fault_class && !slot->wanted)
		decide(slot, ev->arg[1]);
	if (ev->id == TRACE_ID_fault_exit && slot->pid && !slot->wanted)
		decide(slot, FAULT_CLASS_NONE);
	wanted = slot->pid && slot->wanted;
	if (slot->pid && !wanted && others && slot->nheld < HELD_MAX)
		slot->held[slot->nheld++] = *ev;
	if (ev->id == TRACE_ID_fault_exit)
		slot->pid = 0;
	return wanted && others;
}

/* --- events ------------------------------------------------------------- */

static bool is_my_pid(s32 pid)
{
	u32 i;

	for (i = 0; i < filter.npids; i++)
		if (filter.pid[i] == pid)
			return true;
	return false;
}

bool trace_filter_pass(const struct trace_event *ev)
{
	bool pass = (!filter.by_event || filter.event[ev->id]) &&
		    (!filter.by_pid || is_my_pid(ev->pid));

	return filter.by_class ? pass_class(ev, pass) : pass;
}
