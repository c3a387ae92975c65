/* SPDX-License-Identifier: MIT */
/* ln [-sf] TARGET NAME: one more name for a file; -s: a symbolic link;
 * -f: an old NAME goes first. NAME may be a folder to put it in. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *place(const char *target, const char *name)
{
	static char path[PATH_MAX];
	const char *slash = strrchr(target, '/');
	struct stat st;

	if (stat(name, &st) < 0 || !S_ISDIR(st.st_mode))
		return name;
	snprintf(path, sizeof(path), "%s/%s", name, slash ? slash + 1 : target);
	return path;
}

int main(int argc, char **argv)
{
	int c, symbolic = 0, force = 0, failed;
	const char *target, *name;

	while ((c = getopt(argc, argv, "+sfn")) != -1) {
		symbolic |= c == 's';
		force |= c == 'f';
		if (c == '?')
			argc = 0;
	}
	if (argc - optind < 1 || argc - optind > 2) {
		fprintf(stderr, "usage: ln [-sf] TARGET [NAME]\n");
		return 2;
	}
	target = argv[optind];
	name = place(target, argc - optind == 2 ? argv[optind + 1] : ".");
	if (force)
		unlink(name);
	failed = symbolic ? symlink(target, name) : link(target, name);
	if (failed)
		fprintf(stderr, "ln: %s: %s\n", name, strerror(errno));
	return failed != 0;
}
