/* SPDX-License-Identifier: MIT */
/* chown [USER][:GROUP] PATH ...: whose a file is; names or numbers. */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* -1 for an empty name, -2 for one nobody has. */
static long user_number(const char *name)
{
	struct passwd *p = NULL;
	FILE *f = fopen("/etc/passwd", "r");
	char *end;
	long n = strtol(name, &end, 10);

	while (f && (p = fgetpwent(f)) && strcmp(p->pw_name, name) != 0)
		;
	if (f)
		fclose(f);
	if (p)
		return p->pw_uid;
	return !*name ? -1 : *end ? -2 : n;
}

static long group_number(const char *name)
{
	struct group *g = NULL;
	FILE *f = fopen("/etc/group", "r");
	char *end;
	long n = strtol(name, &end, 10);

	while (f && (g = fgetgrent(f)) && strcmp(g->gr_name, name) != 0)
		;
	if (f)
		fclose(f);
	if (g)
		return g->gr_gid;
	return !*name ? -1 : *end ? -2 : n;
}

int main(int argc, char **argv)
{
	long user, group = -1;
	int i, status = 0;
	char *colon;

	if (argc < 3) {
		fprintf(stderr, "usage: chown [USER][:GROUP] PATH ...\n");
		return 2;
	}
	colon = strchr(argv[1], ':');
	if (colon) {
		*colon = '\0';
		group = group_number(colon + 1);
	}
	user = user_number(argv[1]);
	if (user == -2 || group == -2) {
		fprintf(stderr, "chown: %s: nobody is called that\n",
			user == -2 ? argv[1] : colon + 1);
		return 1;
	}
	for (i = 2; i < argc; i++) {
		if (chown(argv[i], (uid_t)user, (gid_t)group) == 0)
			continue;
		fprintf(stderr, "chown: %s: %s\n", argv[i], strerror(errno));
		status = 1;
	}
	return status;
}
