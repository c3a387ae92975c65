/* SPDX-License-Identifier: MIT */
/*
 * What a disk is as a file. /dev/hda has 2 MiB and 3 sectors; each 32-bit
 * word of it holds its own number. /dev/hdb is a blank swap area that is not
 * swapped on, /dev/hdd is not there. Prints facts for tests/boot/disk.t.
 */
#include "prog.h"

#include <linux/fs.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/sysmacros.h>

#define SECTORS (4096 + 3)
#define SIZE (SECTORS * 512)
#define LAST (SIZE / PAGE * PAGE) /* of the page that is no whole one */

static void told(bool holds, const char *what)
{
	fact(holds, what, "errno %d", errno);
}

static const char disk[] = "/dev/hda";
static char *volatile bad = (char *)8; /* not mapped */
static sigjmp_buf jump;

static void caught(int signo)
{
	siglongjmp(jump, signo);
}

/* The signal that reading AT brings, or 0. */
static int touch(const volatile char *at)
{
	int signo = sigsetjmp(jump, 1);

	if (!signo)
		(void)*at;
	return signo;
}

static int numbered(const uint32_t *words, uint32_t first, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if (words[i] != first + i)
			return 0;
	return 1;
}

static int fails(long res, int with)
{
	return res == -1 && errno == with;
}

static unsigned long counted(const char *file, const char *format)
{
	char line[256];
	unsigned long n = 0, found = 0;
	FILE *f = fopen(file, "r");

	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, format, &n) == 1;
	if (f)
		fclose(f);
	return n;
}

static unsigned long reads(void)
{
	return counted("/proc/diskstats", " 3 0 hda %lu");
}

static void look(int fd)
{
	unsigned long sectors = 0;
	unsigned long long bytes = 0;
	int n = 0, ro = 1;
	struct stat st;

	told(fstat(fd, &st) == 0 && S_ISBLK(st.st_mode) && st.st_size == 0 &&
		     st.st_rdev == makedev(3, 0),
	     "stat: block device 3, 0, size 0");
	told(ioctl(fd, BLKGETSIZE, &sectors) == 0 && sectors == SECTORS,
	     "BLKGETSIZE in sectors");
	told(ioctl(fd, BLKGETSIZE64, &bytes) == 0 && bytes == SIZE,
	     "BLKGETSIZE64 in bytes");
	told(ioctl(fd, BLKSSZGET, &n) == 0 && n == 512, "BLKSSZGET");
	told(ioctl(fd, BLKROGET, &ro) == 0 && ro == 0, "it may be written");
	told(fails(ioctl(fd, BLKGETSIZE, 8), EFAULT), "a bad address: EFAULT");
	told(fails(ioctl(fd, 0x1299, 0), ENOTTY), "no such ioctl: ENOTTY");
	told(fsync(fd) == 0 && fdatasync(fd) == 0, "fsync");
	told(fails(ftruncate(fd, 0), EINVAL), "its size stays");
}

static void read_it(int fd)
{
	static uint32_t buf[3 * PAGE / 4];
	unsigned long before;

	told(lseek(fd, 0, SEEK_END) == SIZE, "SEEK_END");
	told(read(fd, buf, 1) == 0, "at the end there is nothing");
	told(fails(lseek(fd, SIZE + 1, SEEK_SET), EINVAL),
	     "nor behind it: EINVAL");
	told(pread(fd, buf, sizeof(buf), SIZE - 8) == 8 &&
		     numbered(buf, SIZE / 4 - 2, 2),
	     "the last 8 bytes");
	told(pread(fd, buf, sizeof(buf), SIZE + PAGE) == 0, "pread behind it");
	told(pread(fd, buf, 3 * PAGE - 8, 5 * PAGE + 4) == 3 * PAGE - 8 &&
		     numbered(buf, 5 * PAGE / 4 + 1, 3 * PAGE / 4 - 2),
	     "a read across pages");
	before = reads();
	told(pread(fd, buf, 3 * PAGE, 5 * PAGE) == 3 * PAGE &&
		     reads() == before,
	     "what was read once is in the page cache");
	told(counted("/proc/meminfo", "Buffers: %lu") >= 12 &&
		     ioctl(fd, BLKFLSBUF, 0) == 0 &&
		     counted("/proc/meminfo", "Buffers: %lu") == 0,
	     "BLKFLSBUF empties it");
	told(pread(fd, buf, PAGE, 5 * PAGE) == PAGE && reads() == before + 1 &&
		     counted("/proc/meminfo", "Buffers: %lu") == 4,
	     "then it is read again, and counts as a buffer");
	told(fails(pread(fd, bad, PAGE, 0), EFAULT), "read: EFAULT");
}

static void write_it(int fd)
{
	static uint32_t buf[2 * PAGE / 4], back[2 * PAGE / 4];
	unsigned long before = reads();
	int other = -1, append, one = 1, zero = 0;

	memset(buf, 0x5a, sizeof(buf));
	told(pwrite(fd, buf, PAGE, 64 * PAGE) == PAGE && reads() == before,
	     "a whole page is written without being read");
	told(pwrite(fd, buf, 10, 66 * PAGE - 5) == 10 && reads() == before + 2,
	     "parts of two are read first");
	told(mknod("/tmp/same", S_IFBLK | 0600, makedev(3, 0)) == 0 &&
		     (other = open("/tmp/same", O_RDONLY)) >= 0,
	     "another node of the device");
	told(pread(other, back, 2 * PAGE, 65 * PAGE) == 2 * PAGE &&
		     numbered(back, 65 * PAGE / 4, PAGE / 4 - 2) &&
		     !memcmp((char *)back + PAGE - 5, buf, 10) &&
		     numbered(back + PAGE / 4 + 2, 66 * PAGE / 4 + 2,
			      PAGE / 4 - 2),
	     "it shares the pages");
	told(fails(write(other, buf, 1), EBADF), "opened to be read only");
	ioctl(fd, BLKFLSBUF, 0);
	told(pread(fd, back, PAGE, 64 * PAGE) == PAGE &&
		     !memcmp(back, buf, PAGE),
	     "and the disk holds what was written");
	told(pwrite(fd, buf, PAGE, SIZE - 100) == 100, "cut at the end");
	told(fails(pwrite(fd, buf, 1, SIZE), ENOSPC), "behind it: ENOSPC");
	append = open(disk, O_WRONLY | O_APPEND);
	told(fails(write(append, buf, 1), ENOSPC), "O_APPEND: ENOSPC");
	told(fails(pwrite(fd, bad, PAGE, 0), EFAULT), "write: EFAULT");
	told(pread(fd, back, PAGE, 0) == PAGE && numbered(back, 0, PAGE / 4),
	     "which has changed nothing");
	told(ioctl(fd, BLKROSET, &one) == 0 &&
		     fails(pwrite(fd, buf, 1, 0), EPERM) &&
		     ioctl(fd, BLKROSET, &zero) == 0,
	     "BLKROSET: EPERM");
	told(open(disk, O_RDWR | O_TRUNC) >= 0 &&
		     pread(fd, back, PAGE, 0) == PAGE,
	     "O_TRUNC does nothing");
}

static void map_it(int fd)
{
	const char *what[] = { "private", "shared" };
	uint32_t *at;
	int i;

	signal(SIGBUS, caught);
	for (i = 0; i < 2; i++) {
		at = mmap(NULL, SIZE + PAGE, PROT_READ,
			  i ? MAP_SHARED : MAP_PRIVATE, fd, 0);
		told(at != MAP_FAILED && numbered(at + 7 * PAGE / 4,
						  7 * PAGE / 4, PAGE / 4),
		     what[i]);
		told(!touch((char *)at + SIZE - 1) && !touch((char *)at + SIZE),
		     "up to the end of its last page");
		told(touch((char *)at + LAST + PAGE) == SIGBUS,
		     "behind that: SIGBUS");
		told(i ? fails(mprotect(at, PAGE, PROT_READ | PROT_WRITE),
			       EACCES)
		       : mprotect(at, PAGE, PROT_READ | PROT_WRITE) == 0,
		     i ? "cannot be made writable: EACCES"
		       : "can be made writable");
		if (!i)
			at[0] = 4711;
		munmap(at, SIZE + PAGE);
	}
	told(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) ==
			     MAP_FAILED &&
		     errno == ENODEV,
	     "shared and writable: ENODEV");
	at = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	told(at[0] == 0, "what a private map wrote is its own");
	pwrite(fd, "abcd", 4, 0);
	told(!memcmp(at, "abcd", 4), "a map sees what is written");
}

/* Every transfer of one page fails once. */
static void fail_it(int fd)
{
	static uint32_t buf[PAGE / 4];
	int nth = open("/proc/self/fail-io-nth", O_RDWR);
	char *at;

	told(nth >= 0, "fail-io-nth");
	signal(SIGBUS, caught);
	ioctl(fd, BLKFLSBUF, 0);
	write(nth, "2", 1);
	told(pread(fd, buf, PAGE, 8 * PAGE) == PAGE, "the first goes well");
	told(fails(pread(fd, buf, PAGE, 9 * PAGE), EIO), "the second is EIO");
	told(pread(fd, buf, PAGE, 9 * PAGE) == PAGE &&
		     numbered(buf, 9 * PAGE / 4, PAGE / 4),
	     "later all is well again");
	memset(buf, 0xa5, sizeof(buf));
	lseek(nth, 0, SEEK_SET);
	write(nth, "1", 1);
	told(fails(pwrite(fd, buf, PAGE, 9 * PAGE), EIO), "a write: EIO");
	told(pread(fd, buf, PAGE, 9 * PAGE) == PAGE &&
		     numbered(buf, 9 * PAGE / 4, PAGE / 4),
	     "then what is read is what the disk holds");
	ioctl(fd, BLKFLSBUF, 0);
	at = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 9 * PAGE);
	lseek(nth, 0, SEEK_SET);
	write(nth, "1", 1);
	told(touch(at) == SIGBUS, "a map: SIGBUS");
	told(!touch(at), "the next touch is well");
	close(nth);
}

static void swapped(void)
{
	int fd;

	told(swapon("/dev/hdb", 0) == 0, "a swap area is swapped on");
	fd = open("/dev/hdb", O_RDWR);
	told(fd >= 0 && fails(pwrite(fd, "x", 1, 0), ETXTBSY),
	     "swapped on: ETXTBSY");
	told(fails(open("/dev/hdb", O_RDWR | O_EXCL), EBUSY), "O_EXCL: EBUSY");
	told(swapoff("/dev/hdb") == 0 && pwrite(fd, "x", 1, 0) == 1,
	     "swapped off: it can be written again");
	close(fd);
}

int main(void)
{
	int fd = open(disk, O_RDWR);

	told(fd >= 0, "it opens");
	told(fails(open("/dev/hdd", O_RDONLY), ENOENT) &&
		     mknod("/tmp/none", S_IFBLK | 0600, makedev(22, 64)) == 0 &&
		     fails(open("/tmp/none", O_RDONLY), ENXIO),
	     "a drive that is not there: ENOENT, ENXIO");
	look(fd);
	read_it(fd);
	write_it(fd);
	map_it(fd);
	fail_it(fd);
	swapped();
	puts("end");
	return 0;
}
