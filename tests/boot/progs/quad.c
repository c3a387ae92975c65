/* SPDX-License-Identifier: MIT */
/*
 * quad: two segments of 24 MiB, four processes at once. Each writes its
 * quarter of both; when all have, each reads the next one's quarter and looks
 * at every byte.
 */
#include "prog.h"

#define PROCESSES 4
#define SEGMENT (24 << 20)
#define QUARTER (SEGMENT / PROCESSES)

static unsigned *segment[2];

/* What stands in word I of the quarter of process N. */
static unsigned content(unsigned s, unsigned n, unsigned i)
{
	return (s * PROCESSES + n + 1) * 2654435761u ^ i * 0x9e3779b9u;
}

static unsigned *quarter(unsigned s, unsigned n)
{
	return segment[s] + n * (QUARTER / 4);
}

static void write_quarter(unsigned n)
{
	unsigned s, i;

	for (s = 0; s < 2; s++)
		for (i = 0; i < QUARTER / 4; i++)
			quarter(s, n)[i] = content(s, n, i);
}

static unsigned wrong_words(unsigned n)
{
	unsigned s, i, wrong = 0;

	for (s = 0; s < 2; s++)
		for (i = 0; i < QUARTER / 4; i++)
			wrong += quarter(s, n)[i] != content(s, n, i);
	return wrong;
}

static void make(unsigned s)
{
	int id = shmget(IPC_PRIVATE, SEGMENT, 0600);

	segment[s] = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
	if (segment[s] == (void *)-1)
		die("quad: a segment");
	shmctl(id, IPC_RMID, NULL);
}

static void all_at_once(const char *what, int reading)
{
	int n, status, bad = 0;
	unsigned wrong;

	for (n = 0; n < PROCESSES; n++) {
		if (fork())
			continue;
		if (!reading)
			write_quarter(n);
		wrong = reading ? wrong_words((n + 1) % PROCESSES) : 0;
		if (wrong)
			printf("%u words are WRONG\n", wrong);
		exit(wrong != 0);
	}
	while (wait(&status) > 0)
		bad += status != 0;
	printf("quad: %s, %d of %d went wrong\n", what, bad, PROCESSES);
	fflush(stdout);
}

int main(void)
{
	make(0);
	make(1);
	all_at_once("written", 0);
	all_at_once("read back", 1);
	return 0;
}
