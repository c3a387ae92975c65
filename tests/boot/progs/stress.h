/* SPDX-License-Identifier: MIT */
/*
 * The pages that tests/boot/progs/stress.c writes and reads: every word of a
 * page follows from its number, its version and its writer, and a note beside
 * it says what must stand there. A note is also the page's lock; it names the
 * process that holds it, so that a dead one's can be taken over.
 *
 *   note [ holder | state | version | writer ]  --- must agree with -->
 *   page [ number | version | writer | sum | words ... ]
 *
 * INV  only the holder of a note touches its page.
 * INV  a page whose state is TORN was left by a death half-way: it may hold
 *      anything, and is written before it is read again.
 */
#ifndef TESTS_BOOT_STRESS_H
#define TESTS_BOOT_STRESS_H

#include "prog.h"
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>

#define WORDS (PAGE / 4)
#define SEGMENTS 3
#define MAX_NOTES 32768

enum state {
	UNTOUCHED, /* all zeros */
	WHOLE,
	TORN,
};

struct note {
	volatile int holder; /* pid; 0: nobody */
	volatile unsigned state, version, writer;
};

static struct shared {
	volatile int stop;
	volatile int reads, writes, others; /* operations done */
	volatile int killed, buses; /* by what was made to fail */
	volatile int moved, refused; /* swapoff: done, ENOMEM */
	volatile int mismatches;
	int pages; /* of one segment */
	struct note notes[MAX_NOTES];
} * shared;

static char *base[SEGMENTS]; /* where this process has them */
static unsigned seed = 1;
static struct note *volatile held; /* what a jump out of a fault releases */
static sigjmp_buf way_out;
static volatile int may_jump;

UNUSED static unsigned rnd(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % n;
}

UNUSED static void count(volatile int *counter)
{
	__sync_fetch_and_add(counter, 1);
}

UNUSED static void mismatch(const char *what, unsigned page, unsigned got,
			    unsigned want)
{
	printf("MISMATCH %s: page %u, process %d: %08x, wanted %08x\n", what,
	       page, (int)getpid(), got, want);
	fflush(stdout);
	count(&shared->mismatches);
}

/* --- what stands in a page -------------------------------------------- */

static uint32_t word(unsigned page, unsigned version, unsigned writer,
		     unsigned w)
{
	return (page * 2654435761u + version * 0x9e3779b9u) ^
	       (writer << 20 | w << 4);
}

UNUSED static void fill_page(volatile uint32_t *p, unsigned page,
			     unsigned version, unsigned writer)
{
	uint32_t sum = 0;
	unsigned w;

	for (w = 4; w < WORDS; w++)
		sum += p[w] = word(page, version, writer, w);
	p[0] = page;
	p[1] = version;
	p[2] = writer;
	p[3] = sum;
}

UNUSED static void verify_page(const volatile uint32_t *p, unsigned page,
			       unsigned version, unsigned writer)
{
	uint32_t sum = 0, differs = 0;
	unsigned w;

	for (w = 4; w < WORDS; w++) {
		sum += p[w];
		differs |= p[w] ^ word(page, version, writer, w);
	}
	if (p[0] != page)
		mismatch("number", page, p[0], page);
	else if (p[1] != version)
		mismatch("version", page, p[1], version);
	else if (p[2] != writer)
		mismatch("writer", page, p[2], writer);
	else if (p[3] != sum || differs)
		mismatch("sum", page, sum, p[3]);
}

static void verify_zeros(const volatile uint32_t *p, unsigned page)
{
	uint32_t all = 0;
	unsigned w;

	for (w = 0; w < WORDS; w++)
		all |= p[w];
	if (all)
		mismatch("untouched", page, all, 0);
}

/* --- a page and its note ---------------------------------------------- */

static void lock_note(struct note *n)
{
	int me = getpid(), other;

	while (!__sync_bool_compare_and_swap(&n->holder, 0, me)) {
		other = n->holder;
		if (other && kill(other, 0) < 0 && errno == ESRCH &&
		    __sync_bool_compare_and_swap(&n->holder, other, me))
			break;
		sched_yield();
	}
	held = n;
}

static void unlock_note(struct note *n)
{
	n->holder = 0;
	held = NULL;
}

static void verify_note(const volatile uint32_t *p, const struct note *n)
{
	unsigned page = n - shared->notes;

	if (n->state == UNTOUCHED)
		verify_zeros(p, page);
	else if (n->state == WHOLE)
		verify_page(p, page, n->version, n->writer);
}

static void rewrite(volatile uint32_t *p, struct note *n)
{
	unsigned version = n->version + 1, me = getpid();

	n->state = TORN;
	fill_page(p, n - shared->notes, version, me);
	n->version = version;
	n->writer = me;
	n->state = WHOLE;
}

/* One operation on page INDEX of segment SEG. */
UNUSED static void touch(unsigned seg, unsigned index, int write)
{
	struct note *n = &shared->notes[seg * shared->pages + index];
	volatile uint32_t *p;

	p = (volatile uint32_t *)(base[seg] + index * PAGE);
	lock_note(n);
	verify_note(p, n);
	if (write || n->state == TORN)
		rewrite(p, n);
	unlock_note(n);
	count(write ? &shared->writes : &shared->reads);
}

UNUSED static void touch_any(int times)
{
	while (times-- > 0 && !shared->stop)
		touch(rnd(SEGMENTS), rnd(shared->pages), rnd(2));
}

/* --- a page that cannot be read: SIGBUS ------------------------------- */

static void on_bus(int sig)
{
	(void)sig;
	if (!may_jump)
		_exit(99);
	siglongjmp(way_out, 1);
}

/* TIMES operations; SIGBUS ends one of them early, and is counted. */
UNUSED static void touch_carefully(int times)
{
	signal(SIGBUS, on_bus);
	while (times-- > 0 && !shared->stop) {
		if (sigsetjmp(way_out, 1) == 0) {
			may_jump = 1;
			touch_any(1);
		} else {
			count(&shared->buses);
			if (held)
				unlock_note(held);
		}
		may_jump = 0;
	}
}

#endif
