/* SPDX-License-Identifier: MIT */
/*
 * Division of 64-bit numbers. The processor divides 64 by 32 bits only, and
 * for `u64 / x` the compiler calls a library this kernel is not linked with.
 */
#ifndef LIB_DIV64_H
#define LIB_DIV64_H

#include <lib/types.h>

/* NUM / DIVISOR, the remainder in *REM (REM may be NULL). DIVISOR != 0. */
u64 u64_divmod(u64 num, u32 divisor, u32 *rem);

/* A * MUL / DIVISOR without losing high bits between; DIVISOR != 0, and the
 * result must fit 64 bits. For clocks: ticks to nanoseconds. */
u64 u64_muldiv(u64 a, u32 mul, u32 divisor);

#endif
