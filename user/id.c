/* SPDX-License-Identifier: MIT */
/* id [-u | -g | -G] [-n]: user and groups; one of them only, or its name. */
#define _GNU_SOURCE
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *user_name(uid_t uid)
{
	struct passwd *p = NULL;
	FILE *f = fopen("/etc/passwd", "r");

	while (f && (p = fgetpwent(f)) && p->pw_uid != uid)
		;
	if (f)
		fclose(f);
	return p ? p->pw_name : NULL;
}

static const char *group_name(gid_t gid)
{
	struct group *g = NULL;
	FILE *f = fopen("/etc/group", "r");

	while (f && (g = fgetgrent(f)) && g->gr_gid != gid)
		;
	if (f)
		fclose(f);
	return g ? g->gr_name : NULL;
}

static void print(const char *title, unsigned n, const char *name)
{
	printf("%s%u", title, n);
	if (name)
		printf("(%s)", name);
}

static void print_all(void)
{
	gid_t list[64];
	int n = getgroups(64, list), i;

	print("uid=", getuid(), user_name(getuid()));
	print(" gid=", getgid(), group_name(getgid()));
	if (geteuid() != getuid())
		print(" euid=", geteuid(), user_name(geteuid()));
	if (getegid() != getgid())
		print(" egid=", getegid(), group_name(getegid()));
	if (n <= 0)
		print(" groups=", getgid(), group_name(getgid()));
	for (i = 0; i < n; i++)
		print(i ? "," : " groups=", list[i], group_name(list[i]));
	putchar('\n');
}

static void print_one(unsigned n, const char *name)
{
	if (name)
		puts(name);
	else
		printf("%u\n", n);
}

int main(int argc, char **argv)
{
	int c, what = 0, named = 0;

	while ((c = getopt(argc, argv, "+ugGn")) != -1) {
		if (c == 'n') {
			named = 1;
		} else if (c != '?') {
			what = c;
		} else {
			fprintf(stderr, "usage: id [-u | -g | -G] [-n]\n");
			return 2;
		}
	}
	if (what == 'u')
		print_one(geteuid(), named ? user_name(geteuid()) : NULL);
	else if (what)
		print_one(getegid(), named ? group_name(getegid()) : NULL);
	else
		print_all();
	return 0;
}
