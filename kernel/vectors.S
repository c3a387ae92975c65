/* SPDX-License-Identifier: MIT */
/*
 * Hop 1: the first instructions of each of the 256 vectors.
 *
 * A stub makes the stack look the same for all: it pushes a 0 where the
 * processor pushed no error code, then its number, and goes on in
 * kernel/entry.S. vector_stubs[] lists their addresses for boot/idt.c.
 *
 *   8 10 11 12 13 14 17   the processor pushed an error code
 *   0x20 .. 0x2f          lines of the interrupt controller: irq_entry
 *   0x80                  system calls: syscall_entry, without a stub
 *   the others            trap_entry
 */
#include <kernel/entry_defs.h>

	.intel_syntax noprefix
	.altmacro
	.cfi_sections .debug_frame

.macro STUB_ADDRESS symbol
	.pushsection .rodata
	.long \symbol
	.popsection
.endm

.macro STUB number, has_code, target
	.type vector_\number, @function
vector_\number:
	.cfi_startproc simple
	.if \has_code
		CFI_ENTRY 4
	.else
		CFI_ENTRY 0
		PUSH_WORD 0
	.endif
	PUSH_WORD \number
	jmp \target
	.cfi_endproc
	.size vector_\number, . - vector_\number
	STUB_ADDRESS vector_\number
.endm

.macro VECTOR number
	.if \number == 0x80
		STUB_ADDRESS syscall_entry
	.elseif \number == 8 || \number == 17
		STUB \number, 1, trap_entry
	.elseif \number >= 10 && \number <= 14
		STUB \number, 1, trap_entry
	.elseif \number / 16 == 2
		STUB \number, 0, irq_entry
	.else
		STUB \number, 0, trap_entry
	.endif
.endm

	.section .rodata
	.balign 4
	.globl vector_stubs
	.type vector_stubs, @object
	.size vector_stubs, 256 * 4
vector_stubs:

	.text
	.set vector, 0
	.rept 256
	VECTOR %vector
	.set vector, vector + 1
	.endr

	.section .note.GNU-stack, "", @progbits
