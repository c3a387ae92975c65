/* SPDX-License-Identifier: MIT */
/*
 * greedy WHAT: takes as much as there is of one thing.
 *   forks   a fork bomb: every process forks until that fails
 *   files   descriptors, until there are no more; then files of the system
 *   stack   a recursion without end: SIGSEGV
 *   memory  private memory, until the process is killed
 *   shm     a segment larger than the machine, touched to its end
 */
#include "prog.h"
#include <sched.h>
#include <signal.h>

static struct shared {
	volatile int forked, refused, odd;
} * shared;

static void share(void)
{
	int id = shmget(IPC_PRIVATE, PAGE, 0600);

	shared = shmat(id, NULL, 0);
	if (shared == (void *)-1)
		die("shmat");
	shmctl(id, IPC_RMID, NULL);
	shared->forked = 0;
}

static void bomb(void)
{
	pid_t pid;

	do {
		pid = fork();
		shared->forked += pid == 0;
	} while (pid >= 0);
	if (errno != EAGAIN && errno != ENOMEM)
		shared->odd = errno;
	shared->refused++;
	for (;;)
		pause();
}

/* Its first process may also be the one that finds no frame for a page. */
static int is_over(pid_t pid, int *status)
{
	return shared->refused > 10 || waitpid(pid, status, WNOHANG) == pid;
}

/* The bomb is a process group of its own, which ends as one. */
static void forks(void)
{
	int status = 0, killed;
	pid_t pid;

	share();
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		bomb();
	}
	setpgid(pid, pid);
	while (!is_over(pid, &status))
		sched_yield();
	killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	while (kill(-pid, SIGKILL) == 0) { /* until the last is waited for */
		waitpid(pid, NULL, WNOHANG);
		sched_yield();
	}
	fact(shared->forked > 50 && (shared->refused || killed) &&
		     !shared->odd,
	     "the bomb is stopped by EAGAIN or ENOMEM", "%d forked, errno %d",
	     shared->forked, shared->odd);
}

static void files(void)
{
	int n = 0, fd;

	while ((fd = dup(1)) >= 0)
		n++;
	fact(errno == EMFILE && n > 200, "EMFILE", "%d opened, %s", n,
	     strerror(errno));
	close(n);
	fact(open("/dev/null", O_RDONLY) >= 0, "one closed, one opened", "%s",
	     strerror(errno));
}

static volatile int enough;

static int deeper(int n)
{
	volatile char room[1000];

	room[0] = n;
	if (enough)
		return 0;
	return deeper(n + 1) + room[0];
}

static void memory(void)
{
	char *p = mmap(NULL, 1 << 30, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long i;

	for (i = 0; p != MAP_FAILED && i < 1 << 30; i += PAGE)
		p[i] = 1;
}

/* SHM_NORESERVE: else it would not even be made. */
static void shm(void)
{
	int id = shmget(IPC_PRIVATE, 32 << 20, IPC_CREAT | 010000 | 0600);
	char *p = shmat(id, NULL, 0);
	long i;

	shmctl(id, IPC_RMID, NULL);
	for (i = 0; p != (void *)-1 && i < 32 << 20; i += PAGE)
		p[i] = 1;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*fn)(void);
	} all[] = { { "forks", forks },
		    { "files", files },
		    { "memory", memory },
		    { "shm", shm } };
	unsigned i;

	for (i = 0; argc > 1 && i < COUNT(all); i++)
		if (!strcmp(argv[1], all[i].name))
			all[i].fn();
	if (argc > 1 && !strcmp(argv[1], "stack"))
		return deeper(0);
	return 0;
}
