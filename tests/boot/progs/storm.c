/* SPDX-License-Identifier: MIT */
/*
 * Several processes at once do to a handful of segments whatever can be done:
 * create, attach, cut, protect, move, advise, fork, touch, remove. Which call
 * succeeds does not matter: the kernel's own checkers are the judge, and they
 * are run (/proc/check) from the middle of it.
 *
 * usage: storm PROCESSES STEPS      one line; status 0 unless a child died
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define KEYS 6
#define ATTACHES 16

static unsigned seed;
static char *attach[ATTACHES];

static unsigned rnd(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % n;
}

static size_t pages(unsigned n)
{
	return PAGE * (1 + rnd(n));
}

static void do_attach(key_t key, char **at)
{
	int id = shmget(key, pages(40), IPC_CREAT | 0600);

	if (id < 0 || *at)
		return;
	*at = shmat(id, NULL, rnd(4) ? 0 : SHM_RDONLY);
	if (*at == (char *)-1)
		*at = NULL;
}

static void do_remove(key_t key)
{
	int id = shmget(key, 1, 0600);

	if (id >= 0)
		shmctl(id, IPC_RMID, NULL);
}

/* Touches a page in a child: that may be its death. */
static void do_touch(char *at)
{
	pid_t pid = fork();

	if (pid == 0) {
		at[PAGE * rnd(30)]++;
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void do_check(void)
{
	FILE *f = rnd(50) ? NULL : fopen("/proc/check", "r");
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		continue;
	if (f)
		fclose(f);
}

static void do_anonymous(void)
{
	char *p = mmap(NULL, pages(20), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return;
	*p = 1;
	if (rnd(2))
		munmap(p, pages(20));
}

/* A change of the area at AT, which exists. */
static void do_change(char *at, unsigned what)
{
	char *part = at + PAGE * rnd(8);

	if (what == 0)
		munmap(part, pages(3));
	else if (what == 1)
		mprotect(part, pages(3),
			 rnd(2) ? PROT_READ : PROT_READ | PROT_WRITE);
	else if (what == 2)
		mremap(at, pages(4), pages(8), MREMAP_MAYMOVE);
	else if (what == 3)
		madvise(part, pages(3), rnd(2) ? MADV_DONTNEED : MADV_REMOVE);
	else
		do_touch(at);
}

static void step(void)
{
	unsigned what = rnd(12);
	char **at = &attach[rnd(ATTACHES)];
	key_t key = 1 + rnd(KEYS);

	if (what < 2)
		do_attach(key, at);
	else if (what == 2)
		do_remove(key);
	else if (what == 3)
		do_anonymous();
	else if (what == 4)
		do_check();
	else if (*at && what == 5)
		shmdt(*at), *at = NULL;
	else if (*at)
		do_change(*at, what % 5);
}

int main(int argc, char **argv)
{
	int processes = argc > 1 ? atoi(argv[1]) : 4, i, k, status, bad = 0;
	int steps = argc > 2 ? atoi(argv[2]) : 500;

	for (i = 0; i < processes; i++) {
		if (fork())
			continue;
		seed = 12345 + 777 * i;
		for (k = 0; k < steps; k++)
			step();
		_exit(0);
	}
	while (wait(&status) > 0)
		bad += status != 0;
	for (i = 1; i <= KEYS; i++)
		do_remove(i);
	printf("%d processes, %d steps each, %d died\n", processes, steps, bad);
	return bad != 0;
}
