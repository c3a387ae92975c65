/* SPDX-License-Identifier: MIT */
/*
 * 4096 bytes cleared or copied through xmm0, which keeps what it had. Both
 * addresses are divisible by 16. They build on the host too (-m32 and -m64).
 */
#ifndef X86_SSE_H
#define X86_SSE_H

#include <lib/types.h>

#define SSE_BLOCK 4096u

/* Stores, or loads and stores, at an offset from what the operands name. */
#define STORE(at) "movaps %%xmm0, " #at "(%[to],%[off])\n\t"
#define STORE4(a, b, c, d) STORE(a) STORE(b) STORE(c) STORE(d)
#define MOVE(at)                           \
	"movaps " #at                      \
	"(%[from],%[off]), %%xmm0\n\t" STORE(at)
#define MOVE4(a, b, c, d) MOVE(a) MOVE(b) MOVE(c) MOVE(d)

/* OFF counts from minus a page up to 0, so that the end needs no compare. */
static inline void sse_clear_page(char *to)
{
	long off = -(long)SSE_BLOCK;
	u8 saved[16];

	asm volatile("movups %%xmm0, %[saved]\n\t"
		     "xorps %%xmm0, %%xmm0\n"
		     "1:\n\t"
		     STORE4(0, 16, 32, 48) STORE4(64, 80, 96, 112)
		     STORE4(128, 144, 160, 176) STORE4(192, 208, 224, 240)
		     "add $256, %[off]\n\t"
		     "jnz 1b\n\t"
		     "movups %[saved], %%xmm0"
		     : [off] "+r"(off), [saved] "=&m"(saved)
		     : [to] "r"(to + SSE_BLOCK)
		     : "memory", "cc");
}

static inline void sse_copy_page(char *to, const char *from)
{
	long off = -(long)SSE_BLOCK;
	u8 saved[16];

	asm volatile("movups %%xmm0, %[saved]\n"
		     "1:\n\t"
		     MOVE4(0, 16, 32, 48) MOVE4(64, 80, 96, 112)
		     MOVE4(128, 144, 160, 176) MOVE4(192, 208, 224, 240)
		     "add $256, %[off]\n\t"
		     "jnz 1b\n\t"
		     "movups %[saved], %%xmm0"
		     : [off] "+r"(off), [saved] "=&m"(saved)
		     : [to] "r"(to + SSE_BLOCK), [from] "r"(from + SSE_BLOCK)
		     : "memory", "cc");
}

#undef STORE
#undef STORE4
#undef MOVE
#undef MOVE4

#endif
