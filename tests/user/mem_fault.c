/* SPDX-License-Identifier: MIT */
/* Page faults: who gets a page, who a signal, what forks share. */
#include "t.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

static int in_data = 42, in_bss[5000];
static const int in_text = 7;

static void codes(void)
{
	char *p = mmap(NULL, 4 * PAGE, RW, ANON, -1, 0);

	say("NULL: %s", touch(NULL, false));
	say("page 0, written: %s", touch((void *)16, true));
	say("nothing mapped: %s", touch((void *)0x38000000, false));
	say("text, read: %s, written: %s", touch((void *)codes, false),
	    touch((void *)codes, true));
	say("a constant, written: %s", touch((void *)&in_text, true));
	say("anonymous, read: %s, written: %s", touch(p, false),
	    touch(p, true));
	mprotect(p, PAGE, PROT_NONE);
	say("PROT_NONE, read: %s, written: %s", touch(p, false),
	    touch(p, true));
	mprotect(p, PAGE, PROT_READ);
	say("PROT_READ, read: %s, written: %s", touch(p, false),
	    touch(p, true));
	mprotect(p, PAGE, PROT_WRITE);
	say("PROT_WRITE, written: %s", touch(p, true));
	mprotect(p, PAGE, PROT_EXEC);
	say("PROT_EXEC, written: %s", touch(p, true));
	munmap(p, 4 * PAGE);
	say("unmapped: %s", touch(p, false));
}

static void zero_and_data(void)
{
	char *p = mmap(NULL, 64 * PAGE, RW, ANON, -1, 0);
	int i, sum = 0;

	for (i = 0; i < 64; i++)
		sum += p[i * PAGE];
	for (i = 0; i < 5000; i++)
		sum += in_bss[i];
	say("anonymous memory and bss are zero: %d; data: %d", sum, in_data);
	for (i = 0; i < 64; i += 2)
		p[i * PAGE + 5] = (char)i;
	for (i = 0; i < 64; i++)
		sum += p[i * PAGE + 5];
	say("what was written is there: %d", sum);
	R("MADV_DONTNEED", madvise(p, 64 * PAGE, MADV_DONTNEED));
	for (sum = i = 0; i < 64; i++)
		sum += p[i * PAGE + 5];
	say("now it is zero again: %d", sum);
	munmap(p, 64 * PAGE);
}

static char *cow;

static void writes_all(void *arg)
{
	int i, sum = 0;

	for (i = 0; i < 16; i++)
		sum += cow[i * PAGE];
	for (i = 0; i < 16; i++)
		cow[i * PAGE] = *(char *)arg;
	say("%s saw %d, wrote %d, data %d, bss %d",
	    *(char *)arg == 9 ? "second child" : "first child", sum,
	    cow[15 * PAGE], in_data, in_bss[0]);
	in_data = in_bss[0] = 99;
}

static void copy_on_write(void)
{
	int i, sum = 0;

	cow = mmap(NULL, 16 * PAGE, RW, ANON, -1, 0);
	for (i = 0; i < 16; i += 2)
		cow[i * PAGE] = 1;
	in_bss[0] = 5;
	in_child(writes_all, (char[]){ 7 });
	in_child(writes_all, (char[]){ 9 });
	for (i = 0; i < 16; i++)
		sum += cow[i * PAGE];
	say("the parent still has %d, data %d, bss %d", sum, in_data,
	    in_bss[0]);
}

/* Parent writes first: the child must keep the old contents. */
static void parent_writes(void)
{
	int fds[2];
	char c;
	pid_t pid;

	cow[0] = 'o';
	pipe(fds);
	pid = fork();
	if (pid == 0) {
		close(fds[1]);
		read(fds[0], &c, 1);
		say("the child keeps %c", cow[0]);
		_exit(0);
	}
	cow[0] = 'n';
	close(fds[0]);
	close(fds[1]);
	waitpid(pid, NULL, 0);
	say("the parent has %c", cow[0]);
}

static void reads_then_writes(void *arg)
{
	char c = cow[PAGE];

	(void)arg;
	cow[PAGE] = 'w';
	say("zero page read (%d), then written: %c", c, cow[PAGE]);
	mprotect(cow, PAGE, PROT_READ);
	say("read-only after the copy: %s", touch(cow, true));
	mprotect(cow, PAGE, RW);
	say("writable again: %s", touch(cow, true));
}

static void generations(void *depth)
{
	int n = *(int *)depth;

	cow[2 * PAGE] += 1;
	if (n > 0)
		in_child(generations, &(int){ n - 1 });
	say("generation %d has %d", n, cow[2 * PAGE]);
}

static void file_maps(void)
{
	int fd = open("/tmp/mem_fault", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *p, *q, buf[8] = "";

	write(fd, "12345", 5);
	p = mmap(NULL, 3 * PAGE, RW, MAP_SHARED, fd, 0);
	q = mmap(NULL, 3 * PAGE, RW, MAP_PRIVATE, fd, 0);
	say("shared %.5s, private %.5s, behind the end %d", p, q, p[5]);
	p[0] = 'S';
	say("written through the shared map, private shows %.5s", q);
	q[1] = 'P';
	pread(fd, buf, 7, 0);
	say("private write stays private: file %.5s, private %.5s", buf, q);
	pwrite(fd, "W", 1, 2);
	say("write(2) shows in the shared map: %.5s", p);
	say("a page wholly behind the end: %s", touch(p + PAGE, false));
	say("and private: %s", touch(q + 2 * PAGE, true));
	p[100] = 'x';
	say("bytes behind the end are no file: read gives %d",
	    (int)pread(fd, buf, 7, 0));
	ftruncate(fd, 2 * PAGE);
	say("after growing the file: %s", touch(p + PAGE, true));
	ftruncate(fd, 3);
	say("after cutting it: %s; page 0: %.3s, then %d",
	    touch(p + PAGE, false), p, p[3]);
	close(fd);
	say("the map outlives the descriptor: %c", p[0]);
	munmap(p, 3 * PAGE);
	munmap(q, 3 * PAGE);
	unlink("/tmp/mem_fault");
}

static void kernel_access(void)
{
	int fd = open("/tmp/mem_fault2", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *p = mmap(NULL, 3 * PAGE, RW, ANON, -1, 0);
	char *volatile nowhere = NULL;

	ftruncate(fd, 3 * PAGE);
	munmap(p + 2 * PAGE, PAGE);
	V("read of 3 pages into 2", pread(fd, p, 3 * PAGE, 0));
	V("write of 3 pages from 2", pwrite(fd, p, 3 * PAGE, 0));
	V("read to the hole", pread(fd, p + 2 * PAGE, PAGE, 0));
	mprotect(p, PAGE, PROT_READ);
	V("read into read-only memory", pread(fd, p, PAGE, 0));
	V("write from it", pwrite(fd, p, PAGE, 0));
	mprotect(p, PAGE, PROT_NONE);
	V("write from PROT_NONE", pwrite(fd, p, PAGE, 0));
	V("read to NULL", pread(fd, nowhere, PAGE, 0));
	V("read of nothing to NULL", pread(fd, nowhere, 0, 0));
	close(fd);
	unlink("/tmp/mem_fault2");
	munmap(p, 2 * PAGE);
}

int main(void)
{
	codes();
	zero_and_data();
	copy_on_write();
	parent_writes();
	child("zero page", reads_then_writes, NULL);
	cow[2 * PAGE] = 0;
	child("generations", generations, &(int){ 4 });
	say("the parent has %d", cow[2 * PAGE]);
	file_maps();
	kernel_access();
	return 0;
}
