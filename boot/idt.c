/* SPDX-License-Identifier: MIT */
/*
 * The interrupt descriptor table, and the double-fault task.
 *
 *   vector   gate        from user mode   interrupts
 *   0..31    interrupt   3 and 4 only     off       exceptions
 *   8        task        no               off       double fault
 *   0x20..   interrupt   no               off       PIC lines 0 to 15
 *   0x80     trap        yes              stay on   system calls
 *
 * When a push runs off a kernel stack into the unmapped frame below it, the
 * page fault cannot be delivered (it would push to the same stack), and the
 * processor raises vector 8. A task gate gives it a stack of its own; the
 * registers of the victim are then in cpu_tss.
 *
 * INV-ID1 the double-fault task runs on boot_pgd, which maps all frames, so
 *         it may read any stack, guards too.
 *
 * Gates: Intel SDM 3A, 6.11; task gates: 7.2.5.
 */
#include <boot/boot.h>
#include <kernel/panic.h>
#include <kernel/task.h>
#include <mm/page.h>
#include <x86/cpu.h>

#define GATE_TASK 0x85u
#define GATE_INTERRUPT 0x8Eu
#define GATE_TRAP 0x8Fu
#define GATE_USER 0x60u /* descriptor privilege level 3 */

#define VECTOR_BREAKPOINT 3
#define VECTOR_OVERFLOW 4
#define VECTOR_DOUBLE_FAULT 8

#define DF_STACK_SIZE 4096u

/* A push or call that fails lies at most this far below the saved esp. */
#define PUSH_REACH 64u

static u64 idt[256];
static struct tss df_tss;
static char df_stack[DF_STACK_SIZE] __attribute__((aligned(DF_STACK_SIZE)));

static u64 gate(u32 selector, u32 offset, u32 type)
{
	return (u64)(offset & 0xFFFF0000u) << 32 | (u64)type << 40 |
	       selector << 16 | (offset & 0xFFFF);
}

/* Did the victim run off the kernel stack of the current task? */
static bool stack_overflowed(void)
{
	u32 stack = (u32)current + KSTACK_OFFSET;
	u32 guard = stack - PAGE_SIZE;
	u32 touched = read_cr2();

	if (!current)
		return false;
	return (touched >= guard && touched < stack) ||
	       (cpu_tss.esp >= guard && cpu_tss.esp < stack + PUSH_REACH);
}

static void victim_frame(struct trap_frame *frame)
{
	*frame = (struct trap_frame){
		.ebx = cpu_tss.ebx, .ecx = cpu_tss.ecx, .edx = cpu_tss.edx,
		.esi = cpu_tss.esi, .edi = cpu_tss.edi, .ebp = cpu_tss.ebp,
		.eax = cpu_tss.eax, .ds = cpu_tss.ds, .es = cpu_tss.es,
		.vector = VECTOR_DOUBLE_FAULT, .eip = cpu_tss.eip,
		.cs = cpu_tss.cs, .eflags = cpu_tss.eflags,
		.esp = cpu_tss.esp, .ss = cpu_tss.ss,
	};
}

/* Entered by the task gate; never returns. */
static void __noreturn double_fault_task(void)
{
	struct trap_frame frame;

	victim_frame(&frame);
	if (stack_overflowed())
		panic_frame(&frame, "kernel stack overflow of pid %d (%s)",
			    current->pid, current->comm);
	panic_frame(&frame, "double fault at eip %08x, esp %08x, cr2 %08x",
		    frame.eip, frame.esp, read_cr2());
}

static void double_fault_init(void)
{
	df_tss.cr3 = kva_to_paddr(boot_pgd);
	df_tss.eip = (u32)double_fault_task;
	df_tss.esp = (u32)df_stack + DF_STACK_SIZE;
	df_tss.cs = KERNEL_CS;
	df_tss.ss = df_tss.ds = df_tss.es = KERNEL_DS;
	df_tss.io_map = sizeof(df_tss);
	gdt[GDT_TSS_DF] = tss_descriptor(&df_tss);
	idt[VECTOR_DOUBLE_FAULT] = gate(GDT_TSS_DF << 3, 0, GATE_TASK);
}

void idt_init(void)
{
	struct table_register idtr = { sizeof(idt) - 1, (u32)idt };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(idt); i++)
		idt[i] = gate(KERNEL_CS, vector_stubs[i], GATE_INTERRUPT);
	idt[VECTOR_BREAKPOINT] = gate(KERNEL_CS,
				      vector_stubs[VECTOR_BREAKPOINT],
				      GATE_INTERRUPT | GATE_USER);
	idt[VECTOR_OVERFLOW] = gate(KERNEL_CS, vector_stubs[VECTOR_OVERFLOW],
				    GATE_INTERRUPT | GATE_USER);
	idt[VECTOR_SYSCALL] = gate(KERNEL_CS, vector_stubs[VECTOR_SYSCALL],
				   GATE_TRAP | GATE_USER);
	double_fault_init();
	load_idt(&idtr);
}
