/* SPDX-License-Identifier: MIT */
/* For a first process: swaps on what the words swap=DEVICE of the kernel's
 * command line name, in their order. */
#ifndef USER_SWAP_WORDS_H
#define USER_SWAP_WORDS_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/swap.h>

/* What errno of swapon() means for who gave the word. */
static const char *swap_reason(const char *path)
{
	if (errno == ENXIO ||
	    (errno == ENOENT && strncmp(path, "/dev/", 5) == 0))
		return "no such disk";
	if (errno == EINVAL)
		return "not fit for swap; the kernel's log says why";
	return strerror(errno);
}

/* "hda" is /dev/hda. 0, or -1 and a sentence, whose first word is WHO. */
static int swap_word(const char *who, const char *name)
{
	char path[1024 + 8];

	snprintf(path, sizeof(path), "%s%s", name[0] == '/' ? "" : "/dev/",
		 name);
	if (swapon(path, 0) == 0 || errno == EBUSY)
		return 0;
	fprintf(stderr, "%s: swap=%s: %s\n", who, name, swap_reason(path));
	return -1;
}

/* WHO is the program. 0, or -1 if any word could not be obeyed. */
static int swap_words(const char *who)
{
	char line[1024], *save, *word;
	FILE *f = fopen("/proc/cmdline", "r");
	int bad = 0;

	if (!f)
		return 0;
	word = fgets(line, sizeof(line), f);
	fclose(f);
	for (word = word ? strtok_r(word, " \n", &save) : NULL;
	     word && strcmp(word, "--") != 0;
	     word = strtok_r(NULL, " \n", &save))
		if (strncmp(word, "swap=", 5) == 0)
			bad |= swap_word(who, word + 5);
	return bad;
}

#endif
