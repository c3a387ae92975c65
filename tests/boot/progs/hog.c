/* SPDX-License-Identifier: MIT */
/*
 * hog KIND MIB [PROCESSES]: wants so much memory, and writes every page.
 *   private   as one anonymous mapping of its own
 *   fork      the same, then a child writes all of it once more
 *   segments  in segments of 1 MiB, removed as soon as they are attached
 *   keep      the same, but they stay when the process has gone
 *   promised  one segment made with SHM_NORESERVE, which stays
 *
 * "all of it" and status 0, or the errno that refused more and status 3, or
 * it is killed. PROCESSES: so many at once; how many ended in which way.
 */
#include "prog.h"

#define MIB (1 << 20)
#define NORESERVE 010000

static int refused(const char *what, int had)
{
	printf("refused: %s %s after %d MiB\n", what,
	       errno == ENOMEM	 ? "ENOMEM"
	       : errno == ENOSPC ? "ENOSPC"
				 : strerror(errno),
	       had);
	return 3;
}

static void write_pages(char *p, int mib)
{
	long i;

	for (i = 0; i < (long)mib * MIB; i += PAGE)
		p[i] = i / PAGE;
}

static int hog_private(int mib, int again)
{
	char *p = mmap(NULL, (size_t)mib * MIB, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int status = 0;

	if (p == MAP_FAILED)
		return refused("mmap", 0);
	write_pages(p, mib);
	if (again && fork() == 0) {
		write_pages(p, mib);
		_exit(0);
	}
	while (again && wait(&status) > 0)
		continue;
	return status ? 3 : 0;
}

static int hog_segments(int mib, int keep)
{
	char *p;
	int i, id;

	for (i = 0; i < mib; i++) {
		id = shmget(IPC_PRIVATE, MIB, 0600);
		if (id < 0)
			return refused("shmget", i);
		p = shmat(id, NULL, 0);
		if (!keep)
			shmctl(id, IPC_RMID, NULL);
		if (p == (void *)-1)
			return refused("shmat", i);
		write_pages(p, 1);
	}
	return 0;
}

static int hog_promised(int mib)
{
	int id = shmget(IPC_PRIVATE, (size_t)mib * MIB, NORESERVE | 0600);
	char *p = shmat(id, NULL, 0);

	if (p == (void *)-1)
		return refused("shmat", 0);
	write_pages(p, mib);
	return 0;
}

static int hog(const char *kind, int mib)
{
	int status = 2;

	if (!strcmp(kind, "private") || !strcmp(kind, "fork"))
		status = hog_private(mib, kind[0] == 'f');
	else if (!strcmp(kind, "segments") || !strcmp(kind, "keep"))
		status = hog_segments(mib, kind[0] == 'k');
	else if (!strcmp(kind, "promised"))
		status = hog_promised(mib);
	if (status == 0)
		printf("all of it\n");
	fflush(stdout);
	return status;
}

int main(int argc, char **argv)
{
	int processes = argc > 3 ? atoi(argv[3]) : 0, mib, i, status;
	int got = 0, no = 0, killed = 0, odd = 0;

	if (argc < 3)
		return 2;
	mib = atoi(argv[2]);
	if (!processes)
		return hog(argv[1], mib);
	for (i = 0; i < processes; i++)
		if (fork() == 0)
			_exit(hog(argv[1], mib));
	while (wait(&status) > 0) {
		got += status == 0;
		no += status == 3 << 8;
		killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
		odd += WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL;
	}
	printf("%d processes: %d killed, %d refused, %d got all, %d else\n",
	       processes, killed, no, got, odd);
	return odd != 0;
}
