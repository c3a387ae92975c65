/* SPDX-License-Identifier: MIT */
/*
 * Rungs 0 and 1: what a C library does for a small program. Linked with
 * musl and with glibc.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static __thread int own = 7;

int main(int argc, char **argv)
{
	char *text = malloc(100000);

	printf("%d words, the first is %s\n", argc, argv[0]);
	memset(text, 'x', 99999);
	text[99999] = '\0';
	printf("%zu bytes, %.3f, %s\n", strlen(text), 22.0 / 7,
	       getenv("HOME"));
	own += isatty(1);
	printf("own %d\n", own);
	fflush(stdout);
	fprintf(stderr, "to standard error\n");
	free(text);
	return 3;
}
