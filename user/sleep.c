/* SPDX-License-Identifier: MIT */
/* sleep SECONDS: does nothing for a while; fractions such as 0.25 count. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
	struct timespec ts;
	double seconds;
	char *end;

	if (argc != 2) {
		fprintf(stderr, "usage: sleep SECONDS\n");
		return 2;
	}
	seconds = strtod(argv[1], &end);
	if (!*argv[1] || *end || !(seconds >= 0 && seconds <= 2147483647)) {
		fprintf(stderr, "sleep: %s: is no number of seconds\n",
			argv[1]);
		return 2;
	}
	ts.tv_sec = (time_t)seconds;
	ts.tv_nsec = (long)((seconds - (double)ts.tv_sec) * 1e9);
	while (nanosleep(&ts, &ts) < 0)
		if (errno != EINTR)
			return 1;
	return 0;
}
