/* SPDX-License-Identifier: MIT */
/*
 * Using up what there is: tasks, descriptors, files, areas, segments,
 * memory. Each ends in the errno it should, and all is usable afterwards.
 * Faultline only: a host has other limits, and work to do.
 */
#include "t.h"
#include <sys/shm.h>

static void usable(const char *after)
{
	int fds[2], id = shmget(IPC_PRIVATE, PAGE, 0600);
	pid_t pid = fork();
	char *p;

	if (pid == 0)
		_exit(0);
	p = shmat(id, NULL, 0);
	say("usable after %s: fork %d, pipe %d, shm %d", after,
	    pid > 0 && waitpid(pid, NULL, 0) == pid, pipe(fds) == 0,
	    p != (char *)-1 && (*p = 1));
	close(fds[0]);
	close(fds[1]);
	shmdt(p);
	shmctl(id, IPC_RMID, NULL);
}

/* Every task forks until none can. */
static void fork_bomb(void *arg)
{
	int fds[2], n = 0, err;
	pid_t pid;
	char c;

	(void)arg;
	pipe(fds);
	while ((pid = fork()) > 0)
		n++;
	err = errno;
	if (pid == 0) {
		close(fds[1]);
		while (fork() == 0 && n++ < 5)
			;
		read(fds[0], &c, 1);
		_exit(0);
	}
	say("fork ends with %s after more than 10: %d",
	    err == ENOMEM   ? "EAGAIN or ENOMEM"
	    : err == EAGAIN ? "EAGAIN or ENOMEM"
			    : err_name(err),
	    n > 10);
	close(fds[1]);
	while (wait(NULL) > 0)
		;
}

static void descriptors(void *arg)
{
	struct rlimit rl;
	int n = 0;

	(void)arg;
	getrlimit(RLIMIT_NOFILE, &rl);
	while (open("/dev/null", O_RDONLY) >= 0)
		n++;
	say("open ends with %s at the limit: %d", err_name(errno),
	    n + 3 == (int)rl.rlim_cur);
	R("pipe", pipe((int[2]){ 0 }));
	R("dup", dup(0));
}

/* Descriptors of many processes: the system's own limit. */
static void open_files(void *arg)
{
	int up[2], i, n = 0, err = 0;
	pid_t pid;
	char c;

	(void)arg;
	pipe(up);
	for (i = 0; i < 12; i++) {
		pid = fork();
		if (pid == 0) {
			close(up[1]);
			while (open("/dev/null", O_RDONLY) >= 0)
				n++;
			err = errno;
			if (err != EMFILE)
				say("open ends with %s", err_name(err));
			read(up[0], &c, 1);
			_exit(0);
		}
		usleep(100000);
		if (open("/dev/null", O_RDONLY) < 0)
			break;
	}
	close(up[1]);
	while (wait(NULL) > 0)
		;
}

static void areas(void *arg)
{
	char *p = mmap((void *)0x50000000, 256 << 20, PROT_READ,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	int n = 0;

	(void)arg;
	while (n < 65536 &&
	       mprotect(p + n * PAGE, PAGE,
			n % 2 ? PROT_READ | PROT_WRITE : PROT_NONE) == 0)
		n++;
	say("mprotect ends with %s after more than 30,000 areas: %d",
	    err_name(errno), n > 30000);
	R("a fork of that", fork() == 0 ? (_exit(0), 0) : wait(NULL));
	R("munmap of all", munmap(p, 256 << 20));
}

static void segments(void *arg)
{
	static int ids[5000];
	int n = 0, i;

	(void)arg;
	while (n < 5000 && (ids[n] = shmget(IPC_PRIVATE, 1, 0600)) >= 0)
		n++;
	say("shmget ends with %s at 1024: %d", err_name(errno), n == 1024);
	for (i = 0; i < n; i++)
		shmctl(ids[i], IPC_RMID, NULL);
}

/* Takes a frame for each page of the SIZE bytes at P. */
static void take(char *p, long size)
{
	for (long i = 0; i < size; i += PAGE)
		p[i] = 1;
}

static void memory(void *arg)
{
	char *p;
	int n = 0;

	(void)arg;
	for (;;) {
		p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED)
			break;
		take(p, 1 << 20);
		if (++n == 10)
			say("more than 10 MiB");
	}
	say("mmap: %s", err_name(errno));
	_exit(0);
}

/* A kernel copy that runs out of memory half-way. */
static void memory_by_read(void *arg)
{
	int fd = open("/dev/zero", O_RDONLY);
	char *p = mmap(NULL, 512 << 20, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)arg;
	for (int i = 0; i < 512; i++)
		read(fd, p + (i << 20), 1 << 20);
	say("it all fitted");
}

static int *ids;

static void shared_memory(void *arg)
{
	char *p;

	(void)arg;
	for (int i = 0; i < 40; i++) {
		ids[i] = shmget(IPC_PRIVATE, 4 << 20, 0600);
		if (ids[i] < 0) {
			say("shmget: %s", err_name(errno));
			_exit(0);
		}
		p = shmat(ids[i], NULL, 0);
		take(p, 4 << 20);
		shmdt(p);
	}
}

static void fill_by_shm(void)
{
	int box = shmget(IPC_PRIVATE, PAGE, 0600), i;

	ids = shmat(box, NULL, 0);
	for (i = 0; i < 40; i++)
		ids[i] = -1;
	say("segments until memory is full: %s",
	    in_child(shared_memory, NULL) ? "killed" : "refused");
	for (i = 0; i < 40; i++)
		if (ids[i] >= 0)
			shmctl(ids[i], IPC_RMID, NULL);
	shmdt(ids);
	shmctl(box, IPC_RMID, NULL);
}

static void files(void *arg)
{
	static char buf[65536];
	int fd = open("/dev/shm/rude_file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	long n, total = 0;

	(void)arg;
	while ((n = write(fd, buf, sizeof(buf))) > 0)
		total += n;
	say("a file ends with %s after more than 10 MB: %d", err_name(errno),
	    total > 10000000);
	close(fd);
	unlink("/dev/shm/rude_file");
}

int main(void)
{
	child("fork bomb", fork_bomb, NULL);
	usable("it");
	child("descriptors", descriptors, NULL);
	child("open files", open_files, NULL);
	usable("them");
	child("areas", areas, NULL);
	child("segments", segments, NULL);
	usable("them");
	child("memory", memory, NULL);
	usable("it");
	child("memory by read", memory_by_read, NULL);
	fill_by_shm();
	usable("it");
	child("files", files, NULL);
	usable("them");
	return 0;
}
