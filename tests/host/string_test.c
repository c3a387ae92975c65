/* SPDX-License-Identifier: MIT */
/*
 * lib/string.c against the host's C library: every length and alignment up
 * to 40, with guards on both sides, and every overlap of memmove. The build
 * renames the kernel's functions to k_NAME.
 */
#include <string.h>

#include "renamed.h"
#include "tap.h"

static u8 got[128], want[128], src[128];

static void fill(void)
{
	for (u32 i = 0; i < sizeof(src); i++) {
		src[i] = (u8)rnd();
		got[i] = want[i] = (u8)rnd();
	}
}

static bool same(void)
{
	return !memcmp(got, want, sizeof(got));
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

static void test_copy_and_fill(void)
{
	bool copies = true, fills = true, moves = true, returns = true;

	for (u32 n = 0; n <= 40; n++)
		for (u32 d = 0; d < 8; d++)
			for (u32 s = 0; s < 8; s++) {
				fill();
				returns &= k_memcpy(got + 8 + d, src + s, n) ==
					   got + 8 + d;
				memcpy(want + 8 + d, src + s, n);
				copies &= same();
				returns &= k_memset(got + d, (int)n * 37 - 400,
						    n) == got + d;
				memset(want + d, (int)n * 37 - 400, n);
				fills &= same();
			}
	for (u32 n = 0; n <= 40; n++)
		for (u32 d = 0; d < 48; d++)
			for (u32 s = 0; s < 48; s++) {
				fill();
				returns &= k_memmove(got + d, got + s, n) ==
					   got + d;
				memmove(want + d, want + s, n);
				moves &= same();
			}
	ok(copies, "memcpy: every length and alignment, nothing beyond");
	ok(fills, "memset: the low byte only, nothing beyond");
	ok(moves, "memmove: every overlap");
	ok(returns, "all three return the target");
}

static void test_compare(void)
{
	bool mem = true, str = true, strn = true;

	for (u32 i = 0; i < 50000; i++) {
		u32 n = rnd_below(12);

		for (u32 j = 0; j < 12; j++) {
			got[j] = (u8)(rnd_below(3) * 100);
			want[j] = (u8)(rnd_below(3) * 100);
		}
		got[12] = want[12] = 0;
		mem &= sign(k_memcmp(got, want, n)) ==
		       sign(memcmp(got, want, n));
		str &= sign(k_strcmp((char *)got, (char *)want)) ==
		       sign(strcmp((char *)got, (char *)want));
		strn &= sign(k_strncmp((char *)got, (char *)want, n)) ==
			sign(strncmp((char *)got, (char *)want, n));
	}
	ok(mem, "memcmp orders bytes as unsigned");
	ok(str, "strcmp");
	ok(strn, "strncmp stops at the NUL and at N");
}

static void test_search(void)
{
	bool len = true, chr = true, rchr = true;
	char s[16];

	for (u32 i = 0; i < 50000; i++) {
		u32 n = rnd_below(sizeof(s)), c = "abc"[rnd_below(4)];

		for (u32 j = 0; j < n; j++)
			s[j] = (char)('a' + rnd_below(2));
		s[n] = 0;
		len &= k_strlen(s) == n;
		for (u32 max = 0; max < 20; max++)
			len &= k_strnlen(s, max) == strnlen(s, max);
		chr &= k_strchr(s, (int)c) == strchr(s, (int)c);
		rchr &= k_strrchr(s, (int)c) == strrchr(s, (int)c);
	}
	ok(len, "strlen, strnlen");
	ok(chr, "strchr, also of the NUL");
	ok(rchr, "strrchr, also of the NUL");
	s[0] = s[1] = 'x';
	ok(k_strnlen(s, 2) == 2, "strnlen reads no further than its limit");
}

static void test_strlcpy(void)
{
	bool good = true;
	char dst[12], text[9] = "";

	for (u32 n = 0; n <= 8; n++) {
		for (u32 size = 0; size <= 10; size++) {
			memset(dst, '#', sizeof(dst));
			good &= k_strlcpy(dst, text, size) == n;
			good &= dst[size] == '#';
			if (size) {
				u32 kept = MIN(n, size - 1);

				good &= !memcmp(dst, text, kept) && !dst[kept];
			}
		}
		if (n < 8)
			text[n] = (char)('a' + n);
	}
	ok(good, "strlcpy cuts, ends with a NUL, returns the whole length");
}

int main(void)
{
	test_copy_and_fill();
	test_compare();
	test_search();
	test_strlcpy();
	return tap_done();
}
