/* SPDX-License-Identifier: MIT */
/*
 * The first process. It owns nothing: it starts what the machine is for,
 * and takes in the children of processes that ended before them.
 *
 *   kernel -> init -> /etc/rc, once, on the console
 *                  -> a shell for root on the console
 *                  -> a shell for student on the other terminal
 *                     each again whenever it ends
 *
 * The console is the serial line unless the kernel's command line says
 * console=tty1; the other one is then the other one. Who types there is
 * believed: there are no passwords on this machine.
 *
 * Words swap=DEVICE there are swapped on first. With console.eof=poweroff the
 * machine ends with the first shell on the serial line: what is typed there
 * comes from a file, and has come to its end (tools/vm).
 *
 * The word "selftest" on the kernel's command line: /etc/selftest instead,
 * then power off. Words of its own (behind " -- " there): they are a command
 * for the shell instead, then power off.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "swap_words.h"

#define SHELL "/bin/sh"
#define CONSOLE "/dev/console"
#define SERIAL "/dev/ttyS0"
#define SCREEN "/dev/tty1"
#define MAX_GROUPS 32 /* of one user */
#define SHORT_LIFE 2 /* seconds: a shell that ends sooner has a problem */

struct prompt {
	const char *terminal;
	const char *user; /* of /etc/passwd */
	const char *term; /* TERM */
	struct termios modes; /* as they were at boot */
	pid_t pid; /* of the shell; 0: none */
	time_t start; /* when that began */
	int again; /* there was one before */
};

static struct prompt prompts[2] = {
	{ .user = "root" },
	{ .user = "student" },
};

static void open_console(void)
{
	int fd = open(CONSOLE, O_RDWR);

	if (fd < 0)
		return;
	for (int i = 0; i < 3; i++)
		if (fcntl(i, F_GETFD) < 0)
			dup2(fd, i);
	if (fd > 2)
		close(fd);
}

/* Copies a file to FD; a missing one is no mistake. */
static void show(const char *path, int to)
{
	char buf[512];
	ssize_t n;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (write(to, buf, n) != n)
			break;
	close(fd);
}

/* In a child: a session of its own, TERMINAL as its terminal. 0 or -1. */
static int take_terminal(const char *terminal)
{
	int fd;

	setsid();
	fd = open(terminal, O_RDWR);
	if (fd < 0)
		return -1;
	ioctl(fd, TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	return 0;
}

static void __attribute__((noreturn)) exec_shell(char **argv)
{
	execv(SHELL, argv);
	fprintf(stderr, "init: %s: %s\n", SHELL, strerror(errno));
	_exit(127);
}

/* Runs the shell to its end, reaping orphans meanwhile; its wait status. */
static int run(char **argv)
{
	int status;
	pid_t pid = fork(), ended;

	if (pid == 0) {
		take_terminal(prompts[0].terminal);
		exec_shell(argv);
	}
	if (pid < 0) {
		fprintf(stderr, "init: fork: %s\n", strerror(errno));
		return 127 << 8;
	}
	do
		ended = wait(&status);
	while (ended != pid && (ended > 0 || errno == EINTR));
	return ended == pid ? status : 127 << 8;
}

static int run_shell(const char *first, const char *second)
{
	static char shell[] = SHELL;
	char *argv[] = { shell, (char *)first, first ? (char *)second : NULL,
			 NULL };

	return run(argv);
}

static void __attribute__((noreturn)) power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static int has_word(const char *path, const char *word)
{
	char line[1024], *save, *s;
	FILE *f = fopen(path, "r");
	int found = 0;

	if (!f)
		return 0;
	s = fgets(line, sizeof(line), f);
	fclose(f);
	for (s = s ? strtok_r(s, " \n", &save) : NULL; s && !found;
	     s = strtok_r(NULL, " \n", &save))
		found = strcmp(s, word) == 0;
	return found;
}

static void __attribute__((noreturn)) self_test(void)
{
	int status = run_shell("/etc/selftest", NULL);

	printf("%s\n", status == 0 ? "selftest ok" : "selftest FAILED");
	fflush(stdout);
	power_off();
}

static void __attribute__((noreturn)) run_words(int argc, char **argv)
{
	static char command[4096];
	size_t len = 0;

	for (int i = 1; i < argc && len < sizeof(command); i++)
		len += snprintf(command + len, sizeof(command) - len, "%s%s",
				i > 1 ? " " : "", argv[i]);
	run_shell("-c", command);
	power_off();
}

/* --- prompts ------------------------------------------------------------ */

/* Which terminal the console is, and the other one. */
static void find_terminals(void)
{
	struct stat screen;
	unsigned int console = 0;
	int on_screen = 0, i, fd;

	if (ioctl(STDIN_FILENO, TIOCGDEV, &console) == 0 &&
	    stat(SCREEN, &screen) == 0)
		on_screen = console == screen.st_rdev;
	prompts[on_screen].terminal = SERIAL;
	prompts[on_screen].term = "vt100";
	prompts[!on_screen].terminal = SCREEN;
	prompts[!on_screen].term = "linux";
	for (i = 0; i < 2; i++) {
		fd = open(prompts[i].terminal, O_RDWR | O_NOCTTY);
		if (fd < 0 || tcgetattr(fd, &prompts[i].modes) < 0)
			prompts[i].terminal = NULL;
		close(fd);
	}
}

static struct passwd *find_user(const char *name)
{
	struct passwd *p = NULL;
	FILE *f = fopen("/etc/passwd", "r");

	while (f && (p = fgetpwent(f)) && strcmp(p->pw_name, name) != 0)
		;
	if (f)
		fclose(f);
	return p;
}

/* The user's own group, and those of /etc/group that name him. 0 or -1. */
static int join_groups(const struct passwd *p)
{
	FILE *f = fopen("/etc/group", "r");
	gid_t list[MAX_GROUPS] = { p->pw_gid };
	struct group *g;
	size_t n = 1;
	char **member;

	while (f && n < MAX_GROUPS && (g = fgetgrent(f)))
		for (member = g->gr_mem; *member && n < MAX_GROUPS; member++)
			if (strcmp(*member, p->pw_name) == 0)
				list[n++] = g->gr_gid;
	if (f)
		fclose(f);
	return setgroups(n, list);
}

/* Becomes the user, who owns the terminal from now on. 0 or -1. */
static int log_in(const struct passwd *p)
{
	if (fchown(STDIN_FILENO, p->pw_uid, -1) < 0 ||
	    fchmod(STDIN_FILENO, 0620) < 0)
		return -1;
	if (join_groups(p) < 0 || setgid(p->pw_gid) < 0 ||
	    setuid(p->pw_uid) < 0)
		return -1;
	setenv("HOME", p->pw_dir, 1);
	setenv("USER", p->pw_name, 1);
	setenv("LOGNAME", p->pw_name, 1);
	setenv("SHELL", SHELL, 1);
	return 0;
}

/* The shell of PROMPT, in a child of init's. */
static void __attribute__((noreturn)) prompt_shell(const struct prompt *prompt)
{
	static char name[] = SHELL;
	char *argv[] = { name, NULL };
	struct passwd *p = find_user(prompt->user);

	if (!p || take_terminal(prompt->terminal) < 0)
		_exit(127);
	tcsetattr(STDIN_FILENO, TCSANOW, &prompt->modes);
	if (prompt->again)
		fprintf(stderr, "\ninit: the shell has ended, here is another "
				"(poweroff ends the machine)\n");
	else if (prompt != prompts)
		show("/etc/motd", STDOUT_FILENO);
	if (prompt->again && time(NULL) - prompt->start < SHORT_LIFE)
		sleep(1);
	setenv("TERM", prompt->term, 1);
	if (log_in(p) < 0) {
		fprintf(stderr, "init: %s: %s\n", prompt->user,
			strerror(errno));
		_exit(127);
	}
	if (prompt == prompts ? chdir("/") < 0 : chdir(p->pw_dir) < 0)
		perror("init");
	exec_shell(argv);
}

static void start_prompt(struct prompt *prompt)
{
	if (!prompt->terminal || prompt->pid > 0)
		return;
	prompt->pid = fork();
	if (prompt->pid == 0)
		prompt_shell(prompt);
	prompt->start = time(NULL);
	prompt->again = 1;
}

/* The shell of PROMPT has ended; EOF_ENDS: see above. */
static void end_prompt(struct prompt *prompt, int eof_ends)
{
	prompt->pid = 0;
	if (eof_ends && strcmp(prompt->terminal, SERIAL) == 0)
		power_off();
}

/* Starts what does not run, waits for an end; for ever. */
static void __attribute__((noreturn)) serve(void)
{
	int status, eof_ends;
	pid_t ended;

	eof_ends = has_word("/proc/cmdline", "console.eof=poweroff");

	for (;;) {
		for (int i = 0; i < 2; i++)
			start_prompt(&prompts[i]);
		ended = wait(&status);
		if (ended < 0 && errno == ECHILD)
			sleep(1);
		for (int i = 0; i < 2; i++)
			if (prompts[i].pid == ended)
				end_prompt(&prompts[i], eof_ends);
	}
}

int main(int argc, char **argv)
{
	if (getpid() != 1) {
		fprintf(stderr, "init: only the first process can be init\n");
		return 1;
	}
	open_console();
	setsid();
	find_terminals();
	swap_words("init");
	if (argc > 1)
		run_words(argc, argv);
	if (has_word("/proc/cmdline", "selftest"))
		self_test();
	show("/etc/motd", STDOUT_FILENO);
	run_shell("/etc/rc", NULL);
	serve();
}
