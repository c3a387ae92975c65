/* SPDX-License-Identifier: MIT */
/* A file ends below 2 GiB, whichever call would make it longer: refused with
 * EFBIG or EOVERFLOW, never wrapped. Linux has larger files, so only
 * Faultline is asked. */
#include "t.h"
#include <sys/uio.h>

#define F "/dev/shm/files_big"
#define LAST 0x7fffffffu /* no byte at this place or behind it */

static void size(int fd)
{
	struct stat64 st;

	fstat64(fd, &st);
	say("  size %lld, blocks %lld", (long long)st.st_size,
	    (long long)st.st_blocks);
}

static long at(int fd, unsigned pos, const char *text)
{
	return syscall(SYS_pwrite64, fd, text, strlen(text), pos, 0);
}

int main(void)
{
	int fd = open(F, O_RDWR | O_CREAT | O_TRUNC, 0600);
	struct iovec iov[2] = { { "ab", 2 }, { "cd", 2 } };
	long long pos;
	char c;

	R("ftruncate64 to 2 GiB - 1", syscall(SYS_ftruncate64, fd, LAST, 0));
	size(fd);
	R("to 2 GiB", syscall(SYS_ftruncate64, fd, LAST + 1, 0));
	R("to 4 GiB", syscall(SYS_ftruncate64, fd, 0, 1));
	R("to 4 GiB + 5", syscall(SYS_ftruncate64, fd, 5, 1));
	R("truncate64 to 2 GiB", syscall(SYS_truncate64, F, LAST + 1, 0));
	R("truncate64 to 4 GiB", syscall(SYS_truncate64, F, 0, 1));
	size(fd);
	V("pwrite of the last byte", at(fd, LAST - 1, "x"));
	V("of three from there", at(fd, LAST - 1, "xyz"));
	V("behind it", at(fd, LAST, "x"));
	V("at 2 GiB", at(fd, LAST + 1, "x"));
	V("at 4 GiB - 1", at(fd, 0xffffffff, "x"));
	R("at 4 GiB", syscall(SYS_pwrite64, fd, "x", 1, 0, 1));
	V("no byte there", at(fd, LAST, ""));
	V("pread of the last byte", syscall(SYS_pread64, fd, &c, 1, LAST - 1,
					    0));
	V("at 2 GiB", syscall(SYS_pread64, fd, &c, 1, LAST + 1, 0));
	V("at 4 GiB", syscall(SYS_pread64, fd, &c, 1, 0, 1));
	size(fd);
	V("SEEK_END", lseek(fd, 0, SEEK_END));
	R("one more", lseek(fd, 1, SEEK_END));
	R("SEEK_CUR beyond", lseek(fd, 0x7fffffff, SEEK_CUR));
	R("llseek to 2 GiB",
	  syscall(SYS__llseek, fd, 0, LAST + 1, &pos, SEEK_SET));
	R("llseek to 4 GiB", syscall(SYS__llseek, fd, 1, 0, &pos, SEEK_SET));
	V("the place has not moved", lseek(fd, 0, SEEK_CUR));
	V("write there", write(fd, "x", 1));
	lseek(fd, -1, SEEK_CUR);
	V("one byte fits of three", write(fd, "xyz", 3));
	lseek(fd, -3, SEEK_CUR);
	V("writev, three fit of four", writev(fd, iov, 2));
	V("writev at the end", writev(fd, iov, 2));
	close(fd);
	fd = open(F, O_WRONLY | O_APPEND);
	V("O_APPEND to a full one", write(fd, "x", 1));
	R("mmap of its last page",
	  mmap(NULL, PAGE, PROT_READ, MAP_SHARED, open(F, O_RDWR),
	       LAST / PAGE * PAGE) == MAP_FAILED);
	R("cut", ftruncate(fd, 0));
	size(fd);
	R("unlink", unlink(F));
	return 0;
}
