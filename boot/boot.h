/* SPDX-License-Identifier: MIT */
/*
 * The tables the processor is given on the way from the boot loader to
 * kmain(). They are filled once and stay for the life of the machine.
 */
#ifndef BOOT_BOOT_H
#define BOOT_BOOT_H

#include <x86/desc.h>

#define BOOT_STACK_SIZE 0x2000u /* 8 KiB, aligned to it: boot/entry.asm */

/*
 * boot/entry.asm: the directory of 4 MiB pages that maps 0..896 MiB at
 * KERNEL_BASE. The double-fault task runs on it for ever, so nobody frees
 * or changes it. The stack is that of kmain() and of the idle task.
 */
extern u32 boot_pgd[1024];
extern char boot_stack[BOOT_STACK_SIZE];

/* Fills gdt[], loads it and the task register. Before irqs are on. */
void gdt_init(void);

/* Fills 256 gates from vector_stubs[] and loads the table. After gdt_init. */
void idt_init(void);

/* kernel/vectors.S: the address of the entry stub of each vector. */
extern const u32 vector_stubs[256];

#endif
