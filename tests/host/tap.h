/* SPDX-License-Identifier: MIT */
/*
 * What every host test uses: TAP lines, a repeatable random generator, and
 * the means to see a panic instead of dying of it (stubs.c).
 */
#ifndef TESTS_HOST_TAP_H
#define TESTS_HOST_TAP_H

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <lib/types.h>

extern int tap_count, tap_failed;

/* One TAP line; returns COND. */
bool ok(bool cond, const char *fmt, ...) __printf_like(2, 3);
/* Ends the program with all tests skipped. */
void skip_all(const char *reason) __noreturn;
/* The plan; the exit status of main(). */
int tap_done(void);

/* Runs on: the first failure of a long loop is reported once by the caller. */
u32 rnd(void);
u32 rnd_below(u32 n); /* 0 .. n-1 */
void rnd_seed(u32 seed);

/*
 * if (PANICS) { the code under test panicked: panic_text says how }
 * else { the code that is expected to }
 */
extern jmp_buf panic_jmp;
extern bool panic_armed;
extern char panic_text[256];
#define PANICS (panic_armed = true, setjmp(panic_jmp))

#endif
