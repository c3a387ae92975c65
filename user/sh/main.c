/* SPDX-License-Identifier: MIT */
/*
 * The shell's beginning: sh [-efiuvx] [-c TEXT [NAME] | FILE] [ARG ...]
 * See sh.h for how a line becomes a tree and the tree is run.
 */
#include "sh.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
	const char *text; /* of -c */
	bool takes_text; /* -c was given */
	bool from_stdin; /* -s */
	bool interactive; /* -i */
};

static void usage(void)
{
	fputs("usage: sh [-efiuvx] [-c TEXT [NAME] | FILE] [ARG ...]\n",
	      stderr);
	exit(2);
}

/* Letters of one option word; those that are the shell's own go to set. */
static void option_word(struct options *o, char *word)
{
	static char set[] = "set";
	char text[3] = { word[0], 0, 0 };
	char *argv[] = { set, text, NULL };
	const char *s;

	for (s = word + 1; *s; s++) {
		text[1] = *s;
		if (*s == 'c')
			o->takes_text = true;
		else if (*s == 's')
			o->from_stdin = true;
		else if (*s == 'i')
			o->interactive = true;
		else if (*s != 'l' && *s != 'm' && do_set(2, argv) != 0)
			usage();
	}
}

static int parse_options(struct options *o, int argc, char **argv)
{
	int i = 1;

	for (; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		if ((argv[i][0] != '-' && argv[i][0] != '+') || !argv[i][1])
			break;
		option_word(o, argv[i]);
	}
	if (!o->takes_text)
		return i;
	if (i == argc)
		usage();
	o->text = argv[i++];
	if (i < argc)
		sh.name = argv[i++];
	return i;
}

static void start_interactive(void)
{
	sh.interactive = true;
	if (!var_get("PS1"))
		var_set("PS1", geteuid() == 0 ? "faultline:$PWD# "
					      : "faultline:$PWD\\$ ");
	if (!var_get("PS2"))
		var_set("PS2", "> ");
	trap_init();
	jobs_init();
}

static void run_stdin(void)
{
	struct source src;

	source_fd(&src, STDIN_FILENO, sh.interactive);
	run_source(&src, false);
}

static void run_script(const char *path)
{
	struct source src;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		complain("%s: %s", path, strerror(errno));
		exit(errno == ENOENT ? 127 : 126);
	}
	fd = fd_move_high(fd);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	source_fd(&src, fd, false);
	run_source(&src, false);
}

int main(int argc, char **argv, char **envp)
{
	static char exe[] = "/proc/self/exe";
	struct options o = { 0 };
	int i;

	sh.name = argc > 0 && argv[0] ? argv[0] : "sh";
	sh.exe = exe;
	sh.pid = getpid();
	vars_init(envp);
	i = parse_options(&o, argc, argv);
	trap_init();

	if (!o.takes_text && !o.from_stdin && i < argc) {
		sh.name = argv[i++];
		set_positional(argv + i, argc - i);
		run_script(sh.name);
		shell_exit(sh.status);
	}
	set_positional(argv + i, i < argc ? argc - i : 0);
	if (o.takes_text) {
		run_text(o.text, true);
		shell_exit(sh.status);
	}
	if (o.interactive || (isatty(STDIN_FILENO) && isatty(STDERR_FILENO)))
		start_interactive();
	run_stdin();
	shell_exit(sh.status);
}
