/* SPDX-License-Identifier: MIT */
/*
 * Text from a format, as C's printf does it:
 *
 *   %[flags][width][.precision][length]conversion
 *   flags       - 0 + blank #          width, precision   digits or *
 *   length      hh h l ll z            conversion         d i u x X o c s p %
 *
 * %p prints 0x and 8 digits; %s of NULL prints (null). No floating point,
 * no %n. An unknown conversion is printed as it stands.
 */
#ifndef LIB_PRINTF_H
#define LIB_PRINTF_H

#include <stdarg.h>

#include <lib/types.h>

/*
 * Writes at most SIZE bytes with the NUL (nothing if SIZE is 0) and returns
 * the length without it that the whole text has. Any context.
 */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf_like(3, 4);

#endif
