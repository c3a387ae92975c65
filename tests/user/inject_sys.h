/* SPDX-License-Identifier: MIT */
/*
 * What inject.c lets fail: processes, programs, files. Each returns 0, or -1
 * with errno; what they leave, leave_nothing() removes.
 */
#ifndef TESTS_USER_INJECT_SYS_H
#define TESTS_USER_INJECT_SYS_H

#include "t.h"
#include <dirent.h>
#include <elf.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/select.h>

#define HERE "/dev/shm/inject"
#define LOADER HERE ".ld"
#define DYNAMIC HERE ".dyn"

enum verdict { /* of one attempt, told by the child's exit status */
	THROUGH = 10, /* came through, the number not used up */
	FAILED, /* failed, nothing has changed */
	ENDURED, /* an allocation failed, the call did not */
	CHANGED, /* failed, and something is not as before */
	ODD, /* an errno it should not give, or refused without need */
};

/* The code of a dynamic loader: it looks whether the allocation failed, as
 * main() does after an exec. */
__attribute__((naked)) static void loader_code(void)
{
	__asm__("call 1f\n"
		".asciz \"/proc/self/fail-nth\"\n"
		"1: pop %%ebx\n"
		"xor %%ecx, %%ecx\n"
		"mov $5, %%eax\n" /* open */
		"int $0x80\n"
		"test %%eax, %%eax\n"
		"js 2f\n"
		"mov %%eax, %%ebx\n"
		"sub $16, %%esp\n"
		"mov %%esp, %%ecx\n"
		"mov $16, %%edx\n"
		"mov $3, %%eax\n" /* read */
		"int $0x80\n"
		"cmpb $'0', (%%esp)\n"
		"mov %0, %%ebx\n"
		"jne 3f\n"
		"2: mov %1, %%ebx\n"
		"3: mov $1, %%eax\n" /* exit */
		"int $0x80\n"
		:
		: "i"(THROUGH), "i"(ENDURED));
}

/* A program, or its loader if TYPE is ET_DYN: one page of headers, code and
 * the loader's name. */
static void make_program(const char *path, int type)
{
	static struct {
		Elf32_Ehdr eh;
		Elf32_Phdr ph[2];
		char code[128], interp[32];
	} p;
	unsigned base = type == ET_DYN ? 0 : 0x08048000;
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0700);

	p.eh = (Elf32_Ehdr){ { 0x7f, 'E', 'L', 'F', 1, 1, 1 }, type, EM_386, 1,
			     base + offsetof(__typeof__(p), code),
			     sizeof(p.eh), 0, 0, sizeof(p.eh),
			     sizeof(p.ph[0]), type == ET_DYN ? 1 : 2, 0, 0, 0 };
	p.ph[0] = (Elf32_Phdr){ PT_LOAD,    0,	       base,	base,
				sizeof(p),  sizeof(p), PF_R | PF_X, PAGE };
	p.ph[1].p_type = PT_INTERP;
	p.ph[1].p_offset = offsetof(__typeof__(p), interp);
	p.ph[1].p_filesz = sizeof(LOADER);
	strcpy(p.interp, LOADER);
	memcpy(p.code, (char *)(uintptr_t)loader_code, sizeof(p.code));
	write(fd, &p, sizeof(p));
	close(fd);
}

/* What the calls below need. */
static void make_files(void)
{
	static char bytes[2 * PAGE];
	int fd = open(HERE, O_RDWR | O_CREAT | O_TRUNC, 0600);

	write(fd, bytes, sizeof(bytes));
	close(fd);
	fd = open(HERE ".sh", O_RDWR | O_CREAT | O_TRUNC, 0700);
	dprintf(fd, "#!/proc/self/exe again\n");
	close(fd);
	make_program(DYNAMIC, ET_EXEC);
	make_program(LOADER, ET_DYN);
}

static void leave_nothing(void)
{
	umount(HERE ".d");
	unlink(HERE ".new");
	unlink(HERE ".d/l");
	unlink(HERE ".d/g");
	unlink(HERE ".d/h");
	rmdir(HERE ".d");
}

static void remove_files(void)
{
	unlink(HERE);
	unlink(HERE ".sh");
	unlink(DYNAMIC);
	unlink(LOADER);
}

static int call_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

static int call_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

static int call_exec(void)
{
	char *args[] = { "inject", "again", "b", "c", NULL };
	char *env[] = { "A=1", "B=2", NULL };

	return execve("/proc/self/exe", args, env);
}

static int call_exec_script(void)
{
	char *args[] = { "x", NULL };

	return execve(HERE ".sh", args, args + 1);
}

static int call_exec_dynamic(void)
{
	char *args[] = { "x", NULL };

	return execve(DYNAMIC, args, args + 1);
}

static int call_file_map(void)
{
	int fd = open(HERE, O_RDWR), r = -1;
	char *p;

	if (fd < 0)
		return -1;
	p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (p != MAP_FAILED) {
		p[0] = 1;
		r = munmap(p, 2 * PAGE);
	}
	close(fd);
	return r;
}

static int call_file_write(void)
{
	int fd = open(HERE ".new", O_RDWR | O_CREAT, 0600);
	static char buf[3 * PAGE];
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, buf, sizeof(buf));
	if (n >= 0 && n < (ssize_t)sizeof(buf))
		errno = ENOSPC; /* short */
	close(fd);
	return n == sizeof(buf) ? 0 : -1;
}

static int call_names(void)
{
	return mkdir(HERE ".d", 0700) ||
			       symlink("x", HERE ".d/l") ||
			       link(HERE, HERE ".d/h") ||
			       rename(HERE ".d/h",
				      HERE ".d/g")
		       ? -1
		       : 0;
}

/* A pseudo terminal, typed into and waited for. */
static int call_terminal(void)
{
	struct timeval now = { 0, 0 };
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY), r = 0, n = 0, err;
	fd_set set;

	if (master < 0)
		return -1;
	FD_ZERO(&set);
	FD_SET(master, &set);
	if (ioctl(master, TIOCSPTLCK, &n) || write(master, "x\n", 2) != 2 ||
	    select(master + 1, &set, NULL, NULL, &now) != 1)
		r = -1;
	err = errno;
	close(master);
	errno = err;
	return r;
}

static int call_pipe(void)
{
	int fds[2], r = pipe(fds), err;
	char c = 'x';

	if (r)
		return -1;
	r = write(fds[1], &c, 1) == 1 ? 0 : -1;
	err = errno;
	close(fds[0]);
	close(fds[1]);
	errno = err;
	return r;
}

static int call_many_fds(void)
{
	return fcntl(1, F_DUPFD, 700) < 0 ? -1 : close(700);
}

static int call_proc(void)
{
	char text[4096];

	return file_read("/proc/self/maps", text, sizeof(text)) < 0 ||
			       file_read("/proc/sysvipc/shm", text,
					 sizeof(text)) < 0
		       ? -1
		       : 0;
}

static int call_readdir(void)
{
	char buf[2048];
	int fd = open("/", O_RDONLY | O_DIRECTORY), r;

	if (fd < 0)
		return -1;
	r = syscall(SYS_getdents64, fd, buf, sizeof(buf));
	close(fd);
	return r < 0 ? -1 : 0;
}

static int call_mount(void)
{
	if (mkdir(HERE ".d", 0700) ||
	    mount("x", HERE ".d", "tmpfs", 0, "size=64k"))
		return -1;
	close(open(HERE ".d/f", O_RDWR | O_CREAT, 0600));
	return umount(HERE ".d");
}

static int call_locks(void)
{
	struct flock all = { F_WRLCK, SEEK_SET, 0, 0, 0 };
	struct flock part = { F_UNLCK, SEEK_SET, 10, 10, 0 };
	int fd = open(HERE, O_RDWR), r, err;

	if (fd < 0)
		return -1;
	r = fcntl(fd, F_SETLK, &all) || fcntl(fd, F_SETLK, &part) ||
	    flock(fd, LOCK_EX) ? -1 : 0;
	err = errno;
	close(fd);
	errno = err;
	return r;
}

static int call_proc_folder(void)
{
	char text[512];

	return file_read("/proc/self/fdinfo/1", text, sizeof(text)) < 0 ||
			       file_read("/proc/self/mountinfo", text,
					 sizeof(text)) < 0
		       ? -1
		       : 0;
}

static volatile int handled;

static void handler(int sig)
{
	handled = sig;
}

static int call_signal(void)
{
	signal(SIGUSR1, handler);
	kill(getpid(), SIGUSR1);
	return handled == SIGUSR1 ? 0 : -1;
}

static int call_open(void)
{
	int fd = open(HERE, O_RDWR);

	return fd < 0 ? -1 : close(fd);
}

static int call_create(void)
{
	int fd = open(HERE ".new", O_CREAT | O_RDWR, 0600);

	return fd < 0 ? -1 : close(fd);
}

#endif
