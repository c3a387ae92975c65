/* SPDX-License-Identifier: MIT */
/*
 * Division of 64-bit numbers by hand, in steps of 32 bits: the remainder of
 * one step is the high half of the next, so no step can overflow.
 *
 *     hi : lo  / d   ->   q_hi = hi / d,  r
 *                         q_lo = (r : lo) / d,  rem
 */
#include <lib/div64.h>
#include <x86/insn.h>

u64 u64_divmod(u64 num, u32 divisor, u32 *rem)
{
	u32 high = (u32)(num >> 32), left = high % divisor;
	u32 low = div64_by_32(left, (u32)num, divisor, &left);

	if (rem)
		*rem = left;
	return (u64)(high / divisor) << 32 | low;
}

u64 u64_muldiv(u64 a, u32 mul, u32 divisor)
{
	u64 low = (u64)(u32)a * mul;
	u64 top = (a >> 32) * mul + (low >> 32);
	u32 left, last;
	u64 quot = u64_divmod(top, divisor, &left);

	last = div64_by_32(left, (u32)low, divisor, &left);
	return quot << 32 | last;
}
