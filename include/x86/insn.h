/* SPDX-License-Identifier: MIT */
/*
 * Instructions that C cannot ask for and lib/ needs: runs of 32-bit words,
 * and a division whose dividend has 64 bits. The direction flag is clear
 * everywhere in the kernel. They build on the host too (-m32 and -m64).
 */
#ifndef X86_INSN_H
#define X86_INSN_H

#include <lib/types.h>

/* Copies COUNT words upwards; the end of the target. */
static inline void *rep_movsl(void *dst, const void *src, size_t count)
{
	asm volatile("rep movsl"
		     : "+D"(dst), "+S"(src), "+c"(count)
		     :
		     : "memory");
	return dst;
}

/* Stores COUNT words of WORD; the end of the target. */
static inline void *rep_stosl(void *dst, u32 word, size_t count)
{
	asm volatile("rep stosl"
		     : "+D"(dst), "+c"(count)
		     : "a"(word)
		     : "memory");
	return dst;
}

/* HIGH:LOW / DIVISOR and *REM; HIGH < DIVISOR, or the processor traps. */
static inline u32 div64_by_32(u32 high, u32 low, u32 divisor, u32 *rem)
{
	u32 quot;

	asm("divl %4"
	    : "=a"(quot), "=d"(*rem)
	    : "0"(low), "1"(high), "r"(divisor)
	    : "cc");
	return quot;
}

#endif
