/* SPDX-License-Identifier: MIT */
/* basename PATH [SUFFIX]: the last part of a path, without SUFFIX. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	char *s, *slash;
	size_t n, k;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: basename PATH [SUFFIX]\n");
		return 2;
	}
	s = argv[1];
	for (n = strlen(s); n > 1 && s[n - 1] == '/'; n--)
		s[n - 1] = '\0';
	slash = strrchr(s, '/');
	if (slash && slash[1])
		s = slash + 1;
	n = strlen(s);
	k = argc == 3 ? strlen(argv[2]) : 0;
	if (k && k < n && strcmp(s + n - k, argv[2]) == 0)
		s[n - k] = '\0';
	puts(s);
	return 0;
}
