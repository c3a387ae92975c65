/* SPDX-License-Identifier: MIT */
/*
 * Many processes, at once and in a row.
 *
 *   scale crowd N [UID] N children alive at the same time, then all end
 *   scale forks N       N times fork, _exit, waitpid
 *   scale execs N       N times vfork, execve of this program, waitpid
 *   scale share P A     P children attach one segment A times in all
 *
 * Each prints one line and succeeds when everything it counted was right.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_CHILDREN 1024

static pid_t children[MAX_CHILDREN];
static int up[2], down[2]; /* children say "here", parent says "go on" */

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int status_of(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* In a child: tells the parent, then waits until it closes the other pipe. */
static void meet(void)
{
	char byte = 'x';

	close(down[1]);
	if (write(up[1], &byte, 1) != 1 || read(down[0], &byte, 1) != 0)
		_exit(99);
}

/* Starts N children that meet; WORK(i) in child i comes before. */
static void start(int n, void (*work)(int))
{
	int i;

	if (pipe(up) || pipe(down))
		die("pipe");
	for (i = 0; i < n; i++) {
		children[i] = fork();
		if (children[i] < 0)
			die("fork");
		if (children[i])
			continue;
		if (work)
			work(i);
		meet();
		_exit(i % 90);
	}
}

static void wait_until_all_are_here(int n)
{
	char byte;

	for (; n; n--)
		if (read(up[0], &byte, 1) != 1)
			die("read");
}

/* Lets all children end; how many ended as they should. */
static int finish(int n)
{
	int i, good = 0;

	close(down[1]);
	for (i = 0; i < n; i++)
		good += status_of(children[i]) == i % 90;
	return good;
}

/* Tasks there are, the second number of the fourth word. */
static int tasks(void)
{
	int n = -1;
	FILE *f = fopen("/proc/loadavg", "r");

	if (!f || fscanf(f, "%*s %*s %*s %*d/%d", &n) != 1)
		die("/proc/loadavg");
	fclose(f);
	return n;
}

static int crowd(int n)
{
	int before = tasks(), during, after;

	start(n, NULL);
	wait_until_all_are_here(n);
	during = tasks();
	n = finish(n);
	after = tasks();
	printf("%d at once, %d ended well, %d left\n", during - before, n,
	       after - before);
	return after != before;
}

static int forks(int n)
{
	int i, good = 0;

	for (i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid)
			_exit(i & 63);
		good += status_of(pid) == (i & 63);
	}
	printf("%d forks, %d ended well\n", n, good);
	return good != n;
}

static int spawn(char *self)
{
	pid_t pid = vfork();

	if (pid < 0)
		die("vfork");
	if (!pid) {
		execl(self, self, "end", NULL);
		_exit(99);
	}
	return status_of(pid);
}

static int execs(int n, char *self)
{
	int i, good = 0;

	for (i = 0; i < n; i++)
		good += spawn(self) == 7;
	printf("%d execs, %d ended well\n", n, good);
	return good != n;
}

static int segment, attaches_each;

static void attach(int child)
{
	int i;

	for (i = 0; i < attaches_each; i++) {
		char *page = shmat(segment, NULL, 0);

		if (page == (char *)-1)
			_exit(98);
		page[child]++;
	}
}

static int share(int n, int attaches)
{
	struct shmid_ds ds;
	char *page;
	int i, right = 0;

	attaches_each = attaches / n;
	segment = shmget(IPC_PRIVATE, 4096, 0600);
	page = shmat(segment, NULL, 0);
	if (page == (char *)-1)
		die("shmat");
	start(n, attach);
	wait_until_all_are_here(n);
	shmctl(segment, IPC_STAT, &ds);
	printf("%lu attaches, ", (unsigned long)ds.shm_nattch - 1 - n);
	printf("%d ended well, ", finish(n));
	for (i = 0; i < n; i++)
		right += page[i] == attaches_each;
	shmctl(segment, IPC_STAT, &ds);
	printf("%d counted right, %lu left\n", right,
	       (unsigned long)ds.shm_nattch - 1);
	shmctl(segment, IPC_RMID, NULL);
	return right != n;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int n = argc > 2 ? atoi(argv[2]) : 0;

	setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
	if (!strcmp(what, "end"))
		_exit(7);
	if (n < 1)
		return 2;
	if (!strcmp(what, "forks"))
		return forks(n);
	if (!strcmp(what, "execs"))
		return execs(n, argv[0]);
	if (n > MAX_CHILDREN)
		return 2;
	if (!strcmp(what, "crowd")) {
		if (argc > 3 && setuid(atoi(argv[3])))
			die("setuid");
		return crowd(n);
	}
	if (!strcmp(what, "share") && argc > 3)
		return share(n, atoi(argv[3]));
	return 2;
}
