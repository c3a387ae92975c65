/* SPDX-License-Identifier: MIT */
/*
 * Numbers that look random and are the same each time: xorshift of 32 bits
 * (Marsaglia, 2003). For what is to be compared from boot to boot; secrets
 * come from kernel/random.c.
 */
#ifndef LIB_XORSHIFT_H
#define LIB_XORSHIFT_H

#include <lib/types.h>

/* The number after *STATE, which is not 0; it never becomes 0. */
static inline u32 xorshift(u32 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

#endif
