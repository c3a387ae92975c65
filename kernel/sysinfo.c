/* SPDX-License-Identifier: MIT */
/*
 * What the system says about itself, and small requests to it: uname,
 * sysinfo, prctl, reboot.
 *
 * The release is the oldest one the present C libraries are content with
 * that has all calls of kernel/syscalls.def.
 *
 * load = load * e + tasks * (1 - e), every 5 seconds, with e = exp(-5/60),
 * exp(-5/300), exp(-5/900): as Linux counts, so that tools agree.
 */
#include <drivers/drivers.h>
#include <kernel/syscall.h>
#include <kernel/sysinfo.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <mm/filemap.h>
#include <mm/swap/swap.h>
#include <mm/swap/swap_policy.h>
#include <uapi/errno.h>
#include <uapi/prctl.h>
#include <uapi/reboot.h>
#include <uapi/sysinfo.h>

struct new_utsname system_name = {
	.sysname = "Linux",
	.nodename = "faultline",
	.release = "5.10.0-faultline",
	.version = "#1 Faultline",
	.machine = "i686",
	.domainname = "(none)",
};

u32 load_average[3];

void load_sample(void)
{
	static const u32 decay[] = { 1884, 2014, 2037 }; /* e, times 2048 */
	const u32 one = 1u << LOAD_SHIFT;
	const struct task *task;
	u32 i, active = 0;

	for_each_task(task)
		if (task->state == TASK_RUNNING ||
		    task->state == TASK_UNINTERRUPTIBLE)
			active += one;
	for (i = 0; i < ARRAY_SIZE(decay); i++)
		load_average[i] = (load_average[i] * decay[i] +
				   active * (one - decay[i])) >> LOAD_SHIFT;
}

long sys_uname(void *buf)
{
	return copy_to_user(buf, &system_name, sizeof(system_name)) ? -EFAULT :
								      0;
}

/* Sizes are in bytes, or in pages when there is too much for that. */
long sys_sysinfo(void *info)
{
	u32 shift = total_swap_pages >> (32 - PAGE_SHIFT) ? 0 : PAGE_SHIFT;
	struct sysinfo si = {
		.uptime = (s32)time_monotonic().sec,
		.totalram = nr_total_pages << shift,
		.freeram = nr_free_pages << shift,
		.sharedram = nr_policy_pages << shift,
		.bufferram = nr_buffer_pages << shift,
		.totalswap = total_swap_pages << shift,
		.freeswap = nr_swap_pages << shift,
		.procs = (u16)nr_tasks,
		.mem_unit = PAGE_SIZE >> shift,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(load_average); i++)
		si.loads[i] = load_average[i] << (SI_LOAD_SHIFT - LOAD_SHIFT);
	return copy_to_user(info, &si, sizeof(si)) ? -EFAULT : 0;
}

static bool reboot_magic(u32 magic1, u32 magic2)
{
	return magic1 == REBOOT_MAGIC1 &&
	       (magic2 == REBOOT_MAGIC2 || magic2 == REBOOT_MAGIC2A ||
		magic2 == REBOOT_MAGIC2B || magic2 == REBOOT_MAGIC2C);
}

long sys_reboot(u32 magic1, u32 magic2, u32 cmd, const void *arg)
{
	if (!capable())
		return -EPERM;
	if (!reboot_magic(magic1, magic2))
		return -EINVAL;
	switch (cmd) {
	case REBOOT_CMD_CAD_ON:
	case REBOOT_CMD_CAD_OFF:
		return 0;
	case REBOOT_CMD_RESTART:
		machine_end(MACHINE_REBOOT);
	case REBOOT_CMD_HALT:
	case REBOOT_CMD_POWER_OFF:
		machine_end(MACHINE_CLEAN);
	}
	return -EINVAL;
}

static long set_name(const char *user_name)
{
	char name[sizeof(current->comm)];
	long len = strncpy_from_user(name, user_name, sizeof(name));

	if (len < 0)
		return len;
	name[sizeof(name) - 1] = '\0';
	memset(current->comm, 0, sizeof(current->comm));
	strlcpy(current->comm, name, sizeof(current->comm));
	trace_name(current);
	return 0;
}

long sys_prctl(s32 op, u32 a, u32 b, u32 c, u32 d)
{
	switch (op) {
	case PR_GET_DUMPABLE:
		return !current->not_dumpable;
	case PR_SET_DUMPABLE:
		if (a > 1)
			return -EINVAL;
		current->not_dumpable = !a;
		return 0;
	case PR_SET_NAME:
		return set_name((const char *)a);
	case PR_GET_NAME:
		return copy_to_user((void *)a, current->comm,
				    sizeof(current->comm)) ? -EFAULT : 0;
	}
	return -EINVAL;
}
