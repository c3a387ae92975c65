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

static const char *const class_names[] = { FAULT_CLASSES(
	DICTIONARY_WORDS) FAULT_LATER_CLASSES(DICTIONARY_WORDS) };

/* In the order of the lines. */
#define KIND(word, class_name, disk) { word, disk, FAULT_CLASS_##class_name },
static const struct {
	const char *name;
	u8 major, class;
} kinds[] = { FAULT_KINDS(KIND) };

static const char *const outcome_names[] = { FAULT_OUTCOMES(DICTIONARY_WORDS) };

const char *fault_class_name(enum fault_class class)
{
	return class_names[class];
}

void fault_kind_tell(struct seq_buf *s, enum fault_class class, bool major,
		     enum fault_outcome outcome)
{
	const char *name = "none";
	u32 i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].class == class && kinds[i].major == major)
			name = kinds[i].name;
	if (outcome == FAULT_DONE)
		seq_printf(s, "%s", name);
	else
		seq_printf(s, "refused-%s", outcome_names[outcome]);
}

static int faults_show(struct seq_buf *s, struct task *task)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		seq_printf(s, "%s %u\n", kinds[i].name,
			   task->rig.faults[kinds[i].class][kinds[i].major]);
	for (i = FAULT_DONE + 1; i < FAULT_OUTCOME_COUNT; i++)
		seq_printf(s, "refused-%s %u\n", outcome_names[i],
			   task->rig.refused[i]);
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
