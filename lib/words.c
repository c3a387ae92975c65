/* SPDX-License-Identifier: MIT */
/* Text cut into words, in place. */
#include <lib/string.h>
#include <lib/words.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

u32 split_words(char *text, char **words, u32 most)
{
	u32 n = 0;

	for (;;) {
		while (is_blank(*text))
			*text++ = '\0';
		if (!*text || n > most)
			return n;
		if (n < most)
			words[n] = text;
		n++;
		while (*text && !is_blank(*text))
			text++;
	}
}
