; SPDX-License-Identifier: MIT
;
; The context switch: what has to happen between two instructions.
;
;   void switch_to(struct task *prev, struct task *next);
;
; Called by one task, returns in another: that one called it earlier, or was
; made by kernel/fork.c with a stack that looks as if it had:
;
;   task->kesp --> edi  esi  ebx  ebp  return address  ...
;
; The other registers are the caller's to lose (the C calling convention),
; and segments, FPU, esp0 and CR3 are changed by schedule() around the call.
; Interrupts are off.

TASK_KESP equ 0 ; offset in struct task, asserted in kernel/task.h

section .text

global switch_to:function
switch_to:
	mov eax, [esp + 4] ; prev
	mov edx, [esp + 8] ; next
	push ebp
	push ebx
	push esi
	push edi
	mov [eax + TASK_KESP], esp
	mov esp, [edx + TASK_KESP]
	pop edi
	pop esi
	pop ebx
	pop ebp
	ret

section .note.GNU-stack noalloc noexec nowrite progbits
