/* SPDX-License-Identifier: MIT */
/* Files at the edges: long names, loops of links, holes, owners and rights,
 * times, locks, old calls, and calls that change nothing. */
#include "t.h"
#include <dirent.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <utime.h>

#define D "/dev/shm/files2.d"

static void put(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	write(fd, text, strlen(text));
	close(fd);
}

static mode_t mode_of(const char *path)
{
	struct stat st = { 0 };

	lstat(path, &st);
	return st.st_mode;
}

/* --- names -------------------------------------------------------------- */

static void names(void)
{
	static char path[5000];
	char name[260];
	int i;

	memset(name, 'n', sizeof(name));
	name[255] = 0;
	R("a name of 255 bytes", close(creat(name, 0644)));
	R("stat of it", access(name, F_OK));
	R("mkdir of the same", mkdir(name, 0755));
	R("unlink", unlink(name));
	name[255] = 'n';
	name[256] = 0;
	R("a name of 256 bytes", creat(name, 0644));
	R("mkdir", mkdir(name, 0755));
	R("stat", access(name, F_OK));
	R("symlink", symlink("a", name));
	R("rename to it", rename("a", name));
	R("as folder", access(strcat(name, "/x"), F_OK));
	memset(path, '/', sizeof(path));
	path[4095] = 0;
	R("4095 slashes", access(path, F_OK));
	path[4095] = '/';
	path[4096] = 0;
	R("4096 slashes", access(path, F_OK));
	for (i = 0; i < 4094; i += 2)
		memcpy(path + i, "./", 2);
	strcpy(path + 4094, "a");
	R("4095 bytes of ./", access(path, F_OK));
	R("a link to nothing's folder", symlink("no/such", "dangling"));
	R("creat through it", creat("dangling", 0644));
	symlink("b1", "b2");
	symlink("b2", "b1");
	R("a loop of two", access("b1", F_OK));
	R("as folder", access("b1/x", F_OK));
	R("creat", creat("b1", 0644));
	R("chdir", chdir("b1"));
	R("lstat", mode_of("b1") ? 0 : -1);
	R("link of a folder", link("sub", "sub2"));
	R("linkat of a loop, itself", linkat(-100, "b1", -100, "b3", 0));
	R("linkat of a loop, followed",
	  linkat(-100, "b1", -100, "b4", AT_SYMLINK_FOLLOW));
	R("linkat, bad flags", linkat(-100, "b1", -100, "b4", 1));
}

static void chains(void)
{
	char from[16], to[16];
	int i;

	for (i = 0; i < 42; i++) {
		snprintf(from, sizeof(from), "l%d", i);
		snprintf(to, sizeof(to), i ? "l%d" : "a", i - 1);
		symlink(to, from);
	}
	R("40 links", access("l39", F_OK));
	R("41 links", access("l40", F_OK));
	for (i = 0; i < 42; i++) {
		snprintf(from, sizeof(from), "l%d", i);
		unlink(from);
	}
}

/* --- renames ------------------------------------------------------------ */

static void renames(void)
{
	mkdir("d1", 0755);
	mkdir("d1/d2", 0755);
	put("d1/f", "f", 0644);
	R("a folder below itself", rename("d1", "d1/d2/d3"));
	R("a folder over its child", rename("d1/d2", "d1"));
	R("a file with a slash", rename("d1/f/", "g"));
	R("to a name with a slash", rename("d1/f", "g/"));
	R("a folder to a name with a slash", rename("d1", "d4/"));
	R("rename of .", rename("d4/.", "d5"));
	R("rename to ..", rename("d4", "d4/.."));
	R("rename of /", rename("/", "d5"));
	R("across file systems", rename("a", "/tmp/files2.a"));
	R("link across", link("a", "/tmp/files2.a"));
	link("d4/f", "f2");
	R("two names of one file", rename("d4/f", "f2"));
	R("both remain", access("d4/f", F_OK) | access("f2", F_OK));
	R("a link, not its target", rename("dangling", "dangling2"));
	R("lchown of the link", lchown("dangling2", 0, 0));
	unlink("f2");
	unlink("d4/f");
	rmdir("d4/d2");
	R("rmdir with a slash", rmdir("d4/"));
	rename("dangling2", "dangling");
}

/* --- sizes -------------------------------------------------------------- */

static void holes(void)
{
	static char buf[4 * PAGE], zero[PAGE];
	struct stat st;
	int fd = open("hole", O_RDWR | O_CREAT | O_TRUNC, 0644);

	V("pwrite at 1 MiB", pwrite(fd, "x", 1, 1 << 20));
	fstat(fd, &st);
	V("size", st.st_size);
	V("blocks", st.st_blocks);
	V("read of the hole", pread(fd, buf, PAGE, 5000));
	fact("it is zero", !memcmp(buf, zero, PAGE));
	V("SEEK_DATA", lseek(fd, 0, SEEK_DATA));
	V("SEEK_HOLE", lseek(fd, 0, SEEK_HOLE));
	V("SEEK_HOLE from data", lseek(fd, 1 << 20, SEEK_HOLE));
	R("SEEK_DATA at the end", lseek(fd, (1 << 20) + 1, SEEK_DATA));
	R("SEEK_DATA below 0", lseek(fd, -1, SEEK_DATA));
	R("cut into the hole", ftruncate(fd, 10000));
	fstat(fd, &st);
	V("blocks", st.st_blocks);
	R("and longer again", ftruncate(fd, 2 << 20));
	V("the byte is gone", pread(fd, buf, 1, 1 << 20));
	fact("zero", !buf[0]);
	R("SEEK_DATA in a hole", lseek(fd, 0, SEEK_DATA));
	memset(buf, 'z', sizeof(buf));
	V("write over a page's end", pwrite(fd, buf, 2 * PAGE, PAGE / 2));
	fstat(fd, &st);
	V("blocks", st.st_blocks);
	close(fd);
	unlink("hole");
}

static void sizes(void)
{
	int fd = open("big", O_RDWR | O_CREAT | O_TRUNC, 0644);
	struct iovec iov = { "abc", 3 };

	R("pwrite below 0", syscall(SYS_pwrite64, fd, "x", 1, -1, -1));
	R("ftruncate64 below 0", syscall(SYS_ftruncate64, fd, -1, -1));
	R("lseek below 0", syscall(SYS_lseek, fd, -1, SEEK_SET));
	V("preadv", preadv(fd, &iov, 0, 0));
	V("pwritev", pwritev(fd, &iov, 1, 10));
	R("pwritev below 0", syscall(SYS_pwritev, fd, &iov, 1, -1, -1));
	close(fd);
	unlink("big");
}

/* --- owners and rights -------------------------------------------------- */

static void suid_bits(void)
{
	put("s", "#!/bin/sh\n", 0755);
	chmod("s", 06755);
	say("mode %o", mode_of("s"));
	chown("s", 0, 0);
	say("chown by root takes set-id bits: %o", mode_of("s"));
	chmod("s", 02644);
	chown("s", -1, -1);
	say("without x a set-group-id bit stays: %o", mode_of("s"));
	chmod("s", 06777);
	chown("s", 1000, 1000);
	chmod("s", 06777);
}

static void as_user(void *arg)
{
	int fd;

	become(1000, 1000, 0, NULL);
	R("open for writing", fd = open("s", O_WRONLY));
	V("write", write(fd, "x", 1));
	say("a write takes them: %o", mode_of("s"));
	chmod("s", 02755);
	R("chown to a group not mine", chown("s", -1, 1));
	R("chown to my group", chown("s", -1, 1000));
	say("mode %o", mode_of("s"));
	R("chown to my user", chown("s", 1000, -1));
	R("giving it away", chown("s", 1001, -1));
	R("chmod of a file of root", chmod("a", 0777));
	R("chown of a file of root", chown("a", -1, 1000));
	R("chroot", chroot("."));
	R("mknod of a device", mknod("dev", S_IFCHR | 0666, 0x103));
	R("mknod of a FIFO, no right here", mkfifo("p", 0600));
	R("unlink from another's folder", unlink("a"));
	R("times of another's file", utime("a", NULL));
	R("times, given", utime("a", &(struct utimbuf){ 1, 2 }));
	R("link of a file I own", link("s", "pub/s2"));
	R("rename in a sticky folder", rename("pub/root", "pub/mine"));
	R("unlink in a sticky folder", unlink("pub/root"));
	R("rmdir in a sticky folder", rmdir("pub/rootdir"));
	R("my own", unlink("pub/s2"));
	R("rename over root's", rename("pub/own", "pub/root"));
	R("opening 0200 to read", open("pub/secret", O_RDONLY));
	R("O_CREAT of it", open("pub/secret", O_RDONLY | O_CREAT, 0600));
	R("O_PATH of it", close(open("pub/secret", O_PATH)));
	R("a folder without x", access("shut/f", F_OK));
	R("a folder without r", open("blind", O_RDONLY));
	R("a name in it", access("blind/f", F_OK));
}

static void rights(void)
{
	suid_bits();
	mkdir("pub", 0777);
	chmod("pub", 01777);
	mkdir("pub/rootdir", 0777);
	put("pub/root", "r", 0666);
	put("pub/own", "o", 0666);
	chown("pub/own", 1000, 1000);
	put("pub/secret", "s", 0200);
	mkdir("shut", 0644);
	put("shut/f", "f", 0644);
	mkdir("blind", 0711);
	put("blind/f", "f", 0644);
	child("a user", as_user, NULL);
	unlink("pub/root");
	unlink("pub/own");
	unlink("pub/secret");
	unlink("shut/f");
	unlink("blind/f");
	rmdir("pub/rootdir");
	rmdir("pub");
	rmdir("shut");
	rmdir("blind");
	unlink("s");
}

/* access(2) asks for the real ids, open(2) for the effective ones. */
static void real_ids(void *arg)
{
	setgroups(0, NULL);
	setresgid(0, 1000, 0);
	setresuid(0, 1000, 0);
	R("effective 1000: open", open("only", O_RDONLY));
	R("access", access("only", R_OK));
	setresuid(1000, 0, 0);
	R("real 1000: open", close(open("only", O_RDONLY)));
	R("access", access("only", R_OK));
}

static void groups(void *arg)
{
	gid_t list[] = { 5, 77, 6 };
	struct stat st;

	become(1000, 1000, 3, list);
	R("of my third group", close(open("grp", O_RDWR)));
	close(creat("sgid/new", 0644));
	stat("sgid/new", &st);
	V("a set-group-id folder gives its group", st.st_gid);
	mkdir("sgid/dir", 0755);
	say("and the bit to folders: %o", mode_of("sgid/dir"));
	R("chown to a group of mine", chown("sgid/new", -1, 6));
	umask(027);
	close(creat("sgid/masked", 0666));
	say("umask 027: %o", mode_of("sgid/masked"));
	unlink("sgid/new");
	unlink("sgid/masked");
	rmdir("sgid/dir");
}

static void ids(void)
{
	put("only", "root", 0600);
	put("grp", "g", 0660);
	chown("grp", 0, 77);
	mkdir("sgid", 0777);
	chown("sgid", 0, 6);
	chmod("sgid", 02777);
	child("real and effective ids", real_ids, NULL);
	child("supplementary groups", groups, NULL);
	unlink("only");
	unlink("grp");
	rmdir("sgid");
}

/* --- times -------------------------------------------------------------- */

static void show_times(const char *path)
{
	struct stat st;

	lstat(path, &st);
	say("%s: %lld.%09ld %lld.%09ld", path, (long long)st.st_atim.tv_sec,
	    st.st_atim.tv_nsec, (long long)st.st_mtim.tv_sec,
	    st.st_mtim.tv_nsec);
}

static void times(void)
{
	struct timespec ts[2] = { { 1000, 1 }, { 2000, 2 } };
	struct timeval tv[2] = { { 3, 4 }, { 5, 6 } };
	int fd = open("a", O_RDWR);

	R("utimensat", utimensat(AT_FDCWD, "a", ts, 0));
	show_times("a");
	ts[0].tv_nsec = UTIME_OMIT;
	ts[1].tv_sec = 7;
	R("futimens, OMIT", futimens(fd, ts));
	show_times("a");
	ts[1].tv_nsec = 1000000000;
	R("a second of nanoseconds", futimens(fd, ts));
	R("utimes", utimes("a", tv));
	show_times("a");
	tv[0].tv_usec = 1000000;
	R("a second of microseconds", utimes("a", tv));
	R("utime", utime("a", &(struct utimbuf){ 11, 12 }));
	show_times("a");
	ts[0] = ts[1] = (struct timespec){ 42, 0 };
	R("of a link itself",
	  utimensat(AT_FDCWD, "dangling", ts, AT_SYMLINK_NOFOLLOW));
	show_times("dangling");
	R("followed", utimensat(AT_FDCWD, "dangling", ts, 0));
	R("bad flags", utimensat(AT_FDCWD, "a", ts, 0x80));
	R("bad descriptor", futimens(77, ts));
	R("both omitted, no such file",
	  utimensat(AT_FDCWD, "zz",
		    (struct timespec[]){ { 0, UTIME_OMIT },
					 { 0, UTIME_OMIT } },
		    0));
	close(fd);
}

/* --- locks -------------------------------------------------------------- */

static int lock(int fd, int cmd, short type, off_t start, off_t len)
{
	struct flock fl = { type, SEEK_SET, start, len, 0 };

	return fcntl(fd, cmd, &fl);
}

static void say_lock(int fd, off_t start, off_t len)
{
	struct flock fl = { F_WRLCK, SEEK_SET, start, len, 0 };

	if (fcntl(fd, F_GETLK, &fl))
		say("F_GETLK: %s", err_name(errno));
	else if (fl.l_type == F_UNLCK)
		say("%ld+%ld: free", (long)start, (long)len);
	else
		say("%ld+%ld: %s of the parent %d, %ld+%ld", (long)start,
		    (long)len, fl.l_type == F_WRLCK ? "exclusive" : "shared",
		    fl.l_pid == getppid(), (long)fl.l_start, (long)fl.l_len);
}

static void other_locker(void *arg)
{
	int fd = open("lk", O_RDWR);

	say_lock(fd, 0, 10);
	say_lock(fd, 10, 10);
	say_lock(fd, 20, 10);
	say_lock(fd, 30, 10);
	R("shared over exclusive", lock(fd, F_SETLK, F_RDLCK, 15, 1));
	R("shared beside it", lock(fd, F_SETLK, F_RDLCK, 35, 5));
	R("exclusive over shared", lock(fd, F_SETLK, F_WRLCK, 25, 1));
	R("shared over shared", lock(fd, F_SETLK, F_RDLCK, 25, 1));
	R("flock does not meet them", flock(fd, LOCK_EX | LOCK_NB));
}

static void waiting_locker(void *arg)
{
	int fd = open("lk", O_RDWR);

	write(*(int *)arg, "w", 1);
	R("F_SETLKW", lock(fd, F_SETLKW, F_WRLCK, 0, 0));
}

static void locks(void)
{
	int fd = open("lk", O_RDWR | O_CREAT, 0644), other, p[2], status;
	pid_t pid;
	char c;

	R("exclusive 10+10", lock(fd, F_SETLK, F_WRLCK, 10, 10));
	R("shared 20+20", lock(fd, F_SETLK, F_RDLCK, 20, 20));
	R("30+10 given up", lock(fd, F_SETLK, F_UNLCK, 30, 10));
	R("exclusive 12+2 again", lock(fd, F_SETLK, F_WRLCK, 12, 2));
	child("another", other_locker, NULL);
	R("bad type", lock(fd, F_SETLK, 7, 0, 1));
	R("start below 0", lock(fd, F_SETLK, F_RDLCK, -1, 1));
	R("F_GETLK of F_UNLCK", lock(fd, F_GETLK, F_UNLCK, 0, 1));
	other = open("lk", O_RDONLY);
	R("exclusive, not open to write", lock(other, F_SETLK, F_WRLCK, 0, 1));
	close(other); /* and every lock of this process on the file is gone */
	pipe(p);
	lock(fd, F_SETLK, F_WRLCK, 5, 1);
	pid = fork();
	if (!pid) {
		waiting_locker(&p[1]);
		_exit(0);
	}
	read(p[0], &c, 1);
	until_asleep(pid);
	lock(fd, F_SETLK, F_UNLCK, 0, 0);
	waitpid(pid, &status, 0);
	say("the waiter: %s", status_name(status));
	close(p[0]);
	close(p[1]);
	close(fd);
}

static void flocks(void)
{
	int fd = open("lk", O_RDONLY), two = open("lk", O_RDONLY), d = dup(fd);

	R("LOCK_EX", flock(fd, LOCK_EX));
	R("another open file", flock(two, LOCK_SH | LOCK_NB));
	R("the same by dup", flock(d, LOCK_SH | LOCK_NB));
	R("now two shared", flock(two, LOCK_SH | LOCK_NB));
	R("no upgrade", flock(two, LOCK_EX | LOCK_NB));
	close(fd);
	R("the other descriptor still holds it", flock(two, LOCK_EX | LOCK_NB));
	close(d);
	R("the last has gone", flock(two, LOCK_EX | LOCK_NB));
	R("LOCK_UN", flock(two, LOCK_UN));
	R("bad operation", flock(two, 77));
	close(two);
	R("closed descriptor", flock(two, LOCK_SH));
	unlink("lk");
}

/* --- old calls, and calls that change nothing --------------------------- */

struct old_dirent {
	unsigned long ino, off;
	unsigned short reclen;
	char name[];
};

static void old_calls(void)
{
	unsigned char buf[1024];
	unsigned seen = 0, types = 0;
	int fd = open(".", O_RDONLY), n, i;
	unsigned short *st = (void *)buf;
	unsigned *sf = (void *)buf;

	n = syscall(SYS_getdents, fd, buf, sizeof(buf));
	for (i = 0; i < n;) {
		struct old_dirent *d = (void *)(buf + i);

		if (!strcmp(d->name, "a")) {
			seen++;
			types = buf[i + d->reclen - 1];
		}
		i += d->reclen;
	}
	say("getdents: \"a\" %u times, type %u", seen, types);
	R("getdents, 4 bytes", (lseek(fd, 0, 0),
				syscall(SYS_getdents, fd, buf, 4)));
	R("getdents of a file", syscall(SYS_getdents, 0, buf, 100));
	close(fd);
	R("old stat", syscall(SYS_stat, "a", buf));
	say("mode %o, links %d", st[4], st[5]);
	R("old lstat", syscall(SYS_lstat, "dangling", buf));
	say("mode %o", st[4]);
	R("old fstat", syscall(SYS_fstat, 77, buf));
	R("old statfs", syscall(SYS_statfs, ".", buf));
	say("type %#x, block size %u, name length %u", sf[0], sf[1], sf[9]);
}

static void advice(void)
{
	int fd = open("a", O_RDWR), p[2];
	char text[16];

	pipe(p);
	R("posix_fadvise", posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED));
	V("of a pipe", posix_fadvise(p[0], 0, 0, POSIX_FADV_NORMAL));
	V("unknown advice", posix_fadvise(fd, 0, 0, 99));
	R("readahead", readahead(fd, 0, 100));
	R("sync_file_range", sync_file_range(fd, 0, 0, 2));
	R("bad flags", sync_file_range(fd, 0, 0, 64));
	R("of a pipe", sync_file_range(p[0], 0, 0, 0));
	R("syncfs", syncfs(fd));
	R("syncfs of a closed one", syncfs(77));
	R("fallocate, no bytes", fallocate(fd, 0, 0, 0));
	R("fallocate of a pipe", fallocate(p[1], 0, 0, 5));
	V("posix_fallocate", posix_fallocate(fd, 0, 100));
	fact("no attribute", getxattr("a", "user.x", text, 16) < 0);
	R("of nothing", getxattr("zz", "user.x", text, 16));
	R("removexattr of nothing", removexattr("zz", "user.x"));
	V("listxattr", listxattr("a", text, 16));
	V("flistxattr of a closed one", flistxattr(77, text, 16));
	close(p[0]);
	close(p[1]);
	close(fd);
}

static void jail(void *arg)
{
	char cwd[64];

	mkdir("jail", 0755);
	mkdir("jail/in", 0755);
	put("jail/in/f", "f", 0644);
	R("chroot to a file", chroot("a"));
	R("chroot to nothing", chroot("zz"));
	R("chroot", chroot("jail"));
	R("the folder outside is still .", access("jail/in/f", F_OK));
	R("chdir /", chdir("/"));
	say("getcwd %s", getcwd(cwd, sizeof(cwd)));
	R("..", chdir("../../.."));
	R("inside", access("in/f", F_OK));
	R("outside", access("/dev/shm", F_OK));
	R("unlink", unlink("/in/f"));
	R("rmdir", rmdir("/in"));
}

static void copies(void)
{
	int in = open("a", O_RDONLY), out = creat("copy", 0644), n;
	char buf[16];

	/* both may be unknown, and then say so */
	n = sendfile(out, in, NULL, 3);
	fact("sendfile", n == 3 || errno == ENOSYS || errno == EINVAL);
	n = copy_file_range(in, NULL, out, NULL, 3, 0);
	fact("copy_file_range", n >= 0 || errno == ENOSYS);
	fact("faccessat2 or its substitute",
	     !faccessat(AT_FDCWD, "a", R_OK, AT_SYMLINK_NOFOLLOW));
	fact("fchmodat, no follow", !fchmodat(AT_FDCWD, "copy", 0600,
					      AT_SYMLINK_NOFOLLOW));
	say("mode %o", mode_of("copy"));
	V("/proc/self/fd leads to the file",
	  readlink("/proc/self/fd/0", buf, sizeof(buf)) > 0);
	close(in);
	close(out);
	unlink("copy");
}

int main(void)
{
	umask(022);
	R("mkdir " D, mkdir(D, 0755));
	chdir(D);
	put("a", "0123456789", 0644);
	mkdir("sub", 0755);
	names();
	chains();
	renames();
	holes();
	sizes();
	rights();
	ids();
	times();
	locks();
	flocks();
	old_calls();
	advice();
	copies();
	child("a jail", jail, NULL);
	rmdir("jail");
	unlink("a");
	unlink("b1");
	unlink("b2");
	unlink("b3");
	unlink("dangling");
	rmdir("sub");
	chdir("/");
	R("nothing is left", rmdir(D));
	return 0;
}
