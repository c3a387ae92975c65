/* SPDX-License-Identifier: MIT */
/*
 * Runs the programs named on its command line one after the other, each
 * between two marked lines, so that one boot serves them all. Where the
 * system has /proc/stock, each program is run a second time, silently, and
 * must leave all that the kernel holds as it was before that run (the first
 * run warms up): stock.h.
 *
 * `driver host NAME` is for Linux, where run.t gives each program namespaces
 * of its own: it is in /tmp/t, and no line is marked.
 *
 *   @@@ begin NAME
 *   ...what it prints...
 *   @@@ end NAME exit 0
 *   @@@ check NAME ok
 */
#include "t.h"
#include "stock.h"

static const char *folder = "/t";
static int seconds = 60; /* one program may take, of the system's own clock */

/* What a process inherits decides nothing: on Linux it is the limits, groups,
 * signals and priority of whoever runs the tests. */
static void become_new(void)
{
	static char *const env[] = { "HOME=/root", "PATH=/bin:/usr/bin",
				     "TERM=dumb", NULL };
	static const struct { int what; rlim_t cur, max; } limits[] = {
		{ RLIMIT_CPU, RLIM_INFINITY, RLIM_INFINITY },
		{ RLIMIT_FSIZE, RLIM_INFINITY, RLIM_INFINITY },
		{ RLIMIT_DATA, RLIM_INFINITY, RLIM_INFINITY },
		{ RLIMIT_AS, RLIM_INFINITY, RLIM_INFINITY },
		{ RLIMIT_STACK, 8 << 20, RLIM_INFINITY },
		{ RLIMIT_CORE, 0, RLIM_INFINITY },
		{ RLIMIT_NOFILE, 1024, 1024 },
		{ RLIMIT_MEMLOCK, 64 << 10, 64 << 10 },
	};
	struct rlimit rl;
	sigset_t none;
	size_t i;

	for (i = 0; i < COUNT(limits); i++) {
		rl.rlim_cur = limits[i].cur;
		rl.rlim_max = limits[i].max;
		setrlimit(limits[i].what, &rl);
	}
	for (i = 1; i < 65; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpriority(PRIO_PROCESS, 0, 0);
	setgroups(0, NULL);
	umask(022);
	chdir("/tmp");
	environ = (char **)env;
}

/* The program NAME instead of this one, with nothing open but its output. */
static void become_program(const char *name, bool silent)
{
	char path[128];
	int fd = open("/dev/null", O_RDWR);

	dup2(fd, 0);
	if (silent)
		dup2(fd, 1);
	dup2(fd, 2);
	for (fd = 3; fd < 1024; fd++)
		close(fd);
	setpgid(0, 0);
	become_new();
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	execl(path, path, NULL);
	_exit(126);
}

static int run(const char *name, bool silent)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		become_program(name, silent);
	alarm(seconds);
	while (waitpid(pid, &status, 0) != pid) {
		say("@@@ after %d seconds", seconds);
		kill(-pid, SIGKILL);
	}
	alarm(0);
	kill(-pid, SIGKILL); /* what it may have left behind */
	return status;
}

static void time_is_up(int sig)
{
	(void)sig;
}

static void check(const char *name)
{
	char moved[1024];

	if (!stock_take(&stock_before))
		return;
	run(name, true);
	stock_take(&stock_after);
	if (stock_moved(moved, sizeof(moved)))
		say("@@@ check %s %s", name, moved);
	else
		say("@@@ check %s ok", name);
}

int main(int argc, char **argv)
{
	struct sigaction act = { .sa_handler = time_is_up };
	int i, status;

	sigaction(SIGALRM, &act, NULL); /* no SA_RESTART: ends waitpid */
	if (argc == 3 && !strcmp(argv[1], "host")) {
		setsid();
		folder = "/tmp/t";
		seconds = 300;
		say("%s", status_name(run(argv[2], false)));
		return 0;
	}
	stock_prepare();
	for (i = 1; i < argc; i++) {
		say("@@@ begin %s", argv[i]);
		status = run(argv[i], false);
		say("@@@ end %s %s", argv[i], status_name(status));
		check(argv[i]);
	}
	return 0;
}
