/* SPDX-License-Identifier: MIT */
/* Searching and counting in bit arrays, a word at a time. */
#include <lib/bitmap.h>

/* The first set bit of MAP, with every word flipped by FLIP first. */
static u32 next_bit(const u32 *map, u32 nbits, u32 from, u32 flip)
{
	u32 word, i;

	if (from >= nbits)
		return nbits;
	i = from / 32;
	word = (map[i] ^ flip) & ~0u << from % 32;
	while (!word) {
		if (++i >= BITMAP_WORDS(nbits))
			return nbits;
		word = map[i] ^ flip;
	}
	return MIN(i * 32 + (u32)__builtin_ctz(word), nbits);
}

u32 bitmap_next_zero(const u32 *map, u32 nbits, u32 from)
{
	return next_bit(map, nbits, from, ~0u);
}

u32 bitmap_next_set(const u32 *map, u32 nbits, u32 from)
{
	return next_bit(map, nbits, from, 0);
}

u32 bitmap_weight(const u32 *map, u32 nbits)
{
	u32 bit, count = 0;

	for (bit = bitmap_next_set(map, nbits, 0); bit < nbits;
	     bit = bitmap_next_set(map, nbits, bit + 1))
		count++;
	return count;
}
