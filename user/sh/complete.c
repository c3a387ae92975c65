/* SPDX-License-Identifier: MIT */
/*
 * Tab completion: the first word of a command becomes a built-in, a function
 * or a program of PATH, every other one a file. A folder is closed with "/",
 * anything else that is unique with a blank.
 */
#include "sh.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static void add_builtins(struct completion *c, const char *word)
{
	const struct builtin *b;
	size_t i;

	for (i = 0; (b = builtin_at(i)); i++)
		if (begins(b->name, word))
			fields_add(&c->found,
				   stack_copy(b->name, strlen(b->name)));
}

/* Files of FOLDER that begin with NAME, with PREFIX before each. */
static void add_files(struct completion *c, const char *folder,
		      const char *prefix, const char *name)
{
	DIR *dir = opendir(*folder ? folder : ".");
	struct dirent *d;
	struct stat st;
	char *s;

	if (!dir)
		return;
	while ((d = readdir(dir))) {
		if (!begins(d->d_name, name) || (d->d_name[0] == '.' && !*name))
			continue;
		s = stack_alloc(strlen(prefix) + strlen(d->d_name) + 2);
		sprintf(s, "%s%s", prefix, d->d_name);
		if (prefix == folder && stat(s, &st) == 0 &&
		    S_ISDIR(st.st_mode))
			strcat(s, "/");
		fields_add(&c->found, s);
	}
	closedir(dir);
}

static void add_programs(struct completion *c, const char *word)
{
	const char *dir = var_get("PATH");
	size_t n;

	for (; dir && *dir; dir += n + (dir[n] == ':')) {
		n = strcspn(dir, ":");
		add_files(c, stack_copy(dir, n), "", word);
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts, drops doubles, finds the longest common beginning. */
static void finish(struct completion *c)
{
	struct fields *f = &c->found;
	size_t n;
	int i, k = 0;

	if (f->count == 0)
		return;
	qsort(f->list, f->count, sizeof(*f->list), by_name);
	for (i = 1; i < f->count; i++)
		if (strcmp(f->list[i], f->list[k]) != 0)
			f->list[++k] = f->list[i];
	f->count = k + 1;
	n = strlen(f->list[0]);
	for (i = 1; i < f->count; i++)
		while (strncmp(f->list[0], f->list[i], n) != 0)
			n--;
	c->common = stack_alloc(n + 2);
	memcpy(c->common, f->list[0], n);
	if (f->count == 1 && n && c->common[n - 1] != '/')
		c->common[n] = ' ';
}

static bool first_word(const char *line, size_t start)
{
	while (start > 0 && line[start - 1] == ' ')
		start--;
	return start == 0 || strchr("|&;({", line[start - 1]);
}

void complete(struct completion *c, const char *line, size_t cursor)
{
	const char *word, *slash;
	char *prefix;
	size_t start = cursor;

	while (start > 0 && !strchr(" \t|&;<>()=\"'", line[start - 1]))
		start--;
	memset(c, 0, sizeof(*c));
	c->start = start;
	c->common = stack_copy("", 0);
	word = stack_copy(line + start, cursor - start);
	slash = strrchr(word, '/');
	if (!slash && first_word(line, start)) {
		add_builtins(c, word);
		add_programs(c, word);
	} else {
		prefix = stack_copy(word, slash ? slash + 1 - word : 0);
		add_files(c, prefix, prefix, slash ? slash + 1 : word);
	}
	finish(c);
}
