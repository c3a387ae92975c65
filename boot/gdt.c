/* SPDX-License-Identifier: MIT */
/*
 * Segments: all flat, 0 to 4 GiB, so that protection is the pages' business
 * alone. What is left to segments: the privilege level (ring 0 or 3), the
 * stack a trap switches to (in the TSS), and thread-local storage of user
 * programs (entries 6 to 8, written by kernel/thread/tls.c and at each switch).
 *
 * INV-GD1 entries 1 to 5 never change after gdt_init().
 * INV-GD2 cpu_tss.esp0 is the top of the running task's kernel stack; only
 *         the context switch writes it.
 *
 * Layout of a descriptor: Intel SDM 3A, 3.4.5. Entry numbers: <x86/desc.h>.
 */
#include <boot/boot.h>

/* Access byte and flags of a flat 4 GiB segment, present, 32 bit. */
#define FLAT_CODE(dpl) (0x00CF9A000000FFFFull | (u64)(dpl) << 45)
#define FLAT_DATA(dpl) (0x00CF92000000FFFFull | (u64)(dpl) << 45)

u64 gdt[GDT_ENTRIES] = {
	[GDT_KERNEL_CS] = FLAT_CODE(0),
	[GDT_KERNEL_DS] = FLAT_DATA(0),
	[GDT_USER_CS] = FLAT_CODE(3),
	[GDT_USER_DS] = FLAT_DATA(3),
};

struct tss cpu_tss;

/* Far jump for cs; the processor reads the others when they are loaded. */
static void load_segments(void)
{
	asm volatile("ljmp %0, $1f\n"
		     "1:\n\t"
		     "movl %1, %%ds\n\t"
		     "movl %1, %%es\n\t"
		     "movl %1, %%ss\n\t"
		     "movl %2, %%fs\n\t"
		     "movl %2, %%gs"
		     :
		     : "i"(KERNEL_CS), "r"(KERNEL_DS), "r"(0)
		     : "memory");
}

void gdt_init(void)
{
	struct table_register gdtr = { sizeof(gdt) - 1, (u32)gdt };

	cpu_tss.ss0 = KERNEL_DS;
	cpu_tss.esp0 = (u32)boot_stack + BOOT_STACK_SIZE;
	cpu_tss.io_map = sizeof(cpu_tss); /* no port for user mode */
	gdt[GDT_TSS] = tss_descriptor(&cpu_tss);

	load_gdt(&gdtr);
	load_segments();
	load_ldt(0);
	load_tr(GDT_TSS << 3);
}
