/* SPDX-License-Identifier: MIT */
/*
 * What kernel/vectors.S and kernel/entry.S share: offsets into C structures
 * (kernel/trap.c asserts them) and the call-frame information that lets gdb
 * walk from a fault handler through the trap into the user program.
 *
 * The canonical frame address of an entry stub is the stack slot of the
 * saved eip: it is at the same place in `struct trap_frame` whoever was
 * interrupted, while esp and ss exist only after a trap from user mode.
 *
 *   cfa + 16 ss, + 12 esp, + 8 eflags, + 4 cs, + 0 eip,
 *       - 4 error code, - 8 vector, - 12 es, - 16 ds, - 20 eax .. - 44 ebx
 *
 * See: docs/gdb.md
 */
#ifndef KERNEL_ENTRY_DEFS_H
#define KERNEL_ENTRY_DEFS_H

#define TASK_WORK 4

#define FRAME_ECX 4
#define FRAME_EDX 8
#define FRAME_EAX 24
#define FRAME_ERROR_CODE 40
#define FRAME_CS 48
#define FRAME_EFLAGS 52
#define FRAME_TO_CFA 44 /* from the frame's start to the slot of eip */

#define SYSCALL_TABLE_SIZE 450
#define ENTRY_KERNEL_DS 0x18
#define ENTRY_EFLAGS_VM 0x20000

#ifdef __ASSEMBLER__

/* The state at an entry with the saved eip \depth bytes above esp. */
.macro CFI_ENTRY depth
	.cfi_signal_frame
	.cfi_def_cfa esp, \depth
	.cfi_offset eip, 0
	.cfi_offset eflags, 8
	/*
	 * The interrupted esp, computed: (cs & 3) ? saved esp : cfa + 12.
	 * DW_CFA_val_expression esp, 17 bytes: dup, plus 4, deref, lit3, and,
	 * bra +5, plus 12, skip +3, plus 12, deref.
	 */
	.cfi_escape 0x16, 4, 17, 0x12, 0x23, 4, 0x06, 0x33, 0x1a, 0x28, 5, 0
	.cfi_escape 0x23, 12, 0x2f, 3, 0, 0x23, 12, 0x06
.endm

/* The state with a complete struct trap_frame at esp. */
.macro CFI_FRAME
	CFI_ENTRY FRAME_TO_CFA
	.cfi_offset eax, -20
	.cfi_offset ebp, -24
	.cfi_offset edi, -28
	.cfi_offset esi, -32
	.cfi_offset edx, -36
	.cfi_offset ecx, -40
	.cfi_offset ebx, -44
.endm

.macro PUSH_WORD what:vararg
	push \what
	.cfi_adjust_cfa_offset 4
.endm

.macro PUSH_REG reg
	push \reg
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset \reg, 0
.endm

.macro POP_REG reg
	pop \reg
	.cfi_adjust_cfa_offset -4
	.cfi_same_value \reg
.endm

/* If \insn faults, the kernel goes on at \fixup (kernel/usercopy.c). */
.macro FIXUP insn, fixup
	.pushsection __ex_table, "a"
	.long \insn, \fixup
	.popsection
.endm

#endif
#endif
