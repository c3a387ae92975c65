/* SPDX-License-Identifier: MIT */
/* lib/words.c beside strtok of the C library, and lib/xorshift.h. */
#include <lib/words.h>
#include <lib/xorshift.h>
#include <string.h>
#include "tap.h"

#define MOST 4u

static u32 naive_split(char *text, char **words)
{
	char *word = strtok(text, " \t\n");
	u32 n;

	for (n = 0; word; n++) {
		words[n] = word;
		word = strtok(NULL, " \t\n");
	}
	return n;
}

static void test_split(void)
{
	char text[16], copy[16], *got[MOST], *want[sizeof(text)];
	bool counts = true, same = true;

	for (u32 i = 0; i < 50000; i++) {
		u32 len = rnd_below(sizeof(text)), n, naive;

		for (u32 j = 0; j < len; j++)
			text[j] = " \t\nab"[rnd_below(5)];
		text[len] = 0;
		strcpy(copy, text);
		n = split_words(text, got, MOST);
		naive = naive_split(copy, want);
		counts &= n == MIN(naive, MOST + 1);
		for (u32 j = 0; j < MIN(n, MOST - (n > MOST)); j++)
			same &= got[j] - text == want[j] - copy &&
				!strcmp(got[j], want[j]);
	}
	ok(counts, "as many words as strtok finds, one too many for more");
	ok(same, "each begins and ends where strtok's does");
}

static void test_xorshift(void)
{
	u32 state = 1, zeros = 0;

	for (u32 i = 0; i < 1000000; i++)
		zeros += !xorshift(&state);
	ok(!zeros, "xorshift never comes to 0, where it would stay");
	state = 1;
	ok(xorshift(&state) == 270369, "and begins as its paper says");
}

int main(void)
{
	test_split();
	test_xorshift();
	return tap_done();
}
