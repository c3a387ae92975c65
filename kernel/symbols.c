/* SPDX-License-Identifier: MIT */
/*
 * From an address to a name. Only panics ask, so a search through the names
 * is fast enough and the table needs no index. Any context, never sleeps.
 */
#include <kernel/panic.h>
#include <kernel/symbols.h>
#include <lib/string.h>

/* Number of addresses that are not above ADDR. */
static u32 count_upto(const u32 *addrs, u32 count, u32 addr)
{
	u32 low = 0, high = count;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (addrs[mid] <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const char *symbol_name(u32 addr, u32 *offset)
{
	const u32 *addrs = __ksyms_start + 1;
	const char *name;
	u32 n, i;

	if (&__ksyms_start[0] == &__ksyms_end[0] || addr < (u32)__text_start ||
	    addr >= (u32)__text_end)
		return NULL;
	n = count_upto(addrs, __ksyms_start[0], addr);
	if (!n)
		return NULL;
	name = (const char *)(addrs + __ksyms_start[0]);
	for (i = 1; i < n; i++)
		name += strlen(name) + 1;
	*offset = addr - addrs[n - 1];
	return name;
}
