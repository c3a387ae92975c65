/* SPDX-License-Identifier: MIT */
/*
 * Random numbers, spread well and guessable: the seed is the wall clock and
 * the time-stamp counter at the first request, and the machine is meant to
 * be repeatable (tools/vm --icount). Nothing secret may rest on them.
 *
 *   state[0..3] --> rotl(s0 + s3, 7) + s0  = next word
 *        ^------ shifts and xors ---'
 *
 * That is the generator xoshiro128++ of Blackman and Vigna (public domain),
 * seeded through a mixer so that no state is all zero.
 *
 * Interrupts are off while the state changes.
 */
#include <kernel/random.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

#define GRND_NONBLOCK 1u
#define GRND_RANDOM 2u
#define GRND_INSECURE 4u
#define CHUNK 128u

static u32 state[4]; /* all 0: not seeded yet */

static u32 rotl(u32 x, u32 bits)
{
	return x << bits | x >> (32 - bits);
}

/* A one-to-one map of words, every bit of X moving half of the result's. */
static u32 mix(u32 x)
{
	x = (x ^ x >> 16) * 0x85ebca6bu;
	x = (x ^ x >> 13) * 0xc2b2ae35u;
	return x ^ x >> 16;
}

static void seed(void)
{
	u64 tsc = rdtsc();
	u32 i, word = (u32)tsc ^ (u32)(tsc >> 32) ^ (u32)time_seconds();

	for (i = 0; i < ARRAY_SIZE(state); i++) {
		word += 0x9e3779b9u;
		state[i] = mix(word);
	}
}

static u32 next_word(void)
{
	u32 result, t;

	if (!(state[0] | state[1] | state[2] | state[3]))
		seed();
	result = rotl(state[0] + state[3], 7) + state[0];
	t = state[1] << 9;
	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= t;
	state[3] = rotl(state[3], 11);
	return result;
}

void get_random_bytes(void *buf, u32 len)
{
	u8 *to = buf;
	u32 word, part, flags = irq_save();

	for (; len; len -= part, to += part) {
		word = next_word();
		part = MIN(len, (u32)sizeof(word));
		memcpy(to, &word, part);
	}
	irq_restore(flags);
}

long sys_getrandom(void *buf, u32 len, u32 flags)
{
	u8 chunk[CHUNK];
	u32 done = 0, part, left = 0;

	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if ((flags & GRND_RANDOM) && (flags & GRND_INSECURE))
		return -EINVAL;
	len = MIN(len, 0x7fffffffu);
	while (done < len && !left && !(done && signal_pending())) {
		part = MIN(len - done, CHUNK);
		get_random_bytes(chunk, part);
		left = copy_to_user((u8 *)buf + done, chunk, part);
		done += part - left;
	}
	return !done && left ? -EFAULT : (long)done;
}
