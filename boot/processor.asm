; SPDX-License-Identifier: MIT
;
; Is this processor new enough? Asked before anything else: the compiler's code
; has cmov everywhere, paging begins with pages of 4 MiB. A processor without
; them would die of three faults in a row, and GRUB's machine start anew for
; ever, without a word. So it is said here, in one sentence on COM1 and on the
; screen, and the machine ends.
;
;   EFLAGS.ID stays --> no CPUID --------.
;   CPUID 1, edx --> one of NEEDED is 0 --+--> the sentence, the end
;                '-> all there --> back to _start
;
; Runs at physical addresses: paging off, flat segments, interrupts off, on the
; boot stack, and with the instructions of a 386 until CPUID is known.

KERNEL_BASE     equ 0xC0000000

EFLAGS_ID       equ 1 << 21

HAS_FPU         equ 1 << 0              ; CPUID 1, edx: Intel SDM 2A, CPUID
HAS_PSE         equ 1 << 3
HAS_TSC         equ 1 << 4
HAS_CMOV        equ 1 << 15
HAS_CPUID       equ 1 << 20             ; a bit it leaves free: it is there
NEEDED          equ HAS_CPUID | HAS_FPU | HAS_PSE | HAS_TSC | HAS_CMOV

SCREEN          equ 0xB8000
SCREEN_CELLS    equ 80 * 25
BLANK           equ 0x0720              ; grey on black
COM1            equ 0x3F8
LINE_STATUS     equ 5
SENDER_EMPTY    equ 0x20
PATIENCE        equ 100000              ; looks at a line that may be missing

GATE_PORT       equ 0xE10               ; these four: drivers/qemu.c
EXIT_PORT       equ 0xF4
EXIT_PANIC      equ 0x11
BOCHS_SHUTDOWN  equ 0x8900

        global processor_check

        cpu 386
        section .boot

; Returns if the processor has all that is NEEDED. Keeps ebx and esi.
processor_check:
        push ebx
        push esi
        mov edi, ~HAS_CPUID             ; nothing else is known to be missing
        pushfd
        pop eax
        mov ecx, eax
        xor eax, EFLAGS_ID
        push eax
        popfd
        pushfd
        pop eax
        xor eax, ecx
        test eax, EFLAGS_ID
        jz .judge

        cpu 586
        mov eax, 1
        cpuid
        cpu 386
        mov edi, edx
        or edi, HAS_CPUID

.judge: not edi                         ; what it lacks
        and edi, NEEDED
        jnz complain
        pop esi
        pop ebx
        ret

; edi: what the processor lacks. Does not return.
complain:
        mov ebp, edi
        mov edi, SCREEN
        mov ecx, SCREEN_CELLS
        mov ax, BLANK
        rep stosw
        mov edi, SCREEN
        mov esi, com1_setup
.setup: movzx edx, byte [esi]
        add edx, COM1
        mov al, [esi + 1]
        out dx, al
        add esi, 2
        cmp esi, com1_setup.end
        jb .setup

        mov esi, begin
        call say
        mov ebx, names
.name:  mov esi, [ebx + 4]
        test ebp, [ebx]
        jz .next
        call say
.next:  add ebx, 8
        cmp ebx, names.end
        jb .name
        mov esi, finish
        call say

        mov dx, GATE_PORT               ; v86 has it, and no exit device
        in eax, dx
        inc eax
        jnz .halt
        mov dx, EXIT_PORT
        mov eax, EXIT_PANIC
        out dx, eax
        mov dx, BOCHS_SHUTDOWN
        mov esi, shutdown
        mov ecx, shutdown.end - shutdown
        rep outsb
.halt:  hlt
        jmp .halt

; The text at esi, ended by 0, to COM1 and to the cells at edi.
say:    lodsb
        test al, al
        jz .end
        mov ah, al
        mov ecx, PATIENCE
        mov dx, COM1 + LINE_STATUS
.wait:  in al, dx
        test al, SENDER_EMPTY
        loopz .wait
        mov al, ah
        mov dx, COM1
        out dx, al
        cmp al, ' '
        jb say
        mov [edi], al
        add edi, 2
        jmp say
.end:   ret

com1_setup:                             ; register, value: 115200 baud, 8N1
        db 1, 0, 3, 0x80, 0, 1, 1, 0, 3, 3
.end:

names:  dd HAS_CPUID, .cpuid, HAS_FPU, .fpu, HAS_PSE, .pse
        dd HAS_TSC, .tsc, HAS_CMOV, .cmov
.end:
.cpuid: db " cpuid", 0
.fpu:   db " fpu", 0
.pse:   db " pse", 0
.tsc:   db " tsc", 0
.cmov:  db " cmov", 0

begin:  db "kernel panic: this processor has no", 0
finish: db "; Faultline needs a Pentium Pro or newer", 13, 10, 0
shutdown:
        db "Shutdown"
.end:

        section .note.GNU-stack noalloc noexec nowrite progbits
