/* SPDX-License-Identifier: MIT */
/*
 * B35: a pointer to the segment held across the copy to user memory, which
 * sleeps. IPC_STAT sleeps in its copy; meanwhile the segment is removed and
 * another one made, at the same place in the kernel's heap.
 */
#include "staged.h"

#define NR_SHMCTL 396 /* raw: the C library copies on its own */

static int id;
static struct {
	struct shmid_ds ds; /* what IPC_STAT said */
	long result; /* of it */
} * ctl;

static void stat_slowly(void)
{
	settle();
	ctl->ds.shm_segsz = 0;
	hold_me("user_copy");
	ctl->result = syscall(NR_SHMCTL, id, IPC_STAT, &ctl->ds);
}

/* Into a page that has to come back from swap first. */
static void stat_into_swap(void)
{
	static char page[PAGE] __attribute__((aligned(PAGE)));

	settle();
	ctl->result = -evict_private(getpid(), page);
	if (ctl->result)
		_exit(3);
	hold_me("swap_read");
	ctl->result = syscall(NR_SHMCTL, id, IPC_STAT, page);
	memcpy(&ctl->ds, page, sizeof(ctl->ds));
}

static void removed_while(void (*stat)(void), const char *where)
{
	pid_t pid;
	int other;

	id = new_segment(3);
	ctl->result = -2;
	pid = actor(stat);
	holds(staged(pid), where, "status %x, %ld", status, ctl->result);
	shmctl(id, IPC_RMID, NULL);
	other = new_segment(7);
	release(pid);
	holds(ended(pid) && status == 0 && ctl->result == 0,
	      "it comes to its end", "status %x, %ld", status, ctl->result);
	holds(ctl->ds.shm_segsz == 3 * PAGE,
	      "and tells what was, not what is there now", "%u bytes",
	      (unsigned)ctl->ds.shm_segsz);
	shmctl(other, IPC_RMID, NULL);
}

static void scene(void)
{
	removed_while(stat_slowly, "IPC_STAT sleeps before its copy");
	removed_while(stat_into_swap, "IPC_STAT sleeps in its copy");
}

int main(int argc, char **argv)
{
	ctl = shared(1);
	return play(argc, argv, scene);
}
