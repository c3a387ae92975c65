/* SPDX-License-Identifier: MIT */
/* seq [FIRST [STEP]] LAST: whole numbers, one a line. */
#include <stdio.h>
#include <stdlib.h>

static int usage(void)
{
	fprintf(stderr, "usage: seq [FIRST [STEP]] LAST\n");
	return 2;
}

int main(int argc, char **argv)
{
	long long n[3], first = 1, step = 1, last;
	char *end;
	int i;

	if (argc < 2 || argc > 4)
		return usage();
	for (i = 1; i < argc; i++) {
		n[i - 1] = strtoll(argv[i], &end, 10);
		if (!argv[i][0] || *end)
			return usage();
	}
	last = n[argc - 2];
	if (argc > 2)
		first = n[0];
	if (argc > 3)
		step = n[1];
	if (step == 0)
		return usage();
	for (; step > 0 ? first <= last : first >= last; first += step)
		printf("%lld\n", first);
	return fflush(stdout) ? 1 : 0;
}
