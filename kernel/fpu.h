/* SPDX-License-Identifier: MIT */
/*
 * Floating-point and SSE registers. They are switched with every task that
 * has a user mode, used or not: one instruction each way, and no lazy state
 * to think about. The kernel itself is compiled without them.
 */
#ifndef KERNEL_FPU_H
#define KERNEL_FPU_H

#include <lib/types.h>

struct task;

/* Switches the unit on and notes its clean state. Once, at boot. */
void fpu_init(void);

/* Registers to TASK->fpu, and back. Interrupts off, or TASK is current. */
void fpu_save(struct task *task);
void fpu_restore(const struct task *task);

/* exec: the current task starts with clean registers. */
void fpu_reset(void);

/* si_code of SIGFPE for vector 16 (x87) or 19 (SSE). */
s32 fpu_error_code(u32 vector);

#endif
