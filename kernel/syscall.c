/* SPDX-License-Identifier: MIT */
/*
 * The table behind int 0x80, made from kernel/syscalls.def.
 *
 *   kernel/entry.S: syscall_table[eax](ebx, ecx, edx, esi, edi, ebp)
 *
 * Handlers are called with all six registers and look at as many as they
 * declare. A number without a handler, or beyond the table, comes to
 * sys_ni_syscall(): ENOSYS, counted by number, so that a program that needs
 * a call shows which one (/proc/ksyscalls).
 *
 * See: docs/abi.md for what each call supports.
 */
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <uapi/errno.h>

u32 syscall_missing[NR_SYSCALLS + 1];

long sys_ni_syscall(void)
{
	u32 nr = task_frame(current)->error_code;

	syscall_missing[MIN(nr, (u32)NR_SYSCALLS)]++;
	return -ENOSYS;
}

void trace_syscall(const struct trap_frame *frame)
{
	TRACE(syscall, frame->eax, frame->ebx, frame->ecx, frame->edx);
}

/* First all numbers answer ENOSYS, then the rows of the list replace some. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
const void *const syscall_table[NR_SYSCALLS] = {
	[0 ... NR_SYSCALLS - 1] = sys_ni_syscall,
#define SYSCALL(nr, name, params, note) [nr] = sys_##name,
#include <kernel/syscalls.def>
#undef SYSCALL
};
#pragma GCC diagnostic pop
