/* SPDX-License-Identifier: MIT */
/* Text cut into words: what is written to a /proc file that takes commands. */
#ifndef LIB_WORDS_H
#define LIB_WORDS_H

#include <lib/types.h>

/*
 * Cuts TEXT at blanks, tabs and newlines, which become NULs; WORDS gets where
 * each begins. Returns how many there are; MOST + 1 if more than MOST, of
 * which WORDS has the first MOST.
 */
u32 split_words(char *text, char **words, u32 most);

#endif
