/* SPDX-License-Identifier: MIT */
/*
 * A simple command: expansion, assignments, redirections, and then a special
 * built-in, a function, a built-in or a program, looked for in that order.
 */
#include "sh.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_CALLS 1000 /* depth of functions: the stack is 8 MiB */

static struct function *functions;

struct function *function_find(const char *name)
{
	struct function *f = functions;

	while (f && strcmp(f->name, name) != 0)
		f = f->next;
	return f;
}

void function_define(struct node *n)
{
	struct function *f = function_find(n->name);

	if (!f) {
		f = xmalloc(sizeof(*f));
		f->name = xstrdup(n->name);
		f->next = functions;
		functions = f;
	}
	f->body = n->a;
	n->arena->keep = true;
}

bool function_remove(const char *name)
{
	struct function **f = &functions, *gone;

	while (*f && strcmp((*f)->name, name) != 0)
		f = &(*f)->next;
	gone = *f;
	if (!gone)
		return false;
	*f = gone->next;
	free(gone->name);
	free(gone);
	return true;
}

/* --- programs --------------------------------------------------------- */

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       access(path, X_OK) == 0;
}

char *find_program(const char *name)
{
	const char *dir = var_get("PATH");
	char *path;
	size_t n;

	if (strchr(name, '/'))
		return stack_copy(name, strlen(name));
	for (; dir && *name; dir = dir[n] ? dir + n + 1 : NULL) {
		n = strcspn(dir, ":");
		path = stack_alloc(n + strlen(name) + 3);
		sprintf(path, "%.*s/%s", n ? (int)n : 1, n ? dir : ".", name);
		if (is_program(path))
			return path;
	}
	return NULL;
}

/* A file the kernel refused: text, to be read by a shell? */
static bool is_text(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char buf[128];
	ssize_t n, i;

	if (fd < 0)
		return false;
	n = read(fd, buf, sizeof(buf));
	close(fd);
	for (i = 0; i < n && buf[i] != '\n'; i++)
		if (buf[i] == '\0')
			return false;
	return n >= 0;
}

static void exec_script(const char *path, int argc, char **argv, char **envp)
{
	char **list = stack_alloc((argc + 3) * sizeof(*list));
	int i;

	list[0] = stack_copy("sh", 2);
	list[1] = stack_copy(path, strlen(path));
	for (i = 1; i <= argc; i++)
		list[i + 1] = argv[i];
	execve(sh.exe, list, envp);
	execve("/bin/sh", list, envp);
}

void exec_program(int argc, char **argv)
{
	char **envp = vars_environ();
	char *path = find_program(argv[0]);
	int error;

	if (!path) {
		complain("%s: not found", argv[0]);
		shell_exit(127);
	}
	execve(path, argv, envp);
	error = errno;
	if (error == ENOEXEC && is_text(path)) {
		exec_script(path, argc, argv, envp);
		error = errno;
	}
	complain("%s: %s", argv[0], strerror(error));
	shell_exit(error == ENOENT || error == ENOTDIR ? 127 : 126);
}

/* --- assignments ------------------------------------------------------ */

/* KEEP: for good; else remembered first, and exported to the command. */
static void assign(const struct word *w, bool keep)
{
	size_t n = assignment_name(w->text);
	char *name = stack_copy(w->text, n);
	char *value = expand_string(w->text + n + 1);

	if (sh.flow != FLOW_NONE)
		return;
	if (sh.xtrace)
		fprintf(stderr, "+ %s=%s\n", name, value);
	if (!keep)
		vars_save(name);
	var_set_flags(name, value, keep ? 0 : VAR_EXPORT);
}

static bool assign_all(const struct node *n, bool keep)
{
	const struct word *w;

	for (w = n->assigns; w && sh.flow == FLOW_NONE; w = w->next)
		assign(w, keep);
	return sh.flow == FLOW_NONE;
}

static void trace_command(int argc, char **argv)
{
	int i;

	fputc('+', stderr);
	for (i = 0; i < argc; i++)
		fprintf(stderr, " %s", argv[i]);
	fputc('\n', stderr);
}

/* --- what runs in the shell itself ------------------------------------ */

static void run_function(struct function *f, int argc, char **argv)
{
	struct args outer = positional;
	int loops = sh.loops;

	if (sh.calls >= MAX_CALLS) {
		fail(2, "%s: functions call each other %d deep", argv[0],
		     MAX_CALLS);
		return;
	}
	positional = (struct args){ argv + 1, argc - 1, false };
	sh.loops = 0;
	sh.calls++;
	run_node(f->body);
	sh.calls--;
	sh.loops = loops;
	if (positional.owned)
		set_positional(NULL, 0);
	if (positional.owned)
		free(positional.list);
	positional = outer;
	if (sh.flow == FLOW_RETURN)
		sh.flow = FLOW_NONE;
}

/* The command ran with its output buffered: nothing may stay behind. */
static void flush_output(const char *name)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return;
	if (sh.status == 0) {
		complain("%s: write error: %s", name, strerror(errno));
		sh.status = 1;
	}
	__fpurge(stdout);
	clearerr(stdout);
}

static void run_inside(const struct node *n, int argc, char **argv)
{
	const struct builtin *b = builtin_find(argv[0]);
	struct function *f = b && b->special ? NULL : function_find(argv[0]);
	bool permanent = strcmp(argv[0], "exec") == 0;
	struct saved_fds save = { 0 };
	size_t mark = vars_mark();

	if (!redirect(n->redirs, permanent ? NULL : &save)) {
		sh.status = 1;
		if (permanent && !sh.interactive)
			shell_exit(1);
	} else if (assign_all(n, !f && b->special)) {
		if (sh.xtrace)
			trace_command(argc, argv);
		if (f)
			run_function(f, argc, argv);
		else
			sh.status = b->run(argc, argv);
		flush_output(argv[0]);
	}
	redirect_restore(&save);
	if (f || (n->assigns && !b->special))
		vars_restore(mark);
}

static void run_program(const struct node *n, int argc, char **argv, bool last)
{
	struct job *job = NULL;
	pid_t pid = 0;

	if (!last) {
		job = job_new(n, false);
		pid = job_fork(job);
	}
	if (pid == 0) {
		if (!redirect(n->redirs, NULL))
			shell_exit(1);
		if (!assign_all(n, false))
			shell_exit(2);
		if (sh.xtrace)
			trace_command(argc, argv);
		fflush(stdout);
		trap_child();
		exec_program(argc, argv);
	}
	sh.status = job_wait(job);
	if (pid < 0)
		sh.status = 2;
}

static void run_assignments(const struct node *n)
{
	struct saved_fds save = { 0 };
	bool ok = redirect(n->redirs, &save) && assign_all(n, true);

	redirect_restore(&save);
	if (!ok)
		sh.status = sh.flow == FLOW_NONE ? 1 : sh.status;
	else
		sh.status = sh.subst_status >= 0 ? sh.subst_status : 0;
}

void run_simple(struct node *n, bool last)
{
	struct arena_mark mark = stack_mark();
	char **argv;
	int argc;

	sh.subst_status = -1;
	argv = expand_words(n->words, &argc);
	if (sh.flow != FLOW_NONE)
		argc = -1;
	if (argc == 0)
		run_assignments(n);
	else if (argc > 0 && (builtin_find(argv[0]) || function_find(argv[0])))
		run_inside(n, argc, argv);
	else if (argc > 0)
		run_program(n, argc, argv, last && !trap_any());
	stack_release(mark);
}
