/* SPDX-License-Identifier: MIT */
/*
 * What the trap entry leaves on the kernel stack, and who handles it.
 *
 *   higher   ss           only when the trap came from user mode
 *            esp          "
 *            eflags
 *            cs
 *            eip
 *            error_code   pushed by the processor, or 0; for vector 0x80
 *                         the system call's number (orig_eax)
 *            vector
 *            es ds
 *            eax ebp edi esi edx ecx ebx
 *   lower  <- struct trap_frame *
 *
 * fs and gs are not saved here: the kernel does not use them, they belong to
 * the running task and change hands in the context switch.
 */
#ifndef KERNEL_TRAP_H
#define KERNEL_TRAP_H

#include <lib/types.h>
#include <x86/cpu.h>

struct trap_frame {
	u32 ebx, ecx, edx, esi, edi, ebp, eax;
	u32 ds, es;
	u32 vector;
	u32 error_code; /* for a system call: its number */
	u32 eip, cs, eflags;
	u32 esp, ss; /* valid if frame_from_user() */
};

BUILD_ASSERT(sizeof(struct trap_frame) == 64, "kernel/entry.S builds it");
BUILD_ASSERT(offsetof(struct trap_frame, vector) == 36, "kernel/entry.S");

#define VECTOR_PAGE_FAULT 14
#define VECTOR_IRQ_BASE 0x20
#define VECTOR_SYSCALL 0x80

/* Was the processor in user mode? Everybody who has to know asks here. In VM86
 * mode cs is no selector. */
static inline bool frame_from_user(const struct trap_frame *frame)
{
	return frame->cs & 3 || frame->eflags & EFLAGS_VM;
}

/* From kernel/entry.S: a frame from VM86 mode ends its task with SIGSEGV. */
void vm86_end(struct trap_frame *frame) __noreturn;

/* Hop 3: every vector but system calls and interrupts. */
void trap_dispatch(struct trap_frame *frame);

/* On the way to user mode with task->work set (kernel/entry.S): schedules,
 * delivers signals, until nothing is left. Interrupts off before and after.
 * Sleeps; does not return if a signal ends the task. */
void exit_to_user_work(struct trap_frame *frame);

/* If the instruction at frame->eip may fault on user memory, continues at
 * its fixup and returns true (kernel/usercopy.c). */
bool fixup_exception(struct trap_frame *frame);

/* Interrupt lines. The handler runs with interrupts off. */
typedef void (*irq_handler_t)(struct trap_frame *frame);
void irq_init(void);
void irq_register(u32 line, irq_handler_t handler, const char *name);
void irq_dispatch(struct trap_frame *frame);
/* Interrupts of LINE, below IRQ_LINES, since boot. */
#define IRQ_LINES 16u
u32 irq_count(u32 line);
/* The driver's name, or NULL: nobody asked for the line. */
const char *irq_name(u32 line);
extern u32 irq_depth; /* > 0: in an interrupt handler */

#endif
