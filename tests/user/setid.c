/* SPDX-License-Identifier: MIT */
/* Set-user-id and set-group-id programs: whom they run as, who may be what
 * afterwards, and where the bits mean nothing. */
#include "t.h"
#include <sys/auxv.h>

#define X "/tmp/setid.x"
#define S "/tmp/setid.sh"

static void show(void)
{
	uid_t r, e, s;

	getresuid(&r, &e, &s);
	say("  uid %d %d %d", r, e, s);
	getresgid(&r, &e, &s);
	say("  gid %d %d %d", r, e, s);
	say("  secure %ld, AT_EUID %ld, AT_EGID %ld", getauxval(AT_SECURE),
	    getauxval(AT_EUID), getauxval(AT_EGID));
	say("  groups %d", getgroups(0, NULL));
	R("  open what the owner may", close(open("/tmp/setid.f", O_RDONLY)));
	R("  access asks for the real ids", access("/tmp/setid.f", R_OK));
	R("  back to the real user", seteuid(getuid()));
	R("  and to the saved one", seteuid(s == 1000 ? 1000 : e));
	R("  given up for good", setresuid(getuid(), getuid(), getuid()));
	getresuid(&r, &e, &s);
	say("  uid %d %d %d", r, e, s);
}

static void run(void *arg)
{
	gid_t list[] = { 44 };

	become(1001, 1001, 1, list);
	execl(arg, arg, "show", NULL);
	say("exec: %s", err_name(errno));
}

static void copy_self(void)
{
	static char buf[65536];
	int in = open("/proc/self/exe", O_RDONLY), n;
	int out = open(X, O_WRONLY | O_CREAT | O_TRUNC, 0755);

	while ((n = read(in, buf, sizeof(buf))) > 0)
		write(out, buf, n);
	close(in);
	close(out);
}

static void with_mode(const char *what, uid_t uid, gid_t gid, mode_t mode)
{
	chown(X, uid, gid);
	chmod(X, mode);
	child(what, run, X);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc > 1) {
		show();
		return 0;
	}
	copy_self();
	fd = open("/tmp/setid.f", O_WRONLY | O_CREAT, 0600);
	fchown(fd, 1000, 1000);
	close(fd);
	with_mode("no bit", 1000, 1000, 0755);
	with_mode("set-user-id", 1000, 1000, 04755);
	with_mode("set-group-id", 1000, 1000, 02755);
	with_mode("both", 1000, 1000, 06755);
	with_mode("set-group-id without x for the group", 1000, 1000, 02745);
	with_mode("set-user-id of root", 0, 0, 04755);
	with_mode("of the user himself", 1001, 1001, 06755);
	with_mode("not for him", 1000, 1000, 04750);
	fd = open(S, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	dprintf(fd, "#!" X "\n");
	fchown(fd, 1000, 1000);
	fchmod(fd, 06755);
	close(fd);
	chmod(X, 0755);
	child("the bits of a script", run, S);
	unlink(X);
	unlink(S);
	unlink("/tmp/setid.f");
	return 0;
}
