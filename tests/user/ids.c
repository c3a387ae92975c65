/* SPDX-License-Identifier: MIT */
/* User and group ids, process groups and sessions. */
#include "t.h"

static void show(const char *what)
{
	uid_t r, e, s;
	gid_t gr, ge, gs;

	getresuid(&r, &e, &s);
	getresgid(&gr, &ge, &gs);
	say("%s: uid %d %d %d gid %d %d %d", what, (int)r, (int)e, (int)s,
	    (int)gr, (int)ge, (int)gs);
}

static void root_sets(void *arg)
{
	gid_t groups[40] = { 5, 6, 7 };

	R("setgroups 3", syscall(SYS_setgroups32, 3, groups));
	V("getgroups 0", getgroups(0, NULL));
	R("getgroups 2", getgroups(2, groups));
	V("getgroups 3", getgroups(3, groups));
	say("groups %d %d %d", groups[0], groups[1], groups[2]);
	R("getgroups -1", syscall(SYS_getgroups32, -1, groups));
	R("setgroups -1", syscall(SYS_setgroups32, -1, groups));
	R("setgroups bad pointer", syscall(SYS_setgroups32, 2, 1));
	R("setuid -1", syscall(SYS_setuid32, -1));
	R("setresuid", syscall(SYS_setresuid32, 100, 200, 300));
	show("three");
	R("setuid to saved", syscall(SYS_setuid32, 300));
	show("effective is saved");
	R("setuid to another", syscall(SYS_setuid32, 200));
	R("setreuid swap", syscall(SYS_setreuid32, 300, 100));
	show("swapped");
	R("setresuid to a stranger", syscall(SYS_setresuid32, -1, 0, -1));
	R("setgroups without privilege", syscall(SYS_setgroups32, 0, NULL));
	R("setgid without privilege", syscall(SYS_setgid32, 9));
	V("setfsuid", syscall(SYS_setfsuid32, 0));
	V("setfsuid again", syscall(SYS_setfsuid32, -1));
}

static void big_ids(void *arg)
{
	syscall(SYS_setresgid32, 70000, 70001, 70002);
	syscall(SYS_setresuid32, 70000, 70001, 70002);
	V("getuid16", syscall(SYS_getuid));
	V("geteuid16", syscall(SYS_geteuid));
	V("getgid16", syscall(SYS_getgid));
	V("getegid16", syscall(SYS_getegid));
	V("getuid32", syscall(SYS_getuid32));
	V("getegid32", syscall(SYS_getegid32));
	R("setuid16 -1", syscall(SYS_setuid, 0xffff));
	R("getresuid, bad pointer", syscall(SYS_getresuid32, 1, 1, 1));
}

static void drop(void *arg)
{
	R("setgid", setgid(1000));
	R("setuid", setuid(1000));
	show("dropped");
	R("back", setuid(0));
	R("setregid", syscall(SYS_setregid32, 0, -1));
	R("setresgid same", syscall(SYS_setresgid32, 1000, 1000, 1000));
}

static void groups_of_processes(void)
{
	int pid, status, fds[2];
	char c;

	if (pipe(fds))
		exit(1);
	pid = fork();
	if (pid == 0) {
		close(fds[1]);
		if (read(fds[0], &c, 1))
			_exit(1);
		fact("group of its own", getpgrp() == getpid());
		R("setsid of a leader", setsid());
		R("setpgid of the parent", setpgid(getppid(), 0));
		_exit(0);
	}
	close(fds[0]);
	R("setpgid of nobody", setpgid(0x3fffffff, 0));
	R("setpgid to -1", setpgid(0, -1));
	R("setpgid to a strange group", setpgid(pid, 0x3fffffff));
	R("setpgid of the child", setpgid(pid, pid));
	close(fds[1]);
	waitpid(pid, &status, 0);
	say("child: %s", status_name(status));
	R("getpgid of nobody", getpgid(0x3fffffff));
	R("getsid of nobody", getsid(0x3fffffff));
	R("getpgid of -1", getpgid(-1));
	pid = fork();
	if (pid == 0) {
		fact("setsid", setsid() == getpid());
		fact("sid, pgrp", getsid(0) == getpid() &&
					  getpgid(0) == getpid());
		R("setpgid of a session leader", setpgid(0, 0));
		R("setsid again", setsid());
		_exit(0);
	}
	waitpid(pid, &status, 0);
	say("child: %s", status_name(status));
}

int main(void)
{
	show("root");
	child("sets", root_sets, NULL);
	child("big", big_ids, NULL);
	child("drops", drop, NULL);
	groups_of_processes();
	return 0;
}
