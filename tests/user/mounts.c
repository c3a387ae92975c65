/* SPDX-License-Identifier: MIT */
/* mount and umount: what they refuse, and with which error; a tmpfs of its
 * own, its options, its limit; .. and getcwd across mounts. On Linux in a
 * mount namespace of its own. */
#include "t.h"
#include <dirent.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statfs.h>

#define D "/tmp/mounts.d"
#define M D "/m"

static void put(const char *path, const char *text)
{
	int fd = creat(path, 0644);

	write(fd, text, strlen(text));
	close(fd);
}

static int no_root(const char *what)
{
	R(what, mount("x", M, "tmpfs", 0, NULL));
	R("no such type", mount("x", M, "nofs", 0, NULL));
	R("on nothing", mount("x", D "/zz", "tmpfs", 0, NULL));
	R("umount", umount(M));
	R("umount of nothing", umount(D "/zz"));
	R("umount of no mount", umount(D));
	R("bad flags come first", umount2(D "/zz", 0x100));
	return 0;
}

static void as_user(void *arg)
{
	become(1000, 1000, 0, NULL);
	no_root("a user's mount");
}

static void refused(void)
{
	R("no such type", mount("x", M, "nofs", 0, NULL));
	R("no type", mount("x", M, NULL, 0, NULL));
	R("on nothing", mount("x", D "/zz", "tmpfs", 0, NULL));
	R("on a file", mount("x", D "/file", "tmpfs", 0, NULL));
	R("through a file", mount("x", D "/file/x", "tmpfs", 0, NULL));
	R("bad address", mount("x", (char *)8, "tmpfs", 0, NULL));
	R("bad address of a type", mount("x", M, (char *)8, 0, NULL));
	R("a bad option", mount("x", M, "tmpfs", 0, "nosuch=1"));
	R("a bad size", mount("x", M, "tmpfs", 0, "size=abc"));
	R("a bad mode", mount("x", M, "tmpfs", 0, "mode=9"));
	R("umount of no mount", umount(M));
	R("umount of a file", umount(D "/file"));
	R("remount of no mount", mount("x", M, "tmpfs", MS_REMOUNT, NULL));
	child("without privilege", as_user, NULL);
}

static void options(void)
{
	struct stat st;
	struct statfs fs;

	R("mount", mount("mine", M, "tmpfs", MS_NOSUID | MS_NODEV,
			 "size=64k,mode=750,uid=5,gid=6"));
	stat(M, &st);
	say("mode %o, uid %d, gid %d", st.st_mode, st.st_uid, st.st_gid);
	statfs(M, &fs);
	say("type %#lx, %lu blocks, %lu free", (long)fs.f_type,
	    (long)fs.f_blocks, (long)fs.f_bfree);
	say("flags %#lx", (long)fs.f_flags & 0xf);
	fact("another device", ({
		     struct stat above;

		     stat(D, &above);
		     above.st_dev != st.st_dev;
	     }));
	R("hidden below", access(M "/below", F_OK));
}

static void limit(void)
{
	static char buf[32768];
	struct statfs fs;
	int fd = open(M "/full", O_RDWR | O_CREAT, 0644);

	V("32 KiB", write(fd, buf, sizeof(buf)));
	V("32 KiB more", write(fd, buf, sizeof(buf)));
	V("full", write(fd, buf, sizeof(buf)));
	V("within it", pwrite(fd, "x", 1, 0));
	V("a hole to fill", pwrite(fd, "x", 1, 200000));
	R("a longer hole", ftruncate(fd, 300000));
	statfs(M, &fs);
	say("%lu free", (long)fs.f_bfree);
	R("an empty file", close(open(M "/empty", O_CREAT | O_RDWR, 0644)));
	R("a folder", mkdir(M "/dir", 0755));
	R("cut", ftruncate(fd, 4096));
	V("usable afterwards", pwrite(fd, buf, 32768, 4096));
	statfs(M, &fs);
	say("%lu free", (long)fs.f_bfree);
	R("larger", mount("x", M, NULL, MS_REMOUNT, "size=128k"));
	V("room", pwrite(fd, buf, 32768, 40000));
	R("smaller than it is", mount("x", M, NULL, MS_REMOUNT, "size=8k"));
	close(fd);
	unlink(M "/full");
	statfs(M, &fs);
	say("%lu free", (long)fs.f_bfree);
}

static void busy(void)
{
	char cwd[200];
	int fd = open(M "/open", O_CREAT | O_RDWR, 0644);
	char *map;

	R("an open file", umount(M));
	unlink(M "/open");
	R("without a name", umount(M));
	ftruncate(fd, PAGE);
	map = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	R("a mapped one", umount(M));
	munmap(map, PAGE);
	chdir(M "/dir");
	R("who stands in it", umount(M));
	say("getcwd %s", getcwd(cwd, sizeof(cwd)));
	chdir("..");
	say(".. %s", getcwd(cwd, sizeof(cwd)));
	chdir("..");
	say(".. %s", getcwd(cwd, sizeof(cwd)));
	R("rmdir of it", rmdir(M));
	R("rename of it", rename(M, D "/n"));
	R("rename of the folder it is in", rename(D, D "2"));
	say("getcwd %s", getcwd(cwd, sizeof(cwd)));
	R("and back", rename(D "2", D));
	R("link into it", link(D "/file", M "/l"));
	R("rename into it", rename(D "/file", M "/l"));
	chdir("/");
}

static void nested(void)
{
	R("a second one over it", mount("over", M, "ramfs", 0, NULL));
	R("the first is hidden", access(M "/dir", F_OK));
	put(M "/f", "text");
	R("umount", umount(M));
	R("it is back", access(M "/dir", F_OK));
	R("one inside", mount("in", M "/dir", "tmpfs", 0, NULL));
	R("now the outer is busy", umount(M));
	R("rmdir of a mount", rmdir(M "/dir"));
	R("umount of the inner", umount2(M "/dir", UMOUNT_NOFOLLOW));
	symlink("m", D "/link");
	R("through a link, NOFOLLOW", umount2(D "/link", UMOUNT_NOFOLLOW));
	R("through a link", umount(D "/link"));
	R("again", umount(M));
	R("below", access(M "/below", F_OK));
	unlink(D "/link");
}

static void read_only(void)
{
	struct stat st;

	mount("ro", M, "tmpfs", 0, NULL);
	put(M "/f", "text");
	symlink("f", M "/l");
	R("read-only", mount("ro", M, NULL, MS_REMOUNT | MS_RDONLY, NULL));
	R("open to write", open(M "/f", O_WRONLY));
	R("open to read", close(open(M "/f", O_RDONLY)));
	R("O_TRUNC", open(M "/f", O_RDONLY | O_TRUNC));
	R("creat", creat(M "/new", 0644));
	R("O_CREAT of one that is there",
	  close(open(M "/f", O_RDONLY | O_CREAT, 0644)));
	R("mkdir", mkdir(M "/d", 0755));
	R("mkdir of one that is there", mkdir(M "/f", 0755));
	R("unlink", unlink(M "/f"));
	R("rename", rename(M "/f", M "/g"));
	R("link", link(M "/f", M "/g"));
	R("symlink", symlink("f", M "/g"));
	R("truncate", truncate(M "/f", 0));
	R("chmod", chmod(M "/f", 0600));
	R("chown", chown(M "/f", 1, 1));
	R("utimensat", utimensat(AT_FDCWD, M "/f", NULL, 0));
	R("access W_OK", access(M "/f", W_OK));
	R("access R_OK", access(M "/f", R_OK));
	R("writable again", mount("ro", M, NULL, MS_REMOUNT, NULL));
	put(M "/f", "longer text");
	stat(M "/f", &st);
	V("size", st.st_size);
	umount(M);
}

static void flags(void)
{
	int fd;

	mount("x", M, "tmpfs", MS_NOEXEC | MS_NODEV, NULL);
	put(M "/prog", "#!/bin/sh\n");
	chmod(M "/prog", 0755);
	R("noexec", execl(M "/prog", "prog", NULL));
	mknod(M "/null", S_IFCHR | 0666, 0x103);
	R("nodev", open(M "/null", O_RDWR));
	fd = open(M "/prog", O_RDWR);
	R("read-only while one is open to write",
	  mount("x", M, NULL, MS_REMOUNT | MS_RDONLY, NULL));
	close(fd);
	umount(M);
}

/* Lines of /proc/mounts and of mountinfo that are about M. */
static void lines(const char *file)
{
	FILE *f = fopen(file, "r");
	char line[1000];
	int n = 0;

	while (f && fgets(line, sizeof(line), f))
		n += strstr(line, D "/a\\040b") != NULL;
	if (f)
		fclose(f);
	say("%s: %d", file, n);
}

static void proc(void)
{
	mkdir(D "/a b", 0755);
	R("proc", mount("proc", D "/a b", "proc", 0, NULL));
	R("again", mount("proc", D "/a b", "proc", 0, NULL));
	R("self", access(D "/a b/self/stat", R_OK));
	R("creat", creat(D "/a b/x", 0644));
	lines("/proc/mounts");
	lines("/proc/self/mountinfo");
	R("umount", umount(D "/a b"));
	lines("/proc/mounts");
	R("umount", umount(D "/a b"));
	lines("/proc/mounts");
	rmdir(D "/a b");
}

static void many(void)
{
	char path[32];
	int i, done = 0;

	mount("x", M, "tmpfs", 0, "nr_inodes=10");
	for (i = 0; i < 20; i++) {
		snprintf(path, sizeof(path), M "/f%d", i);
		done += !close(creat(path, 0644));
	}
	say("of 20 files: %d", done);
	R("one more", creat(M "/g", 0644));
	unlink(M "/f0");
	R("after an unlink", close(creat(M "/g", 0644)));
	umount(M);
	for (i = 0; i < 50; i++)
		if (mount("x", M, "tmpfs", 0, NULL) || umount(M))
			break;
	say("mounted and unmounted %d times", i);
}

int main(void)
{
	unshare(CLONE_NEWNS); /* ENOSYS in Faultline */
	mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
	umask(022);
	R("mkdir " D, mkdir(D, 0755));
	mkdir(M, 0755);
	put(M "/below", "b");
	put(D "/file", "f");
	refused();
	options();
	limit();
	busy();
	nested();
	read_only();
	flags();
	proc();
	many();
	unlink(M "/below");
	unlink(D "/file");
	R("nothing is left", rmdir(M) | rmdir(D));
	return 0;
}
