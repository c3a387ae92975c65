/* SPDX-License-Identifier: MIT */
/*
 * chmod MODE PATH ...: who may do what with a file. MODE is octal (755) or
 * changes to what is there: [ugoa][+-=][rwxst],...
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static mode_t who_bits(const char **s)
{
	mode_t who = 0;

	for (; **s && strchr("ugoa", **s); (*s)++)
		who |= **s == 'u'   ? 04700
		       : **s == 'g' ? 02070
		       : **s == 'o' ? 01007
				    : 07777;
	return who ? who : 07777;
}

static mode_t permission_bits(const char **s, mode_t who)
{
	mode_t bits = 0;

	for (; **s && strchr("rwxst", **s); (*s)++)
		bits |= **s == 'r'   ? 0444 & who
			: **s == 'w' ? 0222 & who
			: **s == 'x' ? 0111 & who
			: **s == 's' ? 06000 & who
				     : 01000;
	return bits;
}

/* The mode that changes S make of MODE; -1: S is wrong. */
static long symbolic(const char *s, mode_t mode)
{
	mode_t who, bits;
	char op;

	for (;;) {
		who = who_bits(&s);
		op = *s++;
		if (!op || !strchr("+-=", op))
			return -1;
		bits = permission_bits(&s, who);
		if (op == '+')
			mode |= bits;
		else if (op == '-')
			mode &= ~bits;
		else
			mode = (mode & ~(who & 0777)) | bits;
		if (!*s)
			return mode & 07777;
		if (*s++ != ',')
			return -1;
	}
}

static long wanted(const char *text, const char *path)
{
	struct stat st;
	char *end;
	long n = strtol(text, &end, 8);

	if (*text && !*end)
		return n >= 0 && n <= 07777 ? n : -1;
	if (stat(path, &st) < 0)
		return symbolic(text, 0);
	return symbolic(text, st.st_mode);
}

int main(int argc, char **argv)
{
	int i, status = 0;
	long mode;

	if (argc < 3) {
		fprintf(stderr, "usage: chmod MODE PATH ...\n");
		return 2;
	}
	for (i = 2; i < argc; i++) {
		mode = wanted(argv[1], argv[i]);
		if (mode < 0) {
			fprintf(stderr, "chmod: %s: is no mode\n", argv[1]);
			return 2;
		}
		if (chmod(argv[i], (mode_t)mode) == 0)
			continue;
		fprintf(stderr, "chmod: %s: %s\n", argv[i], strerror(errno));
		status = 1;
	}
	return status;
}
