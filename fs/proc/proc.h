/* SPDX-License-Identifier: MIT */
/* The files of /proc that belong to kernel/. */
#ifndef KERNEL_PROC_H
#define KERNEL_PROC_H

/* Registers all of them. Once, at boot, before fs_init(). */
void kernel_proc_init(void);

/* Its parts: proc_pid.c, proc_pid_misc.c, proc_sys.c, and /proc/trace with
 * /dev/trace. */
void proc_pid_init(void);
void proc_pid_misc_init(void);
void sys_proc_init(void);
void trace_proc_init(void);

#endif
