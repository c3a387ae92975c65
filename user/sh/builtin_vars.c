/* SPDX-License-Identifier: MIT */
/* Built-in commands about variables, arguments and options. */
#include "sh.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_quoted(const char *s)
{
	putchar('\'');
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*s);
	}
	puts("'");
}

static void print_vars(const char *prefix, unsigned flags)
{
	const struct var *v;

	for (v = var_next(NULL); v; v = var_next(v)) {
		if ((v->flags & flags) != flags || (!v->value && !flags))
			continue;
		printf("%s%s", prefix, v->name);
		if (v->value) {
			putchar('=');
			print_quoted(v->value);
		} else {
			putchar('\n');
		}
	}
}

/* --- set and shift ---------------------------------------------------- */

static bool *option_flag(char letter)
{
	switch (letter) {
	case 'e':
		return &sh.errexit;
	case 'x':
		return &sh.xtrace;
	case 'f':
		return &sh.noglob;
	case 'u':
		return &sh.nounset;
	case 'n':
		return &sh.noexec;
	case 'v':
		return &sh.verbose;
	}
	return NULL;
}

/* The letter of set -o NAME; 0: there is no such option. */
static char option_letter(const char *name)
{
	static const char *const names[] = {
		"eerrexit", "xxtrace", "fnoglob",
		"unounset", "nnoexec", "vverbose",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i] + 1, name) == 0)
			return names[i][0];
	return 0;
}

/* set -o NAME, set +o NAME. */
static int set_named(char sign, const char *name)
{
	char letter = option_letter(name);

	if (!letter) {
		complain("set: %s: no such option", name);
		return 2;
	}
	*option_flag(letter) = sign == '-';
	return 0;
}

static int set_letters(const char *word)
{
	const char *s;
	bool *flag;

	for (s = word + 1; *s; s++) {
		flag = option_flag(*s);
		if (!flag) {
			complain("set: -%c: no such option", *s);
			return 2;
		}
		*flag = word[0] == '-';
	}
	return 0;
}

int do_set(int argc, char **argv)
{
	int i;

	if (argc == 1)
		print_vars("", 0);
	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0) {
			set_positional(argv + i + 1, argc - i - 1);
			return 0;
		}
		if ((argv[i][0] != '-' && argv[i][0] != '+') || !argv[i][1]) {
			set_positional(argv + i, argc - i);
			return 0;
		}
		if (argv[i][1] == 'o' && i + 1 < argc) {
			if (set_named(argv[i][0], argv[i + 1]) != 0)
				return 2;
			i++;
		} else if (set_letters(argv[i]) != 0) {
			return 2;
		}
	}
	return 0;
}

int do_shift(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 1;
	struct args old = positional;

	if (n < 0 || n > positional.count) {
		complain("shift: there are only %d arguments",
			 positional.count);
		return 1;
	}
	positional.owned = false;
	set_positional(old.list + n, old.count - n);
	if (old.owned) {
		for (n = 0; n < old.count; n++)
			free(old.list[n]);
		free(old.list);
	}
	return 0;
}

/* --- export, readonly, unset, local ----------------------------------- */

/* NAME or NAME=VALUE; the flags are added. 0, or 1 with a message. */
static int declare(const char *command, const char *word, unsigned flags)
{
	size_t n = name_length(word);
	char *name;

	if (n == 0 || (word[n] && word[n] != '=')) {
		complain("%s: %s: is no variable's name", command, word);
		return 1;
	}
	name = stack_copy(word, n);
	return !var_set_flags(name, word[n] ? word + n + 1 : NULL, flags);
}

static int declare_all(int argc, char **argv, unsigned flags)
{
	char prefix[16];
	int i, status = 0;

	if (argc == 1 || strcmp(argv[1], "-p") == 0) {
		snprintf(prefix, sizeof(prefix), "%s ", argv[0]);
		print_vars(prefix, flags);
		return 0;
	}
	for (i = 1; i < argc; i++)
		status |= declare(argv[0], argv[i], flags);
	return status;
}

int do_export(int argc, char **argv)
{
	return declare_all(argc, argv, VAR_EXPORT);
}

int do_readonly(int argc, char **argv)
{
	return declare_all(argc, argv, VAR_READONLY);
}

int do_unset(int argc, char **argv)
{
	bool functions = false;
	int i, status = 0;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-f") == 0)
			functions = true;
		else if (strcmp(argv[i], "-v") == 0)
			functions = false;
		else if (functions)
			function_remove(argv[i]);
		else
			status |= !var_unset(argv[i]);
	}
	return status;
}

int do_local(int argc, char **argv)
{
	int i, status = 0;

	if (sh.calls == 0) {
		complain("local: only in a function");
		return 1;
	}
	for (i = 1; i < argc; i++) {
		vars_save(stack_copy(argv[i], name_length(argv[i])));
		status |= declare("local", argv[i], 0);
	}
	return status;
}

/* --- read ------------------------------------------------------------- */

/* A line into X; unless RAW a backslash protects what follows. False: end. */
static bool read_line(struct xbuf *x, bool raw)
{
	bool protect = false;
	ssize_t n;
	char c;

	for (;;) {
		n = read(STDIN_FILENO, &c, 1);
		if (n < 0 && errno == EINTR && !trap_is_pending())
			continue;
		if (n <= 0)
			return false;
		if (protect && c != '\n')
			xbuf_add(x, c, X_QUOTED);
		else if (!raw && !protect && c == '\\') {
			protect = true;
			continue;
		} else if (c == '\n' && !protect)
			return true;
		else if (c != '\n' && c != '\0')
			xbuf_add(x, c, X_RESULT);
		protect = false;
	}
}

static bool is_blank_ifs(const struct xbuf *x, size_t i, const char *ifs)
{
	char c = x->text.s[i];

	return i < x->text.len && x->flags.s[i] == X_RESULT &&
	       strchr(" \t\n", c) && strchr(ifs, c);
}

static bool is_ifs(const struct xbuf *x, size_t i, const char *ifs)
{
	return i < x->text.len && x->flags.s[i] == X_RESULT &&
	       strchr(ifs, x->text.s[i]);
}

/* Takes one field from *I; the last one takes all that is left. */
static char *take_field(const struct xbuf *x, size_t *i, const char *ifs,
			bool last)
{
	size_t start = *i, end;

	while (last ? *i < x->text.len
		    : (*i < x->text.len && !is_ifs(x, *i, ifs)))
		(*i)++;
	end = *i;
	while (last && end > start && is_blank_ifs(x, end - 1, ifs))
		end--;
	while (is_blank_ifs(x, *i, ifs))
		(*i)++;
	if (is_ifs(x, *i, ifs)) {
		(*i)++;
		while (is_blank_ifs(x, *i, ifs))
			(*i)++;
	}
	return stack_copy(x->text.s + start, end - start);
}

/* "a:" for the last variable is "a": one closing separator goes. */
static void drop_last_separator(char *value, const char *ifs)
{
	size_t n = strcspn(value, ifs);

	if (value[n] && !value[n + 1])
		value[n] = '\0';
}

static void assign_fields(const struct xbuf *x, int count, char **names)
{
	const char *ifs = var_get("IFS");
	char *value;
	size_t i = 0;
	int k;

	if (!ifs)
		ifs = " \t\n";
	while (is_blank_ifs(x, i, ifs))
		i++;
	for (k = 0; k < count; k++) {
		value = take_field(x, &i, ifs, k == count - 1);
		if (k == count - 1)
			drop_last_separator(value, ifs);
		var_set(names[k], value);
	}
}

int do_read(int argc, char **argv)
{
	static char reply[] = "REPLY";
	char *only[] = { reply };
	struct xbuf x = { 0 };
	bool raw = false, got;
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		raw = raw || strcmp(argv[i], "-r") == 0;
		if (strcmp(argv[i], "-p") == 0 && i + 1 < argc)
			fputs(argv[++i], stderr);
	}
	str_addn(&x.text, "", 0);
	str_addn(&x.flags, "", 0);
	got = read_line(&x, raw);
	assign_fields(&x, i < argc ? argc - i : 1, i < argc ? argv + i : only);
	xbuf_free(&x);
	return !got;
}
