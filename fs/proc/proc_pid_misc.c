/* SPDX-License-Identifier: MIT */
/*
 * /proc/<pid>: comm, limits, wchan, io and the figures of the out-of-memory
 * killer; and fail-nth, fail-io-nth, park-nth, which steer
 * fault_inject.c. Layouts are Linux's. Nothing here sleeps, so the task
 * stays where it is.
 */
#include <fs/proc/procfs.h>
#include <fs/proc/proc.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <lib/string.h>
#include <uapi/errno.h>

/* --- comm, limits ------------------------------------------------------- */

static int comm_show(struct seq_buf *s, struct task *task)
{
	seq_printf(s, "%s\n", task->comm);
	return 0;
}

static long comm_store(const char *text, u32 len, struct task *task)
{
	u32 used = strnlen(text, len);

	if (task != current)
		return -EINVAL;
	if (used && text[used - 1] == '\n')
		used--;
	used = MIN(used, (u32)sizeof(task->comm) - 1);
	memset(task->comm, 0, sizeof(task->comm));
	memcpy(task->comm, text, used);
	trace_name(task);
	return (long)len;
}

static const struct {
	const char *name, *unit;
} limit_names[RLIM_NLIMITS] = {
	[RLIMIT_CPU] = { "Max cpu time", "seconds" },
	[RLIMIT_FSIZE] = { "Max file size", "bytes" },
	[RLIMIT_DATA] = { "Max data size", "bytes" },
	[RLIMIT_STACK] = { "Max stack size", "bytes" },
	[RLIMIT_CORE] = { "Max core file size", "bytes" },
	[RLIMIT_RSS] = { "Max resident set", "bytes" },
	[RLIMIT_NPROC] = { "Max processes", "processes" },
	[RLIMIT_NOFILE] = { "Max open files", "files" },
	[RLIMIT_MEMLOCK] = { "Max locked memory", "bytes" },
	[RLIMIT_AS] = { "Max address space", "bytes" },
	[RLIMIT_LOCKS] = { "Max file locks", "locks" },
	[RLIMIT_SIGPENDING] = { "Max pending signals", "signals" },
	[RLIMIT_MSGQUEUE] = { "Max msgqueue size", "bytes" },
	[RLIMIT_NICE] = { "Max nice priority", "" },
	[RLIMIT_RTPRIO] = { "Max realtime priority", "" },
	[RLIMIT_RTTIME] = { "Max realtime timeout", "us" },
};

static void show_limit(struct seq_buf *s, u32 value)
{
	if (value == RLIM_INFINITY)
		seq_printf(s, "%-20s ", "unlimited");
	else
		seq_printf(s, "%-20u ", value);
}

static int limits_show(struct seq_buf *s, struct task *task)
{
	u32 i;

	seq_printf(s, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit",
		   "Hard Limit", "Units");
	for (i = 0; i < RLIM_NLIMITS; i++) {
		seq_printf(s, "%-25s ", limit_names[i].name);
		show_limit(s, task->process->rlim[i].rlim_cur);
		show_limit(s, task->process->rlim[i].rlim_max);
		seq_printf(s, "%-10s\n", limit_names[i].unit);
	}
	return 0;
}

/* --- what it waits for, what it has moved, what it is worth ------------- */

/* The name of what it sleeps on, or 0. */
static int wchan_show(struct seq_buf *s, struct task *task)
{
	seq_printf(s, "%s", task->wait_name ? task->wait_name : "0");
	return 0;
}

/* Bytes are not counted, and there is no disk. */
static int io_show(struct seq_buf *s, struct task *task)
{
	seq_printf(s, "rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\n"
		      "read_bytes: 0\nwrite_bytes: 0\n"
		      "cancelled_write_bytes: 0\n");
	return 0;
}

/* Nobody is preferred when memory ends. */
static int zero_show(struct seq_buf *s, struct task *task)
{
	seq_printf(s, "0\n");
	return 0;
}

static int personality_show(struct seq_buf *s, struct task *task)
{
	seq_printf(s, "%08x\n", 0u);
	return 0;
}

/* --- fault injection ---------------------------------------------------- */

static int show_nth(struct seq_buf *s, u32 nth, u32 every)
{
	seq_printf(s, every ? "%u every\n" : "%u\n", nth);
	return 0;
}

/* "N" or "N every"; LEN or -EINVAL. */
static long store_nth(const char *text, u32 len, u32 *nth, u32 *every)
{
	static const char word[] = " every";
	char number[16];
	u32 used = strnlen(text, len), value;
	bool again;

	if (used && text[used - 1] == '\n')
		used--;
	again = used >= sizeof(word) &&
		!memcmp(text + used - (sizeof(word) - 1), word,
			sizeof(word) - 1);
	if (again)
		used -= sizeof(word) - 1;
	if (used >= sizeof(number))
		return -EINVAL;
	memcpy(number, text, used);
	number[used] = '\0';
	if (proc_parse_u32(number, &value))
		return -EINVAL;
	*nth = value;
	*every = again ? value : 0;
	return (long)len;
}

static int fail_nth_show(struct seq_buf *s, struct task *task)
{
	return show_nth(s, task->rig.fail_nth, task->rig.fail_every);
}

static long fail_nth_store(const char *text, u32 len, struct task *task)
{
	return store_nth(text, len, &task->rig.fail_nth, &task->rig.fail_every);
}

static int fail_io_nth_show(struct seq_buf *s, struct task *task)
{
	return show_nth(s, task->rig.fail_io_nth, task->rig.fail_io_every);
}

static long fail_io_nth_store(const char *text, u32 len, struct task *task)
{
	return store_nth(text, len, &task->rig.fail_io_nth,
			 &task->rig.fail_io_every);
}

/* "N" allocations to go, or "parked". */
static int park_nth_show(struct seq_buf *s, struct task *task)
{
	if (task->rig.parked)
		seq_printf(s, "parked\n");
	else
		seq_printf(s, "%u\n", task->rig.park_nth);
	return 0;
}

static long park_nth_store(const char *text, u32 len, struct task *task)
{
	u32 nth;
	int err = proc_parse_u32(text, &nth);

	if (err)
		return err;
	task->rig.park_nth = nth;
	if (!nth)
		task_unpark(task);
	return (long)len;
}

void proc_pid_misc_init(void)
{
	static struct proc_pid_entry entries[] = {
		{ .name = "comm", .mode = 0644, .show = comm_show,
		  .store = comm_store },
		{ .name = "limits", .mode = 0444, .show = limits_show },
		{ .name = "wchan", .mode = 0444, .show = wchan_show },
		{ .name = "io", .mode = 0400, .show = io_show },
		{ .name = "oom_score", .mode = 0444, .show = zero_show },
		{ .name = "oom_adj", .mode = 0444, .show = zero_show },
		{ .name = "oom_score_adj", .mode = 0444, .show = zero_show },
		{ .name = "personality", .mode = 0400,
		  .show = personality_show },
		{ .name = "fail-nth", .mode = 0644, .show = fail_nth_show,
		  .store = fail_nth_store },
		{ .name = "fail-io-nth", .mode = 0644,
		  .show = fail_io_nth_show, .store = fail_io_nth_store },
		{ .name = "park-nth", .mode = 0644, .for_root = true,
		  .show = park_nth_show, .store = park_nth_store },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(entries); i++)
		proc_register_pid(&entries[i]);
}
