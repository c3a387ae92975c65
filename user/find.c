/* SPDX-License-Identifier: MIT */
/* find [PATH ...] [-name PATTERN] [-type f|d|l]: all that is below a folder. */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *pattern;
static char type;
static int status;

static void complain(const char *path)
{
	fprintf(stderr, "find: %s: %s\n", path, strerror(errno));
	status = 1;
}

static int type_matches(mode_t mode)
{
	switch (type) {
	case 'f':
		return S_ISREG(mode);
	case 'd':
		return S_ISDIR(mode);
	case 'l':
		return S_ISLNK(mode);
	}
	return 1;
}

static void visit(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash && slash[1] ? slash + 1 : path;
	struct dirent *d;
	struct stat st;
	char *below;
	DIR *dir;

	if (lstat(path, &st) < 0) {
		complain(path);
		return;
	}
	if (type_matches(st.st_mode) &&
	    (!pattern || fnmatch(pattern, name, 0) == 0))
		puts(path);
	if (!S_ISDIR(st.st_mode))
		return;
	dir = opendir(path);
	if (!dir) {
		complain(path);
		return;
	}
	while ((d = readdir(dir))) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		below = malloc(strlen(path) + strlen(d->d_name) + 2);
		if (!below)
			break;
		sprintf(below, "%s%s%s", path,
			path[strlen(path) - 1] == '/' ? "" : "/", d->d_name);
		visit(below);
		free(below);
	}
	closedir(dir);
}

int main(int argc, char **argv)
{
	int paths = 1, i;

	while (paths < argc && argv[paths][0] != '-')
		paths++;
	for (i = paths; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "-name") == 0)
			pattern = argv[i + 1];
		else if (strcmp(argv[i], "-type") == 0)
			type = argv[i + 1][0];
		else
			break;
	}
	if (i < argc) {
		fprintf(stderr, "usage: find [PATH ...] [-name PATTERN] "
				"[-type f|d|l]\n");
		return 2;
	}
	if (paths == 1)
		visit(".");
	for (i = 1; i < paths; i++)
		visit(argv[i]);
	return fflush(stdout) ? 1 : status;
}
