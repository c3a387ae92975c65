/* SPDX-License-Identifier: MIT */
/*
 * Memory and strings, with the meaning C gives these names. Nothing here
 * allocates, sleeps or fails; ranges are the caller's to check.
 */
#ifndef LIB_STRING_H
#define LIB_STRING_H

#include <lib/types.h>

/* Copies N bytes between ranges that do not overlap; returns DST. */
void *memcpy(void *dst, const void *src, size_t n);
/* The same for ranges that may overlap. */
void *memmove(void *dst, const void *src, size_t n);
/* Stores N bytes of the low byte of C; returns DST. */
void *memset(void *dst, int c, size_t n);
/* Below, at or above 0 as A sorts before, equals or sorts after B. */
int memcmp(const void *a, const void *b, size_t n);

/* Bytes before the NUL; strnlen() looks at MAX of them at most. */
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);

/* As memcmp() up to the NUL; strncmp() looks at N bytes at most. */
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);

/* The first, the last C in S (the NUL counts), or NULL. */
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
/* The first place in S where WORD stands, or NULL. */

/* Copies what fits of SRC into SIZE bytes and ends it with a NUL (unless
 * SIZE is 0); returns strlen(SRC), so a result >= SIZE was cut. */
size_t strlcpy(char *dst, const char *src, size_t size);

#endif
