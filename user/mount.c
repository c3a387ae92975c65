/* SPDX-License-Identifier: MIT */
/* mount: what is mounted where, from /proc/mounts. It mounts nothing. */
#include <stdio.h>

int main(int argc, char **argv)
{
	FILE *f = fopen("/proc/mounts", "r");
	char what[256], where[256], type[64], options[256];

	(void)argv;
	if (argc > 1) {
		fprintf(stderr, "mount: can only print what is mounted\n");
		return 1;
	}
	if (!f) {
		perror("mount: /proc/mounts");
		return 1;
	}
	while (fscanf(f, "%255s %255s %63s %255s %*d %*d", what, where, type,
		      options) == 4)
		printf("%s on %s type %s (%s)\n", what, where, type, options);
	fclose(f);
	return 0;
}
