/* SPDX-License-Identifier: MIT */
/*
 * whofaults [-d]: prints its own page faults (min_flt, maj_flt of getrusage)
 * before and after each touch of a page; -d: only by how much they grew,
 * which is the same everywhere. A page is brought in by whoever touches it
 * first, and every process (and every attach) pays once more for its own
 * page-table entry.
 *
 * Only writes touch the shared pages first: on a read, Linux also maps the
 * neighbours of the page, and the next one would cost nothing.
 */
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 4

struct faults {
	long minor[2], major[2]; /* before and after the touch */
};

static int bad; /* counts that are not as expected */
static int only_growth; /* -d */
static volatile char sink;

static struct faults faults_between(const struct rusage *before,
				    const struct rusage *after)
{
	struct faults f = {
		{ before->ru_minflt, after->ru_minflt },
		{ before->ru_majflt, after->ru_majflt },
	};

	return f;
}

static struct faults count_write(volatile char *p)
{
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	*p = 1;
	getrusage(RUSAGE_SELF, &after);
	return faults_between(&before, &after);
}

static struct faults count_read(const volatile char *p)
{
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	sink = *p;
	getrusage(RUSAGE_SELF, &after);
	return faults_between(&before, &after);
}

/* So that no fault of the program's own text, data or stack is counted. */
static void warm_up(void)
{
	volatile char c = 0;

	count_write(&c);
	count_read(&c);
	count_write(&sink);
}

static void show(const char *what, struct faults f, long expected)
{
	long minor = f.minor[1] - f.minor[0], major = f.major[1] - f.major[0];
	int right = minor == expected && major == 0;

	if (only_growth)
		printf("  %-46s %+9ld %+9ld  %s\n", what, minor, major,
		       right ? "yes" : "NO");
	else
		printf("  %-46s %5ld -> %-5ld %3ld -> %-3ld %s\n", what,
		       f.minor[0], f.minor[1], f.major[0], f.major[1],
		       right ? "yes" : "NO");
	bad += !right;
}

static void show_title(void)
{
	if (only_growth)
		printf("  %-46s %9s %9s\n", "what is touched", "min_flt",
		       "maj_flt");
	else
		printf("  %-46s %10s %13s\n", "what is touched", "min_flt",
		       "maj_flt");
}

static void private_page(void)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct faults f[4];

	if (p == MAP_FAILED) {
		perror("whofaults: mmap");
		bad++;
		return;
	}
	f[0] = count_read(p);
	f[1] = count_read(p);
	f[2] = count_write(p);
	f[3] = count_write(p);
	show("private page, first read: the zero page", f[0], 1);
	show("private page, read again", f[1], 0);
	show("private page, first write: a frame of its own", f[2], 1);
	show("private page, written again", f[3], 0);
	munmap(p, PAGE);
}

static void shared_pages(char *p)
{
	struct faults f[4];

	f[0] = count_write(p);
	f[1] = count_write(p);
	f[2] = count_write(p + PAGE);
	f[3] = count_read(p + PAGE);
	show("shared page 0, first write: a new frame", f[0], 1);
	show("shared page 0, written again", f[1], 0);
	show("shared page 1, first write: a new frame", f[2], 1);
	show("shared page 1, read", f[3], 0);
}

static void second_attach(int id)
{
	char *p = shmat(id, NULL, 0);
	struct faults f[2];

	if (p == (void *)-1) {
		perror("whofaults: shmat");
		bad++;
		return;
	}
	f[0] = count_write(p);
	f[1] = count_write(p);
	show("second attach, page 0: the same frame, mapped", f[0], 1);
	show("second attach, page 0 again", f[1], 0);
	shmdt(p);
}

static int child(char *p)
{
	struct faults f[3];

	warm_up();
	f[0] = count_write(p);
	f[1] = count_write(p);
	f[2] = count_write(p + 2 * PAGE);
	show("child, page 0: the parent's frame, mapped", f[0], 1);
	show("child, page 0 again", f[1], 0);
	show("child, page 2, first write of all: a new frame", f[2], 1);
	fflush(stdout);
	return bad != 0;
}

static void after_fork(char *p)
{
	struct faults f[2];
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(child(p));
	waitpid(pid, &status, 0);
	bad += status != 0;
	warm_up();
	f[0] = count_write(p + 2 * PAGE);
	f[1] = count_write(p);
	show("parent, page 2: the child's frame, mapped", f[0], 1);
	show("parent, page 0: still mapped", f[1], 0);
}

int main(int argc, char **argv)
{
	int id = shmget(IPC_PRIVATE, PAGES * PAGE, IPC_CREAT | 0600);
	char *p;

	only_growth = argc > 1 && strcmp(argv[1], "-d") == 0;
	if (id < 0) {
		perror("whofaults: shmget");
		return 1;
	}
	p = shmat(id, NULL, 0);
	if (p == (void *)-1) {
		perror("whofaults: shmat");
		shmctl(id, IPC_RMID, NULL);
		return 1;
	}
	show_title();
	warm_up();
	private_page();
	shared_pages(p);
	second_attach(id);
	after_fork(p);
	shmctl(id, IPC_RMID, NULL);
	shmdt(p);
	if (bad)
		return 1;
	printf("ok: each page was paid for once by each who touched it\n");
	return 0;
}
