/* SPDX-License-Identifier: MIT */
/* time COMMAND [ARG ...]: runs it, and says how long it took and how many
 * page faults it had. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(const struct timeval *tv)
{
	return (double)tv->tv_sec + (double)tv->tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct timespec start, end;
	struct rusage used;
	int status = 0;
	pid_t pid;

	if (argc < 2) {
		fprintf(stderr, "usage: time COMMAND [ARG ...]\n");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid = fork();
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		fprintf(stderr, "time: %s: %s\n", argv[1], strerror(errno));
		_exit(errno == ENOENT ? 127 : 126);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		fprintf(stderr, "time: %s\n", strerror(errno));
		return 126;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	memset(&used, 0, sizeof(used));
	getrusage(RUSAGE_CHILDREN, &used);
	fprintf(stderr,
		"real %.3f  user %.3f  sys %.3f  "
		"minor faults %ld  major faults %ld\n",
		(double)(end.tv_sec - start.tv_sec) +
			(double)(end.tv_nsec - start.tv_nsec) / 1e9,
		seconds(&used.ru_utime), seconds(&used.ru_stime),
		used.ru_minflt, used.ru_majflt);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
