/* SPDX-License-Identifier: MIT */
/*
 * Lengths and addresses that wrap or leave the address space. Where the
 * specification allows an error or a short count, either is "refused".
 */
#include "t.h"
#include <poll.h>
#include <sys/uio.h>

#define F "/dev/shm/rude_len"

static char *page; /* one page; behind it a hole */
static int file;

static void refused(const char *what, long r, unsigned long asked)
{
	bool fine = r == -1 || (unsigned long)r < asked;

	say("%s: %s", what, fine ? "refused" : "NOT REFUSED");
}

/* Any error will do; success will not. */
static void fails(const char *what, long r)
{
	say("%s: %s", what, r == -1 ? "refused" : "NOT REFUSED");
}

static void transfers(void)
{
	static const unsigned lens[] = { 5000, 0x7fffffff, 0x80000000,
					 0xfffff000, 0xffffffff };
	struct iovec iov[3];
	char what[64];

	for (size_t i = 0; i < COUNT(lens); i++) {
		snprintf(what, sizeof(what), "read %#x", lens[i]);
		lseek(file, 0, SEEK_SET);
		refused(what, syscall(SYS_read, file, page, lens[i]), lens[i]);
		snprintf(what, sizeof(what), "write %#x", lens[i]);
		lseek(file, 0, SEEK_SET);
		refused(what, syscall(SYS_write, file, page, lens[i]), lens[i]);
		snprintf(what, sizeof(what), "pread64 %#x", lens[i]);
		refused(what, syscall(SYS_pread64, file, page, lens[i], 0, 0),
			lens[i]);
		snprintf(what, sizeof(what), "getrandom %#x", lens[i]);
		refused(what, syscall(SYS_getrandom, page, lens[i], 0),
			lens[i]);
		snprintf(what, sizeof(what), "read /dev/zero %#x", lens[i]);
		refused(what,
			syscall(SYS_read, open("/dev/zero", 0), page, lens[i]),
			lens[i]);
	}
	for (int i = 0; i < 3; i++)
		iov[i] = (struct iovec){ page, 0x60000000 };
	refused("readv of 3 times 0x60000000", readv(file, iov, 3), 0x7fffffff);
	refused("writev of 3 times 0x60000000", writev(file, iov, 3),
		0x7fffffff);
	R("readv, 0xffffffff parts", syscall(SYS_readv, file, iov, 0xffffffff));
	R("pread64 at 2^63",
	  syscall(SYS_pread64, file, page, 1, 0, 0x80000000));
	R("pwrite64 at 2^63",
	  syscall(SYS_pwrite64, file, page, 1, 0, 0x80000000));
	fails("ftruncate64 to 2^62",
	      syscall(SYS_ftruncate64, file, 0, 0x40000000));
	fails("_llseek to 2^63",
	      syscall(SYS__llseek, file, 0x80000000, 0, page, 0));
}

static void tables(void)
{
	struct pollfd pf = { .fd = file, .events = POLLIN };

	R("poll of 0x7fffffff", syscall(SYS_poll, &pf, 0x7fffffff, 0));
	R("poll of 0xffffffff", syscall(SYS_poll, &pf, 0xffffffff, 0));
	R("setgroups of 0x7fffffff",
	  syscall(SYS_setgroups32, 0x7fffffff, page));
	R("getgroups of -1", syscall(SYS_getgroups32, -1, page));
	R("readlink, size -1",
	  syscall(SYS_readlink, "/proc/self/exe", page, -1));
	fails("getcwd, size 0", syscall(SYS_getcwd, page, 0));
	fails("dup2 to 0xffffffff", syscall(SYS_dup2, 1, 0xffffffff));
	fails("dup2 to 0x40000000", syscall(SYS_dup2, 1, 0x40000000));
	fails("F_DUPFD from 0xffffffff",
	      syscall(SYS_fcntl64, 1, 0, 0xffffffff));
	R("close 0xffffffff", syscall(SYS_close, 0xffffffff));
	R("getrlimit 0xffffffff", syscall(SYS_ugetrlimit, -1, page));
	R("getpriority 77", syscall(SYS_getpriority, 77, 0));
	R("kill 0x80000000 with signal 99", syscall(SYS_kill, 1, 99));
	R("rt_sigaction size 0xffffffff",
	  syscall(SYS_rt_sigaction, 10, 0, page, 0xffffffff));
	R("clock_gettime 77", syscall(SYS_clock_gettime, 77, page));
	R("clock_gettime -1000000", syscall(SYS_clock_gettime, 1000000, page));
	R("nanosleep of 10^9 ns",
	  syscall(SYS_nanosleep, (int[]){ 0, 1000000000 }, 0));
	R("nanosleep of -1 s", syscall(SYS_nanosleep, (int[]){ -1, 0 }, 0));
	R("mincore over the end", syscall(SYS_mincore, page, 0xffffffff, page));
}

static void ranges(void)
{
	static const unsigned lens[] = { 0xfffff000, 0xffffffff, 0xbffff000 };
	char what[64];

	page[0] = 'p';
	for (size_t i = 0; i < COUNT(lens); i++) {
		snprintf(what, sizeof(what), "mprotect %#x", lens[i]);
		fails(what, syscall(SYS_mprotect, page, lens[i], PROT_READ));
		/* Rounded up to a page, 0xffffffff is 0 in 32 bits. */
		snprintf(what, sizeof(what), "msync %#x", lens[i]);
		if (lens[i] != 0xffffffff)
			fails(what, syscall(SYS_msync, page, lens[i], MS_SYNC));
		snprintf(what, sizeof(what), "mlock %#x", lens[i]);
		fails(what, syscall(SYS_mlock, page, lens[i]));
		if (lens[i] < 0xc0000000)
			continue; /* that much fits on a 64-bit host */
		snprintf(what, sizeof(what), "mremap to %#x", lens[i]);
		fails(what, syscall(SYS_mremap, page, PAGE, lens[i],
				    MREMAP_MAYMOVE, 0));
		snprintf(what, sizeof(what), "mmap %#x", lens[i]);
		fails(what, syscall(SYS_mmap2, 0, lens[i], PROT_READ,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
		snprintf(what, sizeof(what), "mmap fixed %#x", lens[i]);
		fails(what,
		      syscall(SYS_mmap2, 0x50000000, lens[i], PROT_READ,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	}
	say("the page is still there: %c", page[0]);
}

static void unknown_calls(void)
{
	static const int numbers[] = { 17,   222,   251,	285, 900,
				       4095, 65536, 0x7fffffff, -2 };

	for (size_t i = 0; i < COUNT(numbers); i++)
		R("a call that does not exist", syscall(numbers[i], 1, 2, 3));
}

int main(void)
{
	page = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(page + PAGE, 15 * PAGE);
	file = open(F, O_RDWR | O_CREAT | O_TRUNC, 0600);
	ftruncate(file, 4 * PAGE);
	transfers();
	tables();
	ranges();
	unknown_calls();
	close(file);
	unlink(F);
	return 0;
}
