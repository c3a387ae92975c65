/* SPDX-License-Identifier: MIT */
/* User, group, process-group and session ids; resource limits. */
#include "t.h"

static void show(const char *what)
{
	uid_t r, e, s;
	gid_t g, f, h;

	getresuid(&r, &e, &s);
	getresgid(&g, &f, &h);
	say("%s: uid %d %d %d gid %d %d %d", what, (int)r, (int)e, (int)s,
	    (int)g, (int)f, (int)h);
}

static void groups(const char *what)
{
	gid_t list[40];
	int n = getgroups(40, list);

	say("%s: %d groups, first %d", what, n, n > 0 ? (int)list[0] : -1);
}

static void as_root(void *arg)
{
	gid_t many[32];

	(void)arg;
	for (int i = 0; i < 32; i++)
		many[i] = 500 + i;
	show("root");
	R("setgroups of 32", setgroups(32, many));
	groups("now");
	R("getgroups into 5", getgroups(5, many));
	V("getgroups(0)", getgroups(0, NULL));
	R("setgroups(-1)", syscall(SYS_setgroups32, -1, many));
	R("setgroups of a bad list", syscall(SYS_setgroups32, 2, 8));
	R("setresuid 1 2 3", setresuid(1, 2, 3));
	show("then");
	R("setuid 3", setuid(3));
	show("then");
	R("setuid 1", setuid(1));
	R("setuid 0", setuid(0));
	show("then");
	R("setgroups without privilege", setgroups(1, many));
}

static void drops(void *arg)
{
	(void)arg;
	R("setgid 1001", setgid(1001));
	R("setuid 1001", setuid(1001));
	show("dropped");
	R("setuid 0", setuid(0));
	R("setgid 0", setgid(0));
	R("seteuid 0", seteuid(0));
	R("setreuid -1 1001", setreuid(-1, 1001));
	R("setresgid 1001 1001 5", setresgid(1001, 1001, 5));
	R("setresuid -1 -1 -1", setresuid(-1, -1, -1));
	show("still");
}

static void borrows(void *arg)
{
	(void)arg;
	R("setreuid 1001 0", setreuid(1001, 0));
	show("real user, effective root");
	R("seteuid 1001", seteuid(1001));
	show("effective user");
	R("seteuid 0, the saved id", seteuid(0));
	show("root again");
}

static void file_rights(void *arg)
{
	int fd;

	(void)arg;
	become(1001, 2001, 1, (gid_t[]){ 3001 });
	R("owner 0600", open("/tmp/own", O_RDWR));
	R("root's 0600", open("/tmp/root", O_RDONLY));
	R("group 0040, read", open("/tmp/grp", O_RDONLY));
	R("group 0040, write", open("/tmp/grp", O_WRONLY));
	R("owner 0077: none for the owner", open("/tmp/odd", O_RDONLY));
	R("access R_OK of it", access("/tmp/odd", R_OK));
	R("unlink of root's file in /tmp", unlink("/tmp/root"));
	R("chmod of root's file", chmod("/tmp/root", 0777));
	R("chown of my file to root", chown("/tmp/own", 0, -1));
	R("chgrp of my file to my group", chown("/tmp/own", -1, 3001));
	R("chgrp to a foreign group", chown("/tmp/own", -1, 99));
	R("mkdir in /", mkdir("/x", 0777));
	R("create in a folder without w", open("/tmp/dir/f", O_CREAT, 0600));
	R("through a folder without x", open("/tmp/shut/f", O_RDONLY));
	fd = open("/tmp/own", O_RDONLY);
	R("fchmod", fchmod(fd, 0640));
	R("unlink of my file", unlink("/tmp/own"));
}

static void make(const char *path, int mode, uid_t uid, gid_t gid)
{
	int fd = open(path, O_CREAT | O_RDWR | O_TRUNC, 0600);

	close(fd);
	chown(path, uid, gid);
	chmod(path, mode);
}

static void files(void)
{
	make("/tmp/own", 0600, 1001, 2001);
	make("/tmp/root", 0600, 0, 0);
	make("/tmp/grp", 0040, 5, 3001);
	make("/tmp/odd", 0077, 1001, 2001);
	mkdir("/tmp/dir", 0755);
	chmod("/tmp/dir", 0755);
	mkdir("/tmp/shut", 0700);
	make("/tmp/shut/f", 0666, 0, 0);
	child("files", file_rights, NULL);
	unlink("/tmp/root");
	unlink("/tmp/grp");
	unlink("/tmp/odd");
	unlink("/tmp/shut/f");
	rmdir("/tmp/shut");
	rmdir("/tmp/dir");
}

static void sessions(void *arg)
{
	pid_t pid;

	(void)arg;
	R("setpgid 0 0", setpgid(0, 0));
	fact("own group", getpgrp() == getpid());
	R("setsid as a group leader", setsid());
	pid = fork();
	if (pid == 0) {
		fact("the child inherits the group", getpgrp() == getppid());
		fact("setsid", setsid() == getpid());
		fact("own session, own group",
		     getsid(0) == getpid() && getpgid(0) == getpid());
		R("setpgid as session leader", setpgid(0, 0));
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	R("setpgid of a stranger", setpgid(1, 0));
	R("setpgid negative", setpgid(0, -5));
	R("getpgid of nobody", getpgid(99999));
	R("getsid of nobody", getsid(0x3fffffff));
}

static void signals(void *arg)
{
	(void)arg;
	become(1001, 1001, 0, NULL);
	R("kill of pid 1 as a user", kill(1, 0));
	R("kill of nobody", kill(0x3fffffff, 0));
	R("bad signal", kill(getpid(), 65));
	R("signal 0 to myself", kill(getpid(), 0));
	R("tkill -1", syscall(SYS_tkill, -1, 0));
}

static void limits(void *arg)
{
	struct rlimit rl, low = { 10, 20 }, bad = { 30, 20 };
	int i, fd = 0;

	(void)arg;
	R("no such limit", getrlimit(99, &rl));
	R("soft above hard", setrlimit(RLIMIT_NOFILE, &bad));
	R("lower", setrlimit(RLIMIT_NOFILE, &low));
	getrlimit(RLIMIT_NOFILE, &rl);
	say("now %d %d", (int)rl.rlim_cur, (int)rl.rlim_max);
	for (i = 0; fd >= 0 && i < 100; i++)
		fd = dup(1);
	say("descriptors end at RLIMIT_NOFILE: %s", err_name(errno));
	R("dup2 above it", dup2(1, 15));
	R("F_DUPFD above it", fcntl(1, F_DUPFD, 15));
	become(1001, 1001, 0, NULL);
	low.rlim_max = 21;
	R("raising the hard limit as a user", setrlimit(RLIMIT_NOFILE, &low));
	low.rlim_cur = low.rlim_max = 20;
	R("raising the soft one", setrlimit(RLIMIT_NOFILE, &low));
}

static void process_limit(void *arg)
{
	struct rlimit rl = { 3, 3 };
	pid_t pid;
	int n = 0, fds[2];
	char c;

	(void)arg;
	pipe(fds);
	setrlimit(RLIMIT_NPROC, &rl);
	become(4711, 4711, 0, NULL);
	while ((pid = fork()) > 0 && n < 10)
		n++;
	if (pid == 0) {
		close(fds[1]);
		read(fds[0], &c, 1);
		_exit(0);
	}
	say("RLIMIT_NPROC 3: %d children, then %s", n, err_name(errno));
	close(fds[1]);
	while (wait(NULL) > 0)
		;
	pid = fork();
	if (pid == 0)
		_exit(0);
	fact("usable afterwards", pid > 0);
	wait(NULL);
}

int main(void)
{
	child("as root", as_root, NULL);
	child("drops", drops, NULL);
	child("borrows", borrows, NULL);
	files();
	child("sessions", sessions, NULL);
	child("signals", signals, NULL);
	child("limits", limits, NULL);
	child("processes", process_limit, NULL);
	return 0;
}
