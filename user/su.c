/* SPDX-License-Identifier: MIT */
/* su [USER [-c COMMAND]]: a shell as another user (root, if none is named).
 * There are no passwords: only root may, and everybody who is root is. */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct passwd *find(const char *name)
{
	struct passwd *p = NULL;
	FILE *f = fopen("/etc/passwd", "r");

	while (f && (p = fgetpwent(f)) && strcmp(p->pw_name, name) != 0)
		;
	if (f)
		fclose(f);
	return p;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "root";
	const char *command = NULL;
	struct passwd *p = find(name);

	if (argc > 2 && (argc != 4 || strcmp(argv[2], "-c") != 0)) {
		fprintf(stderr, "usage: su [USER [-c COMMAND]]\n");
		return 2;
	}
	if (!p) {
		fprintf(stderr, "su: %s: nobody is called that\n", name);
		return 1;
	}
	if (setgroups(1, &p->pw_gid) < 0 || setgid(p->pw_gid) < 0 ||
	    setuid(p->pw_uid) < 0) {
		fprintf(stderr, "su: %s\n", strerror(errno));
		return 1;
	}
	setenv("HOME", p->pw_dir, 1);
	setenv("USER", p->pw_name, 1);
	command = argc == 4 ? argv[3] : NULL;
	execl("/bin/sh", "sh", command ? "-c" : NULL, command, (char *)NULL);
	fprintf(stderr, "su: /bin/sh: %s\n", strerror(errno));
	return 127;
}
