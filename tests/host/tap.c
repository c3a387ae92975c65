/* SPDX-License-Identifier: MIT */
/* TAP lines and a repeatable random generator. */
#include <stdarg.h>

#include "tap.h"

int tap_count, tap_failed;
static u32 rnd_state = 2463534242u;

bool ok(bool cond, const char *fmt, ...)
{
	va_list args;

	if (!cond)
		tap_failed++;
	printf("%sok %d - ", cond ? "" : "not ", ++tap_count);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	return cond;
}

void skip_all(const char *reason)
{
	printf("1..0 # SKIP %s\n", reason);
	exit(0);
}

int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

void rnd_seed(u32 seed)
{
	rnd_state = seed ? seed : 1;
}

u32 rnd(void)
{
	rnd_state ^= rnd_state << 13;
	rnd_state ^= rnd_state >> 17;
	rnd_state ^= rnd_state << 5;
	return rnd_state;
}

u32 rnd_below(u32 n)
{
	return rnd() % n;
}
