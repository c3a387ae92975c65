/* SPDX-License-Identifier: MIT */
/* Random numbers for AT_RANDOM, /dev/random and getrandom: not for secrets. */
#ifndef KERNEL_RANDOM_H
#define KERNEL_RANDOM_H

#include <lib/types.h>

/* Fills BUF with LEN bytes. Any context. */
void get_random_bytes(void *buf, u32 len);

#endif
