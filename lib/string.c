/* SPDX-License-Identifier: MIT */
/*
 * Memory and strings.
 *
 * The clock of this kernel's benchmarks counts instructions, and a repeated
 * string instruction counts once for each repetition: so copying and filling
 * go by words of 32 bits, with at most three single bytes at the end.
 * The compiler may call memcpy, memmove, memset and memcmp by itself.
 *
 * Locks: none; any context.
 */
#include <lib/string.h>
#include <x86/insn.h>

/* Or the loops below would be turned into calls of themselves; clang does not
 * do that in freestanding code. */
#ifndef __clang__
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

void *memcpy(void *dst, const void *src, size_t n)
{
	const u8 *s = (const u8 *)src + (n & ~(size_t)3);
	u8 *d = rep_movsl(dst, src, n / 4);

	for (n &= 3; n; n--)
		*d++ = *s++;
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	const u8 *s = (const u8 *)src + n;
	u8 *d = (u8 *)dst + n;

	if ((uintptr_t)dst - (uintptr_t)src >= n)
		return memcpy(dst, src, n);
	while (n--)
		*--d = *--s;
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	u8 *d = rep_stosl(dst, (u8)c * 0x01010101u, n / 4);

	for (n &= 3; n; n--)
		*d++ = (u8)c;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *p = a, *q = b;

	for (; n; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

size_t strlen(const char *s)
{
	const char *end = s;

	while (*end)
		end++;
	return end - s;
}

size_t strnlen(const char *s, size_t max)
{
	size_t len = 0;

	while (len < max && s[len])
		len++;
	return len;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (*a != *b || !*a)
			return (u8)*a - (u8)*b;
	return 0;
}

char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)(uintptr_t)s;
		if (!*s)
			return NULL;
	}
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	do {
		if (*s == (char)c)
			last = s;
	} while (*s++);
	return (char *)(uintptr_t)last;
}

size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src);

	if (size) {
		size_t n = MIN(len, size - 1);

		memcpy(dst, src, n);
		dst[n] = 0;
	}
	return len;
}
