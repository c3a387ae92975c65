/* SPDX-License-Identifier: MIT */
/*
 * Wild pointers in every pointer argument of every call: a word a pointer,
 * in this order:
 *
 *   NULL  8  a hole  the last byte before a hole  0xc0000000  0xc0100000
 *   0xfffff000  0xffffffff  read-only memory
 *
 * Before the hole one byte may be moved or none: both are "short".
 */
#include "t.h"

#define F "/dev/shm/rude_ptr"

enum {
	NPOINTERS = 9
};
static uintptr_t pointers[NPOINTERS];
static char good[8192]; /* a name that exists, or room for an answer */
static char exec_name[] = F ".x"; /* a file exec would refuse */
static int file, null_dir, pipes[2];

/* Arguments that stand for something else in the table. */
enum {
	P = 0x7a000001,
	G,
	X,
	FILE_FD,
	DIR_FD,
	PIPE_R,
	PIPE_W,
	SELF
};

static const struct call {
	const char *name;
	int nr;
	unsigned arg[6];
	bool moves; /* bytes: one byte moved is as good as EFAULT */
} calls[] = {
	{ "read", 3, { FILE_FD, P, 10 }, true },
	{ "read a pipe", 3, { PIPE_R, P, 4 }, true },
	{ "write", 4, { FILE_FD, P, 10 }, true },
	{ "write a pipe", 4, { PIPE_W, P, 10 }, true },
	{ "open", 5, { P, 0 } },
	{ "creat", 8, { P, 0600 } },
	{ "link from", 9, { P, G } },
	{ "link to", 9, { G, P } },
	{ "unlink", 10, { P } },
	{ "execve", 11, { P, 0, 0 } },
	{ "execve argv", 11, { X, P, 0 } },
	{ "execve envp", 11, { X, 0, P } },
	{ "chdir", 12, { P } },
	{ "time", 13, { P } },
	{ "mknod", 14, { P, 0100600, 0 } },
	{ "chmod", 15, { P, 0600 } },
	{ "access", 33, { P, 0 } },
	{ "rename from", 38, { P, G } },
	{ "rename to", 38, { G, P } },
	{ "mkdir", 39, { P, 0700 } },
	{ "rmdir", 40, { P } },
	{ "times", 43, { P } },
	{ "sigaction new", 67, { 10, P, 0 } },
	{ "sigaction old", 67, { 10, 0, P } },
	{ "setrlimit", 75, { 6, P } },
	{ "getrlimit, old form", 76, { 7, P } },
	{ "getrusage", 77, { 0, P } },
	{ "gettimeofday", 78, { P, 0 } },
	{ "gettimeofday, zone", 78, { 0, P } },
	{ "symlink target", 83, { P, G } },
	{ "symlink name", 83, { G, P } },
	{ "readlink", 85, { P, G, 10 } },
	{ "mmap, old form", 90, { P } },
	{ "truncate", 92, { P, 0 } },
	{ "wait4 rusage, no child", 114, { -1, 0, 0, P } },
	{ "sysinfo", 116, { P } },
	{ "shmctl IPC_STAT", 117, { 24, 0x7fff, 2 | 0x100, 0, P } },
	{ "shmctl IPC_INFO", 117, { 24, 0, 3 | 0x100, 0, P } },
	{ "shmctl SHM_INFO", 117, { 24, 0, 14 | 0x100, 0, P } },
	{ "shmctl IPC_INFO, old", 117, { 24, 0, 3, 0, P } },
	{ "shmctl IPC_SET", 117, { 24, 0, 1 | 0x100, 0, P } },
	{ "shmctl IPC_SET, old", 117, { 24, 0, 1, 0, P } },
	{ "shmctl 396", 396, { 0, 3, P } },
	{ "uname", 122, { P } },
	{ "sigprocmask new", 126, { 0, P, 0 } },
	{ "sigprocmask old", 126, { 0, 0, P } },
	{ "_llseek", 140, { FILE_FD, 0, 0, P, 0 } },
	{ "readv", 145, { FILE_FD, P, 1 } },
	{ "writev", 146, { FILE_FD, P, 1 } },
	{ "nanosleep", 162, { P, 0 } },
	{ "poll", 168, { P, 1, 0 } },
	{ "prctl GET_NAME", 172, { 16, P } },
	{ "prctl SET_NAME", 172, { 15, P } },
	{ "rt_sigaction new", 174, { 10, P, 0, 8 } },
	{ "rt_sigaction old", 174, { 10, 0, P, 8 } },
	{ "rt_sigprocmask new", 175, { 0, P, 0, 8 } },
	{ "rt_sigprocmask old", 175, { 0, 0, P, 8 } },
	{ "rt_sigpending", 176, { P, 8 } },
	{ "pread64", 180, { FILE_FD, P, 10, 0, 0 }, true },
	{ "pwrite64", 181, { FILE_FD, P, 10, 0, 0 }, true },
	{ "getcwd", 183, { P, 100 } },
	{ "sigaltstack new", 186, { P, 0 } },
	{ "sigaltstack old", 186, { 0, P } },
	{ "ugetrlimit", 191, { 7, P } },
	{ "truncate64", 193, { P, 0, 0 } },
	{ "stat64 name", 195, { P, G } },
	{ "stat64", 195, { G, P } },
	{ "lstat64 name", 196, { P, G } },
	{ "lstat64", 196, { G, P } },
	{ "fstat64", 197, { FILE_FD, P } },
	{ "lchown32", 198, { P, 0, 0 } },
	{ "getgroups32", 205, { 10, P } },
	{ "setgroups32", 206, { 2, P } },
	{ "getresuid32 real", 209, { P, G, G } },
	{ "getresuid32 saved", 209, { G, G, P } },
	{ "getresgid32 effective", 211, { G, P, G } },
	{ "chown32", 212, { P, 0, 0 } },
	{ "mincore", 218, { SELF, 4096, P } },
	{ "getdents64", 220, { DIR_FD, P, 200 } },
	{ "get_thread_area", 244, { P } },
	{ "clock_gettime", 265, { 1, P } },
	{ "clock_getres", 266, { 1, P } },
	{ "clock_nanosleep", 267, { 1, 0, P, 0 } },
	{ "statfs64 name", 268, { P, 84, G } },
	{ "statfs64", 268, { G, 84, P } },
	{ "fstatfs64", 269, { FILE_FD, 84, P } },
	{ "openat", 295, { -100, P, 0, 0 } },
	{ "mkdirat", 296, { -100, P, 0700 } },
	{ "mknodat", 297, { -100, P, 0100600, 0 } },
	{ "fchownat", 298, { -100, P, 0, 0, 0 } },
	{ "fstatat64 name", 300, { -100, P, G, 0 } },
	{ "fstatat64", 300, { -100, G, P, 0 } },
	{ "unlinkat", 301, { -100, P, 0 } },
	{ "renameat", 302, { -100, P, -100, G } },
	{ "linkat", 303, { -100, P, -100, G, 0 } },
	{ "symlinkat", 304, { P, -100, G } },
	{ "readlinkat", 305, { -100, P, G, 10 } },
	{ "fchmodat", 306, { -100, P, 0600 } },
	{ "faccessat", 307, { -100, P, 0 } },
	{ "utimensat times", 320, { -100, G, P, 0 } },
	{ "pipe2", 331, { P, 0 } },
	{ "prlimit64 old", 340, { 0, 7, 0, P } },
	{ "prlimit64 new", 340, { 0, 6, P, 0 } },
	{ "renameat2", 353, { -100, P, -100, G, 0 } },
	{ "getrandom", 355, { P, 16, 0 }, true },
	{ "statx name", 383, { -100, P, 0, 0x7ff, G } },
	{ "statx", 383, { -100, G, 0, 0x7ff, P } },
	{ "clock_gettime64", 403, { 1, P } },
	{ "clock_getres_time64", 406, { 1, P } },
	{ "clock_nanosleep_time64", 407, { 1, 0, P, 0 } },
};

static unsigned argument(unsigned arg, uintptr_t pointer)
{
	switch (arg) {
	case P:
		return pointer;
	case G:
		return (unsigned)(uintptr_t)good;
	case X:
		return (unsigned)(uintptr_t)exec_name;
	case FILE_FD:
		return file;
	case DIR_FD:
		return null_dir;
	case PIPE_R:
		return pipes[0];
	case PIPE_W:
		return pipes[1];
	case SELF:
		return (unsigned)(uintptr_t)good & ~(PAGE - 1);
	}
	return arg;
}

static void try_call(const struct call *c, uintptr_t pointer, char *text)
{
	unsigned a[6];
	long r;

	strcpy(good, F);
	lseek(file, 0, SEEK_SET);
	lseek(null_dir, 0, SEEK_SET);
	write(pipes[1], "1234", 4);
	for (int i = 0; i < 6; i++)
		a[i] = argument(c->arg[i], pointer);
	errno = 0;
	r = syscall(c->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (pointer == pointers[3] && c->moves &&
	    (r == 1 || (r == -1 && errno == EFAULT)))
		strcat(text, "short");
	else if (r == -1)
		strcat(text, err_name(errno));
	else
		strcat(text, "ok");
	while (read(pipes[0], good, sizeof(good)) == sizeof(good))
		;
}

static void one_call(void *arg)
{
	const struct call *c = arg;
	char text[400] = "";

	/* Some answer the pointer with a right: they change their target. */
	for (int i = 0; i < NPOINTERS; i++) {
		strcat(text, i ? " " : "");
		try_call(c, pointers[i], text);
	}
	say("%s: %s", c->name, text);
}

static void make_pointers(void)
{
	char *rw = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *ro = mmap(NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);
	uintptr_t list[NPOINTERS] = {
		0, 8, 0, 0, 0xc0000000, 0xc0100000, 0xfffff000, 0xffffffff, 0,
	};

	munmap(rw + PAGE, 2 * PAGE);
	munmap(ro + PAGE, 2 * PAGE);
	rw[PAGE - 1] = 'x';
	list[2] = (uintptr_t)rw + PAGE;
	list[3] = (uintptr_t)rw + PAGE - 1;
	list[8] = (uintptr_t)ro + 512;
	memcpy(pointers, list, sizeof(list));
}

int main(void)
{
	int status;

	mkdir(F ".dir", 0700);
	close(open(exec_name, O_WRONLY | O_CREAT, 0700));
	make_pointers();
	for (size_t i = 0; i < COUNT(calls); i++) {
		file = open(F, O_RDWR | O_CREAT | O_TRUNC, 0600);
		write(file, "0123456789", 10);
		null_dir = open(F ".dir", O_RDONLY);
		pipe2(pipes, O_NONBLOCK);
		status = in_child(one_call, (void *)&calls[i]);
		if (status)
			say("%s: %s", calls[i].name, status_name(status));
		close(pipes[0]);
		close(pipes[1]);
		close(file);
		close(null_dir);
		unlink(F);
	}
	unlink(exec_name);
	rmdir(F ".dir");
	return 0;
}
