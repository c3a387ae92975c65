/* SPDX-License-Identifier: MIT */
/* mkdir [-p] [-m MODE] FOLDER ...: makes folders; -p: with their parents. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int complain(const char *path)
{
	fprintf(stderr, "mkdir: %s: %s\n", path, strerror(errno));
	return 1;
}

static int is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Cuts PATH at each / in turn; folders that exist already are fine. */
static int make_parents(char *path)
{
	char *s = path;
	int made;

	while (*s == '/')
		s++;
	for (; (s = strchr(s, '/')); *s++ = '/') {
		*s = '\0';
		made = mkdir(path, 0777) == 0 || is_folder(path);
		if (!made) {
			complain(path);
			return -1;
		}
	}
	return 0;
}

static int make(char *path, mode_t mode, int has_mode, int parents)
{
	if (parents && make_parents(path) < 0)
		return 1;
	if (mkdir(path, mode) < 0) {
		if (parents && errno == EEXIST && is_folder(path))
			return 0;
		return complain(path);
	}
	if (has_mode && chmod(path, mode) < 0)
		return complain(path);
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: mkdir [-p] [-m MODE] FOLDER ...\n");
	return 2;
}

int main(int argc, char **argv)
{
	int c, parents = 0, has_mode = 0, status = 0;
	mode_t mode = 0777;
	char *end;

	while ((c = getopt(argc, argv, "+pm:")) != -1) {
		if (c == 'p') {
			parents = 1;
		} else if (c == 'm') {
			mode = (mode_t)strtol(optarg, &end, 8);
			has_mode = 1;
			if (!*optarg || *end || mode > 07777)
				return usage();
		} else {
			return usage();
		}
	}
	if (optind == argc)
		return usage();
	for (; optind < argc; optind++)
		status |= make(argv[optind], mode, has_mode, parents);
	return status;
}
