/* SPDX-License-Identifier: MIT */
/*
 * The classic bugs of System V shared memory (shm-spec 9) that a program can
 * look for; the numbers are those of its table.
 */
#include "shm.h"
#include <sched.h>

/* B02: more than 32,767 pieces attached, then IPC_RMID. */
static void many_pieces(void)
{
	enum {
		ATTACHES = 9,
		PAGES = 8192
	};
	int id = seg(PAGES * PAGE, 0600), i, j;
	char *p[ATTACHES];
	struct shmid_ds ds;

	for (i = 0; i < ATTACHES; i++)
		p[i] = at(id, NULL, 0);
	p[0][0] = 'B';
	for (i = 0; i < ATTACHES; i++)
		for (j = 1; j < PAGES; j += 2)
			munmap(p[i] + j * PAGE, PAGE);
	V("B02 pieces", nattch(id));
	rm(id);
	R("B02 removed, still there", shmctl(id, IPC_STAT, &ds));
	p[0][2 * PAGE] = '2';
	say("B02 through another attach: %c%c", p[8][0], p[8][2 * PAGE]);
	for (i = 0; i < ATTACHES; i++)
		shmdt(p[i]);
	R("B02 all detached", shmctl(id, IPC_STAT, &ds));
}

/* B22: a reference lost by each failing call would add up. */
static void many_failures(void)
{
	int id = seg(PAGE, 0600), i, odd = 0;
	struct shmid_ds ds;
	char *p = at(id, NULL, 0);

	for (i = 0; i < 70000; i++) {
		odd += shmat(id, p, 0) != (void *)-1;
		odd += shmdt(p + 1) == 0;
		if (i % 4 == 0)
			odd += shmat(id, (void *)0xffffe000, 0) != (void *)-1;
	}
	say("B22 calls that should fail and did not: %d", odd);
	V("B22 nattch", nattch(id));
	rm(id);
	shmdt(p);
	R("B22 gone", shmctl(id, IPC_STAT, &ds));
}

/* B23: the slot is used again while pieces of the old one are attached. */
static void slot_reused(void)
{
	int old = seg(4 * PAGE, 0600), id, tries = 0;
	char *p = at(old, NULL, 0), *q;

	p[0] = 'o';
	rm(old);
	do {
		id = seg(4 * PAGE, 0600);
		if ((id & 0x7fff) != (old & 0x7fff))
			rm(id);
	} while ((id & 0x7fff) != (old & 0x7fff) && ++tries < 200);
	fact("B23 the slot is not given away", tries == 200);
	id = seg(4 * PAGE, 0600);
	q = at(id, NULL, 0);
	q[0] = 'n';
	say("B23 old %c, new %c, a fresh page of the old %d", p[0], q[0],
	    p[PAGE]);
	shmdt(p);
	shmdt(q);
	rm(id);
}

/* B25: the text of a thousand segments. */
static void many_segments(void)
{
	static int ids[1000];
	char line[256], *p = NULL;
	int i, n = 0;
	FILE *f;

	for (i = 0; i < 1000; i++) {
		ids[i] = seg(i + 1, 0600);
		p = at(ids[i], NULL, 0);
		if (i % 10 == 0)
			*p = 1;
		shmdt(p);
	}
	f = fopen("/proc/sysvipc/shm", "r");
	while (f && fgets(line, sizeof(line), f))
		n++;
	if (f)
		fclose(f);
	say("B25 lines: %d", n);
	for (i = 0; i < 1000; i++)
		rm(ids[i]);
}

static void does_nothing(void *arg)
{
	(void)arg;
}

static void forks(void *arg)
{
	++*(char *)arg;
	in_child(does_nothing, NULL);
}

/* B30: signatures copied and dropped, over and over. */
static void fork_and_exit(void)
{
	int id = seg(16 * PAGE, 0600), i, sum = 0;
	char *p = at(id, NULL, 0);

	for (i = 0; i < 100; i++)
		in_child(forks, p + (i % 16) * PAGE);
	for (i = 0; i < 16; i++)
		sum += p[i * PAGE];
	say("B30 100 children wrote %d, nattch %d", sum, nattch(id));
	shmdt(p);
	rm(id);
}

/* B33: the first touch is the kernel's, in a frame others have used. */
static void first_touch_by_kernel(void)
{
	char *m = mmap(NULL, 16 << 20, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int id, fds[2], i, sum = 0;
	static char out[4 * PAGE];
	char *p;

	memset(m, 0x77, 16 << 20);
	munmap(m, 16 << 20);
	id = seg(8 * PAGE, 0600);
	p = at(id, NULL, 0);
	pipe(fds);
	write(fds[1], p, 4 * PAGE);
	read(fds[0], out, 4 * PAGE);
	for (i = 0; i < (int)sizeof(out); i++)
		sum |= out[i];
	say("B33 written from pages never touched: %d", sum);
	memset(out, 'r', PAGE);
	write(fds[1], out, 100);
	V("B33 read into one", read(fds[0], p + 5 * PAGE + 50, 100));
	say("B33 %d %c %c %d", p[5 * PAGE + 49], p[5 * PAGE + 50],
	    p[5 * PAGE + 149], p[5 * PAGE + 150]);
	shmdt(p);
	rm(id);
}

static void reads_tail(void *arg)
{
	say("B34 another process finds %s", (char *)arg + 4000);
}

/* B34: the rest of the last page is shared, and stays. */
static void tail(void)
{
	int id = seg(100, 0600);
	char *p = at(id, NULL, 0);

	strcpy(p + 4000, "the tail");
	in_child(reads_tail, p);
	shmdt(p);
	p = at(id, NULL, 0);
	say("B34 later: %s", p + 4000);
	shmdt(p);
	rm(id);
}

static unsigned dice;

static unsigned roll(unsigned n)
{
	dice = dice * 1103515245u + 12345u;
	return dice >> 16 & 0x7fff ? (dice >> 16) % n : 0;
}

/* One of eight that create, attach, write, ask and remove one key. */
static void racer(void *arg)
{
	struct shmid_ds ds;
	char *p;
	int id;

	dice = *(unsigned *)arg * 2654435761u;
	for (int i = 0; i < 300; i++) {
		id = shmget(0xace, 3 * PAGE, IPC_CREAT | 0600);
		if (id < 0)
			_exit(1);
		p = shmat(id, NULL, 0);
		if (p == (char *)-1 && errno != EINVAL && errno != EIDRM)
			_exit(2);
		if (p != (char *)-1) {
			p[roll(3 * PAGE)] = (char)i;
			if (roll(8) == 0)
				sched_yield();
		}
		if (roll(3) == 0)
			shmctl(id, IPC_RMID, NULL);
		if (roll(3) == 0 && shmctl(id, IPC_STAT, &ds) &&
		    errno != EINVAL && errno != EIDRM)
			_exit(3);
		if (p != (char *)-1 && roll(10) && shmdt(p))
			_exit(4);
	}
	_exit(0);
}

/* B21: get, attach, stat and remove racing on one key. */
static void race(void)
{
	struct usage u;
	int i, id, status, bad = 0;

	for (i = 1; i <= 8; i++)
		if (fork() == 0)
			racer(&(unsigned){ i });
	while (wait(&status) > 0)
		bad += status != 0;
	say("B21 racers that saw an impossible errno: %d", bad);
	id = shmget(0xace, 0, 0);
	if (id >= 0)
		rm(id);
	raw_ctl(0, SHM_INFO | FLAG_64, &u);
	say("B21 segments left %d, pages %u, resident %u", u.used_ids, u.tot,
	    u.rss);
}

int main(void)
{
	many_pieces();
	many_failures();
	slot_reused();
	many_segments();
	fork_and_exit();
	first_touch_by_kernel();
	tail();
	race();
	return 0;
}
