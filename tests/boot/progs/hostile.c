/* SPDX-License-Identifier: MIT */
/*
 * hostile: what a program can do in user mode to be taken for the kernel. Each
 * move is made by a child, which ends with SIGSEGV, as on Linux, and leaves
 * the machine as it was.
 *
 * A far return reads its stack, a far call writes it. QEMU makes these
 * accesses with the rights of the kernel and leaves PF_USER out of the error
 * code: where the processor was is told by cs alone.
 */
#include "prog.h"
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

/* --- each move, in a child ----------------------------------------------- */

/* The wait status of a child that does MAKE. */
static int child_does(void (*make)(void))
{
	pid_t pid;
	int status;

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

static void all_end(const struct move *moves, unsigned n)
{
	unsigned i;
	int status;

	for (i = 0; i < n; i++) {
		status = child_does(moves[i].make);
		check();
		fact(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV,
		     moves[i].what, "status %x", status);
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

int main(void)
{
	closed =
		mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	read_only =
		mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	all_end(far_moves, COUNT(far_moves));
	fact(child_does(handled) == 7 << 8, "the handler has run", "no");
	return_by_segment();
	munmap(closed, PAGE);
	munmap(read_only, PAGE);
	puts("end");
	return 0;
}
