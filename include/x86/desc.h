/* SPDX-License-Identifier: MIT */
/*
 * Segments, gates and the task-state segment (Intel SDM 3A, chapters 3, 6, 7).
 *
 *   GDT  0 null   1 -      2 kernel code  3 kernel data  4 user code
 *        5 user data   6-8 TLS (set_thread_area)   9 TSS  10 double-fault TSS
 *
 * The numbers 6 to 8 are those Linux i686 hands out (selector 0x33 first).
 */
#ifndef X86_DESC_H
#define X86_DESC_H

#include <lib/types.h>

#define GDT_KERNEL_CS 2
#define GDT_KERNEL_DS 3
#define GDT_USER_CS 4
#define GDT_USER_DS 5
#define GDT_TLS_MIN 6
#define GDT_TLS_COUNT 3
#define GDT_TSS 9
#define GDT_TSS_DF 10
#define GDT_ENTRIES 11

#define KERNEL_CS 0x10
#define KERNEL_DS 0x18
#define USER_CS 0x23
#define USER_DS 0x2b

struct tss {
	u32 back_link;
	u32 esp0, ss0; /* the stack a trap from user mode starts on */
	u32 esp1, ss1, esp2, ss2;
	u32 cr3, eip, eflags;
	u32 eax, ecx, edx, ebx, esp, ebp, esi, edi;
	u32 es, cs, ss, ds, fs, gs, ldt;
	u16 trap, io_map;
};

BUILD_ASSERT(sizeof(struct tss) == 104, "TSS layout is the processor's");

extern u64 gdt[GDT_ENTRIES];
extern struct tss cpu_tss;

struct table_register { /* operand of lgdt and lidt */
	u16 limit; /* bytes - 1 */
	u32 base;
} __attribute__((packed));

/* The descriptor of an available 32-bit TSS (SDM 3A, 7.2.2). */
static inline u64 tss_descriptor(const struct tss *tss)
{
	u64 base = (u32)(uintptr_t)tss;

	return (base & 0xFF000000u) << 32 | 0x890000000000ull |
	       (base & 0x00FFFFFFu) << 16 | (sizeof(*tss) - 1);
}

static inline void load_gdt(const struct table_register *gdtr)
{
	asm volatile("lgdt %0" : : "m"(*gdtr) : "memory");
}

static inline void load_idt(const struct table_register *idtr)
{
	asm volatile("lidt %0" : : "m"(*idtr) : "memory");
}

static inline void load_ldt(u16 selector)
{
	asm volatile("lldt %0" : : "r"(selector));
}

/* Loads the task register; marks the descriptor busy. */
static inline void load_tr(u16 selector)
{
	asm volatile("ltr %0" : : "r"(selector) : "memory");
}

#endif
