/* SPDX-License-Identifier: MIT */
/*
 * /proc/<pid>: status, stat, statm, cmdline, environ, in Linux's layouts, so
 * that ps and its like read them. The smaller ones: fs/proc/proc_pid_misc.c.
 *
 * A task that is being read about may end at every sleep. So what is taken
 * from the task block is taken without sleeping; an address space is used
 * with a reference of its own, and the task is looked up again afterwards.
 * A zombie has no address space: its files are empty or lack those lines.
 */
#include <drivers/tty/tty.h>
#include <fs/proc/procfs.h>
#include <fs/proc/proc.h>
#include <kernel/task.h>
#include <lib/string.h>
#include <mm/mm.h>
#include <uapi/errno.h>

#define KIB(pages) ((pages) << (PAGE_SHIFT - 10))
#define CHUNK 128u
#define CAPS_ALL 0x000001ffffffffffull /* of a task with privilege */
#define PRIORITY 20 /* nice 0 */
#define ENV_MAX 0x20000u /* more is cut */

struct vm_sizes { /* in pages */
	u32 data, stack, exe, lib;
};

/* --- the address space -------------------------------------------------- */

/* TASK's address space with one more reference, or NULL. */
static struct mm_struct *mm_get(const struct task *task)
{
	struct mm_struct *mm = task->mm;

	if (mm)
		mm->count++;
	return mm;
}

static void count_area(struct vm_sizes *sizes, const struct vm_area_struct *vma)
{
	const struct mm_struct *mm = vma->vm_mm;
	u32 npages = vma_npages(vma);

	if (vma->vm_flags & VM_GROWSDOWN)
		sizes->stack += npages;
	else if ((vma->vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE)
		sizes->data += npages;
	if (!(vma->vm_flags & VM_EXEC) || !vma->vm_file)
		return;
	if (vma->vm_start < mm->end_code && vma->vm_end > mm->start_code)
		sizes->exe += npages;
	else
		sizes->lib += npages;
}

/*
 * Fills SIZES; all 0 without an address space. May sleep, so the task is
 * looked up again: the result, NULL if it is gone.
 */
static struct task *measure_mm(struct task *task, struct vm_sizes *sizes)
{
	struct mm_struct *mm = mm_get(task);
	struct vm_area_struct *vma;
	pid_t pid = task->pid;

	*sizes = (struct vm_sizes){ 0 };
	if (!mm)
		return task;
	mutex_lock(&mm->mmap_sem);
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		count_area(sizes, vma);
	mutex_unlock(&mm->mmap_sem);
	mmput(mm);
	return find_task(pid);
}

/* --- status ------------------------------------------------------------- */

static char state_letter(const struct task *task)
{
	switch (task->state) {
	case TASK_RUNNING:
		return 'R';
	case TASK_INTERRUPTIBLE:
		return 'S';
	case TASK_UNINTERRUPTIBLE:
		return 'D';
	case TASK_STOPPED:
		return 'T';
	case TASK_ZOMBIE:
		return 'Z';
	}
	return '?';
}

static const char *state_name(char letter)
{
	switch (letter) {
	case 'R':
		return "running";
	case 'S':
		return "sleeping";
	case 'D':
		return "disk sleep";
	case 'T':
		return "stopped";
	}
	return "zombie";
}

static pid_t parent_pid(const struct task *task)
{
	return task->process->parent->pid;
}

static void status_names(struct seq_buf *s, const struct task *task)
{
	const struct cred *cred = &task->cred;
	char letter = state_letter(task);
	u32 i;

	seq_printf(s, "Name:\t%s\n", task->comm);
	if (task->process->fs_info)
		seq_printf(s, "Umask:\t%04o\n", task->process->fs_info->umask);
	seq_printf(s, "State:\t%c (%s)\nTgid:\t%d\nNgid:\t0\nPid:\t%d\n",
		   letter, state_name(letter), task->process->pid, task->pid);
	seq_printf(s, "PPid:\t%d\nTracerPid:\t0\n", parent_pid(task));
	seq_printf(s, "Uid:\t%u\t%u\t%u\t%u\n", cred->uid, cred->euid,
		   cred->suid, cred->fsuid);
	seq_printf(s, "Gid:\t%u\t%u\t%u\t%u\n", cred->gid, cred->egid,
		   cred->sgid, cred->fsgid);
	seq_printf(s, "FDSize:\t%u\nGroups:\t",
		   task->process->files ? task->process->files->nfds : 0);
	for (i = 0; i < cred->ngroups; i++)
		seq_printf(s, "%u ", cred->groups[i]);
	seq_printf(s, "\n");
}

static void status_memory(struct seq_buf *s, const struct mm_struct *mm,
			  const struct vm_sizes *sizes)
{
	seq_printf(s, "VmPeak:\t%8u kB\nVmSize:\t%8u kB\n", KIB(mm->total_vm),
		   KIB(mm->total_vm));
	seq_printf(s, "VmLck:\t%8u kB\nVmPin:\t%8u kB\n", KIB(mm->locked_vm),
		   0u);
	seq_printf(s, "VmHWM:\t%8u kB\nVmRSS:\t%8u kB\n", KIB(mm->rss),
		   KIB(mm->rss));
	seq_printf(s, "VmData:\t%8u kB\nVmStk:\t%8u kB\n", KIB(sizes->data),
		   KIB(sizes->stack));
	seq_printf(s, "VmExe:\t%8u kB\nVmLib:\t%8u kB\n", KIB(sizes->exe),
		   KIB(sizes->lib));
	seq_printf(s, "VmPTE:\t%8u kB\nVmSwap:\t%8u kB\n", KIB(mm->pt_tables),
		   KIB(mm->swapped));
}

/* The signals TASK ignores, or catches, as a mask. */
static u64 action_mask(const struct task *task, bool ignored)
{
	u32 handler, i;
	u64 mask = 0;

	for (i = 0; task->process->sighand && i < NSIG; i++) {
		handler = task->process->sighand->action[i].handler;
		if (ignored ? handler == SIG_IGN : handler > SIG_IGN)
			mask |= 1ull << i;
	}
	return mask;
}

static void status_signals(struct seq_buf *s, const struct task *task)
{
	u64 caps = task->cred.euid == 0 ? CAPS_ALL : 0;
	u32 i, queued = 0;

	for (i = 0; i < NSIG; i++)
		queued += task->pending >> i & 1;
	seq_printf(s, "Threads:\t1\nSigQ:\t%u/%u\n", queued, NSIG);
	seq_printf(s, "SigPnd:\t%016llx\nShdPnd:\t%016llx\n", task->pending,
		   0ull);
	seq_printf(s, "SigBlk:\t%016llx\nSigIgn:\t%016llx\nSigCgt:\t%016llx\n",
		   task->blocked, action_mask(task, true),
		   action_mask(task, false));
	seq_printf(s, "CapInh:\t%016llx\nCapPrm:\t%016llx\n", 0ull, caps);
	seq_printf(s, "CapEff:\t%016llx\nCapBnd:\t%016llx\n", caps, CAPS_ALL);
	seq_printf(s, "CapAmb:\t%016llx\nNoNewPrivs:\t0\n", 0ull);
}

static int status_show(struct seq_buf *s, struct task *task)
{
	struct vm_sizes sizes;

	task = measure_mm(task, &sizes);
	if (!task)
		return -ESRCH;
	status_names(s, task);
	if (task->mm)
		status_memory(s, task->mm, &sizes);
	status_signals(s, task);
	seq_printf(s, "KernelStack:\t%8u B\n", task_stack_used(task));
	seq_printf(s, "voluntary_ctxt_switches:\t%u\n", task->nvcsw);
	seq_printf(s, "nonvoluntary_ctxt_switches:\t%u\n", task->nivcsw);
	return 0;
}

/* --- stat, statm -------------------------------------------------------- */

/* Fields 1 to 22: who it is and what it has used. */
static void stat_times(struct seq_buf *s, const struct task *task)
{
	const struct process *process = task->process;
	const struct tty *tty = process->tty;

	seq_printf(s, "%d (%s) %c %d %d %d %u %d 0 %u %u %u %u ", task->pid,
		   task->comm, state_letter(task), parent_pid(task),
		   process->pgrp, process->session, tty ? tty->dev : 0,
		   tty ? tty->pgrp : -1, task->min_flt, process->cmin_flt,
		   task->maj_flt, process->cmaj_flt);
	seq_printf(s, "%u %u %u %u %d 0 1 0 %u ", task->utime, task->stime,
		   process->cutime, process->cstime, PRIORITY,
		   process->start_tick);
}

/* Fields 23 to 30: its address space; no registers, they are its own. */
static void stat_memory(struct seq_buf *s, const struct task *task)
{
	const struct mm_struct *mm = task->mm;
	u32 limit = task->process->rlim[RLIMIT_RSS].rlim_cur;

	if (!mm) {
		seq_printf(s, "0 0 %u 0 0 0 0 0 ", limit);
		return;
	}
	seq_printf(s, "%u %u %u %u %u %u 0 0 ", mm->total_vm << PAGE_SHIFT,
		   mm->rss, limit, mm->start_code, mm->end_code,
		   mm->start_stack);
}

/* Fields 31 to 52. */
static void stat_rest(struct seq_buf *s, const struct task *task)
{
	const struct mm_struct *mm = task->mm;

	seq_printf(s, "%u %u %u %u %d 0 0 %d 0 0 0 0 0 0 ",
		   (u32)task->pending & 0x7fffffff,
		   (u32)task->blocked & 0x7fffffff,
		   (u32)action_mask(task, true) & 0x7fffffff,
		   (u32)action_mask(task, false) & 0x7fffffff,
		   task->wait_name ? 1 : 0, SIGCHLD);
	if (mm)
		seq_printf(s, "%u %u %u %u %u %u %u ", mm->start_data,
			   mm->end_data, mm->start_brk, mm->arg_start,
			   mm->arg_end, mm->env_start, mm->env_end);
	else
		seq_printf(s, "0 0 0 0 0 0 0 ");
	seq_printf(s, "%d\n",
		   task->state == TASK_ZOMBIE ? task->process->exit_code : 0);
}

static int stat_show(struct seq_buf *s, struct task *task)
{
	stat_times(s, task);
	stat_memory(s, task);
	stat_rest(s, task);
	return 0;
}

static int statm_show(struct seq_buf *s, struct task *task)
{
	struct vm_sizes sizes;

	task = measure_mm(task, &sizes);
	if (task && task->mm)
		seq_printf(s, "%u %u 0 %u 0 %u 0\n", task->mm->total_vm,
			   task->mm->rss, sizes.exe, sizes.data + sizes.stack);
	else
		seq_printf(s, "0 0 0 0 0 0 0\n");
	return 0;
}

/* --- cmdline, environ --------------------------------------------------- */

/* Appends LEN bytes that may hold NULs. */
static void show_bytes(struct seq_buf *s, const char *bytes, u32 len)
{
	u32 part;

	while (len && !s->failed) {
		part = strnlen(bytes, len);
		seq_printf(s, "%.*s", (int)part, bytes);
		bytes += part;
		len -= part;
		if (len) {
			seq_printf(s, "%c", '\0');
			bytes++;
			len--;
		}
	}
}

/* Copies [start, end) of MM's memory. May sleep; drops the reference. */
static void show_memory(struct seq_buf *s, struct mm_struct *mm, vaddr_t start,
			vaddr_t end)
{
	char chunk[CHUNK];
	u32 got = 1;

	for (; start < end && got && !s->failed; start += got) {
		got = access_process_vm(mm, start, chunk,
					MIN(end - start, CHUNK), false);
		show_bytes(s, chunk, got);
	}
	mmput(mm);
}

static int cmdline_show(struct seq_buf *s, struct task *task)
{
	struct mm_struct *mm = mm_get(task);

	if (mm)
		show_memory(s, mm, mm->arg_start,
			    MIN(mm->arg_end, mm->arg_start + ENV_MAX));
	return 0;
}

static int environ_show(struct seq_buf *s, struct task *task)
{
	struct mm_struct *mm = mm_get(task);

	if (mm)
		show_memory(s, mm, mm->env_start,
			    MIN(mm->env_end, mm->env_start + ENV_MAX));
	return 0;
}

void proc_pid_init(void)
{
	static struct proc_pid_entry entries[] = {
		{ .name = "status", .mode = 0444, .show = status_show },
		{ .name = "stat", .mode = 0444, .show = stat_show },
		{ .name = "statm", .mode = 0444, .show = statm_show },
		{ .name = "cmdline", .mode = 0444, .show = cmdline_show },
		{ .name = "environ", .mode = 0400, .show = environ_show },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(entries); i++)
		proc_register_pid(&entries[i]);
	proc_pid_misc_init();
}
