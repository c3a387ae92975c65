/* SPDX-License-Identifier: MIT */
/*
 * su [-] [USER] [-c COMMAND]: a shell as another user; root, if none is
 * named. With "-" as if that user came to the machine just now.
 *
 * There are no passwords on this machine. Who may become whom:
 *
 *   root                        anyone
 *   members of the group wheel  root
 *   everybody else              nobody but himself
 *
 * It is set-user-id root, so it trusts nothing of its caller but the words
 * above: files by their full names, an environment of its own for "-".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_GROUPS 32

static struct passwd *find(const char *name, uid_t uid)
{
	struct passwd *p = NULL;
	FILE *f = fopen("/etc/passwd", "re");

	while (f && (p = fgetpwent(f)) &&
	       (name ? strcmp(p->pw_name, name) != 0 : p->pw_uid != uid))
		;
	if (f)
		fclose(f);
	return p;
}

static int is_member(const struct group *g, const char *user)
{
	char **m = g->gr_mem;

	while (*m && strcmp(*m, user) != 0)
		m++;
	return *m != NULL;
}

/* The groups of USER: FIRST, and those of /etc/group; how many. */
static size_t groups_of(const char *user, gid_t first, gid_t *list)
{
	FILE *f = fopen("/etc/group", "re");
	struct group *g;
	size_t n = 1;

	list[0] = first;
	while (f && n < MAX_GROUPS && (g = fgetgrent(f)))
		if (g->gr_gid != first && is_member(g, user))
			list[n++] = g->gr_gid;
	if (f)
		fclose(f);
	return n;
}

static int in_wheel(const char *user)
{
	FILE *f = fopen("/etc/group", "re");
	struct group *g;
	int yes = 0;

	while (f && !yes && (g = fgetgrent(f)))
		yes = strcmp(g->gr_name, "wheel") == 0 && is_member(g, user);
	if (f)
		fclose(f);
	return yes;
}

/* May the caller, by his real id, become WANTED? */
static int allowed(uid_t wanted)
{
	uid_t uid = getuid();
	struct passwd *me;

	if (uid == 0 || uid == wanted)
		return 1;
	me = find(NULL, uid);
	return wanted == 0 && me && in_wheel(me->pw_name);
}

static int become(const struct passwd *p)
{
	gid_t list[MAX_GROUPS];
	size_t n = groups_of(p->pw_name, p->pw_gid, list);

	if (setgroups(n, list) < 0 || setgid(p->pw_gid) < 0 ||
	    setuid(p->pw_uid) < 0)
		return -1;
	return 0;
}

static void set_environment(const struct passwd *p, int login)
{
	const char *term = getenv("TERM");
	char *kept = term ? strdup(term) : NULL;

	if (login) {
		clearenv();
		if (kept)
			setenv("TERM", kept, 1);
	}
	setenv("PATH", "/bin:/usr/bin:/sbin:/usr/sbin", 1);
	setenv("HOME", p->pw_dir, 1);
	setenv("USER", p->pw_name, 1);
	setenv("LOGNAME", p->pw_name, 1);
	setenv("SHELL", p->pw_shell, 1);
	if (login && chdir(p->pw_dir) < 0 && chdir("/") < 0)
		perror("su");
	free(kept);
}

static int usage(void)
{
	fprintf(stderr, "usage: su [-] [USER] [-c COMMAND]\n");
	return 2;
}

int main(int argc, char **argv)
{
	const char *name = NULL, *command = NULL;
	struct passwd *p;
	int i, login = 0;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-") == 0 || strcmp(argv[i], "-l") == 0)
			login = 1;
		else if (strcmp(argv[i], "-c") == 0 && i + 1 < argc)
			command = argv[++i];
		else if (argv[i][0] != '-' && !name)
			name = argv[i];
		else
			return usage();
	}
	name = name ? name : "root";
	p = find(name, 0);
	if (!p) {
		fprintf(stderr, "su: %s: nobody is called that\n", name);
		return 1;
	}
	if (!allowed(p->pw_uid)) {
		fprintf(stderr, "su: only root, or for root a member of the "
				"group wheel, may become %s\n", name);
		return 1;
	}
	p = find(name, 0); /* allowed() has used the same buffer */
	if (!p || become(p) < 0) {
		fprintf(stderr, "su: %s: %s\n", name, strerror(errno));
		return 1;
	}
	set_environment(p, login);
	execl(p->pw_shell, login ? "-sh" : "sh", command ? "-c" : NULL,
	      command, (char *)NULL);
	fprintf(stderr, "su: %s: %s\n", p->pw_shell, strerror(errno));
	return 127;
}
