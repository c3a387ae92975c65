/* SPDX-License-Identifier: MIT */
/*
 * B32: kswapd evicts pages of the process that has just gone to sleep, while
 * that one's page directory is still loaded. If it does not take the stale
 * translations away, what the process writes next goes to frames that are not
 * its any more.
 */
#include "staged.h"

#define PAGES 16

static volatile int pages[PAGES][PAGE / sizeof(int)]
	__attribute__((aligned(PAGE)));

/* kswapd sends page I out while we sleep; nobody else runs meanwhile. */
static int evict_behind_our_back(int i)
{
	char words[40];

	snprintf(words, sizeof(words), "kswapd %d %lx", getpid(),
		 (unsigned long)&pages[i]);
	return evict(words);
}

static void nothing(void)
{
}

/* Another process runs: afterwards all translations are fresh. */
static void run_another(void)
{
	ended(actor(nothing));
}

static void scene(void)
{
	int i, err = 0, lost = 0;

	for (i = 0; i < PAGES; i++) {
		pages[i][0] = 1;
		err |= evict_behind_our_back(i);
		pages[i][0] = 2;
	}
	run_another();
	for (i = 0; i < PAGES; i++)
		lost += pages[i][0] != 2;
	holds(!err, "kswapd evicts pages of a process that sleeps", "%s",
	      strerror(err));
	holds(!lost, "what it then writes to them is there",
	      "%d of %d pages are lost", lost, PAGES);
}

int main(int argc, char **argv)
{
	return play(argc, argv, scene);
}
