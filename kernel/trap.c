/* SPDX-License-Identifier: MIT */
/*
 * Hop 3: exceptions, and the work that waits on the way back to user mode.
 *
 *   vector 14             do_page_fault()            mm/fault.c
 *   another, user mode    a signal for the program
 *   another, kernel mode  a fixup if the instruction has one, else the end
 *
 * A program can make its own selectors, flags and stack pointer bad in many
 * ways; all of them arrive here with a frame that says user mode, or with a
 * fixup (kernel/entry.S, kernel/sched.c). A kernel frame without a fixup is
 * a mistake of ours.
 */
#include <kernel/entry_defs.h>
#include <kernel/fpu.h>
#include <kernel/panic.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <lib/string.h>
#include <mm/fault.h>
#include <x86/cpu.h>

BUILD_ASSERT(offsetof(struct trap_frame, ecx) == FRAME_ECX, "entry.S");
BUILD_ASSERT(offsetof(struct trap_frame, edx) == FRAME_EDX, "entry.S");
BUILD_ASSERT(offsetof(struct trap_frame, eax) == FRAME_EAX, "entry.S");
BUILD_ASSERT(offsetof(struct trap_frame, error_code) == FRAME_ERROR_CODE,
	     "entry.S");
BUILD_ASSERT(offsetof(struct trap_frame, eip) == FRAME_TO_CFA, "entry.S");
BUILD_ASSERT(offsetof(struct trap_frame, cs) == FRAME_CS, "entry.S");
BUILD_ASSERT(offsetof(struct trap_frame, eflags) == FRAME_EFLAGS, "entry.S");
BUILD_ASSERT(EFLAGS_VM == ENTRY_EFLAGS_VM, "entry.S");
BUILD_ASSERT(offsetof(struct task, work) == TASK_WORK, "entry.S");
BUILD_ASSERT(NR_SYSCALLS == SYSCALL_TABLE_SIZE, "entry.S");
BUILD_ASSERT(KERNEL_DS == ENTRY_KERNEL_DS, "entry.S");

#define CODE_FPU 0 /* in the table: ask the floating-point unit */

struct exception {
	const char *name; /* NULL: no such exception */
	s32 signo; /* what a program gets for it */
	s32 code; /* si_code */
	bool at_eip; /* si_addr is the instruction, else 0 */
};

static const struct exception exceptions[] = {
	[0] = { "division error", SIGFPE, FPE_INTDIV, true },
	[1] = { "single step", SIGTRAP, TRAP_TRACE, true },
	[3] = { "breakpoint", SIGTRAP, SI_KERNEL, false },
	[4] = { "overflow", SIGSEGV, SI_KERNEL, false },
	[5] = { "bound check", SIGSEGV, SI_KERNEL, false },
	[6] = { "invalid instruction", SIGILL, ILL_ILLOPN, true },
	[7] = { "no floating-point unit", SIGILL, ILL_ILLOPN, true },
	[9] = { "coprocessor overrun", SIGFPE, SI_KERNEL, false },
	[10] = { "bad task-state segment", SIGSEGV, SI_KERNEL, false },
	[11] = { "segment not present", SIGBUS, SI_KERNEL, false },
	[12] = { "stack segment fault", SIGBUS, SI_KERNEL, false },
	[13] = { "general protection fault", SIGSEGV, SI_KERNEL, false },
	[16] = { "x87 error", SIGFPE, CODE_FPU, true },
	[17] = { "unaligned access", SIGBUS, BUS_ADRALN, false },
	[19] = { "SSE error", SIGFPE, CODE_FPU, true },
};

static const struct exception *find_exception(u32 vector)
{
	if (vector < ARRAY_SIZE(exceptions) && exceptions[vector].name)
		return &exceptions[vector];
	return NULL;
}

static void user_exception(const struct trap_frame *frame,
			   const struct exception *exc)
{
	s32 code = exc->code;

	if (code == CODE_FPU)
		code = fpu_error_code(frame->vector);
	irq_enable();
	force_sig_fault(exc->signo, code, exc->at_eip ? frame->eip : 0);
}

static void other_trap(struct trap_frame *frame)
{
	const struct exception *exc = find_exception(frame->vector);

	if (exc && frame_from_user(frame))
		user_exception(frame, exc);
	else if (!fixup_exception(frame))
		panic_frame(frame, "%s (vector %u, error code %x) at %08x",
			    exc ? exc->name : "unexpected trap", frame->vector,
			    frame->error_code, frame->eip);
}

__hop void trap_dispatch(struct trap_frame *frame)
{
	if (likely(frame->vector == VECTOR_PAGE_FAULT))
		do_page_fault(frame);
	else
		other_trap(frame);
}

/* No processor lets user mode into VM86 mode, but QEMU does. The frame stands
 * 16 bytes too low, below es ds fs gs, for any who look for it. */
void vm86_end(struct trap_frame *frame)
{
	memmove(task_frame(current), frame, sizeof(*frame));
	irq_enable();
	do_exit(SIGSEGV);
}

void exit_to_user_work(struct trap_frame *frame)
{
	while (current->work) {
		irq_enable();
		if (current->work & WORK_RESCHED)
			schedule();
		if (current->work & WORK_SIGNAL)
			signal_deliver(frame);
		irq_disable();
	}
}
