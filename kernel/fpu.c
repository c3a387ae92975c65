/* SPDX-License-Identifier: MIT */
/*
 * The floating-point unit: found out, switched on, saved and restored.
 *
 *   processor has    save/restore      CR4                     area
 *   FXSR (and SSE)   fxsave/fxrstor    OSFXSR (OSXMMEXCPT)     512 bytes
 *   only an x87      fnsave/frstor     -                       108 bytes
 *
 * INV-FP1 CR0.TS and CR0.EM stay clear: vector 7 never comes.
 * INV-FP2 while a task with a user mode runs, the registers are its own and
 *         task->fpu is old; schedule() and fork call fpu_save() first.
 *
 * Programs choose SSE by CPUID alone, so what it shows must work.
 * See: Intel SDM 1, chapters 8 and 10; docs/abi.md.
 */
#include <kernel/fpu.h>
#include <kernel/task.h>
#include <lib/string.h>
#include <mm/page_alloc.h>
#include <x86/cpu.h>

#define MXCSR_DEFAULT 0x1f80u /* all exceptions masked, round to nearest */
#define FXSAVE_SIZE 512

#define VECTOR_X87_ERROR 16

static bool has_fxsr, has_sse;
static u8 clean_state[FXSAVE_SIZE] __attribute__((aligned(16)));

/* Both images: x87 control word at 0; status word at 2, or at 4. */
static void save_registers(u8 *area)
{
	if (likely(has_fxsr))
		asm volatile("fxsave (%0)" : : "r"(area) : "memory");
	else
		asm volatile("fnsave (%0)\n\tfrstor (%0)"
			     :
			     : "r"(area)
			     : "memory");
}

static void load_registers(const u8 *area)
{
	if (likely(has_fxsr))
		asm volatile("fxrstor (%0)" : : "r"(area) : "memory");
	else
		asm volatile("frstor (%0)" : : "r"(area) : "memory");
}

static void detect(void)
{
	u32 a, b, c, d;

	cpuid(1, &a, &b, &c, &d);
	has_fxsr = d & CPUID_EDX_FXSR;
	has_sse = has_fxsr && (d & CPUID_EDX_SSE);
}

/* The exceptions that are raised and not masked, in the order of their bits:
 * invalid, denormal, zero divide, overflow, underflow, precision. */
static u32 pending_x87(void)
{
	u16 control, status;

	asm volatile("fnstcw %0\n\tfnstsw %1" : "=m"(control), "=a"(status));
	return status & ~control & 0x3f;
}

static u32 pending_sse(void)
{
	u32 mxcsr;

	asm volatile("stmxcsr %0" : "=m"(mxcsr));
	return mxcsr & ~(mxcsr >> 7) & 0x3f;
}

s32 fpu_error_code(u32 vector)
{
	static const u8 code[] = {
		FPE_FLTINV, FPE_FLTUND, FPE_FLTDIV,
		FPE_FLTOVF, FPE_FLTUND, FPE_FLTRES,
	};
	u32 pending = vector == VECTOR_X87_ERROR ? pending_x87() :
						   pending_sse();
	u32 i;

	for (i = 0; i < ARRAY_SIZE(code); i++)
		if (pending & 1u << i)
			return code[i];
	return FPE_FLTINV;
}

void fpu_save(struct task *task)
{
	save_registers(task->fpu);
}

void fpu_restore(const struct task *task)
{
	load_registers(task->fpu);
}

void fpu_reset(void)
{
	memcpy(current->fpu, clean_state, sizeof(clean_state));
	load_registers(clean_state);
}

void fpu_init(void)
{
	u32 mxcsr = MXCSR_DEFAULT;

	detect();
	write_cr0((read_cr0() & ~(CR0_EM | CR0_TS)) | CR0_MP | CR0_NE);
	if (has_fxsr)
		write_cr4(read_cr4() | CR4_OSFXSR);
	if (has_sse)
		write_cr4(read_cr4() | CR4_OSXMMEXCPT);

	asm volatile("fninit");
	if (has_sse)
		asm volatile("ldmxcsr %0" : : "m"(mxcsr));
	save_registers(clean_state);
	page_by_sse = has_sse;
}
