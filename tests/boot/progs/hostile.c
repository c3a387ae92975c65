/* SPDX-License-Identifier: MIT */
/*
 * hostile: what a program can do in user mode to be taken for the kernel. Each
 * move is made by a child, which ends with SIGSEGV, as on Linux, and leaves
 * the machine as it was.
 *
 * A far return reads its stack, a far call writes it. QEMU makes these
 * accesses with the rights of the kernel and leaves PF_USER out of the error
 * code: where the processor was is told by the frame alone.
 *
 * QEMU also lets iret go into VM86 mode. There cs is no selector, the frame of
 * a trap is longer, and a loop with interrupts off stops the machine: so all
 * that VM86 mode reaches is never mapped, and nothing runs there.
 */
#include "prog.h"
#include <elf.h>
#include <signal.h>
#include <sys/ucontext.h>

#define PF_USER 4

struct move {
	const char *what;
	void (*make)(void);
};

/* --- far returns and calls on a stack that is not there ------------------ */

/* STEP with the stack pointer at ESP. */
#define ON_STACK(esp, step) \
	asm volatile("movl %0, %%esp\n\t" step : : "r"(esp) : "memory")

#define UNMAPPED 0x1000
#define LAST_PAGE 0xbffff000 /* below the kernel, never mapped */
#define KERNEL_HOLE 0xfffff000 /* above it, never mapped */

static void *closed; /* a page without rights */
static void *read_only;

static void iret_unmapped(void)
{
	ON_STACK(UNMAPPED, "iretl");
}

static void iretw_unmapped(void)
{
	ON_STACK(UNMAPPED, "iretw");
}

static void lret_unmapped(void)
{
	ON_STACK(UNMAPPED, "lretl");
}

static void lret_n_unmapped(void)
{
	ON_STACK(UNMAPPED, "lretl $8");
}

static void iret_last_page(void)
{
	ON_STACK(LAST_PAGE, "iretl");
}

static void lret_kernel_hole(void)
{
	ON_STACK(KERNEL_HOLE, "lretl");
}

static void iret_closed(void)
{
	ON_STACK(closed, "iretl");
}

static void lcall_read_only(void)
{
	ON_STACK((char *)read_only + PAGE, "lcall $0x23, $0");
}

static void iret_nested_task(void)
{
	asm volatile("pushfl\n\t"
		     "orl $0x4000, (%esp)\n\t"
		     "popfl\n\t"
		     "iretl");
}

static const struct move far_moves[] = {
	{ "iret, stack at 0x1000", iret_unmapped },
	{ "16-bit iret, stack at 0x1000", iretw_unmapped },
	{ "lret, stack at 0x1000", lret_unmapped },
	{ "lret 8, stack at 0x1000", lret_n_unmapped },
	{ "iret, stack in the page below the kernel", iret_last_page },
	{ "lret, stack above the kernel", lret_kernel_hole },
	{ "iret, stack in a page without rights", iret_closed },
	{ "far call, stack in a page to be read", lcall_read_only },
	{ "iret to another task", iret_nested_task },
};

/* --- into VM86 mode ------------------------------------------------------ */

#define VM 0x20000
#define VM_REACHES 0x110000 /* ffff:ffff and below */
#define LOOP 0x20000

static struct {
	unsigned cs, eip, eflags;
} vm86;

/* iret with a frame of VM86 mode: eip cs eflags esp ss es ds fs gs. */
static void enter_vm86(void)
{
	asm volatile("pushl $0\n\tpushl $0\n\tpushl $0\n\tpushl $0\n\t"
		     "pushl $0\n\tpushl $0x800\n\t"
		     "pushl %2\n\tpushl %1\n\tpushl %0\n\t"
		     "iretl"
		     :
		     : "r"(vm86.eip), "r"(vm86.cs), "r"(vm86.eflags)
		     : "memory");
}

/* --- each move, in a child ----------------------------------------------- */

/* The wait status of a child that does MAKE. */
static int child_does(void (*make)(void))
{
	pid_t pid;
	int status = -1;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		make();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("a child");
	return status;
}

static int ended_by_segv(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

static void all_end(const struct move *moves, unsigned n)
{
	unsigned i;
	int status;

	for (i = 0; i < n; i++) {
		status = child_does(moves[i].make);
		check();
		fact(ended_by_segv(status), moves[i].what, "status %x", status);
	}
}

/* --- with a handler ------------------------------------------------------ */

static void on_segv(int signo, siginfo_t *info, void *context)
{
	const ucontext_t *uc = context;
	size_t into = (char *)info->si_addr - (char *)UNMAPPED;

	fact(info->si_code == SEGV_MAPERR && into < 12 &&
		     uc->uc_mcontext.gregs[REG_ERR] & PF_USER,
	     "a handler is told where, and that it was in user mode",
	     "signal %d, code %d at %p, error code %x", signo, info->si_code,
	     info->si_addr, (unsigned)uc->uc_mcontext.gregs[REG_ERR]);
	_exit(7);
}

static void handled(void)
{
	static char stack[16384];
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction sa = { .sa_sigaction = on_segv,
				.sa_flags = SA_SIGINFO | SA_ONSTACK };

	sigaltstack(&ss, NULL);
	sigaction(SIGSEGV, &sa, NULL);
	iret_unmapped();
}

/* --- a stack that has to be fetched first -------------------------------- */

/* After fork the child's entries of a segment are empty. */
static void return_by_segment(void)
{
	unsigned *frame;
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600), status;

	frame = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	if (frame == (void *)-1)
		die("shmat");
	fflush(stdout);
	if (fork() == 0) {
		asm volatile("movl %%esp, %%ebx\n\t"
			     "movl %0, %%esp\n\t"
			     "lcall %1, $1f\n"
			     "1:\tmovl %0, %%esp\n\t"
			     "movl $2f, -8(%%esp)\n\t"
			     "movl %1, -4(%%esp)\n\t"
			     "subl $8, %%esp\n\t"
			     "lretl\n"
			     "2:\tmovl %%ebx, %%esp"
			     :
			     : "r"(frame + PAGE / 4), "i"(0x23)
			     : "ebx", "memory");
		_exit(9);
	}
	wait(&status);
	shmdt(frame);
	fact(WIFEXITED(status) && WEXITSTATUS(status) == 9,
	     "a far call and return on a page that is fetched for it",
	     "status %x", status);
}

/* --- VM86 mode: each way in, and nothing to run there -------------------- */

static void enter_everywhere(void)
{
	static const unsigned cs[] = { 0,      0x10,   0x23,   0x30,
				       0x2000, 0xf000, 0xf003, 0xffff };
	static const unsigned eip[] = { 0, 0x1ffd, 0xffff, 0x12345 };
	/* with IOPL 3, IF, TF, NT, VIF and VIP */
	static const unsigned flags[] = { 0x0002, 0x3002, 0x3202,
					  0x0302, 0x7202, 0x183002 };
	unsigned n = COUNT(cs) * COUNT(eip) * COUNT(flags), i;
	int status = 0;

	for (i = 0; i < n; i++) {
		vm86.cs = cs[i % COUNT(cs)];
		vm86.eip = eip[i / COUNT(cs) % COUNT(eip)];
		vm86.eflags = VM | flags[i / COUNT(cs) / COUNT(eip)];
		status = child_does(enter_vm86);
		if (!ended_by_segv(status))
			break;
	}
	check();
	fact(i == n, "iret into VM86 mode", "%x:%x, flags %x: status %x",
	     vm86.cs, vm86.eip, vm86.eflags, status);
}

/* A processor that stays out of VM86 mode faults in user mode. */
static void on_segv_vm86(int signo, siginfo_t *info, void *context)
{
	const ucontext_t *uc = context;

	(void)signo, (void)info;
	_exit(uc->uc_mcontext.gregs[REG_EFL] & VM ? 8 : 0);
}

static void handled_vm86(void)
{
	struct sigaction sa = { .sa_sigaction = on_segv_vm86,
				.sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &sa, NULL);
	vm86.cs = 0xf003;
	enter_vm86();
}

static void *map_at(size_t at, int flags)
{
	return mmap((void *)at, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static void refused(const void *got, const char *what)
{
	fact(got == (void *)-1 && errno == EPERM, what, "%p, %s", got,
	     strerror(errno));
}

static void grow_down(void)
{
	map_at(VM_REACHES, MAP_FIXED | MAP_GROWSDOWN);
	*(volatile char *)VM_REACHES = 1;
	*(volatile char *)(VM_REACHES - PAGE) = 1;
}

/* A program whose only segment lies at LOOP. */
static void execute_low(void)
{
	static struct {
		Elf32_Ehdr eh;
		Elf32_Phdr ph;
	} low = {
		.eh = { .e_ident = ELFMAG "\1\1\1",
			.e_type = ET_EXEC,
			.e_machine = EM_386,
			.e_version = 1,
			.e_entry = LOOP,
			.e_phoff = sizeof(low.eh),
			.e_ehsize = sizeof(low.eh),
			.e_phentsize = sizeof(low.ph),
			.e_phnum = 1 },
		.ph = { .p_type = PT_LOAD,
			.p_vaddr = LOOP,
			.p_filesz = sizeof(low),
			.p_memsz = sizeof(low),
			.p_flags = PF_R | PF_X,
			.p_align = PAGE },
	};
	int fd = open("/tmp/low", O_WRONLY | O_CREAT | O_TRUNC, 0755);

	if (write(fd, &low, sizeof(low)) != sizeof(low) || close(fd))
		die("/tmp/low");
	execl("/tmp/low", "low", NULL);
	fact(errno == EPERM, "a program that lies there", "%s",
	     strerror(errno));
	unlink("/tmp/low");
}

static void nothing_is_mapped_there(void)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);
	void *page = map_at(0, 0);
	char text[16];

	refused(map_at(0, MAP_FIXED), "mmap at 0, by root");
	refused(map_at(LOOP, MAP_FIXED), "mmap at 20000");
	refused(map_at(VM_REACHES - PAGE, MAP_FIXED), "mmap at 10f000");
	refused(mremap(page, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, LOOP),
		"mremap to 20000");
	refused(shmat(id, (void *)LOOP, 0), "shmat at 20000");
	refused(shmat(id, (void *)5, SHM_RND), "shmat at 0");
	munmap(page, PAGE);
	page = map_at(LOOP, 0);
	fact(page == (void *)VM_REACHES, "a hint is rounded up", "%p", page);
	munmap(page, PAGE);
	fact(ended_by_segv(child_does(grow_down)), "a stack ends above it",
	     "no");
	execute_low();
	read_text("/proc/sys/vm/mmap_min_addr", text, sizeof(text));
	fact(atol(text) == VM_REACHES, "and mmap_min_addr says so", "%s", text);
	shmctl(id, IPC_RMID, NULL);
}

/* --- files of /proc that stop others, or tell about the kernel ----------- */

static void open_as_nobody(void)
{
	static const struct {
		const char *path;
		int how;
	} files[] = {
		{ "/proc/self/park-nth", O_WRONLY },
		{ "/proc/self/why", O_WRONLY },
		{ "/proc/self/why", O_RDONLY },
		{ "/proc/stage", O_WRONLY },
		{ "/proc/sys/vm/evict", O_WRONLY },
		{ "/proc/sysrq-trigger", O_WRONLY },
	};
	unsigned i;

	if (setgid(65534) || setuid(65534))
		die("setuid");
	for (i = 0; i < COUNT(files); i++)
		fact(open(files[i].path, files[i].how) < 0 && errno == EACCES,
		     files[i].path, "opened, %d", files[i].how);
	fact(open("/proc/self/park-nth", O_RDONLY) >= 0, "park-nth can be read",
	     "%s", strerror(errno));
}

int main(void)
{
	int status;

	closed =
		mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	read_only =
		mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	all_end(far_moves, COUNT(far_moves));
	fact(child_does(handled) == 7 << 8, "the handler has run", "no");
	return_by_segment();
	nothing_is_mapped_there();
	enter_everywhere();
	status = child_does(handled_vm86);
	fact(status == 0 || ended_by_segv(status),
	     "a handler is not called for VM86 mode", "status %x", status);
	child_does(open_as_nobody);
	munmap(closed, PAGE);
	munmap(read_only, PAGE);
	puts("end");
	return 0;
}
