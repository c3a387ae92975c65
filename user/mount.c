/* SPDX-License-Identifier: MIT */
/*
 * mount [-t TYPE] [-o OPTIONS] WHAT FOLDER: lays a file system over a folder.
 * mount -o remount[,OPTIONS] FOLDER: other options. mount: what is mounted.
 * umount FOLDER...: takes it away again.
 *
 * TYPE is tmpfs (as without -t), ramfs or proc. OPTIONS: ro rw nosuid nodev
 * noexec noatime, and those of a tmpfs: size=8m mode=750 uid=5 gid=5
 * nr_inodes=100.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static const struct {
	const char *name;
	unsigned long set, clear;
} words[] = {
	{ "ro", MS_RDONLY, 0 },		 { "rw", 0, MS_RDONLY },
	{ "nosuid", MS_NOSUID, 0 },	 { "suid", 0, MS_NOSUID },
	{ "nodev", MS_NODEV, 0 },	 { "dev", 0, MS_NODEV },
	{ "noexec", MS_NOEXEC, 0 },	 { "exec", 0, MS_NOEXEC },
	{ "noatime", MS_NOATIME, 0 },	 { "relatime", 0, MS_NOATIME },
	{ "remount", MS_REMOUNT, 0 },	 { "defaults", 0, 0 },
};

/* What the words of TEXT mean as flags; the others are left in DATA. */
static unsigned long parse(char *text, char *data, size_t size)
{
	unsigned long flags = 0;
	char *save, *word;
	size_t i, n = sizeof(words) / sizeof(words[0]), len;

	data[0] = '\0';
	for (word = strtok_r(text, ",", &save); word;
	     word = strtok_r(NULL, ",", &save)) {
		for (i = 0; i < n && strcmp(word, words[i].name) != 0; i++)
			;
		if (i < n) {
			flags = (flags | words[i].set) & ~words[i].clear;
			continue;
		}
		len = strlen(data);
		snprintf(data + len, size - len, "%s%s", len ? "," : "", word);
	}
	return flags;
}

static int list(void)
{
	FILE *f = fopen("/proc/mounts", "r");
	char what[256], where[256], type[64], options[256];

	if (!f) {
		perror("mount: /proc/mounts");
		return 1;
	}
	while (fscanf(f, "%255s %255s %63s %255s %*d %*d", what, where, type,
		      options) == 4)
		printf("%s on %s type %s (%s)\n", what, where, type, options);
	fclose(f);
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: mount [-t TYPE] [-o OPTIONS] WHAT FOLDER\n"
			"       mount -o remount[,OPTIONS] FOLDER\n"
			"       umount FOLDER...\n");
	return 2;
}

static int unmount(int argc, char **argv)
{
	int i, bad = 0;

	if (argc < 2)
		return usage();
	for (i = 1; i < argc; i++) {
		if (umount(argv[i]) == 0)
			continue;
		fprintf(stderr, "umount: %s: %s\n", argv[i],
			errno == EINVAL ? "nothing is mounted there"
					: strerror(errno));
		bad = 1;
	}
	return bad;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/'), *type = "tmpfs";
	char data[256] = "", *options = NULL;
	unsigned long flags = 0;
	int c;

	name = name ? name + 1 : argv[0];
	if (strcmp(name, "umount") == 0)
		return unmount(argc, argv);
	if (argc == 1)
		return list();
	while ((c = getopt(argc, argv, "+t:o:")) != -1) {
		if (c == 't')
			type = optarg;
		else if (c == 'o')
			options = optarg;
		else
			return usage();
	}
	if (options)
		flags = parse(options, data, sizeof(data));
	if (argc - optind != (flags & MS_REMOUNT ? 1 : 2))
		return usage();
	if (mount(argv[optind], argv[argc - 1], type, flags, data) == 0)
		return 0;
	fprintf(stderr, "mount: %s: %s\n", argv[argc - 1],
		errno == ENODEV ? "no such type of file system" :
				  strerror(errno));
	return 1;
}
