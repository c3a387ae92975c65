/* SPDX-License-Identifier: MIT */
/*
 * The names of the kernel's functions, for panics. tools/ksyms makes them
 * from the first link's symbols; the second link places them:
 *
 *   __ksyms_start   u32 count
 *                   u32 addr[count]   sorted
 *                   names, each ended by a NUL, in the same order
 *   __ksyms_end     == __ksyms_start in the first link: no names
 *
 * symbol_name() is declared in <kernel/panic.h>.
 */
#ifndef KERNEL_SYMBOLS_H
#define KERNEL_SYMBOLS_H

#include <lib/types.h>

/* From boot/kernel.lds. */
extern const u32 __ksyms_start[], __ksyms_end[];
extern const char __text_start[], __text_end[]; /* code of the kernel */

#endif
