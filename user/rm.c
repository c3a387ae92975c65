/* SPDX-License-Identifier: MIT */
/* rm [-rf] PATH ...: removes files; -r: folders with all in them;
 * -f: what does not exist is no mistake. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int opt_deep, opt_force;

static int remove_path(const char *path);

static int complain(const char *path)
{
	if (opt_force && errno == ENOENT)
		return 0;
	fprintf(stderr, "rm: %s: %s\n", path, strerror(errno));
	return 1;
}

static int is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int remove_in(const char *dir, const char *name)
{
	char *path = malloc(strlen(dir) + strlen(name) + 2);
	int status;

	if (!path)
		return complain(name);
	sprintf(path, "%s/%s", dir, name);
	status = remove_path(path);
	free(path);
	return status;
}

/* Begins again after each removal: a folder may not be changed while read. */
static int empty_folder(const char *path)
{
	struct dirent *d;
	int status = 0;
	char *name;
	DIR *dir;

	for (;;) {
		dir = opendir(path);
		if (!dir)
			return complain(path);
		while ((d = readdir(dir)) && is_dots(d->d_name))
			;
		name = d ? strdup(d->d_name) : NULL;
		closedir(dir);
		if (!name)
			return status;
		status = remove_in(path, name);
		free(name);
		if (status)
			return status;
	}
}

static int remove_path(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return complain(path);
	if (!S_ISDIR(st.st_mode))
		return unlink(path) < 0 ? complain(path) : 0;
	if (!opt_deep) {
		errno = EISDIR;
		return complain(path);
	}
	if (empty_folder(path))
		return 1;
	return rmdir(path) < 0 ? complain(path) : 0;
}

int main(int argc, char **argv)
{
	int c, status = 0;

	while ((c = getopt(argc, argv, "+rRf")) != -1) {
		if (c == 'r' || c == 'R') {
			opt_deep = 1;
		} else if (c == 'f') {
			opt_force = 1;
		} else {
			fprintf(stderr, "usage: rm [-rf] PATH ...\n");
			return 2;
		}
	}
	if (optind == argc && !opt_force) {
		fprintf(stderr, "usage: rm [-rf] PATH ...\n");
		return 2;
	}
	for (; optind < argc; optind++)
		status |= remove_path(argv[optind]);
	return status;
}
