/* SPDX-License-Identifier: MIT */
/*
 * ls [-1adilR] [PATH ...]: what is in folders, sorted by name.
 *   -1 one a line   -a also names with a dot   -d the folder, not its files
 *   -i inode numbers   -l everything about each   -R folders in folders
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

struct entry {
	char *name; /* as printed */
	struct stat st;
	char *target; /* of a symbolic link, or NULL */
};

struct list {
	struct entry *e;
	size_t count, cap;
};

static int opt_one, opt_all, opt_dir, opt_inode, opt_long, opt_deep;
static int status;

static void complain(const char *name)
{
	fprintf(stderr, "ls: %s: %s\n", name, strerror(errno));
	status = 2;
}

static void *must(void *p)
{
	if (!p) {
		fprintf(stderr, "ls: out of memory\n");
		exit(2);
	}
	return p;
}

static char *join(const char *dir, const char *name)
{
	char *s = must(malloc(strlen(dir) + strlen(name) + 2));
	size_t n = strlen(dir);

	sprintf(s, n && dir[n - 1] == '/' ? "%s%s" : "%s/%s", dir, name);
	return s;
}

/* Adds PATH under the name NAME. */
static void add(struct list *l, const char *path, const char *name)
{
	char target[PATH_MAX];
	struct entry *e;
	ssize_t n;

	if (l->count == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 32;
		l->e = must(realloc(l->e, l->cap * sizeof(*l->e)));
	}
	e = &l->e[l->count];
	memset(e, 0, sizeof(*e));
	if (lstat(path, &e->st) < 0) {
		complain(path);
		return;
	}
	if (S_ISLNK(e->st.st_mode)) {
		n = readlink(path, target, sizeof(target) - 1);
		target[n < 0 ? 0 : n] = '\0';
		e->target = must(strdup(target));
	}
	e->name = must(strdup(name));
	l->count++;
}

static void clear(struct list *l)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		free(l->e[i].name);
		free(l->e[i].target);
	}
	free(l->e);
	memset(l, 0, sizeof(*l));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->name,
		      ((const struct entry *)b)->name);
}

/* --- one a line, with everything -------------------------------------- */

static const char *user_name(uid_t uid)
{
	static char text[32];
	struct passwd *p = NULL;
	FILE *f = fopen("/etc/passwd", "r");

	while (f && (p = fgetpwent(f)) && p->pw_uid != uid)
		;
	snprintf(text, sizeof(text), "%.31s", p ? p->pw_name : "");
	if (!p)
		snprintf(text, sizeof(text), "%u", (unsigned)uid);
	if (f)
		fclose(f);
	return text;
}

static const char *group_name(gid_t gid)
{
	static char text[32];
	struct group *g = NULL;
	FILE *f = fopen("/etc/group", "r");

	while (f && (g = fgetgrent(f)) && g->gr_gid != gid)
		;
	snprintf(text, sizeof(text), "%.31s", g ? g->gr_name : "");
	if (!g)
		snprintf(text, sizeof(text), "%u", (unsigned)gid);
	if (f)
		fclose(f);
	return text;
}

static char kind_letter(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return 'd';
	case S_IFLNK:
		return 'l';
	case S_IFCHR:
		return 'c';
	case S_IFBLK:
		return 'b';
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 's';
	}
	return '-';
}

static const char *mode_text(mode_t mode)
{
	static const char letters[] = "rwxrwxrwx";
	static char text[11];
	int i;

	text[0] = kind_letter(mode);
	for (i = 0; i < 9; i++)
		text[1 + i] = mode & (0400 >> i) ? letters[i] : '-';
	if (mode & S_ISUID)
		text[3] = mode & 0100 ? 's' : 'S';
	if (mode & S_ISGID)
		text[6] = mode & 0010 ? 's' : 'S';
	if (mode & S_ISVTX)
		text[9] = mode & 0001 ? 't' : 'T';
	return text;
}

static void print_long(const struct entry *e)
{
	const struct stat *st = &e->st;
	struct tm *tm = localtime(&st->st_mtime);
	char date[32] = "?", size[32];

	if (tm)
		strftime(date, sizeof(date), "%b %e %H:%M", tm);
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		snprintf(size, sizeof(size), "%u, %u", major(st->st_rdev),
			 minor(st->st_rdev));
	else
		snprintf(size, sizeof(size), "%lld", (long long)st->st_size);
	if (opt_inode)
		printf("%7llu ", (unsigned long long)st->st_ino);
	printf("%s %3lu %-8s", mode_text(st->st_mode),
	       (unsigned long)st->st_nlink, user_name(st->st_uid));
	printf(" %-8s %9s %s %s%s%s\n", group_name(st->st_gid), size, date,
	       e->name, e->target ? " -> " : "", e->target ? e->target : "");
}

/* --- in columns ------------------------------------------------------- */

static size_t screen_width(void)
{
	struct winsize ws;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col)
		return ws.ws_col;
	return 80;
}

static void print_name(const struct entry *e, size_t width)
{
	if (opt_inode)
		printf("%7llu ", (unsigned long long)e->st.st_ino);
	printf("%-*s", (int)width, e->name);
}

static void print_columns(const struct list *l)
{
	size_t width = 1, columns, rows, r, i;

	for (i = 0; i < l->count; i++)
		if (strlen(l->e[i].name) + 2 > width)
			width = strlen(l->e[i].name) + 2;
	columns = screen_width() / (width + (opt_inode ? 8 : 0));
	if (columns == 0 || opt_one || !isatty(STDOUT_FILENO))
		columns = 1;
	rows = (l->count + columns - 1) / columns;
	for (r = 0; r < rows; r++) {
		for (i = r; i < l->count; i += rows)
			print_name(&l->e[i], i + rows < l->count ? width : 0);
		putchar('\n');
	}
}

static void print(struct list *l)
{
	size_t i;

	if (l->count)
		qsort(l->e, l->count, sizeof(*l->e), by_name);
	if (!opt_long) {
		print_columns(l);
		return;
	}
	for (i = 0; i < l->count; i++)
		print_long(&l->e[i]);
}

/* --- folders ---------------------------------------------------------- */

static void read_folder(struct list *l, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	char *full;

	if (!dir) {
		complain(path);
		return;
	}
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.' && !opt_all)
			continue;
		full = join(path, d->d_name);
		add(l, full, d->d_name);
		free(full);
	}
	closedir(dir);
}

static int is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void list_folder(const char *path, int titled)
{
	static int printed;
	struct list l = { 0 };
	char *full;
	size_t i;

	if (titled)
		printf("%s%s:\n", printed ? "\n" : "", path);
	printed = 1;
	read_folder(&l, path);
	print(&l);
	for (i = 0; opt_deep && i < l.count; i++) {
		if (!S_ISDIR(l.e[i].st.st_mode) || is_dots(l.e[i].name))
			continue;
		full = join(path, l.e[i].name);
		list_folder(full, 1);
		free(full);
	}
	clear(&l);
}

static void options(const char *s)
{
	while (*s) {
		switch (*s++) {
		case '1':
			opt_one = 1;
			break;
		case 'a':
			opt_all = 1;
			break;
		case 'd':
			opt_dir = 1;
			break;
		case 'i':
			opt_inode = 1;
			break;
		case 'l':
			opt_long = 1;
			break;
		case 'R':
			opt_deep = 1;
			break;
		default:
			fprintf(stderr, "usage: ls [-1adilR] [PATH ...]\n");
			exit(2);
		}
	}
}

static int is_folder(const char *path)
{
	struct stat st;

	return !opt_dir && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int main(int argc, char **argv)
{
	struct list files = { 0 };
	int i = 1, k;

	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
		options(argv[i] + 1);
	if (i == argc && opt_dir)
		add(&files, ".", ".");
	else if (i == argc)
		list_folder(".", opt_deep);
	for (k = i; k < argc; k++)
		if (!is_folder(argv[k]))
			add(&files, argv[k], argv[k]);
	if (files.count)
		print(&files);
	for (k = i; k < argc; k++)
		if (is_folder(argv[k]))
			list_folder(argv[k], argc - i > 1 || opt_deep);
	clear(&files);
	return fflush(stdout) ? 2 : status;
}
