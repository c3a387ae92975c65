/* SPDX-License-Identifier: MIT */
/*
 * What the kernel files under test call and the host does not have. A panic
 * jumps back to the test that expects it, or ends the program.
 */
#include <stdarg.h>

#include <kernel/panic.h>
#include <kernel/printk.h>

#include "tap.h"

jmp_buf panic_jmp;
bool panic_armed;
char panic_text[256];

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(panic_text, sizeof(panic_text), fmt, args);
	va_end(args);
	if (panic_armed) {
		panic_armed = false;
		longjmp(panic_jmp, 1);
	}
	printf("Bail out! kernel panic: %s\n", panic_text);
	exit(1);
}

void printk(const char *fmt, ...)
{
	(void)fmt;
}
