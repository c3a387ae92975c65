/* SPDX-License-Identifier: MIT */
/*
 * Hop 2: the doors between user mode and the kernel.
 *
 *   vector_N --> trap_entry --> trap_dispatch() --.
 *   vector_N --> irq_entry  --> irq_dispatch()  --+--> trap_return
 *   int 0x80 --> syscall_entry --> sys_...() ---. |
 *                                               v v
 *                     return_to_user: work? --> exit_to_user_work()
 *                     restore_frame:  iret
 *   new task --> ret_from_fork --> task_first_run() --> trap_return
 *
 * INV-EN1 in C code ds and es are KERNEL_DS and the direction flag is clear;
 *         fs and gs hold whatever the running task put there.
 * INV-EN2 a trap_frame from user mode ends at the top of the kernel stack,
 *         unless VM86 mode made it (INV-EN4).
 * INV-EN3 between the test of task->work and iret interrupts are off, so no
 *         signal or reschedule request is left behind.
 * INV-EN4 a frame from VM86 mode is never returned to. It is 16 bytes longer,
 *         and its cs is no selector. No system call comes from there: all
 *         that VM86 mode reaches is never mapped (MMAP_MIN_ADDR).
 *
 * Exceptions and interrupts come in with interrupts off: do_page_fault()
 * must read CR2 before another fault can change it. System calls come in
 * with interrupts on; their path is short on purpose.
 *
 * The instructions that load what a user program may have spoilt (segment
 * selectors, iret) have fixups: a bad value is that program's fault.
 *
 * See: kernel/trap.h for the frame, kernel/entry_defs.h for the .cfi lines.
 */
#include <kernel/entry_defs.h>

	.intel_syntax noprefix
	.cfi_sections .debug_frame
	.text

/* From the error code and vector on the stack to a whole trap_frame. */
.macro SAVE_FRAME
	PUSH_WORD es
	PUSH_WORD ds
	PUSH_REG eax
	PUSH_REG ebp
	PUSH_REG edi
	PUSH_REG esi
	PUSH_REG edx
	PUSH_REG ecx
	PUSH_REG ebx
	mov ecx, ENTRY_KERNEL_DS
	mov ds, ecx
	mov es, ecx
	cld
.endm

	.globl trap_entry
	.type trap_entry, @function
trap_entry:
	.cfi_startproc simple
	CFI_ENTRY 8
	SAVE_FRAME
	test dword ptr [esp + FRAME_EFLAGS], ENTRY_EFLAGS_VM
	jnz vm86_entry
	PUSH_WORD esp
	call trap_dispatch
	add esp, 4
	.cfi_adjust_cfa_offset -4
	jmp trap_return
	.cfi_endproc
	.size trap_entry, . - trap_entry

	.globl irq_entry
	.type irq_entry, @function
irq_entry:
	.cfi_startproc simple
	CFI_ENTRY 8
	SAVE_FRAME
	PUSH_WORD esp
	call irq_dispatch
	add esp, 4
	.cfi_adjust_cfa_offset -4
	test dword ptr [esp + FRAME_EFLAGS], ENTRY_EFLAGS_VM
	jz trap_return /* else on to vm86_entry */
	.cfi_endproc
	.size irq_entry, . - irq_entry

/* The interrupt is done, the trap need not be: the task ends (INV-EN4). */
	.type vm86_entry, @function
vm86_entry:
	.cfi_startproc simple
	CFI_FRAME
	PUSH_WORD esp
	call vm86_end
	.cfi_endproc
	.size vm86_entry, . - vm86_entry

/* A task runs for the first time: fork's child, or a kernel thread. */
	.globl ret_from_fork
	.type ret_from_fork, @function
ret_from_fork:
	.cfi_startproc simple
	CFI_FRAME
	PUSH_WORD esp
	call task_first_run
	add esp, 4
	.cfi_adjust_cfa_offset -4
	jmp trap_return
	.cfi_endproc
	.size ret_from_fork, . - ret_from_fork

/*
 * eax is the number; ebx ecx edx esi edi ebp are the arguments. They are
 * pushed again for the handler, which may use its argument slots as it likes
 * while the frame must keep its values for a restart.
 */
	.globl syscall_entry
	.type syscall_entry, @function
syscall_entry:
	.cfi_startproc simple
	CFI_ENTRY 0
	PUSH_WORD eax
	PUSH_WORD 0x80
	SAVE_FRAME
	.cfi_remember_state
	cmp dword ptr [trace_on], 0
	jne syscall_traced
.Lsyscall_call:
	mov ecx, OFFSET sys_ni_syscall
	cmp eax, SYSCALL_TABLE_SIZE
	jae 1f
	mov ecx, [syscall_table + eax * 4]
1:	PUSH_WORD ebp
	PUSH_WORD edi
	PUSH_WORD esi
	PUSH_WORD edx
	PUSH_WORD [esp + FRAME_ECX + 16]
	PUSH_WORD ebx
	call ecx
	add esp, 24
	.cfi_restore_state
	.cfi_remember_state
	mov [esp + FRAME_EAX], eax
	cli

/* Interrupts are off, a frame from user mode is at esp. */
return_to_user:
	mov ecx, [current_task]
	cmp dword ptr [ecx + TASK_WORK], 0
	jne work_pending

restore_frame:
	POP_REG ebx
	POP_REG ecx
	POP_REG edx
	POP_REG esi
	POP_REG edi
	POP_REG ebp
	POP_REG eax
.Lpop_ds:	pop ds
	.cfi_adjust_cfa_offset -4
.Lpop_es:	pop es
	.cfi_adjust_cfa_offset -4
	add esp, 8
	.cfi_adjust_cfa_offset -8
.Liret:
	iretd

	.cfi_restore_state
	.cfi_remember_state
work_pending:
	PUSH_WORD esp
	call exit_to_user_work
	add esp, 4
	.cfi_adjust_cfa_offset -4
	jmp restore_frame

	.globl trap_return
trap_return:
	cli
	test byte ptr [esp + FRAME_CS], 3
	jnz return_to_user
	jmp restore_frame

syscall_traced:
	PUSH_WORD esp
	call trace_syscall
	add esp, 4
	.cfi_adjust_cfa_offset -4
	mov eax, [esp + FRAME_ERROR_CODE]
	mov edx, [esp + FRAME_EDX]
	jmp .Lsyscall_call

/* A data segment that is no longer there: user mode gets a null selector. */
	.cfi_restore_state
	.cfi_def_cfa_offset 16
fix_ds:	mov dword ptr [esp], 0
	jmp .Lpop_ds
	.cfi_def_cfa_offset 12
fix_es:	mov dword ptr [esp], 0
	jmp .Lpop_es
	.cfi_endproc
	.size syscall_entry, . - syscall_entry

/*
 * iret refused eip, cs, eflags or ss. They still stand on the stack and the
 * registers are the program's: as if its next instruction had faulted.
 */
	.type fix_iret, @function
fix_iret:
	.cfi_startproc simple
	CFI_ENTRY 0
	PUSH_WORD 0
	PUSH_WORD 13
	jmp trap_entry
	.cfi_endproc
	.size fix_iret, . - fix_iret

	FIXUP .Lpop_ds, fix_ds
	FIXUP .Lpop_es, fix_es
	FIXUP .Liret, fix_iret

	.section .note.GNU-stack, "", @progbits
