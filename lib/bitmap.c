/* SPDX-License-Identifier: MIT */
/* Searching in bit arrays, a word at a time. */
#include <lib/bitmap.h>

u32 bitmap_next_set(const u32 *map, u32 nbits, u32 from)
{
	u32 word, i;

	if (from >= nbits)
		return nbits;
	i = from / 32;
	word = map[i] & ~0u << from % 32;
	while (!word) {
		if (++i >= BITMAP_WORDS(nbits))
			return nbits;
		word = map[i];
	}
	return MIN(i * 32 + (u32)__builtin_ctz(word), nbits);
}
