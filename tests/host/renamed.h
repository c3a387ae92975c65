/* SPDX-License-Identifier: MIT */
/*
 * The kernel's versions of functions the host has too: host.mk renames them
 * with -D when it compiles lib/string.c and lib/printf.c for these tests.
 */
#ifndef TESTS_HOST_RENAMED_H
#define TESTS_HOST_RENAMED_H

#include <stddef.h>

void *k_memcpy(void *dst, const void *src, size_t n);
void *k_memmove(void *dst, const void *src, size_t n);
void *k_memset(void *dst, int c, size_t n);
int k_memcmp(const void *a, const void *b, size_t n);
size_t k_strlen(const char *s);
size_t k_strnlen(const char *s, size_t max);
int k_strcmp(const char *a, const char *b);
int k_strncmp(const char *a, const char *b, size_t n);
char *k_strchr(const char *s, int c);
char *k_strrchr(const char *s, int c);
size_t k_strlcpy(char *dst, const char *src, size_t size);
int k_snprintf(char *buf, size_t size, const char *fmt, ...);

#endif
