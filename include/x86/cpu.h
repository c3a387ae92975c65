/* SPDX-License-Identifier: MIT */
/*
 * Control registers, flags, time-stamp counter and processor features.
 * Bit numbers: Intel SDM volume 3A, section 2.5.
 */
#ifndef X86_CPU_H
#define X86_CPU_H

#include <lib/types.h>

#define CR0_PE 0x00000001u /* protected mode */
#define CR0_MP 0x00000002u /* wait/fwait obey TS */
#define CR0_EM 0x00000004u /* no floating point unit */
#define CR0_TS 0x00000008u /* task switched */
#define CR0_NE 0x00000020u /* x87 errors raise vector 16 */
#define CR0_WP 0x00010000u /* ring 0 obeys read-only pages too */
#define CR0_PG 0x80000000u /* paging */

#define CR4_PSE 0x00000010u /* 4 MiB pages */
#define CR4_PGE 0x00000080u /* global pages */
#define CR4_OSFXSR 0x00000200u /* fxsave and SSE are managed */
#define CR4_OSXMMEXCPT 0x00000400u /* SSE errors raise vector 19 */

#define EFLAGS_CF 0x00000001u
#define EFLAGS_TF 0x00000100u
#define EFLAGS_IF 0x00000200u
#define EFLAGS_DF 0x00000400u
#define EFLAGS_IOPL 0x00003000u
#define EFLAGS_NT 0x00004000u
#define EFLAGS_VM 0x00020000u

#define CPUID_EDX_TSC (1u << 4)
#define CPUID_EDX_PGE (1u << 13)
#define CPUID_EDX_FXSR (1u << 24)
#define CPUID_EDX_SSE (1u << 25)

static inline u32 read_cr0(void)
{
	u32 v;

	asm volatile("movl %%cr0, %0" : "=r"(v));
	return v;
}

static inline void write_cr0(u32 v)
{
	asm volatile("movl %0, %%cr0" : : "r"(v) : "memory");
}

static inline u32 read_cr2(void)
{
	u32 v;

	asm volatile("movl %%cr2, %0" : "=r"(v));
	return v;
}

static inline u32 read_cr3(void)
{
	u32 v;

	asm volatile("movl %%cr3, %0" : "=r"(v));
	return v;
}

static inline void write_cr3(u32 v)
{
	asm volatile("movl %0, %%cr3" : : "r"(v) : "memory");
}

static inline u32 read_cr4(void)
{
	u32 v;

	asm volatile("movl %%cr4, %0" : "=r"(v));
	return v;
}

static inline void write_cr4(u32 v)
{
	asm volatile("movl %0, %%cr4" : : "r"(v) : "memory");
}

/* Forgets the translation of the page at KVA, global or not. */
static inline void invlpg(u32 kva)
{
	asm volatile("invlpg (%0)" : : "r"(kva) : "memory");
}

static inline u64 rdtsc(void)
{
	u64 v;

	asm volatile("rdtsc" : "=A"(v));
	return v;
}

static inline void cpuid(u32 leaf, u32 *a, u32 *b, u32 *c, u32 *d)
{
	asm volatile("cpuid"
		     : "=a"(*a), "=b"(*b), "=c"(*c), "=d"(*d)
		     : "0"(leaf), "2"(0));
}

static inline void irq_enable(void)
{
	asm volatile("sti" : : : "memory");
}

static inline void irq_disable(void)
{
	asm volatile("cli" : : : "memory");
}

static inline u32 read_eflags(void)
{
	u32 v;

	asm volatile("pushfl\n\tpopl %0" : "=r"(v));
	return v;
}

/* Interrupts off; returns the flags for irq_restore(). Nests. */
static inline u32 irq_save(void)
{
	u32 flags = read_eflags();

	irq_disable();
	return flags;
}

static inline void irq_restore(u32 flags)
{
	if (flags & EFLAGS_IF)
		irq_enable();
}

/* Interrupts on and wait for one, without a gap between the two. */
static inline void cpu_wait_for_irq(void)
{
	asm volatile("sti\n\thlt" : : : "memory");
}

/* Stops until a reset (or an NMI, hence the callers' loops). */
static inline void cpu_halt(void)
{
	asm volatile("cli\n\thlt" : : : "memory");
}

#endif
