/* SPDX-License-Identifier: MIT */
/* The system-call table: kernel/syscalls.def lists every call once. */
#ifndef KERNEL_SYSCALL_H
#define KERNEL_SYSCALL_H

#include <lib/types.h>

#define NR_SYSCALLS 450

/* Prototypes of all handlers. A result in -4095..-1 is a negative errno. */
#define SYSCALL(nr, name, params, note) long sys_##name params;
#include <kernel/syscalls.def>
#undef SYSCALL

/* By number; kernel/entry.S calls through it. */
extern const void *const syscall_table[NR_SYSCALLS];

/* Numbers without a handler: counts and -ENOSYS. */
long sys_ni_syscall(void);

/* The tracepoint of system calls, entered only while the trace is on. */
struct trap_frame;
void trace_syscall(const struct trap_frame *frame);

/* Calls that answered ENOSYS, by number; /proc/ksyscalls shows them. */
extern u32 syscall_missing[NR_SYSCALLS + 1]; /* last: numbers beyond */

#endif
