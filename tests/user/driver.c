/* SPDX-License-Identifier: MIT */
/*
 * Runs the programs named on its command line one after the other, each
 * between two marked lines, so that one boot serves them all. Where the
 * system has /proc/check, each program is run a second time, silently, and
 * must leave as many free frames as there were before that run. (The first
 * run warms up; caches are dropped before counting.)
 *
 *   @@@ begin NAME
 *   ...what it prints...
 *   @@@ end NAME exit 0
 *   @@@ check NAME ok
 */
#include "t.h"

#define SECONDS 60 /* one program may take */

static int run(const char *name, bool silent)
{
	char path[128];
	int status = -1, fd;
	pid_t pid;

	snprintf(path, sizeof(path), "/t/%s", name);
	pid = fork();
	if (pid == 0) {
		chdir("/tmp");
		fd = open("/dev/null", O_RDWR);
		dup2(fd, 0);
		if (silent) {
			dup2(fd, 1);
			dup2(fd, 2);
		}
		if (fd > 2)
			close(fd);
		setpgid(0, 0);
		execl(path, path, NULL);
		_exit(126);
	}
	alarm(SECONDS);
	while (waitpid(pid, &status, 0) != pid)
		kill(-pid, SIGKILL); /* the alarm came */
	alarm(0);
	kill(-pid, SIGKILL); /* what it may have left behind */
	return status;
}

static void time_is_up(int sig)
{
	(void)sig;
}

/* Free frames with everything dropped that can be; -1: no such system. */
static long free_frames(void)
{
	char text[1024], *line;

	sysctl_set("/proc/sys/vm/drop_caches", "3\n");
	if (file_read("/proc/check", text, sizeof(text)) <= 0)
		return -1;
	line = strstr(text, "free ");
	return line ? atol(line + 5) : -1;
}

/*
 * A run may leave a slab of kernel objects in another shape, one frame more
 * or less; a leak shows every time.
 */
static void check(const char *name)
{
	long before = free_frames(), after;
	int tries = 6;

	if (before < 0)
		return;
	do {
		run(name, true);
		after = free_frames();
	} while (after < before && --tries);
	if (after >= before)
		say("@@@ check %s ok", name);
	else
		say("@@@ check %s %ld free frames before, %ld after", name,
		    before, after);
}

int main(int argc, char **argv)
{
	struct sigaction act = { .sa_handler = time_is_up };
	int i, status;

	sigaction(SIGALRM, &act, NULL); /* no SA_RESTART: ends waitpid */
	for (i = 1; i < argc; i++) {
		say("@@@ begin %s", argv[i]);
		status = run(argv[i], false);
		say("@@@ end %s %s", argv[i], status_name(status));
		check(argv[i]);
	}
	return 0;
}
