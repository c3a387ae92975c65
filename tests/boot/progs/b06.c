/* SPDX-License-Identifier: MIT */
/*
 * B06: shmdt() that does not wait for a fault of the same address space. One
 * thread sleeps in its first touch of a page; another detaches the attach and
 * removes the segment. Area, page table and segment must outlive the fault.
 */
#include "staged.h"

#define STACK (4 * PAGE)

static int id;
static char *at;
static char stack[STACK]; /* of the thread */
static struct {
	volatile pid_t toucher; /* pid of the thread */
	volatile int go, gone; /* the detach may begin, has ended */
} * ctl;

static int touch(void *arg)
{
	(void)arg;
	hold_me("page_alloc");
	*(volatile char *)at = 1;
	return 0;
}

/* One address space, two tasks: this one detaches. */
static void detach_beside_a_touch(void)
{
	settle();
	at = attach(id);
	ctl->toucher = clone(touch, stack + STACK, CLONE_VM | SIGCHLD, NULL);
	while (!ctl->go)
		sched_yield();
	shmdt(at);
	shmctl(id, IPC_RMID, NULL);
	ctl->gone = 1;
	waitpid(ctl->toucher, NULL, __WALL);
}

static bool touches(pid_t pid)
{
	(void)pid;
	return ctl->toucher && is_held(ctl->toucher);
}

static bool waits_or_has_gone(pid_t pid)
{
	return ctl->gone || is_waiting(pid);
}

static void scene(void)
{
	struct shmid_ds ds;
	pid_t pid;

	id = new_segment(1);
	ctl->toucher = ctl->go = ctl->gone = 0;
	pid = actor(detach_beside_a_touch);
	holds(until(touches, pid), "a thread sleeps in its touch", "%d",
	      ctl->toucher);
	ctl->go = 1;
	holds(until(waits_or_has_gone, pid) && !ctl->gone,
	      "shmdt of another waits for it", "it has not waited");
	release(ctl->toucher);
	holds(ended(pid) && status == 0, "both go on", "status %x", status);
	holds(shmctl(id, IPC_STAT, &ds) < 0 && errno == EINVAL,
	      "and the segment is gone", "%s", strerror(errno));
	check();
}

int main(int argc, char **argv)
{
	ctl = shared(1);
	ctl->go = 0;
	return play(argc, argv, scene);
}
