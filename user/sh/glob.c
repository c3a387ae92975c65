/* SPDX-License-Identifier: MIT */
/*
 * File names from a pattern, one component at a time:
 *
 *   "/usr/" + "b*" + "/ls"   for each b* in /usr/, go on with "/ls"
 *
 * A component without * ? [ is not searched for, only checked at the end, so
 * folders that may be entered but not read work.
 */
#include "sh.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct globber {
	struct fields *out;
	struct str path; /* found so far */
};

static void match_rest(struct globber *g, const char *pattern);

static bool has_magic(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] == '\\')
			i++;
		else if (strchr("*?[", s[i]))
			return true;
	}
	return false;
}

static void add_plain(struct str *path, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] == '\\' && i + 1 < len)
			i++;
		str_add(path, s[i]);
	}
}

static void cut_path(struct globber *g, size_t len)
{
	g->path.len = len;
	g->path.s[len] = '\0';
}

static void match_folder(struct globber *g, const char *component,
			 const char *rest)
{
	size_t len = g->path.len;
	struct dirent *d;
	DIR *dir;

	dir = opendir(len ? g->path.s : ".");
	if (!dir)
		return;
	while ((d = readdir(dir))) {
		if (fnmatch(component, d->d_name, FNM_PERIOD) != 0)
			continue;
		str_adds(&g->path, d->d_name);
		match_rest(g, rest);
		cut_path(g, len);
	}
	closedir(dir);
}

static void match_rest(struct globber *g, const char *pattern)
{
	size_t len, before = g->path.len;
	struct stat st;
	char *component;

	while (*pattern == '/')
		str_add(&g->path, *pattern++);
	len = strcspn(pattern, "/");
	if (len == 0) {
		if (lstat(g->path.s, &st) == 0)
			fields_add(g->out, stack_copy(g->path.s, g->path.len));
	} else if (has_magic(pattern, len)) {
		component = stack_copy(pattern, len);
		match_folder(g, component, pattern + len);
	} else {
		add_plain(&g->path, pattern, len);
		match_rest(g, pattern + len);
	}
	cut_path(g, before);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool glob_fields(struct fields *f, const char *pattern)
{
	struct globber g = { .out = f };
	int before = f->count;

	str_addn(&g.path, "", 0);
	match_rest(&g, pattern);
	str_free(&g.path);
	if (f->count == before)
		return false;
	qsort(f->list + before, f->count - before, sizeof(*f->list), by_name);
	return true;
}
