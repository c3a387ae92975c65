/* SPDX-License-Identifier: MIT */
/* mv FROM ... TO: renames a file, or moves files into a folder. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int move(const char *from, const char *to)
{
	if (rename(from, to) == 0)
		return 0;
	fprintf(stderr, "mv: %s to %s: %s\n", from, to, strerror(errno));
	return 1;
}

static int move_into(const char *from, const char *dir)
{
	const char *slash = strrchr(from, '/');
	const char *name = slash && slash[1] ? slash + 1 : from;
	char *to = malloc(strlen(dir) + strlen(name) + 2);
	int status;

	if (!to)
		return 1;
	sprintf(to, "%s/%s", dir, name);
	status = move(from, to);
	free(to);
	return status;
}

int main(int argc, char **argv)
{
	int i = 1, status = 0, folder;
	struct stat st;

	while (i < argc &&
	       (strcmp(argv[i], "-f") == 0 || strcmp(argv[i], "--") == 0))
		i++;
	if (argc - i < 2) {
		fprintf(stderr, "usage: mv FROM ... TO\n");
		return 2;
	}
	folder = stat(argv[argc - 1], &st) == 0 && S_ISDIR(st.st_mode);
	if (!folder && argc - i == 2)
		return move(argv[i], argv[i + 1]);
	if (!folder) {
		fprintf(stderr, "mv: %s: is no folder\n", argv[argc - 1]);
		return 1;
	}
	for (; i < argc - 1; i++)
		status |= move_into(argv[i], argv[argc - 1]);
	return status;
}
