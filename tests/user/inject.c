/* SPDX-License-Identifier: MIT */
/*
 * Every allocation fails once: each operation below is run with its first,
 * second, third ... allocation failing (/proc/self/fail-nth), until it comes
 * through without using its number up. It may fail with the errno it should,
 * or be killed where a page fault found no memory; afterwards the kernel's
 * checkers must agree, and the kernel hold what it held before (stock.h).
 */
#include "shm.h"
#include "stock.h"
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/select.h>
#include <dirent.h>
#include <elf.h>

#define MAX_N 400

enum {
	DONE = 10,
	FAILED,
	ODD,
	SURVIVED
};

static int nth; /* /proc/self/fail-nth of the child */

static void arm(int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", n);
	if (pwrite(nth, text, strlen(text), 0) < 0)
		_exit(90);
}

/* Has the number been used up? Then switches it off. */
static bool fired(void)
{
	char text[16] = "";

	if (pread(nth, text, sizeof(text) - 1, 0) < 0)
		_exit(91);
	arm(0);
	return atoi(text) == 0;
}

/* The operations: 0, or -1 with errno. They leave nothing behind. */

static int op_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

static int op_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

static char *attached;

/* Forks with attaches, anonymous memory and a hole in an attach. */
static int op_fork_attached(void)
{
	return op_fork();
}

static int op_exec(void)
{
	char *args[] = { "inject", "again", "b", "c", NULL };
	char *env[] = { "A=1", "B=2", NULL };

	return execve("/proc/self/exe", args, env);
}

static int op_exec_script(void)
{
	char *args[] = { "x", NULL };

	return execve("/dev/shm/inject.sh", args, args + 1);
}

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
		: "i"(DONE), "i"(SURVIVED));
}

#define LOADER "/dev/shm/inject.ld"
#define DYNAMIC "/dev/shm/inject.dyn"

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

static int op_exec_dynamic(void)
{
	char *args[] = { "x", NULL };

	return execve(DYNAMIC, args, args + 1);
}

static int op_shmget(void)
{
	int id = shmget(IPC_PRIVATE, 9 << 20, 0600);

	return id < 0 ? -1 : shmctl(id, IPC_RMID, NULL);
}

static int id;

static int op_shmat(void)
{
	char *p = shmat(id, NULL, 0);

	return p == (char *)-1 ? -1 : shmdt(p);
}

static int op_shmat_far(void)
{
	char *p = shmat(id, (void *)0x90000000, SHM_RDONLY);

	return p == (char *)-1 ? -1 : shmdt(p);
}

/* Over the middle of another area: that one is cut first. */
static int op_shmat_remap(void)
{
	int n = nattch(id);
	char *p = shmat(id, attached + 4 * PAGE, SHM_REMAP);

	if (p == (char *)-1 && nattch(id) != n)
		errno = EIO; /* a failure must change nothing */
	return p == (char *)-1 ? -1 : 0;
}

static int op_shm_touch(void)
{
	attached[3 * PAGE] = 1;
	return 0;
}

static int op_shm_read(void)
{
	return attached[11 * PAGE] ? -1 : 0;
}

/* The kernel touches it first: EFAULT, or the process is killed. */
static int op_shm_read_into(void)
{
	int fd = open("/dev/zero", O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, attached + 5 * PAGE, 2 * PAGE);
	if (n >= 0 && n < (ssize_t)(2 * PAGE))
		errno = EFAULT;
	close(fd);
	return n == (ssize_t)(2 * PAGE) ? 0 : -1;
}

static int op_split(void)
{
	int n = nattch(id), r = munmap(attached + 7 * PAGE, PAGE);

	if (r && nattch(id) != n)
		errno = EIO;
	return r;
}

static int op_mprotect(void)
{
	return mprotect(attached + 2 * PAGE, PAGE, PROT_READ);
}

static int op_mlock(void)
{
	return mlock(attached + 1 * PAGE, PAGE);
}

static int op_mremap(void)
{
	void *p = mremap(attached, 16 * PAGE, 16 * PAGE,
			 MREMAP_MAYMOVE | MREMAP_FIXED, 0x91000000);

	return p == MAP_FAILED ? -1 : 0;
}

static int op_mremap_double(void)
{
	return mremap(attached, 0, 16 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED ? -1
									    : 0;
}

static int op_shmctl(void)
{
	struct shmid_ds ds;

	return shmctl(id, IPC_STAT, &ds) || shmctl(id, IPC_SET, &ds) ? -1 : 0;
}

static int op_mmap(void)
{
	char *p = mmap((void *)0x92000000, 64 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -1 : munmap(p, 64 * PAGE);
}

/* Two processes, two pages, a hole between them. */
static int op_shared_anon(void)
{
	char *p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int r = -1;
	pid_t pid;

	if (p == MAP_FAILED)
		return -1;
	p[0] = 1;
	pid = fork();
	if (pid == 0) {
		p[2 * PAGE] = 2;
		_exit(0);
	}
	if (pid > 0)
		r = waitpid(pid, NULL, 0) == pid ? 0 : -1;
	if (!r)
		r = munmap(p + PAGE, PAGE);
	return r;
}

static char *anon;

static int op_anon_write(void)
{
	anon[5] = 1;
	return 0;
}

static int op_anon_read(void)
{
	return anon[(4 << 20) + 5] ? -1 : 0;
}

static int op_cow(void)
{
	anon[8 * PAGE] = 2; /* shared with the parent */
	return 0;
}

static int deep(int n)
{
	volatile char room[4000]; /* a known index may shrink it */

	room[n] = (char)n;
	return n ? deep(n - 1) + room[n] : 0;
}

static int op_stack(void)
{
	return deep(100) < 0;
}

static int op_brk(void)
{
	char *p = sbrk(100 * PAGE);

	return p == (char *)-1 ? -1 : 0;
}

static int op_file_map(void)
{
	int fd = open("/dev/shm/inject", O_RDWR), r = -1;
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

static int op_file_write(void)
{
	int fd = open("/dev/shm/inject.2", O_RDWR | O_CREAT, 0600);
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

static int op_names(void)
{
	return mkdir("/dev/shm/inject.d", 0700) ||
			       symlink("x", "/dev/shm/inject.d/l") ||
			       link("/dev/shm/inject", "/dev/shm/inject.d/h") ||
			       rename("/dev/shm/inject.d/h",
				      "/dev/shm/inject.d/g")
		       ? -1
		       : 0;
}

/* What the operations leave; run when nothing fails any more. */
static void tidy(void)
{
	umount("/dev/shm/inject.d");
	unlink("/dev/shm/inject.2");
	unlink("/dev/shm/inject.d/l");
	unlink("/dev/shm/inject.d/g");
	unlink("/dev/shm/inject.d/h");
	rmdir("/dev/shm/inject.d");
}

/* A pseudo terminal, typed into and waited for. */
static int op_terminal(void)
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

static int op_pipe(void)
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

static int op_many_fds(void)
{
	return fcntl(1, F_DUPFD, 700) < 0 ? -1 : close(700);
}

static int op_proc(void)
{
	char text[4096];

	return file_read("/proc/self/maps", text, sizeof(text)) < 0 ||
			       file_read("/proc/sysvipc/shm", text,
					 sizeof(text)) < 0
		       ? -1
		       : 0;
}

static int op_readdir(void)
{
	char buf[2048];
	int fd = open("/", O_RDONLY | O_DIRECTORY), r;

	if (fd < 0)
		return -1;
	r = syscall(SYS_getdents64, fd, buf, sizeof(buf));
	close(fd);
	return r < 0 ? -1 : 0;
}

static int op_mount(void)
{
	if (mkdir("/dev/shm/inject.d", 0700) ||
	    mount("x", "/dev/shm/inject.d", "tmpfs", 0, "size=64k"))
		return -1;
	close(open("/dev/shm/inject.d/f", O_RDWR | O_CREAT, 0600));
	return umount("/dev/shm/inject.d");
}

static int op_locks(void)
{
	struct flock all = { F_WRLCK, SEEK_SET, 0, 0, 0 };
	struct flock part = { F_UNLCK, SEEK_SET, 10, 10, 0 };
	int fd = open("/dev/shm/inject", O_RDWR), r, err;

	if (fd < 0)
		return -1;
	r = fcntl(fd, F_SETLK, &all) || fcntl(fd, F_SETLK, &part) ||
	    flock(fd, LOCK_EX) ? -1 : 0;
	err = errno;
	close(fd);
	errno = err;
	return r;
}

static int op_proc_folder(void)
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

static int op_signal(void)
{
	signal(SIGUSR1, handler);
	kill(getpid(), SIGUSR1);
	return handled == SIGUSR1 ? 0 : -1;
}

static const struct op {
	const char *name;
	int (*fn)(void);
} ops[] = {
	{ "fork", op_fork },
	{ "vfork", op_vfork },
	{ "fork with attaches", op_fork_attached },
	{ "exec", op_exec },
	{ "exec of a script", op_exec_script },
	{ "exec with a dynamic loader", op_exec_dynamic },
	{ "shmget", op_shmget },
	{ "shmat", op_shmat },
	{ "shmat far away", op_shmat_far },
	{ "shmat over an attach", op_shmat_remap },
	{ "first touch of a shm page", op_shm_touch },
	{ "first read of a shm page", op_shm_read },
	{ "read(2) into shm pages", op_shm_read_into },
	{ "munmap within an attach", op_split },
	{ "mprotect within an attach", op_mprotect },
	{ "mlock within an attach", op_mlock },
	{ "mremap of an attach", op_mremap },
	{ "mremap that doubles it", op_mremap_double },
	{ "shmctl", op_shmctl },
	{ "mmap", op_mmap },
	{ "shared anonymous memory", op_shared_anon },
	{ "anonymous write", op_anon_write },
	{ "anonymous read", op_anon_read },
	{ "copy on write", op_cow },
	{ "stack growth", op_stack },
	{ "brk", op_brk },
	{ "map of a file", op_file_map },
	{ "write of a file", op_file_write },
	{ "names", op_names },
	{ "pipe", op_pipe },
	{ "terminal", op_terminal },
	{ "descriptor 700", op_many_fds },
	{ "/proc", op_proc },
	{ "getdents64", op_readdir },
	{ "mount", op_mount },
	{ "locks", op_locks },
	{ "/proc/self's folders", op_proc_folder },
	{ "a signal", op_signal },
};

static bool errno_fits(void)
{
	switch (errno) {
	case ENOMEM:
	case EAGAIN:
	case ENFILE:
	case ENOSPC:
	case ENOLCK:
	case EFAULT:
		return true;
	}
	return false;
}

struct attempt {
	const struct op *op;
	int n;
};

static void try_nth(void *arg)
{
	const struct attempt *a = arg;
	int r, err;

	tidy();
	dup2(open("/dev/null", O_WRONLY), 2);
	nth = open("/proc/self/fail-nth", O_RDWR);
	id = seg(16 * PAGE, 0600); /* its own, gone when it ends */
	attached = shmat(id, NULL, 0);
	rm(id);
	mmap(NULL, 0, 0, 0, -1, 0); /* the libc's own first time is over */
	arm(a->n);
	r = a->op->fn();
	err = errno;
	if (!fired()) {
		if (r)
			say("%s, nothing failed: %s", a->op->name,
			    err_name(err));
		tidy();
		_exit(r ? ODD : DONE);
	}
	tidy();
	errno = err;
	if (r && !errno_fits()) {
		say("%s, allocation %d: %s", a->op->name, a->n, err_name(err));
		_exit(ODD);
	}
	_exit(r ? FAILED : SURVIVED);
}

/* All N of one operation; how many failed, -1: something was wrong. */
static int try_all(const struct op *op)
{
	struct attempt a = { op, 0 };
	int status, hits = 0;

	while (++a.n < MAX_N) {
		status = in_child(try_nth, &a);
		if (WIFEXITED(status) && WEXITSTATUS(status) == DONE)
			return hits;
		hits++;
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
			continue; /* a fault without memory */
		if (WIFEXITED(status) && (WEXITSTATUS(status) == FAILED ||
					  WEXITSTATUS(status) == SURVIVED ||
					  WEXITSTATUS(status) == 127))
			continue; /* 127: the new program's libc gave up */
		say("%s, allocation %d: %s", op->name, a.n,
		    status_name(status));
		return -1;
	}
	say("%s never comes through", op->name);
	return -1;
}

/* Twice: the first round fills what the kernel keeps. */
static void operation(const struct op *op)
{
	char moved[1024];
	int hits = try_all(op);

	stock_take(&stock_before);
	if (hits >= 0)
		hits = try_all(op);
	stock_take(&stock_after);
	if (stock_moved(moved, sizeof(moved)))
		say("%s: %s", op->name, moved);
	else if (hits > 0)
		say("%s: every failure is clean", op->name);
	else if (hits == 0)
		say("%s: allocates nothing", op->name);
}

int main(int argc, char **argv)
{
	int fd, i;

	if (argc > 1) { /* after exec, which keeps the number */
		nth = open("/proc/self/fail-nth", O_RDWR);
		return nth < 0 || fired() ? SURVIVED : DONE;
	}
	(void)argv;
	anon = mmap((void *)0x93000000, 8 << 20, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	anon[8 * PAGE] = 1;
	fd = open("/dev/shm/inject", O_RDWR | O_CREAT | O_TRUNC, 0600);
	write(fd, "some bytes", 10);
	close(fd);
	fd = open("/dev/shm/inject.sh", O_RDWR | O_CREAT | O_TRUNC, 0700);
	dprintf(fd, "#!/proc/self/exe again\n");
	close(fd);
	make_program(DYNAMIC, ET_EXEC);
	make_program(LOADER, ET_DYN);
	if (!stock_prepare())
		say("/proc/stock cannot be read");
	for (i = 0; i < (int)COUNT(ops); i++)
		operation(&ops[i]);
	unlink("/dev/shm/inject");
	unlink("/dev/shm/inject.sh");
	unlink(DYNAMIC);
	unlink(LOADER);
	return 0;
}
