/* SPDX-License-Identifier: MIT */
/* date [-u] [+FORMAT]: what time it is; FORMAT is strftime's. */
#include <stdio.h>
#include <string.h>
#include <time.h>

int main(int argc, char **argv)
{
	const char *format = "%a %b %e %H:%M:%S %Z %Y";
	int i = 1, utc = 0;
	time_t now = time(NULL);
	char text[256];

	if (i < argc && strcmp(argv[i], "-u") == 0) {
		utc = 1;
		i++;
	}
	if (i < argc && argv[i][0] == '+')
		format = argv[i++] + 1;
	if (i < argc) {
		fprintf(stderr, "usage: date [-u] [+FORMAT]\n");
		return 2;
	}
	text[0] = '\0';
	strftime(text, sizeof(text), format,
		 utc ? gmtime(&now) : localtime(&now));
	puts(text);
	return 0;
}
