/* SPDX-License-Identifier: MIT */
/*
 * The commands that are part of the shell: the table, and the short ones.
 * Special ones come before functions, and assignments before them stay.
 */
#include "sh.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int do_true(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 0;
}

static int do_false(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 1;
}

/* A count of levels, or an exit status; -1 with a message: neither. */
static int number_arg(const char *name, const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*text && !*end && n >= 0 && n <= INT_MAX)
		return (int)n;
	complain("%s: %s: is no number", name, text);
	return -1;
}

static int leave_loop(int argc, char **argv, enum flow flow)
{
	int n = argc > 1 ? number_arg(argv[0], argv[1]) : 1;

	if (n < 1)
		return 2;
	if (sh.loops == 0)
		return 0;
	sh.flow = flow;
	sh.flow_count = n < sh.loops ? n : sh.loops;
	return 0;
}

static int do_break(int argc, char **argv)
{
	return leave_loop(argc, argv, FLOW_BREAK);
}

static int do_continue(int argc, char **argv)
{
	return leave_loop(argc, argv, FLOW_CONTINUE);
}

static int do_return(int argc, char **argv)
{
	int n = argc > 1 ? number_arg("return", argv[1]) : sh.status;

	if (n < 0)
		n = 2;
	if (sh.calls == 0)
		shell_exit(n);
	sh.flow = FLOW_RETURN;
	return n & 255;
}

static int do_exit(int argc, char **argv)
{
	int n = argc > 1 ? number_arg("exit", argv[1]) : sh.status;

	shell_exit(n < 0 ? 2 : n);
}

static int do_eval(int argc, char **argv)
{
	struct str text = { 0 };
	int i;

	for (i = 1; i < argc; i++) {
		if (i > 1)
			str_add(&text, ' ');
		str_adds(&text, argv[i]);
	}
	sh.status = 0;
	if (text.s)
		run_text(text.s, false);
	str_free(&text);
	return sh.status;
}

static int do_dot(int argc, char **argv)
{
	const char *path;

	if (argc < 2) {
		complain(".: which file?");
		return 2;
	}
	path = strchr(argv[1], '/') ? argv[1] : find_program(argv[1]);
	if (!path)
		path = argv[1];
	sh.status = 0;
	if (run_file(path) < 0) {
		fail(2, ".: %s: %s", argv[1], strerror(errno));
		return 2;
	}
	return sh.status;
}

static int do_exec(int argc, char **argv)
{
	if (argc < 2)
		return 0;
	if (sh.interactive && !find_program(argv[1])) {
		complain("%s: not found", argv[1]);
		return 127;
	}
	fflush(stdout);
	trap_child();
	exec_program(argc - 1, argv + 1);
}

static int do_cd(int argc, char **argv)
{
	const char *dir = argc > 1 ? argv[1] : var_get("HOME");
	const char *before = var_get("PWD");
	char path[PATH_MAX];

	if (dir && strcmp(dir, "-") == 0) {
		dir = var_get("OLDPWD");
		if (dir)
			puts(dir);
	}
	if (!dir) {
		complain("cd: no folder is set");
		return 1;
	}
	if (chdir(dir) < 0) {
		complain("cd: %s: %s", dir, strerror(errno));
		return 1;
	}
	if (before)
		var_set("OLDPWD", before);
	if (getcwd(path, sizeof(path)))
		var_set("PWD", path);
	return 0;
}

static int do_pwd(int argc, char **argv)
{
	char path[PATH_MAX];

	(void)argc, (void)argv;
	if (!getcwd(path, sizeof(path))) {
		complain("pwd: %s", strerror(errno));
		return 1;
	}
	puts(path);
	return 0;
}

/* What NAME is, for command -v (short) and type. */
static int describe(const char *name, bool in_short)
{
	char *path;

	if (builtin_find(name) || function_find(name)) {
		printf("%s%s\n", name,
		       in_short		     ? ""
		       : function_find(name) ? " is a function"
					     : " is built in");
		return 0;
	}
	path = find_program(name);
	if (!path || access(path, X_OK) < 0) {
		if (!in_short)
			complain("%s: not found", name);
		return 127;
	}
	if (in_short)
		puts(path);
	else
		printf("%s is %s\n", name, path);
	return 0;
}

static int do_type(int argc, char **argv)
{
	int i, status = 0;

	for (i = 1; i < argc; i++)
		status |= describe(argv[i], false);
	return status;
}

static int run_without_functions(int argc, char **argv)
{
	const struct builtin *b = builtin_find(argv[0]);
	struct node empty = { .kind = NODE_SIMPLE };
	struct job *job;

	if (b)
		return b->run(argc, argv);
	job = job_new(&empty, false);
	if (job_fork(job) == 0)
		exec_program(argc, argv);
	return job_wait(job);
}

static int do_command(int argc, char **argv)
{
	int i = 1;

	if (i < argc && strcmp(argv[i], "-p") == 0)
		i++;
	if (i < argc &&
	    (strcmp(argv[i], "-v") == 0 || strcmp(argv[i], "-V") == 0))
		return i + 1 < argc ? describe(argv[i + 1], argv[i][1] == 'v')
				    : 2;
	if (i == argc)
		return 0;
	return run_without_functions(argc - i, argv + i);
}

static const struct builtin builtins[] = {
	{ ".", do_dot, true },
	{ ":", do_true, true },
	{ "[", test_main, false },
	{ "bg", do_bg, false },
	{ "break", do_break, true },
	{ "cd", do_cd, false },
	{ "command", do_command, false },
	{ "continue", do_continue, true },
	{ "echo", echo_main, false },
	{ "eval", do_eval, true },
	{ "exec", do_exec, true },
	{ "exit", do_exit, true },
	{ "export", do_export, true },
	{ "false", do_false, false },
	{ "fg", do_fg, false },
	{ "getopts", do_getopts, false },
	{ "help", do_help, false },
	{ "history", do_history, false },
	{ "jobs", do_jobs, false },
	{ "kill", do_kill, false },
	{ "local", do_local, false },
	{ "printf", printf_main, false },
	{ "pwd", do_pwd, false },
	{ "read", do_read, false },
	{ "readonly", do_readonly, true },
	{ "return", do_return, true },
	{ "set", do_set, true },
	{ "shift", do_shift, true },
	{ "test", test_main, false },
	{ "times", do_times, true },
	{ "trap", do_trap, true },
	{ "true", do_true, false },
	{ "type", do_type, false },
	{ "ulimit", do_ulimit, false },
	{ "umask", do_umask, false },
	{ "unset", do_unset, true },
	{ "wait", do_wait, false },
};

const struct builtin *builtin_at(size_t i)
{
	return i < sizeof(builtins) / sizeof(*builtins) ? &builtins[i] : NULL;
}

const struct builtin *builtin_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(builtins) / sizeof(*builtins); i++)
		if (strcmp(builtins[i].name, name) == 0)
			return &builtins[i];
	return NULL;
}
