/* SPDX-License-Identifier: MIT */
/*
 * Interleavings of swap that are no bugs of the table, each on the race stage:
 * readers of one slot, a slot that comes back to the same page slot, and the
 * checkers while others sleep with pages in hand.
 */
#include "staged.h"
#include <sys/ioctl.h>
#include <sys/shm.h>

#define DISK "/dev/hdb"
#define BLKFLSBUF 0x1261
#define TABLES 3 /* that an area spreads over */
#define LOCKED_PAGES 200

static int id;
static char *at;

static void begin_segment(int pages)
{
	id = new_segment(pages);
	at = attach(id);
	memset(at, 'a', pages * PAGE);
}

static void end_segment(void)
{
	shmdt(at);
	shmctl(id, IPC_RMID, NULL);
	check();
}

/* --- two ask for a slot: one reads, the other waits with its pin ---------- */

static void first_reader(void)
{
	char *mine = attach(id);

	hold_me("swap_read");
	(void)*(volatile char *)mine;
}

static void second_reader(void)
{
	char *mine = attach(id);

	(void)*(volatile char *)(mine + PAGE); /* there is a table */
	hold_me("page_alloc");
	(void)*(volatile char *)mine;
}

static void pinned(void)
{
	pid_t first, second;

	begin_segment(2);
	evict_shm(id, 0);
	second = actor(second_reader);
	holds(staged(second), "one has pinned the slot", "status %x", status);
	first = actor(first_reader);
	holds(staged(first), "another reads it", "status %x", status);
	release(second);
	holds(until(is_waiting, second), "the first waits for it", "no");
	check();
	release(first);
	holds(ended(first) && ended(second), "both end", "status %x", status);
	end_segment();
}

/* --- the slot is the same, the page is another ---------------------------- */

static void late_reader(void)
{
	char *mine = attach(id);

	hold_me("shm_page_in");
	(void)*(volatile char *)mine;
}

static void same_slot(void)
{
	pid_t reader;
	int i;

	begin_segment(32);
	for (i = 0; i < 32 && !evict_shm(id, i); i++)
		;
	holds(i > 0 && i < 32, "one slot is free at a time", "%d", i);
	reader = actor(late_reader);
	holds(staged(reader), "it has the page's old contents", "no");
	(void)*(volatile char *)at;
	madvise(at, PAGE, MADV_REMOVE);
	*at = 'n';
	holds(!evict_shm(id, 0), "the new page goes to the same slot", "no");
	release(reader);
	holds(ended(reader) && !status, "it goes on", "status %x", status);
	holds(at[0] == 'n' && !at[1], "with the new page", "%d %d", at[0],
	      at[1]);
	end_segment();
}

/* --- the checkers look while others sleep --------------------------------- */

static void read_disk(void)
{
	static char buf[PAGE];
	int fd = open(DISK, O_RDONLY);

	ioctl(fd, BLKFLSBUF, 0);
	hold_me("disk_wait");
	if (read(fd, buf, PAGE) != PAGE)
		_exit(1);
}

static void check_disk(void)
{
	pid_t reader = actor(read_disk);

	holds(staged(reader), "a page of a disk is being read", "no");
	check();
	release(reader);
	holds(ended(reader) && !status, "it is", "status %x", status);
}

static int nth;

static void fork_slowly(void)
{
	char line[40];

	snprintf(line, sizeof(line), "hold table_alloc %d %d", getpid(), nth);
	write_text("/proc/stage", line);
	if (!fork())
		_exit(0);
}

/* At each of its tables, and those of everything else there is. */
static void check_fork(void)
{
	char *area = mmap(NULL, TABLES << 22, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i, held = 0;
	pid_t forker;

	for (i = 0; i < TABLES; i++)
		area[i << 22] = 1;
	for (nth = 1; nth <= 2 * TABLES + 2; nth++) {
		forker = actor(fork_slowly);
		if (staged(forker)) {
			held++;
			check();
			release(forker);
			ended(forker);
		}
	}
	holds(held >= TABLES, "fork sleeps between its tables", "%d", held);
	munmap(area, TABLES << 22);
}

/* --- a page is wanted, and none can go ------------------------------------ */

static long attempts(void)
{
	struct shm_info info;

	shmctl(0, SHM_INFO, (struct shmid_ds *)&info);
	return info.swap_attempts;
}

static void all_locked(void)
{
	long before;

	begin_segment(LOCKED_PAGES);
	shmctl(id, SHM_LOCK, NULL);
	before = attempts();
	holds(evict("shm") == EBUSY, "all pages are locked: EBUSY", "no");
	before = attempts() - before;
	holds(before < 5 * LOCKED_PAGES, "soon", "%ld looks", before);
	end_segment();
}

static void scene(void)
{
	pinned();
	same_slot();
	check_disk();
	check_fork();
	all_locked();
}

int main(int argc, char **argv)
{
	return play(argc, argv, scene);
}
