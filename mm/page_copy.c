/* SPDX-License-Identifier: MIT */
/*
 * A whole frame is cleared, or copied: most of what the first touch of a page
 * costs.
 *
 *   with SSE     16 bytes an instruction, by way of xmm0, which is the user's:
 *                it is put aside and back. 288 and 545 instructions a page.
 *   without      rep stosl, rep movsl: 1,024, as the processor counts
 *
 * The kernel is compiled without these registers, and nothing switches tasks
 * between the first instruction and the last: interrupts may come, but none
 * of them touches xmm0 or gives the processor to another task.
 */
#include <mm/page_alloc.h>
#include <x86/insn.h>
#include <x86/sse.h>

bool page_by_sse;

void clear_page(void *kva)
{
	if (likely(page_by_sse))
		sse_clear_page(kva);
	else
		rep_stosl(kva, 0, PAGE_SIZE / 4);
}

void copy_page(void *dst, const void *src)
{
	if (likely(page_by_sse))
		sse_copy_page(dst, src);
	else
		rep_movsl(dst, src, PAGE_SIZE / 4);
}
