/* SPDX-License-Identifier: MIT */
/*
 * /proc: cmdline uptime loadavg version stat vmstat cpuinfo kmsg ksyscalls
 * sysrq-trigger, and sys/kernel. Layouts are Linux's; figures this kernel
 * does not keep are left out, or 0 where readers go by position.
 *
 * No function here sleeps: each file is one state of the system.
 */
#include <boot/boot_info.h>
#include <drivers/block/block.h>
#include <drivers/drivers.h>
#include <fs/proc/procfs.h>
#include <ipc/shm/shm.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <fs/proc/proc.h>
#include <kernel/trace/stage.h>
#include <kernel/syscall.h>
#include <kernel/sysinfo.h>
#include <kernel/task.h>
#include <lib/div64.h>
#include <lib/string.h>
#include <mm/filemap.h>
#include <mm/swap/swap.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

#define NSEC_PER_CENTI 10000000u
#define KMSG_ROOM 0x8001u /* the whole log */

/* --- the system as a whole ---------------------------------------------- */

static int cmdline_show(struct seq_buf *s, void *arg)
{
	seq_printf(s, "%s\n", boot_info.cmdline);
	return 0;
}

static void show_seconds(struct seq_buf *s, struct timespec64 t, char after)
{
	seq_printf(s, "%u.%02u%c", (u32)t.sec, t.nsec / NSEC_PER_CENTI, after);
}

static int uptime_show(struct seq_buf *s, void *arg)
{
	show_seconds(s, time_monotonic(), ' ');
	show_seconds(s, time_from_ticks(time_idle_ticks), '\n');
	return 0;
}

static u32 count_tasks(enum task_state state)
{
	const struct task *task;
	u32 n = 0;

	for_each_task(task)
		n += task->state == state;
	return n;
}

static int loadavg_show(struct seq_buf *s, void *arg)
{
	const struct task *newest = list_entry(all_tasks.prev, struct task,
					       tasks);
	u32 i, load, fraction;

	for (i = 0; i < ARRAY_SIZE(load_average); i++) {
		load = load_average[i] + (1u << LOAD_SHIFT) / 200;
		fraction = load & ((1u << LOAD_SHIFT) - 1);
		seq_printf(s, "%u.%02u ", load >> LOAD_SHIFT,
			   fraction * 100 >> LOAD_SHIFT);
	}
	seq_printf(s, "%u/%u %d\n", count_tasks(TASK_RUNNING), nr_tasks,
		   list_empty(&all_tasks) ? 0 : newest->pid);
	return 0;
}

static int version_show(struct seq_buf *s, void *arg)
{
	seq_printf(s, "%s version %s (gcc %s) %s\n", system_name.sysname,
		   system_name.release, __VERSION__, system_name.version);
	return 0;
}

struct faults {
	u32 minor, major;
};

/* Of the tasks there are; those that have ended are in their parents. */
static struct faults count_faults(void)
{
	struct faults sum = { 0, 0 };
	const struct task *task;

	for_each_task(task) {
		sum.minor += task->min_flt + task->process->cmin_flt;
		sum.major += task->maj_flt + task->process->cmaj_flt;
	}
	return sum;
}

static int stat_show(struct seq_buf *s, void *arg)
{
	static const char *const cpu_names[] = { "cpu ", "cpu0" };
	u32 i, total = 0;

	for (i = 0; i < ARRAY_SIZE(cpu_names); i++)
		seq_printf(s, "%s %u 0 %u %u 0 0 0 0 0 0\n", cpu_names[i],
			   time_user_ticks, time_system_ticks,
			   time_idle_ticks);
	for (i = 0; i < IRQ_LINES; i++)
		total += irq_count(i);
	seq_printf(s, "intr %u", total);
	for (i = 0; i < IRQ_LINES; i++)
		seq_printf(s, " %u", irq_count(i));
	seq_printf(s, "\nctxt %u\nbtime %u\nprocesses %u\n", nr_switches,
		   (u32)time_boot_seconds(), nr_forks);
	seq_printf(s, "procs_running %u\nprocs_blocked %u\n",
		   count_tasks(TASK_RUNNING),
		   count_tasks(TASK_UNINTERRUPTIBLE));
	return 0;
}

/* KiB moved, by all drives. */
static void vmstat_disks(struct seq_buf *s)
{
	struct block_device *dev;
	u32 in = 0, out = 0;

	for (dev = block_next(NULL); dev; dev = block_next(dev)) {
		in += dev->read_sectors / 2;
		out += dev->write_sectors / 2;
	}
	seq_printf(s, "pgpgin %u\npgpgout %u\n", in, out);
}

static int vmstat_show(struct seq_buf *s, void *arg)
{
	struct faults sum = count_faults();

	seq_printf(s, "nr_free_pages %u\nnr_file_pages %u\n", nr_free_pages,
		   nr_cache_pages + shm_totals.rss + nr_swap_cache);
	seq_printf(s, "nr_mapped 0\nnr_dirty 0\nnr_writeback 0\n");
	seq_printf(s, "nr_shmem %u\nnr_swapcached %u\n", shm_totals.rss,
		   nr_swap_cache);
	vmstat_disks(s);
	seq_printf(s, "pswpin %u\npswpout %u\n", swap_counts.in,
		   swap_counts.out);
	seq_printf(s, "pgfault %u\npgmajfault %u\n", sum.minor + sum.major,
		   sum.major);
	seq_printf(s, "pgsteal_kswapd %u\npgsteal_direct %u\n",
		   swap_counts.stolen[true], swap_counts.stolen[false]);
	seq_printf(s, "pgscan_kswapd %u\npgscan_direct %u\n",
		   swap_counts.scanned[true], swap_counts.scanned[false]);
	return 0;
}

static int kmsg_show(struct seq_buf *s, void *arg)
{
	if (s->size < KMSG_ROOM)
		s->failed = true;
	else
		s->len = printk_read(s->buf, s->size);
	return 0;
}

static int ksyscalls_show(struct seq_buf *s, void *arg)
{
	u32 nr;

	for (nr = 0; nr < NR_SYSCALLS; nr++)
		if (syscall_missing[nr])
			seq_printf(s, "%u %u\n", nr, syscall_missing[nr]);
	if (syscall_missing[NR_SYSCALLS])
		seq_printf(s, "beyond %u\n", syscall_missing[NR_SYSCALLS]);
	return 0;
}

static long sysrq_store(const char *text, u32 len, void *arg)
{
	switch (text[0]) {
	case 'c':
		panic("pid %d asked for a crash through sysrq-trigger",
		      current->pid);
	case 'b':
		machine_end(MACHINE_REBOOT);
	case 'o':
		machine_end(MACHINE_CLEAN);
	}
	return (long)len;
}

/* --- the processor ------------------------------------------------------ */

static const char *const cpu_flags[32] = { /* of CPUID leaf 1, edx */
	"fpu", "vme", "de", "pse", "tsc", "msr", "pae", "mce",
	"cx8", "apic", NULL, "sep", "mtrr", "pge", "mca", "cmov",
	"pat", "pse36", "pn", "clflush", NULL, "dts", "acpi", "mmx",
	"fxsr", "sse", "sse2", "ss", "ht", "tm", "ia64", "pbe",
};

static void show_cpu_name(struct seq_buf *s)
{
	u32 name[13] = { 0 }, max, b, c, d, i;

	cpuid(0x80000000u, &max, &b, &c, &d);
	for (i = 0; max >= 0x80000004u && i < 3; i++)
		cpuid(0x80000002u + i, &name[4 * i], &name[4 * i + 1],
		      &name[4 * i + 2], &name[4 * i + 3]);
	seq_printf(s, "model name\t: %s\n",
		   name[0] ? (const char *)name : "unknown");
}

static int cpuinfo_show(struct seq_buf *s, void *arg)
{
	u32 a, b, c, d, i, vendor[4] = { 0 }, rest;
	u32 khz = (u32)u64_divmod(time_tsc_hz(), 1000, NULL);

	cpuid(0, &a, &vendor[0], &vendor[2], &vendor[1]);
	cpuid(1, &a, &b, &c, &d);
	rest = khz % 1000;
	seq_printf(s, "processor\t: 0\nvendor_id\t: %s\n", (char *)vendor);
	seq_printf(s, "cpu family\t: %u\nmodel\t\t: %u\n", a >> 8 & 15,
		   (a >> 4 & 15) | (a >> 12 & 0xf0));
	show_cpu_name(s);
	seq_printf(s, "stepping\t: %u\ncpu MHz\t\t: %u.%03u\n", a & 15,
		   khz / 1000, rest);
	seq_printf(s, "fpu\t\t: yes\nfpu_exception\t: yes\nflags\t\t:");
	for (i = 0; i < ARRAY_SIZE(cpu_flags); i++)
		if (d >> i & 1 && cpu_flags[i])
			seq_printf(s, " %s", cpu_flags[i]);
	seq_printf(s, "\naddress sizes\t: 32 bits physical, "
		      "32 bits virtual\n\n");
	return 0;
}

/* --- sys/kernel --------------------------------------------------------- */

static int word_show(struct seq_buf *s, void *arg)
{
	seq_printf(s, "%s\n", (const char *)arg);
	return 0;
}

static long hostname_store(const char *text, u32 len, void *arg)
{
	u32 used = 0;

	while (used < len && text[used] && text[used] != '\n')
		used++;
	if (used >= UTS_LEN)
		return -EINVAL;
	memset(arg, 0, UTS_LEN);
	memcpy(arg, text, used);
	return (long)len;
}

static int pid_max_show(struct seq_buf *s, void *arg)
{
	seq_printf(s, "%u\n", PID_MAX);
	return 0;
}

static struct proc_entry entries[] = {
	{ .path = "cmdline", .mode = 0444, .show = cmdline_show },
	{ .path = "uptime", .mode = 0444, .show = uptime_show },
	{ .path = "loadavg", .mode = 0444, .show = loadavg_show },
	{ .path = "version", .mode = 0444, .show = version_show },
	{ .path = "stat", .mode = 0444, .show = stat_show },
	{ .path = "vmstat", .mode = 0444, .show = vmstat_show },
	{ .path = "cpuinfo", .mode = 0444, .show = cpuinfo_show },
	{ .path = "kmsg", .mode = 0400, .show = kmsg_show },
	{ .path = "ksyscalls", .mode = 0444, .show = ksyscalls_show },
	{ .path = "sysrq-trigger", .mode = 0200, .store = sysrq_store },
	{ .path = "sys/kernel/hostname", .mode = 0644, .show = word_show,
	  .store = hostname_store, .arg = system_name.nodename },
	{ .path = "sys/kernel/domainname", .mode = 0644, .show = word_show,
	  .store = hostname_store, .arg = system_name.domainname },
	{ .path = "sys/kernel/ostype", .mode = 0444, .show = word_show,
	  .arg = system_name.sysname },
	{ .path = "sys/kernel/osrelease", .mode = 0444, .show = word_show,
	  .arg = system_name.release },
	{ .path = "sys/kernel/version", .mode = 0444, .show = word_show,
	  .arg = system_name.version },
	{ .path = "sys/kernel/pid_max", .mode = 0444, .show = pid_max_show },
};

void kernel_proc_init(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(entries); i++)
		proc_register(&entries[i]);
	sys_proc_init();
	stock_proc_init();
	proc_pid_init();
	trace_proc_init();
	stage_init();
}
