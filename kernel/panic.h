/* SPDX-License-Identifier: MIT */
/*
 * The end of the machine, and the assertions that bring it about.
 * A panic prints one sentence with the values in it, the registers and a
 * backtrace with names, and leaves through the emulator's exit device.
 */
#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

#include <lib/types.h>

struct trap_frame;

void panic(const char *fmt, ...) __noreturn __cold __printf_like(1, 2);

/* The same for a trap: prints FRAME's registers and its backtrace. */
void panic_frame(struct trap_frame *frame, const char *fmt, ...) __noreturn
	__printf_like(2, 3);

/* The function that holds ADDR and the distance from its start, or NULL. */
const char *symbol_name(u32 addr, u32 *offset);

/* Broken invariants stop the machine; nothing prints and continues. */
#define ASSERT(cond)                                                     \
	do {                                                             \
		if (unlikely(!(cond)))                                   \
			panic("assertion '%s' failed in %s (%s:%d)",     \
			      #cond, __func__, __FILE__, __LINE__);      \
	} while (0)

/* ASSERT with a sentence that holds the values. */
#define ASSERT_MSG(cond, ...)              \
	do {                               \
		if (unlikely(!(cond)))     \
			panic(__VA_ARGS__); \
	} while (0)

#endif
