/* SPDX-License-Identifier: MIT */
/* ipcmk -M SIZE [-p MODE]: makes a segment of shared memory with a random
 * key. SIZE may end in K or M. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

static int usage(void)
{
	fprintf(stderr, "usage: ipcmk -M SIZE [-p MODE]\n");
	return 1;
}

/* A size in bytes; 0: TEXT is none. */
static size_t parse_size(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*end == 'K' || *end == 'k')
		return end[1] && strcmp(end + 1, "iB") ? 0 : n << 10;
	if (*end == 'M' || *end == 'm')
		return end[1] && strcmp(end + 1, "iB") ? 0 : n << 20;
	return *end ? 0 : n;
}

static key_t random_key(void)
{
	unsigned n = (unsigned)time(NULL) * 2654435761u + (unsigned)getpid();
	FILE *f = fopen("/dev/random", "r");

	if (f) {
		if (fread(&n, sizeof(n), 1, f) != 1)
			n ^= 1;
		fclose(f);
	}
	return n ? (key_t)n : 1;
}

int main(int argc, char **argv)
{
	unsigned mode = 0644;
	size_t size = 0;
	int c, id;

	while ((c = getopt(argc, argv, "+M:p:")) != -1) {
		if (c == 'M')
			size = parse_size(optarg);
		else if (c == 'p')
			mode = (unsigned)strtoul(optarg, NULL, 8) & 0777;
		else
			return usage();
	}
	if (size == 0 || optind < argc)
		return usage();
	id = shmget(random_key(), size, IPC_CREAT | IPC_EXCL | (int)mode);
	if (id < 0) {
		fprintf(stderr, "ipcmk: create share memory failed: %s\n",
			strerror(errno));
		return 1;
	}
	printf("Shared memory id: %d\n", id);
	return 0;
}
