/* SPDX-License-Identifier: MIT */
/* For a first process: swaps on what the words swap=DEVICE of the kernel's
 * command line name, in their order. */
#ifndef USER_SWAP_WORDS_H
#define USER_SWAP_WORDS_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/swap.h>

/* WHO is the program, for a sentence about what did not work. */
static void swap_words(const char *who)
{
	char line[1024], *save, *word;
	FILE *f = fopen("/proc/cmdline", "r");

	if (!f)
		return;
	word = fgets(line, sizeof(line), f);
	fclose(f);
	for (word = word ? strtok_r(word, " \n", &save) : NULL;
	     word && strcmp(word, "--") != 0;
	     word = strtok_r(NULL, " \n", &save)) {
		if (strncmp(word, "swap=", 5) != 0)
			continue;
		if (swapon(word + 5, 0) < 0)
			fprintf(stderr, "%s: swapon %s: %s\n", who, word + 5,
				strerror(errno));
	}
}

#endif
