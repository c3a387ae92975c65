/* SPDX-License-Identifier: MIT */
/*
 * lib/printf.c against the host's snprintf: every flag, width, precision and
 * length for every conversion, random values and edges, and every size of
 * the target. The build renames the kernel's functions to k_NAME.
 */
#include <limits.h>
#include <string.h>

#include "renamed.h"
#include "tap.h"

static bool all_same = true;

/* The formats are made at run time, on purpose. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
#pragma GCC diagnostic ignored "-Wformat"

#define COMPARE(fmt, ...)                                               \
	do {                                                            \
		char a_[300], b_[300];                                  \
		int la_ = snprintf(a_, sizeof(a_), fmt, __VA_ARGS__);   \
		int lb_ = k_snprintf(b_, sizeof(b_), fmt, __VA_ARGS__); \
		if (la_ != lb_ || strcmp(a_, b_)) {                     \
			if (all_same)                                   \
				printf("# \"%s\": C %d [%s], "          \
				       "ours %d [%s]\n",                \
				       fmt, la_, a_, lb_, b_);          \
			all_same = false;                               \
		}                                                       \
	} while (0)

static u64 edge(void)
{
	static const u64 edges[] = {
		0,
		1,
		7,
		8,
		9,
		10,
		255,
		256,
		32767,
		32768,
		65535,
		65536,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		0x100000000ull,
		0x7fffffffffffffffull,
		0x8000000000000000ull,
		~0ull,
	};
	u32 pick = rnd_below(ARRAY_SIZE(edges) + 6);

	if (pick < ARRAY_SIZE(edges))
		return edges[pick];
	return ((u64)rnd() << 32 | rnd()) >> rnd_below(64);
}

static void compare_number(const char *spec, char conv)
{
	static const char *const lengths[] = { "", "h", "hh", "l", "ll", "z" };
	u32 pick = rnd_below(ARRAY_SIZE(lengths));
	u64 val = edge();
	char fmt[64];

	snprintf(fmt, sizeof(fmt), "<%s%s%c>", spec, lengths[pick], conv);
	if (pick == 4)
		COMPARE(fmt, val);
	else
		COMPARE(fmt, (u32)val);
}

static void test_numbers(void)
{
	char spec[32], width[12], precision[12];

	for (u32 i = 0; i < 200000; i++) {
		u32 flags = rnd_below(32);

		snprintf(width, sizeof(width), "%u", rnd_below(24));
		snprintf(precision, sizeof(precision), ".%u", rnd_below(24));
		snprintf(spec, sizeof(spec), "%%%s%s%s%s%s%s%s",
			 flags & 1 ? "-" : "", flags & 2 ? "0" : "",
			 flags & 4 ? "+" : "", flags & 8 ? " " : "",
			 flags & 16 ? "#" : "", rnd_below(2) ? width : "",
			 rnd_below(2) ? precision : "");
		compare_number(spec, "diuxXo"[rnd_below(6)]);
	}
	ok(all_same, "200,000 random number conversions as C's");
}

static void test_text(void)
{
	static const char *const texts[] = { "", "a", "hello", "0123456789" };

	all_same = true;
	for (u32 i = 0; i < ARRAY_SIZE(texts); i++)
		for (int w = -14; w <= 14; w++) {
			COMPARE("[%*s]", w, texts[i]);
			COMPARE("[%*c]", w, 'x');
			for (int p = -2; p <= 12; p++)
				COMPARE("[%*.*s]", w, p, texts[i]);
		}
	COMPARE("%%%s%%%c%%", "x", 'y');
	COMPARE("%s", "a long text that is printed as it stands, whole");
	COMPARE("%.3s", (const char[]){ 'a', 'b', 'c' });
	ok(all_same, "%%s %%c %%%% with width, precision and *");
}

static void test_cut(void)
{
	bool good = true;

	for (u32 size = 0; size < 20; size++) {
		char a[24], b[24];
		int la, lb;

		memset(a, '#', sizeof(a));
		memset(b, '#', sizeof(b));
		la = snprintf(a, size, "%d-%s-%05x", 42, "word", 0xbeef);
		lb = k_snprintf(b, size, "%d-%s-%05x", 42, "word", 0xbeef);
		good &= la == lb && !memcmp(a, b, sizeof(a));
	}
	ok(good, "every size of the target: cut, ended, nothing beyond");
	ok(k_snprintf(NULL, 0, "%d", 12345) == 5, "size 0 only measures");
}

static void test_own_rules(void)
{
	char buf[64];

	k_snprintf(buf, sizeof(buf), "%p|%p", (void *)0x1234, NULL);
	ok(!strcmp(buf, "0x00001234|0x00000000"), "%%p has 8 digits: %s", buf);
	k_snprintf(buf, sizeof(buf), "%s|%.3s", (char *)NULL, (char *)NULL);
	ok(!strcmp(buf, "(null)|(nu"), "%%s of NULL: %s", buf);
	k_snprintf(buf, sizeof(buf), "%y|%");
	ok(!strcmp(buf, "%y|"), "an unknown conversion, a lone %%: %s", buf);
}

int main(void)
{
	test_numbers();
	test_text();
	test_cut();
	test_own_rules();
	return tap_done();
}
