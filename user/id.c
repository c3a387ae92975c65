/* SPDX-License-Identifier: MIT */
/*
 * id [-u | -g | -G] [-n]: user and groups; one of them only, or its name.
 * whoami: the name of the effective user. groups: those of the process.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_GROUPS 64

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

/* The effective group, and then the others; how many. */
static int all_groups(gid_t *list)
{
	gid_t extra[MAX_GROUPS - 1];
	int n = getgroups(MAX_GROUPS - 1, extra), count = 1, i;

	list[0] = getegid();
	for (i = 0; i < n; i++)
		if (extra[i] != list[0])
			list[count++] = extra[i];
	return count;
}

static void print(const char *title, unsigned n, const char *name)
{
	printf("%s%u", title, n);
	if (name)
		printf("(%s)", name);
}

static void print_all(void)
{
	gid_t list[MAX_GROUPS];
	int n = all_groups(list), i;

	print("uid=", getuid(), user_name(getuid()));
	print(" gid=", getgid(), group_name(getgid()));
	if (geteuid() != getuid())
		print(" euid=", geteuid(), user_name(geteuid()));
	if (getegid() != getgid())
		print(" egid=", getegid(), group_name(getegid()));
	for (i = 0; i < n; i++)
		print(i ? "," : " groups=", list[i], group_name(list[i]));
	putchar('\n');
}

static void print_one(unsigned n, const char *name)
{
	if (name)
		printf("%s", name);
	else
		printf("%u", n);
}

static void print_groups(int named)
{
	gid_t list[MAX_GROUPS];
	int n = all_groups(list), i;

	for (i = 0; i < n; i++) {
		if (i)
			putchar(' ');
		print_one(list[i], named ? group_name(list[i]) : NULL);
	}
	putchar('\n');
}

static int show(int what, int named)
{
	if (what == 'G') {
		print_groups(named);
		return 0;
	}
	if (what == 'u')
		print_one(geteuid(), named ? user_name(geteuid()) : NULL);
	else
		print_one(getegid(), named ? group_name(getegid()) : NULL);
	putchar('\n');
	return 0;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	int c, what = 0, named = 0;

	name = name ? name + 1 : argv[0];
	if (strcmp(name, "whoami") == 0)
		return show('u', 1);
	if (strcmp(name, "groups") == 0)
		return show('G', 1);
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
	if (what)
		return show(what, named);
	print_all();
	return 0;
}
