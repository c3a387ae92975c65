/* SPDX-License-Identifier: MIT */
/*
 * staged PID [SECONDS]: waits until process PID is held (see hold), and
 * prints where. PID 0: until anybody is. Status 1 after SECONDS, 10 if not
 * given, or when the process has ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STAGE "/proc/stage"
#define LOOKS_PER_SECOND 100

/* Prints where PID is held: 1; 0: it is not; -1: /proc/stage. */
static int look(long pid)
{
	char line[120], point[40], state[16];
	FILE *f = fopen(STAGE, "r");
	long who;
	int held = 0;

	if (!f)
		return -1;
	while (!held && fgets(line, sizeof(line), f))
		held = sscanf(line, "%39s %ld %15s", point, &who, state) == 3 &&
		       !strcmp(state, "held") && (!pid || who == pid);
	fclose(f);
	if (held)
		printf("%s\n", point);
	return held;
}

static int wait_for(long pid, long seconds)
{
	struct timespec tick = { 0, 1000000000L / LOOKS_PER_SECOND };
	long looks = seconds * LOOKS_PER_SECOND;
	int held;

	for (;;) {
		held = look(pid);
		if (held > 0)
			return 0;
		if (held < 0)
			fprintf(stderr, "staged: %s: %s\n", STAGE,
				strerror(errno));
		else if (pid && kill((pid_t)pid, 0) < 0 && errno == ESRCH)
			fprintf(stderr, "staged: there is no process %ld\n",
				pid);
		else if (looks-- > 0) {
			nanosleep(&tick, NULL);
			continue;
		} else
			fprintf(stderr, "staged: %ld s, and process %ld is not "
				"held\n", seconds, pid);
		return 1;
	}
}

/* A number that is not negative, or -1. */
static long number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	return *text && !*end && n >= 0 && n < 1000000 ? n : -1;
}

int main(int argc, char **argv)
{
	long pid = argc > 1 ? number(argv[1]) : -1;
	long seconds = argc > 2 ? number(argv[2]) : 10;

	if (argc < 2 || argc > 3 || pid < 0 || seconds < 0) {
		fprintf(argc == 2 && !strcmp(argv[1], "--help") ? stdout :
								  stderr,
			"usage: staged PID [SECONDS]\n");
		return !(argc == 2 && !strcmp(argv[1], "--help"));
	}
	return wait_for(pid, seconds);
}
