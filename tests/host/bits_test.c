/* SPDX-License-Identifier: MIT */
/* lib/bitmap.c, div64.c, parse.c and list.h against naive models. */
#include <string.h>

#include <lib/bitmap.h>
#include <lib/div64.h>
#include <lib/list.h>
#include <lib/parse.h>

#include "tap.h"

#define NBITS 100u

static u32 naive_next(const bool *bits, u32 nbits, u32 from)
{
	for (; from < nbits; from++)
		if (bits[from])
			return from;
	return nbits;
}

static void test_bitmap(void)
{
	bool bits[NBITS] = { false }, good = true;
	u32 *map = calloc(BITMAP_WORDS(NBITS), 4);

	for (u32 i = 0; i < 20000; i++) {
		u32 bit = rnd_below(NBITS), nbits = rnd_below(NBITS + 1);
		u32 from = rnd_below(NBITS + 5);

		if (rnd_below(8) < 4 + (i / 1000) % 2 * 3) {
			bitmap_set(map, bit);
			bits[bit] = true;
		} else {
			bitmap_clear(map, bit);
			bits[bit] = false;
		}
		good &= bitmap_test(map, bit) == bits[bit];
		good &= bitmap_next_set(map, nbits, from) ==
			naive_next(bits, nbits, from);
	}
	ok(good, "bitmap: test, next_set against an array");
	free(map);
}

static void test_div64(void)
{
	bool div = true, mul = true;

	for (u32 i = 0; i < 200000; i++) {
		u64 num = ((u64)rnd() << 32 | rnd()) >> rnd_below(64);
		u32 factor = rnd() >> rnd_below(31), rem;
		u32 divisor = (rnd() >> rnd_below(31)) | 1;

		div &= u64_divmod(num, divisor, &rem) == num / divisor;
		div &= rem == num % divisor;
		div &= u64_divmod(num, divisor, NULL) == num / divisor;
		num >>= 32; /* now NUM * FACTOR fits the model's arithmetic */
		mul &= u64_muldiv(num, factor, divisor) ==
		       num * factor / divisor;
	}
	div &= u64_divmod(~0ull, 1, NULL) == ~0ull;
	ok(div, "u64_divmod against the host's division");
	ok(mul, "u64_muldiv against the host's arithmetic");
	ok(u64_muldiv(~0ull, 1000, 1000) == ~0ull &&
		   u64_muldiv(~0ull, ~0u, ~0u) == ~0ull,
	   "u64_muldiv keeps a 96-bit product");
}

static void test_parse(void)
{
	static const struct {
		const char *text;
		bool good;
		u32 val;
	} cases[] = {
		{ "0", true, 0 },
		{ "1\n", true, 1 },
		{ " \t42 \n", true, 42 },
		{ "4294967295", true, 4294967295u },
		{ "4294967296", false, 0 },
		{ "42949672950", false, 0 },
		{ "99999999999999999999", false, 0 },
		{ "0x10", true, 16 },
		{ "0XfFffFffF", true, 0xffffffffu },
		{ "0x100000000", false, 0 },
		{ "017", true, 15 },
		{ "08", false, 0 },
		{ "", false, 0 },
		{ "\n", false, 0 },
		{ "0x", false, 0 },
		{ "-1", false, 0 },
		{ "+1", false, 0 },
		{ "12a", false, 0 },
		{ "1 2", false, 0 },
	};

	for (u32 i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 val = 77;
		bool good = parse_u32(cases[i].text, &val);
		u32 want = cases[i].good ? cases[i].val : 77;
		char shown[32];

		snprintf(shown, sizeof(shown), "%s", cases[i].text);
		for (char *p = shown; *p; p++)
			if (*p == '\n' || *p == '\t')
				*p = '.';
		ok(good == cases[i].good && val == want, "parse_u32 \"%s\"",
		   shown);
	}
}

static void test_digits(void)
{
	bool good = true;
	char text[16];
	u32 val;

	for (u32 i = 0; i < 20000; i++) {
		u32 want = rnd() >> rnd_below(32), base = i % 2 ? 16 : 8;

		snprintf(text, sizeof(text), base == 16 ? "%x" : "%o", want);
		good &= parse_digits(text, sizeof(text), base, &val) ==
			strlen(text);
		good &= val == want;
	}
	ok(good, "parse_digits, octal and hexadecimal");
	ok(parse_digits("00000a1f", 8, 16, &val) == 8 && val == 0xa1f &&
		   parse_digits("12345678", 3, 10, &val) == 3 && val == 123 &&
		   parse_digits("9", 1, 8, &val) == 0 && val == 123 &&
		   parse_digits("1", 0, 8, &val) == 0,
	   "parse_digits stops at the length and at a foreign digit");
}

struct item {
	u32 val;
	struct list_head link;
};

static void test_list(void)
{
	struct item items[5], *pos;
	struct list_head *p, *n;
	LIST_HEAD(head);
	char text[8] = "";
	u32 len = 0;

	ok(list_empty(&head), "a new list is empty");
	for (u32 i = 0; i < 5; i++) {
		items[i].val = i;
		if (i % 2)
			list_add(&items[i].link, &head);
		else
			list_add_tail(&items[i].link, &head);
	}
	list_for_each_entry (pos, &head, link)
		text[len++] = (char)('0' + pos->val);
	ok(!strcmp(text, "31024"), "add in front, add behind: %s", text);
	list_for_each_safe (p, n, &head)
		list_del(p);
	list_del(&items[0].link);
	ok(list_empty(&head), "each member removes itself, twice does no harm");
}

int main(void)
{
	test_bitmap();
	test_div64();
	test_parse();
	test_digits();
	test_list();
	return tap_done();
}
