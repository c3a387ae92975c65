/* SPDX-License-Identifier: MIT */
/*
 * /proc/<pid>/faults: the page faults of a task, by kind, a line each, always
 * all of them in the same order:
 *
 *   shm-first 8         minor and major are kinds of their own: shm-resident,
 *   shm-resident 8      shm-swapin
 *
 * INV-1  the lines up to "refused-" add up to min_flt + maj_flt of the task
 *        (and of field 10 and 12 of /proc/<pid>/stat).
 *
 * fault_finish() counts; nothing here sleeps.
 */
#include <fs/proc/procfs.h>
#include <kernel/task.h>
#include <mm/fault.h>

BUILD_ASSERT(FAULT_OOM < FAULT_OUTCOMES, "an outcome for each counter");

static const char *const class_names[FAULT_CLASS_EVENTS] = {
	[FAULT_CLASS_NONE] = "none",
	[FAULT_CLASS_ZERO_READ] = "zero",
	[FAULT_CLASS_ANON_WRITE] = "anon",
	[FAULT_CLASS_FILE] = "file",
	[FAULT_CLASS_SHM] = "shm",
	[FAULT_CLASS_SWAP] = "swap",
	[FAULT_CLASS_COW] = "cow",
	[FAULT_CLASS_SPURIOUS] = "faster",
};

/* In the order of the lines. */
static const struct {
	const char *name;
	u8 major, class;
} kinds[] = {
	{ "zero-read", 0, FAULT_CLASS_ZERO_READ },
	{ "anon-write", 0, FAULT_CLASS_ANON_WRITE },
	{ "file-cached", 0, FAULT_CLASS_FILE },
	{ "file-read", 1, FAULT_CLASS_FILE },
	{ "shm-first", 0, FAULT_CLASS_SHM_FIRST },
	{ "shm-resident", 0, FAULT_CLASS_SHM },
	{ "shm-cached", 0, FAULT_CLASS_SHM_SWAP },
	{ "shm-swapin", 1, FAULT_CLASS_SHM_SWAP },
	{ "swap-cached", 0, FAULT_CLASS_SWAP },
	{ "swap-read", 1, FAULT_CLASS_SWAP },
	{ "cow-copy", 0, FAULT_CLASS_COW_COPY },
	{ "cow-reuse", 0, FAULT_CLASS_COW },
	{ "faster", 0, FAULT_CLASS_SPURIOUS },
};

static const char *const refusals[FAULT_OUTCOMES] = {
	[FAULT_MAPERR] = "refused-maperr",
	[FAULT_ACCERR] = "refused-accerr",
	[FAULT_BUS] = "refused-bus",
	[FAULT_OOM] = "refused-oom",
};

const char *fault_class_name(enum fault_class class)
{
	return class_names[class];
}

static int faults_show(struct seq_buf *s, struct task *task)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		seq_printf(s, "%s %u\n", kinds[i].name,
			   task->faults[kinds[i].class][kinds[i].major]);
	for (i = FAULT_MAPERR; i < FAULT_OUTCOMES; i++)
		seq_printf(s, "%s %u\n", refusals[i], task->refused[i]);
	return 0;
}

void fault_proc_init(void)
{
	static struct proc_pid_entry entry = {
		.name = "faults",
		.mode = 0444,
		.show = faults_show,
	};

	proc_register_pid(&entry);
}
