/* SPDX-License-Identifier: MIT */
/*
 * ipcrm [-m ID | -M KEY] ... [-a]: removes segments of shared memory, by id,
 * by key, or all of them. One that is attached lives on, without its key,
 * until the last detach.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

static int complain(const char *kind, const char *text)
{
	if (errno == EINVAL || errno == EIDRM || errno == ENOENT)
		fprintf(stderr, "ipcrm: invalid %s (%s)\n", kind, text);
	else
		fprintf(stderr, "ipcrm: %s %s: %s\n", kind, text,
			strerror(errno));
	return 1;
}

static int remove_id(const char *text)
{
	char *end;
	long id = strtol(text, &end, 0);

	errno = EINVAL;
	if (!*text || *end || shmctl((int)id, IPC_RMID, NULL) < 0)
		return complain("id", text);
	return 0;
}

static int remove_key(const char *text)
{
	char *end;
	unsigned long key = strtoul(text, &end, 0);
	int id;

	errno = EINVAL;
	if (!*text || *end || key == IPC_PRIVATE)
		return complain("key", text);
	id = shmget((key_t)key, 0, 0);
	if (id < 0 || shmctl(id, IPC_RMID, NULL) < 0)
		return complain("key", text);
	return 0;
}

static int remove_all(void)
{
	struct shm_info info;
	struct shmid_ds ds;
	int i, id, status = 0;
	int highest = shmctl(0, SHM_INFO, (struct shmid_ds *)&info);

	for (i = 0; i <= highest; i++) {
		id = shmctl(i, SHM_STAT, &ds);
		if (id < 0 || shmctl(id, IPC_RMID, NULL) == 0)
			continue;
		fprintf(stderr, "ipcrm: id %d: %s\n", id, strerror(errno));
		status = 1;
	}
	return status;
}

static int usage(void)
{
	fprintf(stderr, "usage: ipcrm [-m ID | -M KEY] ... [-a]\n");
	return 1;
}

int main(int argc, char **argv)
{
	int c, status = 0;

	if (argc < 2)
		return usage();
	while ((c = getopt(argc, argv, "+m:M:a")) != -1) {
		if (c == 'm')
			status |= remove_id(optarg);
		else if (c == 'M')
			status |= remove_key(optarg);
		else if (c == 'a')
			status |= remove_all();
		else
			return usage();
	}
	return optind < argc ? usage() : status;
}
