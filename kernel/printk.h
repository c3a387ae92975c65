/* SPDX-License-Identifier: MIT */
/* The kernel log: a ring of text, copied to the consoles as it is written. */
#ifndef KERNEL_PRINTK_H
#define KERNEL_PRINTK_H

#include <stdarg.h>

#include <lib/types.h>

/* One line a call; the newline is the caller's. Any context. */
void printk(const char *fmt, ...) __printf_like(1, 2);
void vprintk(const char *fmt, va_list args) __printf_like(1, 0);

/* Copies the newest SIZE-1 bytes of the log, NUL-ended; returns the length. */
u32 printk_read(char *buf, u32 size);

#endif
