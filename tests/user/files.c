/* SPDX-License-Identifier: MIT */
/* Files and names: open, read, write, seek, link, rename, their errors. */
#include "t.h"
#include <dirent.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#define D "/dev/shm/files.d"

static void cleanup(void)
{
	static const char *const left[] = {
		D "/a",	   D "/b",	D "/c",	   D "/sub/f",	  D "/link",
		D "/loop", D "/sub2/f", D "/hard", D "/dangling",
	};

	for (size_t i = 0; i < COUNT(left); i++)
		unlink(left[i]);
	rmdir(D "/sub");
	rmdir(D "/sub2");
	rmdir(D "/empty");
	rmdir(D);
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	write(fd, text, strlen(text));
	close(fd);
}

static void show(const char *path)
{
	char text[64];

	if (file_read(path, text, sizeof(text)) < 0)
		say("%s: %s", path + strlen(D), err_name(errno));
	else
		say("%s: [%s]", path + strlen(D), text);
}

static void opening(void)
{
	char name[300];
	int fd;

	R("no such file", open(D "/a", O_RDONLY));
	R("create", fd = open(D "/a", O_WRONLY | O_CREAT | O_EXCL, 0644));
	R("EXCL", open(D "/a", O_WRONLY | O_CREAT | O_EXCL, 0644));
	R("read of a write-only", read(fd, name, 1));
	close(fd);
	R("a folder to write", open(D, O_WRONLY));
	R("a folder to read", close(open(D, O_RDONLY | O_DIRECTORY)));
	R("O_CREAT of a folder", open(D, O_RDONLY | O_CREAT, 0644));
	R("O_DIRECTORY of a file", open(D "/a", O_RDONLY | O_DIRECTORY));
	R("a file as folder", open(D "/a/x", O_RDONLY));
	R("a slash behind a file", open(D "/a/", O_RDONLY));
	R("an empty name", open("", O_RDONLY));
	memset(name, 'n', 299);
	memcpy(name, D "/", strlen(D) + 1);
	name[299] = 0;
	R("a name of 286 bytes", open(name, O_RDONLY | O_CREAT, 0600));
	R("bad address", open((char *)8, O_RDONLY));
	R("O_TRUNC", close(open(D "/a", O_RDWR | O_TRUNC)));
	R("write to read-only", write(fd = open(D "/a", O_RDONLY), "x", 1));
	close(fd);
	R("closed descriptor", read(fd, name, 1));
	R("close it again", close(fd));
	R("descriptor -1", read(-1, name, 1));
	R("descriptor 0x7fffffff", close(0x7fffffff));
}

static void reading(void)
{
	char buf[32] = "";
	struct iovec iov[3] = { { buf, 2 }, { NULL, 0 }, { buf + 10, 3 } };
	int fd = open(D "/a", O_RDWR | O_TRUNC), i;

	V("write", write(fd, "0123456789", 10));
	V("seek 3", lseek(fd, 3, SEEK_SET));
	V("read 4", read(fd, buf, 4));
	say("%s", buf);
	V("seek +1", lseek(fd, 1, SEEK_CUR));
	V("seek -2 from the end", lseek(fd, -2, SEEK_END));
	V("read 10", read(fd, buf, 10));
	V("at the end", read(fd, buf, 10));
	R("seek below 0", lseek(fd, -1, SEEK_SET));
	R("bad whence", lseek(fd, 0, 9));
	V("seek behind the end", lseek(fd, 10000, SEEK_SET));
	V("read there", read(fd, buf, 10));
	V("write there", write(fd, "x", 1));
	V("size", lseek(fd, 0, SEEK_END));
	for (i = 0, lseek(fd, 5000, SEEK_SET); i < 32; i++)
		buf[i] = 'q';
	read(fd, buf, 32);
	for (i = 0; i < 32 && !buf[i]; i++)
		;
	say("the hole has %d zeros", i);
	V("pread", pread(fd, buf, 3, 2));
	V("pwrite", pwrite(fd, "AB", 2, 1));
	R("pread below 0", syscall(SYS_pread64, fd, buf, 1, -1, -1));
	lseek(fd, 0, SEEK_SET);
	V("readv", readv(fd, iov, 3));
	say("%.2s %.3s", buf, buf + 10);
	V("writev", writev(fd, iov, 3));
	R("readv, 2000 parts", readv(fd, iov, 2000));
	R("readv, -1 parts", syscall(SYS_readv, fd, iov, -1));
	R("readv, bad address", syscall(SYS_readv, fd, 8, 1));
	iov[1].iov_len = 0x80000000u;
	R("readv, a huge part", readv(fd, iov, 3));
	R("ftruncate 5", ftruncate(fd, 5));
	V("size", lseek(fd, 0, SEEK_END));
	R("ftruncate -1", ftruncate(fd, -1));
	R("truncate by name", truncate(D "/a", 3));
	R("truncate of a folder", truncate(D, 3));
	R("truncate of nothing", truncate(D "/zz", 3));
	close(fd);
	fd = open(D "/a", O_WRONLY | O_APPEND);
	lseek(fd, 0, SEEK_SET);
	write(fd, "end", 3);
	close(fd);
	show(D "/a");
}

static void descriptors(void)
{
	int fd = open(D "/a", O_RDONLY), other, third;
	char c[2] = "";

	other = dup(fd);
	fact("dup gives the lowest", other == fd + 1);
	read(fd, c, 1);
	read(other, c + 1, 1);
	say("dup shares the position: %c%c", c[0], c[1]);
	fact("dup2 onto itself", dup2(fd, fd) == fd);
	fact("dup2 to 30", dup2(fd, 30) == 30);
	R("dup2 of a closed one", dup2(55, 30));
	R("dup3 onto itself", dup3(fd, fd, 0));
	R("dup3, bad flags", dup3(fd, 31, 0x10));
	third = fcntl(fd, F_DUPFD, 40);
	fact("F_DUPFD from 40", third == 40);
	V("F_GETFD", fcntl(fd, F_GETFD));
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	V("after F_SETFD", fcntl(fd, F_GETFD));
	V("the duplicate has its own", fcntl(other, F_GETFD));
	V("F_DUPFD_CLOEXEC", fcntl(fcntl(fd, F_DUPFD_CLOEXEC, 50), F_GETFD));
	V("flags", fcntl(fd, F_GETFL) & O_ACCMODE);
	R("set O_NONBLOCK", fcntl(fd, F_SETFL, O_NONBLOCK));
	fact("seen by the duplicate", fcntl(other, F_GETFL) & O_NONBLOCK);
	R("unknown fcntl", fcntl(fd, 4711));
	R("fcntl of a closed one", fcntl(55, F_GETFD));
	R("isatty", ioctl(fd, 0x5401, c));
	close(fd);
	close(other);
	close(third);
	close(30);
	close(50);
}

static void names(void)
{
	struct stat st;

	put(D "/a", "A");
	put(D "/b", "B");
	R("rename", rename(D "/a", D "/c"));
	show(D "/a");
	show(D "/c");
	R("rename over a file", rename(D "/b", D "/c"));
	show(D "/c");
	R("rename of nothing", rename(D "/zz", D "/c"));
	R("rename onto itself", rename(D "/c", D "/c"));
	R("mkdir", mkdir(D "/sub", 0755));
	R("mkdir again", mkdir(D "/sub", 0755));
	R("mkdir below nothing", mkdir(D "/no/sub", 0755));
	R("a file over a folder", rename(D "/c", D "/sub"));
	R("a folder over a file", rename(D "/sub", D "/c"));
	R("a folder into itself", rename(D "/sub", D "/sub/x"));
	R("into a folder", rename(D "/c", D "/sub/f"));
	R("rmdir of a full one", rmdir(D "/sub"));
	R("mkdir empty", mkdir(D "/empty", 0755));
	R("a folder over a full one", rename(D "/empty", D "/sub"));
	R("a folder over an empty one", rename(D "/sub", D "/empty"));
	show(D "/empty/f");
	R("back", rename(D "/empty", D "/sub"));
	R("rmdir of a file", rmdir(D "/sub/f"));
	R("unlink of a folder", unlink(D "/sub"));
	R("unlink of nothing", unlink(D "/zz"));
	R("rmdir .", rmdir(D "/sub/."));
	R("rmdir ..", rmdir(D "/sub/.."));
	stat(D "/sub", &st);
	say("a folder has %d links, mode %o", (int)st.st_nlink, st.st_mode);
	R("rename, NOREPLACE",
	  syscall(SYS_renameat2, -100, D "/sub/f", -100, D "/sub", 1));
}

static void links(void)
{
	struct stat st, other;
	char text[64];
	int i;

	put(D "/a", "linked");
	R("link", link(D "/a", D "/hard"));
	stat(D "/hard", &st);
	stat(D "/a", &other);
	say("%d links, the same file: %d", (int)st.st_nlink,
	    st.st_ino == other.st_ino && st.st_dev == other.st_dev);
	R("link again", link(D "/a", D "/hard"));
	R("link of a folder", link(D "/sub", D "/sub3"));
	unlink(D "/a");
	show(D "/hard");
	R("symlink", symlink("hard", D "/link"));
	show(D "/link");
	V("readlink", readlink(D "/link", text, sizeof(text)));
	V("readlink, 2 bytes", readlink(D "/link", text, 2));
	R("readlink, 0 bytes", readlink(D "/link", text, 0));
	R("readlink of a file", readlink(D "/hard", text, 9));
	lstat(D "/link", &st);
	say("lstat: a link %d, size %d", S_ISLNK(st.st_mode), (int)st.st_size);
	R("O_NOFOLLOW", open(D "/link", O_RDONLY | O_NOFOLLOW));
	symlink("loop", D "/loop");
	R("a loop", open(D "/loop", O_RDONLY));
	symlink("gone", D "/dangling");
	R("a dangling link", open(D "/dangling", O_RDONLY));
	R("O_EXCL of it", open(D "/dangling", O_CREAT | O_EXCL, 0600));
	R("through a link to a file", open(D "/link/x", O_RDONLY));
	R("an empty target", symlink("", D "/b"));
	for (i = 0; i < 3; i++)
		show(i == 0   ? D "/./hard"
		     : i == 1 ? D "/sub/../hard"
			      : D "//hard");
}

static void deleted(void)
{
	int fd = open(D "/a", O_RDWR | O_CREAT, 0600);
	char text[8] = "";
	struct stat st;

	write(fd, "ghost", 5);
	unlink(D "/a");
	R("the name is gone", open(D "/a", O_RDONLY));
	V("the file is not", pread(fd, text, 5, 0));
	fstat(fd, &st);
	say("%s, %d links", text, (int)st.st_nlink);
	close(fd);
}

static void folders(void)
{
	char cwd[64], small[4];
	struct dirent *entry;
	int n = 0, dots = 0, fd;
	DIR *dir;

	R("chdir", chdir(D "/sub"));
	say("%s", getcwd(cwd, sizeof(cwd)) ? cwd : "no cwd");
	R("getcwd into 4 bytes", syscall(SYS_getcwd, small, 4));
	R("chdir ..", chdir(".."));
	say("%s", getcwd(cwd, sizeof(cwd)) ? cwd : "no cwd");
	R("chdir to a file", chdir("hard"));
	R("chdir to nothing", chdir("zz"));
	fd = open("sub", O_RDONLY);
	R("fchdir", fchdir(fd));
	R("openat", close(openat(fd, "f", O_RDONLY)));
	R("openat of a bad descriptor", openat(77, "f", O_RDONLY));
	R("openat, absolute", close(openat(77, D "/sub/f", O_RDONLY)));
	R("read of a folder", read(fd, cwd, 10));
	close(fd);
	chdir(D);
	for (n = 0; n < 100; n++) {
		snprintf(cwd, sizeof(cwd), "sub/%d", n);
		put(cwd, "");
	}
	dir = opendir("sub");
	for (n = 0; (entry = readdir(dir)); n++)
		dots += entry->d_name[0] == '.';
	closedir(dir);
	say("%d entries, of which %d dots", n, dots);
	for (n = 0; n < 100; n++) {
		snprintf(cwd, sizeof(cwd), "sub/%d", n);
		unlink(cwd);
	}
	chdir("/");
	say("above the root: %s",
	    chdir("../..") ? "no" : getcwd(cwd, sizeof(cwd)));
}

static void rights_and_times(void)
{
	struct timespec times[2] = { { 1000000000, 5 }, { 1100000000, 7 } };
	struct stat st;
	mode_t old = umask(027);

	close(open(D "/b", O_CREAT | O_WRONLY, 0666));
	stat(D "/b", &st);
	say("umask 027 makes 0666 %o", st.st_mode & 07777);
	umask(old);
	R("chmod", chmod(D "/b", 04711));
	stat(D "/b", &st);
	say("mode %o, size %d, blocks of %d", st.st_mode, (int)st.st_size,
	    (int)st.st_blksize);
	R("utimensat", utimensat(AT_FDCWD, D "/b", times, 0));
	stat(D "/b", &st);
	say("times %ld %ld", (long)st.st_atime, (long)st.st_mtime);
	R("access X_OK", access(D "/b", X_OK));
	R("access, bad mode", access(D "/b", 8));
	chmod(D "/b", 0600);
	R("access X_OK, nobody has x", access(D "/b", X_OK));
	R("stat, bad address", syscall(SYS_stat64, D "/b", 8));
	R("stat of nothing", stat(D "/zz", &st));
	R("fstat of a closed one", fstat(77, &st));
}

static void devices(void)
{
	char buf[8] = "xxxxxxx";
	struct stat st;
	int fd = open("/dev/zero", O_RDWR);

	V("/dev/zero", read(fd, buf, 4));
	say("%d %d %c", buf[0], buf[3], buf[4]);
	V("takes all", write(fd, buf, 8));
	close(fd);
	fd = open("/dev/null", O_RDWR);
	V("/dev/null", read(fd, buf, 4));
	V("takes all", write(fd, buf, 8));
	fstat(fd, &st);
	say("a device %d, number %#x", S_ISCHR(st.st_mode), (int)st.st_rdev);
	close(fd);
	fd = open("/dev/urandom", O_RDONLY);
	V("/dev/urandom", read(fd, buf, 8));
	close(fd);
	R("/proc is not writable", open("/proc/nothing", O_CREAT | O_RDWR, 0));
}

int main(void)
{
	umask(022);
	cleanup();
	R("mkdir " D, mkdir(D, 0755));
	say("-- open");
	opening();
	say("-- read, write, seek");
	reading();
	say("-- descriptors");
	descriptors();
	say("-- names");
	names();
	say("-- links");
	links();
	deleted();
	say("-- folders");
	folders();
	say("-- rights and times");
	rights_and_times();
	devices();
	cleanup();
	R("all is removed", mkdir(D, 0755));
	rmdir(D);
	return 0;
}
