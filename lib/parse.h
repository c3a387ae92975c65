/* SPDX-License-Identifier: MIT */
/* Numbers written as text: /proc files, the kernel command line, cpio. */
#ifndef LIB_PARSE_H
#define LIB_PARSE_H

#include <lib/types.h>

/*
 * The unsigned number at the start of TEXT, at most LEN characters or up to
 * a NUL, in BASE 8, 10 or 16 (no prefix). Returns the characters taken; 0,
 * with *VAL unchanged: no digit, or more than 32 bits.
 */
u32 parse_digits(const char *text, u32 len, u32 base, u32 *val);

/*
 * The whole of TEXT as one number: decimal, 0x hexadecimal or 0 octal, with
 * blanks and newlines around it. False, with *VAL unchanged, if it is
 * anything else or does not fit.
 */
bool parse_u32(const char *text, u32 *val);

#endif
