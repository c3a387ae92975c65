; SPDX-License-Identifier: MIT
;
; From the boot loader to kmain(): the first instructions of the kernel.
;
;   physical            virtual, as boot_pgd maps it
;   0 ..   4 MiB        0 .. 4 MiB             only until the jump below
;   0 .. 896 MiB        0xC0000000 ..          224 pages of 4 MiB
;
; This section is linked at its load address of 1 MiB, because a boot loader
; jumps to a physical address. The same bytes stand at KERNEL_BASE + 1 MiB
; once paging is on, so the code moves up there by jumping to itself.
;
; At entry (Multiboot Specification 0.6.96, section 3.2): 32-bit protected
; mode, flat segments, paging and interrupts off, eax = magic, ebx = address
; of the information structure; no stack, no usable GDT.

KERNEL_BASE     equ 0xC0000000
DIRECT_PAGES    equ 896 / 4             ; DIRECT_MAP_MAX of mm/page.h
BOOT_STACK_SIZE equ 0x2000              ; boot/boot.h

MB_MAGIC        equ 0x1BADB002
MB_PAGE_ALIGN   equ 1                   ; modules begin on page boundaries
MB_MEMORY_MAP   equ 2                   ; we need the memory map
MB_FLAGS        equ MB_PAGE_ALIGN | MB_MEMORY_MAP

PDE_4M          equ 0x083               ; present, writable, PSE
CR4_PSE         equ 0x010
CR0_PG_WP       equ 0x80010000

        global _start
        global boot_pgd
        global boot_stack
        extern processor_check
        extern kmain

        section .boot progbits alloc exec nowrite align=16

        dd MB_MAGIC
        dd MB_FLAGS
        dd -(MB_MAGIC + MB_FLAGS)

_start:
        cld
        mov esi, eax                    ; magic
        mov esp, boot_stack + BOOT_STACK_SIZE - KERNEL_BASE
        call processor_check
        mov edi, boot_pgd - KERNEL_BASE

        mov eax, PDE_4M
        mov [edi], eax                  ; identity, for the next few lines
        xor ecx, ecx
.fill:  mov [edi + (KERNEL_BASE >> 20) + ecx * 4], eax
        add eax, 1 << 22
        inc ecx
        cmp ecx, DIRECT_PAGES
        jb .fill

        mov eax, cr4
        or eax, CR4_PSE
        mov cr4, eax
        mov cr3, edi
        mov eax, cr0
        or eax, CR0_PG_WP
        mov cr0, eax
        mov eax, .high + KERNEL_BASE
        jmp eax

.high:  mov dword [edi + KERNEL_BASE], 0 ; address 0 faults from here on
        mov cr3, edi

        mov esp, boot_stack + BOOT_STACK_SIZE
        xor ebp, ebp                    ; backtraces end here
        push ebp
        popf
        push ebx
        push esi
        push ebp                        ; kmain() has nobody to return to
        mov eax, kmain                  ; absolute: we run 3 GiB off our link
        jmp eax

        section .bss nobits alloc write align=8192

boot_stack:
        resb BOOT_STACK_SIZE
boot_pgd:
        resb 4096

        section .note.GNU-stack noalloc noexec nowrite progbits
