/* SPDX-License-Identifier: MIT */
/*
 * mkswap [-L LABEL] FILE [KIB]: writes the header of a swap area into a disk
 * (/dev/hdb) or a file; of KIB, or of all of it. A file has its length
 * already, and no holes:
 *
 *   dd if=/dev/zero of=/tmp/swap bs=4096 count=1024
 *   mkswap /tmp/swap && swapon /tmp/swap
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define PAGE 4096
#define MIN_PAGES 10 /* as the others of this name */
#define INFO 1024 /* where version, last page and bad pages stand */

struct info {
	uint32_t version, last_page, nr_badpages;
	unsigned char uuid[16];
	char label[16];
};

static int die(const char *name)
{
	fprintf(stderr, "mkswap: ");
	perror(name);
	return 1;
}

/* A random one: version 4, variant 1. */
static void make_uuid(unsigned char *uuid)
{
	int fd = open("/dev/urandom", O_RDONLY);

	if (fd >= 0 && read(fd, uuid, 16) < 16)
		memset(uuid, 0, 16);
	if (fd >= 0)
		close(fd);
	uuid[6] = (uuid[6] & 0x0f) | 0x40;
	uuid[8] = (uuid[8] & 0x3f) | 0x80;
}

static void print_uuid(const unsigned char *uuid)
{
	int i;

	printf("UUID=");
	for (i = 0; i < 16; i++)
		printf("%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" :
									 "",
		       uuid[i]);
	printf("\n");
}

static void report(unsigned long pages, const struct info *info)
{
	unsigned long kib = (pages - 1) * (PAGE / 1024);

	printf("Setting up swapspace version 1, size = ");
	if (kib >= 10240 && kib % 1024 == 0)
		printf("%lu MiB", kib / 1024);
	else
		printf("%lu KiB", kib);
	printf(" (%llu bytes)\n", (unsigned long long)kib * 1024);
	if (info->label[0])
		printf("LABEL=%.16s, ", info->label);
	else
		printf("no label, ");
	print_uuid(info->uuid);
}

/* The header of an area of PAGES into FD. */
static int write_header(int fd, unsigned long pages, const char *label)
{
	static unsigned char page[PAGE];
	struct info info = { .version = 1, .last_page = pages - 1 };

	strncpy(info.label, label, sizeof(info.label) - 1);
	make_uuid(info.uuid);
	memcpy(page + INFO, &info, sizeof(info));
	memcpy(page + PAGE - 10, "SWAPSPACE2", 10);
	if (pwrite(fd, page, PAGE, 0) != PAGE || fsync(fd) != 0)
		return -1;
	report(pages, &info);
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: mkswap [-L LABEL] FILE [KIB]\n");
	return 2;
}

int main(int argc, char **argv)
{
	unsigned long pages, wanted = 0;
	const char *label = "", *name;
	off_t size;
	int c, fd;

	while ((c = getopt(argc, argv, "L:")) != -1) {
		if (c != 'L')
			return usage();
		label = optarg;
	}
	if (argc - optind < 1 || argc - optind > 2)
		return usage();
	name = argv[optind];
	if (argc - optind == 2)
		wanted = strtoul(argv[optind + 1], NULL, 10) / (PAGE / 1024);
	fd = open(name, O_RDWR);
	if (fd < 0)
		return die(name);
	size = lseek(fd, 0, SEEK_END);
	if (size < 0)
		return die(name);
	pages = size / PAGE;
	if (wanted > pages || (wanted ? wanted : pages) < MIN_PAGES) {
		fprintf(stderr, "mkswap: %s: has %lu KiB; %lu are needed\n",
			name, pages * (PAGE / 1024),
			(wanted > MIN_PAGES ? wanted : MIN_PAGES) *
				(PAGE / 1024));
		return 1;
	}
	if (write_header(fd, wanted ? wanted : pages, label) < 0)
		return die(name);
	return 0;
}
