/* SPDX-License-Identifier: MIT */
/*
 * Bit arrays: bit n is bit n % 32 of word n / 32. NBITS need not be a
 * multiple of 32; bits behind it are never looked at nor changed.
 */
#ifndef LIB_BITMAP_H
#define LIB_BITMAP_H

#include <lib/types.h>

#define BITMAP_WORDS(nbits) (((nbits) + 31) / 32)

static inline bool bitmap_test(const u32 *map, u32 bit)
{
	return map[bit / 32] >> bit % 32 & 1;
}

static inline void bitmap_set(u32 *map, u32 bit)
{
	map[bit / 32] |= 1u << bit % 32;
}

static inline void bitmap_clear(u32 *map, u32 bit)
{
	map[bit / 32] &= ~(1u << bit % 32);
}

/* The first set bit at or above FROM; NBITS: none. */
u32 bitmap_next_set(const u32 *map, u32 nbits, u32 from);

#endif
