/* SPDX-License-Identifier: MIT */
/*
 * Variables, sorted by name, and the positional parameters.
 *
 * vars_save() remembers how a variable was, on a stack; vars_restore() goes
 * back to a mark in it. So "x=1 command" and "local x" need no copy of all.
 */
#include "sh.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct saved_var {
	struct saved_var *below;
	char *name, *value; /* value NULL: there was none */
	bool existed;
	unsigned flags;
};

struct args positional;

static struct var *vars; /* sorted by name */
static struct saved_var *saved;
static size_t saved_count;

static struct var **var_slot(const char *name)
{
	struct var **v = &vars;

	while (*v && strcmp((*v)->name, name) < 0)
		v = &(*v)->next;
	return v;
}

struct var *var_find(const char *name)
{
	struct var *v = *var_slot(name);

	return v && strcmp(v->name, name) == 0 ? v : NULL;
}

const char *var_get(const char *name)
{
	struct var *v = var_find(name);

	return v ? v->value : NULL;
}

struct var *var_next(const struct var *v)
{
	return v ? v->next : vars;
}

static struct var *var_make(const char *name)
{
	struct var **slot = var_slot(name), *v = *slot;

	if (v && strcmp(v->name, name) == 0)
		return v;
	v = xmalloc(sizeof(*v));
	v->name = xstrdup(name);
	v->value = NULL;
	v->flags = 0;
	v->next = *slot;
	*slot = v;
	return v;
}

static void store(struct var *v, const char *value)
{
	char *copy = value ? xstrdup(value) : NULL;

	free(v->value);
	v->value = copy;
}

bool var_set_flags(const char *name, const char *value, unsigned flags)
{
	struct var *v = var_make(name);

	if (value && (v->flags & VAR_READONLY)) {
		fail(2, "%s: is read only", name);
		return false;
	}
	if (value)
		store(v, value);
	v->flags |= flags;
	return true;
}

bool var_set(const char *name, const char *value)
{
	return var_set_flags(name, value, 0);
}

static void remove_var(const char *name)
{
	struct var **slot = var_slot(name), *v = *slot;

	if (!v || strcmp(v->name, name) != 0)
		return;
	*slot = v->next;
	free(v->name);
	free(v->value);
	free(v);
}

bool var_unset(const char *name)
{
	struct var *v = var_find(name);

	if (v && (v->flags & VAR_READONLY)) {
		fail(2, "%s: is read only", name);
		return false;
	}
	remove_var(name);
	return true;
}

size_t assignment_name(const char *s)
{
	size_t n = name_length(s);

	return s[n] == '=' ? n : 0;
}

char **vars_environ(void)
{
	struct fields f = { 0 };
	struct var *v;
	char *s;

	for (v = vars; v; v = v->next) {
		if (!(v->flags & VAR_EXPORT) || !v->value)
			continue;
		s = stack_alloc(strlen(v->name) + strlen(v->value) + 2);
		sprintf(s, "%s=%s", v->name, v->value);
		fields_add(&f, s);
	}
	fields_add(&f, NULL);
	return f.list;
}

size_t vars_mark(void)
{
	return saved_count;
}

void vars_save(const char *name)
{
	struct saved_var *s = xmalloc(sizeof(*s));
	struct var *v = var_find(name);

	s->name = xstrdup(name);
	s->existed = v;
	s->value = v && v->value ? xstrdup(v->value) : NULL;
	s->flags = v ? v->flags : 0;
	s->below = saved;
	saved = s;
	saved_count++;
}

static void restore_one(void)
{
	struct saved_var *s = saved;
	struct var *v;

	if (s->existed) {
		v = var_make(s->name);
		store(v, s->value);
		v->flags = s->flags;
	} else {
		remove_var(s->name);
	}
	saved = s->below;
	saved_count--;
	free(s->name);
	free(s->value);
	free(s);
}

void vars_restore(size_t mark)
{
	while (saved_count > mark)
		restore_one();
}

void set_positional(char **list, int count)
{
	int i;

	if (positional.owned) {
		for (i = 0; i < positional.count; i++)
			free(positional.list[i]);
		free(positional.list);
	}
	positional.list = xmalloc((count + 1) * sizeof(char *));
	for (i = 0; i < count; i++)
		positional.list[i] = xstrdup(list[i]);
	positional.list[count] = NULL;
	positional.count = count;
	positional.owned = true;
}

static void import(const char *entry)
{
	size_t n = assignment_name(entry);
	char *name;

	if (!n)
		return;
	name = xmalloc(n + 1);
	memcpy(name, entry, n);
	name[n] = '\0';
	var_set_flags(name, entry + n + 1, VAR_EXPORT);
	free(name);
}

void vars_init(char **envp)
{
	char text[1024];

	for (; *envp; envp++)
		import(*envp);
	snprintf(text, sizeof(text), "%ld", (long)getppid());
	var_set("PPID", text);
	var_set("IFS", " \t\n");
	var_set("OPTIND", "1");
	if (!var_get("PATH"))
		var_set("PATH", "/bin:/usr/bin:/sbin:/usr/sbin");
	if (getcwd(text, sizeof(text)))
		var_set("PWD", text);
}
