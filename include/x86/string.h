/* SPDX-License-Identifier: MIT */
/* The string instructions, in the words they move fastest: four bytes. */
#ifndef X86_STRING_H
#define X86_STRING_H

#include <lib/types.h>

/* COUNT words of VAL from DST on. */
static inline void rep_stosl(void *dst, u32 val, u32 count)
{
	asm volatile("rep stosl"
		     : "+D"(dst), "+c"(count)
		     : "a"(val)
		     : "memory");
}

/* COUNT words from SRC to DST, upwards. */
static inline void rep_movsl(void *dst, const void *src, u32 count)
{
	asm volatile("rep movsl"
		     : "+D"(dst), "+S"(src), "+c"(count)
		     :
		     : "memory");
}

#endif
