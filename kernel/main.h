/* SPDX-License-Identifier: MIT */
/* Where boot/entry.asm goes. */
#ifndef KERNEL_MAIN_H
#define KERNEL_MAIN_H

#include <lib/types.h>

/* MAGIC and MBI are what the boot loader left in eax and ebx. */
void kmain(u32 magic, paddr_t mbi) __noreturn;

#endif
