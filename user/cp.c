/* SPDX-License-Identifier: MIT */
/* cp [-r] FROM ... TO: copies files, -r also folders, to a name or into a
 * folder. Modes are kept, as far as the umask allows. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int opt_deep;

static int copy_path(const char *from, const char *to);

static int complain(const char *path)
{
	fprintf(stderr, "cp: %s: %s\n", path, strerror(errno));
	return 1;
}

static char *join(const char *dir, const char *name)
{
	char *s = malloc(strlen(dir) + strlen(name) + 2);

	if (!s) {
		complain(name);
		exit(2);
	}
	sprintf(s, "%s/%s", dir, name);
	return s;
}

static int write_all(int fd, const char *s, size_t len)
{
	ssize_t n;

	for (; len; s += n, len -= n) {
		n = write(fd, s, len);
		if (n < 0)
			return -1;
	}
	return 0;
}

static int copy_bytes(int in, const char *from, int out, const char *to)
{
	static char buf[16384];
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		if (write_all(out, buf, n) < 0)
			return complain(to);
	return n < 0 ? complain(from) : 0;
}

static int copy_file(const char *from, const char *to, const struct stat *st)
{
	int in = open(from, O_RDONLY), out, status;

	if (in < 0)
		return complain(from);
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC, st->st_mode & 0777);
	if (out < 0) {
		complain(to);
		close(in);
		return 1;
	}
	status = copy_bytes(in, from, out, to);
	close(in);
	if (close(out) < 0)
		status = complain(to);
	return status;
}

static int copy_folder(const char *from, const char *to, const struct stat *st)
{
	DIR *dir = opendir(from);
	struct dirent *d;
	int status = 0;

	if (!dir)
		return complain(from);
	if (mkdir(to, (st->st_mode & 0777) | 0700) < 0 && errno != EEXIST) {
		complain(to);
		closedir(dir);
		return 1;
	}
	while ((d = readdir(dir))) {
		char *f, *t;

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		f = join(from, d->d_name);
		t = join(to, d->d_name);
		status |= copy_path(f, t);
		free(f);
		free(t);
	}
	closedir(dir);
	return status;
}

static int same_file(const struct stat *st, const char *to)
{
	struct stat other;

	return stat(to, &other) == 0 && other.st_dev == st->st_dev &&
	       other.st_ino == st->st_ino;
}

static int copy_path(const char *from, const char *to)
{
	struct stat st;

	if (stat(from, &st) < 0)
		return complain(from);
	if (same_file(&st, to)) {
		fprintf(stderr, "cp: %s and %s are the same file\n", from, to);
		return 1;
	}
	if (!S_ISDIR(st.st_mode))
		return copy_file(from, to, &st);
	if (opt_deep)
		return copy_folder(from, to, &st);
	errno = EISDIR;
	return complain(from);
}

static int copy_into(const char *from, const char *dir)
{
	char *copy = strdup(from), *name, *to;
	size_t n = strlen(from);
	int status;

	while (copy && n > 1 && copy[n - 1] == '/')
		copy[--n] = '\0';
	name = copy ? strrchr(copy, '/') : NULL;
	to = join(dir, name ? name + 1 : copy);
	status = copy_path(from, to);
	free(to);
	free(copy);
	return status;
}

static int is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int main(int argc, char **argv)
{
	const char *to = argv[argc - 1];
	int c, status = 0;

	while ((c = getopt(argc, argv, "+rRpf")) != -1) {
		if (c == 'r' || c == 'R')
			opt_deep = 1;
		if (c == '?')
			argc = 0;
	}
	if (argc - optind < 2) {
		fprintf(stderr, "usage: cp [-r] FROM ... TO\n");
		return 2;
	}
	if (!is_folder(to) && argc - optind == 2)
		return copy_path(argv[optind], to);
	if (!is_folder(to)) {
		errno = ENOTDIR;
		return complain(to);
	}
	for (; optind < argc - 1; optind++)
		status |= copy_into(argv[optind], to);
	return status;
}
