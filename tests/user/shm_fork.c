/* SPDX-License-Identifier: MIT */
/* Attaches over fork, vfork, exec, exit and death (shm-spec 3.8, 3.9). */
#include "shm.h"

static int id;
static char *p;

static void in_the_child(void *arg)
{
	(void)arg;
	V("in the child: nattch", nattch(id));
	say("it sees %c", p[0]);
	p[1] = 'c';
	shmdt(p);
	V("detached in the child: nattch", nattch(id));
	say("there now: %s", touch(p, false));
}

static void exits_attached(void *arg)
{
	(void)arg;
	p[2] = 'x';
	_exit(7);
}

static void is_killed(void *arg)
{
	(void)arg;
	p[3] = 'k';
	kill(getpid(), SIGKILL);
}

static void faults(void *arg)
{
	(void)arg;
	*(volatile char *)1 = 0;
}

static void execs_badly(void *arg)
{
	(void)arg;
	execl("/nonexistent", "x", NULL);
	V("after an exec that failed: nattch", nattch(id));
	say("the data: %c", p[0]);
}

static void second_attach(void *arg)
{
	char *q = shmat(id, NULL, 0);

	(void)arg;
	V("two areas in the child, one in the parent: nattch", nattch(id));
	q[4] = 'q';
}

static void grandchild(void *arg)
{
	(void)arg;
	p[5] = 'g';
	V("in the grandchild: nattch", nattch(id));
}

static void has_child(void *arg)
{
	(void)arg;
	in_child(grandchild, NULL);
	V("the grandchild is gone: nattch", nattch(id));
}

static void times(void)
{
	struct shmid_ds before, after;
	pid_t pid;

	shmctl(id, IPC_STAT, &before);
	pid = fork();
	if (pid == 0) {
		shmctl(id, IPC_STAT, &after);
		fact("lpid in the child is the parent's",
		     after.shm_lpid == getppid());
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	shmctl(id, IPC_STAT, &after);
	fact("after its exit lpid is the child's", after.shm_lpid == pid);
	fact("dtime did not go back", after.shm_dtime >= before.shm_dtime);
}

static void unwaited(void)
{
	int fds[2], status;
	pid_t pid;
	char c;

	pipe(fds);
	pid = fork();
	if (pid == 0)
		_exit(0);
	close(fds[1]);
	read(fds[0], &c, 1); /* ends when the child has */
	V("a child ended, not waited for: nattch", nattch(id));
	waitpid(pid, &status, 0);
	close(fds[0]);
}

/* vfork lends the address space: no attach more, none less. */
static void lent(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		p[6] = (char)('0' + nattch(id));
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	say("in the vfork child: nattch %c; afterwards %d", p[6], nattch(id));
}

static void vfork_exec(char *self)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execl(self, self, "attached?", NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
	V("after exec in a vfork child: nattch", nattch(id));
}

static void fork_exec(char *self)
{
	int status;
	char text[16];
	pid_t pid;

	snprintf(text, sizeof(text), "%d", id);
	pid = fork();
	if (pid == 0) {
		execl(self, self, "attached?", text, NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	say("exec: %s", status_name(status));
}

/* The child's read-only attach stays read-only, the dead segment lives. */
static void dead_segment(void)
{
	int dead = seg(2 * PAGE, 0600);
	char *q = at(dead, NULL, 0);
	struct shmid_ds ds;
	int up[2], status;
	char c;
	pid_t pid;

	pipe(up);
	pid = fork();
	if (pid == 0) {
		close(up[1]);
		read(up[0], &c, 1);
		q[0] = 'Z';
		_exit(shmctl(dead, IPC_STAT, &ds) ? 1 : (int)ds.shm_nattch);
	}
	close(up[0]);
	rm(dead);
	shmdt(q);
	close(up[1]);
	waitpid(pid, &status, 0);
	say("the last one attached sees: %s", status_name(status));
	R("then it is gone", shmctl(dead, IPC_STAT, &ds));
}

int main(int argc, char **argv)
{
	if (argc == 3) {
		V("after exec: nattch", nattch(atoi(argv[2])));
		return 3;
	}
	if (argc == 2)
		return 0;
	id = seg(PAGE, 0600);
	p = at(id, NULL, 0);
	p[0] = 'p';
	child("a child", in_the_child, NULL);
	say("the parent sees %c", p[1]);
	V("nattch", nattch(id));
	child("a child that exits attached", exits_attached, NULL);
	V("nattch", nattch(id));
	child("a child that is killed", is_killed, NULL);
	V("nattch", nattch(id));
	child("a child that faults", faults, NULL);
	V("nattch", nattch(id));
	say("what they wrote: %c%c", p[2], p[3]);
	child("exec fails", execs_badly, NULL);
	child("a second attach", second_attach, NULL);
	child("a grandchild", has_child, NULL);
	say("what they wrote: %c%c", p[4], p[5]);
	V("nattch", nattch(id));
	times();
	unwaited();
	lent();
	vfork_exec(argv[0]);
	fork_exec(argv[0]);
	V("nattch", nattch(id));
	dead_segment();
	shmdt(p);
	rm(id);
	return 0;
}
