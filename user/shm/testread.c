/* SPDX-License-Identifier: MIT */
/*
 * testread: prints the ten records that testwrite left in a segment, though
 * testwrite is long gone. Its first touch of the segment is the page fault
 * this system is about, so it writes a mark into the event trace right
 * before it: "hops testread" shows what the kernel did next.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

#define KEY_PATH "/"
#define KEY_LETTER 'F'
#define RECORDS 10

struct record {
	char name[4];
	int age;
};

/* Nothing but the mark, where there is no trace to write it to. */
static void mark(void)
{
	int fd = open("/dev/trace", O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, "1\n", 2) < 0)
		perror("testread: /dev/trace");
}

static int first_touch(const volatile struct record *r)
{
	mark();
	return r->age;
}

static int is_right(const struct record *r, int i)
{
	return r->name[0] == 'b' + i && r->name[1] == '\0' && r->age == 20 + i;
}

int main(void)
{
	struct record *r;
	int id, i, wrong = 0;

	id = shmget(ftok(KEY_PATH, KEY_LETTER), 0, 0);
	if (id < 0) {
		perror("testread: shmget (run testwrite first)");
		return 1;
	}
	r = shmat(id, NULL, SHM_RDONLY);
	if (r == (void *)-1) {
		perror("testread: shmat");
		return 1;
	}
	if (first_touch(r) != 20)
		wrong++;
	for (i = 0; i < RECORDS; i++) {
		printf("name: %.4s age %d;\n", r[i].name, r[i].age);
		wrong += !is_right(&r[i], i);
	}
	if (shmdt(r) < 0) {
		perror("testread: shmdt");
		return 1;
	}
	if (wrong) {
		printf("testread: %d values are not testwrite's\n", wrong);
		return 1;
	}
	printf("ok: ten records, as testwrite left them\n");
	return 0;
}
