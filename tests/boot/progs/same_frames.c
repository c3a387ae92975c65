/* SPDX-License-Identifier: MIT */
/*
 * Two programs, one C library: this one and /bin/sleep, started by exec and
 * not by fork alone. Its text must be the same frames in both, its data must
 * not be; maps, pagemap and smaps say so.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096u
#define PRESENT (1ull << 63)
#define FRAME(word) ((word) & ((1ull << 55) - 1))

struct area {
	unsigned long start, end, offset;
};

static FILE *proc_open(int pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return fopen(path, "r");
}

/* The area of libc.so.6 with the rights RIGHTS; false: none. */
static int find_libc(int pid, const char *rights, struct area *a)
{
	FILE *f = proc_open(pid, "maps");
	char line[256], r[8];

	while (f && fgets(line, sizeof(line), f)) {
		if (!strstr(line, "/libc.so.6\n") ||
		    sscanf(line, "%lx-%lx %7s %lx", &a->start, &a->end, r,
			   &a->offset) != 4 ||
		    strcmp(r, rights))
			continue;
		fclose(f);
		return 1;
	}
	if (f)
		fclose(f);
	return 0;
}

static uint64_t page_word(int fd, unsigned long addr)
{
	uint64_t word = 0;

	pread(fd, &word, sizeof(word), addr / PAGE * sizeof(word));
	return word;
}

/* Pages of A and B that are in both: how many, how many in one frame. */
static void compare(int pid, const struct area *a, const struct area *b)
{
	int mine = open("/proc/self/pagemap", O_RDONLY), other, both = 0,
	    same = 0;
	unsigned long off;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	other = open(path, O_RDONLY);
	for (off = 0; off < a->end - a->start; off += PAGE) {
		uint64_t x = page_word(mine, a->start + off);
		uint64_t y = page_word(other, b->start + off);

		if (!(x & PRESENT) || !(y & PRESENT))
			continue;
		both++;
		same += FRAME(x) == FRAME(y) && FRAME(x);
	}
	close(mine);
	close(other);
	printf("in both: %s, of those in one frame: %s\n",
	       both ? "some" : "none",
	       !same	      ? "none" :
	       same == both ? "all" :
				"some");
}

/* KiB of the sum NAME of the area that begins at START. */
static long smaps_sum(int pid, unsigned long start, const char *name)
{
	FILE *f = proc_open(pid, "smaps");
	char line[256], word[32];
	unsigned long from, to;
	int here = 0;
	long kib, res = -1;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = from == start;
		else if (here &&
			 sscanf(line, "%31[^:]: %ld", word, &kib) == 2 &&
			 !strcmp(word, name))
			res = kib;
	}
	if (f)
		fclose(f);
	return res;
}

static void look(int pid, const char *rights)
{
	struct area a, b;

	if (!find_libc(getpid(), rights, &a) || !find_libc(pid, rights, &b)) {
		printf("no area %s of libc.so.6\n", rights);
		return;
	}
	printf("%s, the same part of the file: %s\n", rights,
	       a.offset == b.offset && a.end - a.start == b.end - b.start ?
		       "yes" :
		       "NO");
	compare(pid, &a, &b);
	printf("shared and clean: %s, private and dirty: %s\n",
	       smaps_sum(pid, b.start, "Shared_Clean") > 0 ? "some" : "none",
	       smaps_sum(pid, b.start, "Private_Dirty") > 0 ? "some" : "none");
}

int main(void)
{
	int pid = fork();

	if (pid == 0) {
		execl("/bin/sleep", "sleep", "100", NULL);
		_exit(1);
	}
	sleep(1);
	look(pid, "r-xp");
	look(pid, "rw-p");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return 0;
}
