/* SPDX-License-Identifier: MIT */
/* Handlers: frames, masks, restarts, faults caught, the alternate stack. */
#include "t.h"
#include <sys/time.h>
#include <ucontext.h>

static volatile int count, depth, deepest;
static volatile double scratch;
static sigjmp_buf back;

static sighandler_t set_handler(int sig, sighandler_t fn, int flags)
{
	struct sigaction act = { .sa_handler = fn, .sa_flags = flags };

	sigaction(sig, &act, NULL);
	return fn;
}

static void counter(int sig)
{
	count++;
}

static void nesting(int sig)
{
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (count++ < 3)
		raise(sig);
	depth--;
}

static void plain(void)
{
	sigset_t set;

	set_handler(SIGUSR1, counter, 0);
	raise(SIGUSR1);
	raise(SIGUSR1);
	say("plain handler ran %d times", count);

	count = 0;
	set_handler(SIGUSR1, nesting, 0);
	raise(SIGUSR1);
	say("masked while it runs: %d runs, depth %d", count, deepest);

	count = depth = deepest = 0;
	set_handler(SIGUSR1, nesting, SA_NODEFER);
	raise(SIGUSR1);
	say("SA_NODEFER: %d runs, depth %d", count, deepest);

	count = 0;
	set_handler(SIGUSR1, counter, SA_RESETHAND);
	raise(SIGUSR1);
	fact("SA_RESETHAND resets", signal(SIGUSR1, SIG_IGN) == SIG_DFL);

	count = 0;
	set_handler(SIGUSR1, counter, 0);
	set_handler(SIGUSR2, counter, 0);
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	raise(SIGUSR2);
	raise(SIGUSR2);
	say("blocked: %d runs", count);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	say("unblocked: %d runs", count);
}

static void info_handler(int sig, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;

	say("signal %d code %d from %s uid %u", sig, info->si_code,
	    info->si_pid == getpid() ? "me" : "another", info->si_uid);
	fact("ucontext has the stack pointer",
	     (char *)uc->uc_mcontext.gregs[REG_ESP] > (char *)&uc);
	fact("USR2 was not blocked before",
	     !sigismember(&uc->uc_sigmask, SIGUSR2));
	count = sigismember(&uc->uc_sigmask, SIGUSR1);
}

static void with_info(void)
{
	struct sigaction act = { .sa_sigaction = info_handler,
				 .sa_flags = SA_SIGINFO };
	sigset_t mask;

	sigaddset(&act.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &act, NULL);
	kill(getpid(), SIGUSR1);
	raise(SIGUSR1);
	sigprocmask(0, NULL, &mask);
	fact("mask is back", !sigismember(&mask, SIGUSR2) &&
				     !sigismember(&mask, SIGUSR1));
}

static void child_info(int sig, siginfo_t *info, void *ctx)
{
	say("SIGCHLD code %d status %d", info->si_code, info->si_status);
}

static void from_child(void)
{
	struct sigaction act = { .sa_sigaction = child_info,
				 .sa_flags = SA_SIGINFO };
	int pid;

	sigaction(SIGCHLD, &act, NULL);
	pid = fork();
	if (pid == 0)
		_exit(7);
	while (waitpid(pid, NULL, 0) < 0)
		;
	pid = fork();
	if (pid == 0)
		raise(SIGTERM);
	while (waitpid(pid, NULL, 0) < 0)
		;
	signal(SIGCHLD, SIG_DFL);
}

static void floats(int sig)
{
	double x = 3.5;

	for (int i = 0; i < 20; i++)
		x = x * 1.5 + 0.25;
	scratch = x;
	count++;
}

static void registers(void)
{
	struct itimerval every = { { 0, 10000 }, { 0, 10000 } };
	double sum = 0, x = 1;
	long i;

	count = 0;
	set_handler(SIGALRM, floats, SA_RESTART);
	if (setitimer(ITIMER_REAL, &every, NULL))
		alarm(1);
	for (i = 0; i < 200000 || !count; i++) {
		x = x * 1.0000001;
		sum += x - x + 1;
		if (i % 100 == 0)
			raise(SIGALRM);
	}
	every = (struct itimerval){ { 0, 0 }, { 0, 0 } };
	setitimer(ITIMER_REAL, &every, NULL);
	alarm(0);
	fact("floating point survives handlers", sum == i && count);
	asm volatile("fninit\n\tfldpi\n\tfld1");
	raise(SIGALRM);
	{
		double a, b;

		asm volatile("fstpl %0\n\tfstpl %1" : "=m"(a), "=m"(b));
		fact("and the x87 stack", a == 1.0 && b > 3.14 && b < 3.15);
	}
}

static void quiet(int sig)
{
	count++;
}

static void restarts(void)
{
	int fds[2], again[2], status, pid;
	char c;
	sigset_t set, none;

	if (pipe(fds) || pipe(again))
		exit(1);
	pid = fork();
	if (pid == 0) {
		until_asleep(getppid());
		kill(getppid(), SIGUSR1);
		read(again[0], &c, 1);
		until_asleep(getppid());
		kill(getppid(), SIGUSR1);
		until_asleep(getppid());
		if (write(fds[1], "x", 1) != 1)
			_exit(1);
		_exit(0);
	}
	count = 0;
	set_handler(SIGUSR1, quiet, 0);
	R("read without SA_RESTART", read(fds[0], &c, 1));
	set_handler(SIGUSR1, quiet, SA_RESTART);
	write(again[1], "", 1);
	V("read with SA_RESTART", read(fds[0], &c, 1));
	say("handlers: %d", count);
	waitpid(pid, &status, 0);

	pid = fork();
	if (pid == 0) {
		until_asleep(getppid());
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	R("pause with SA_RESTART", pause());
	waitpid(pid, &status, 0);

	sigemptyset(&none);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	count = 0;
	raise(SIGUSR1);
	say("blocked: %d", count);
	R("sigsuspend", sigsuspend(&none));
	say("during sigsuspend: %d", count);
	sigprocmask(0, NULL, &none);
	fact("mask is back after sigsuspend", sigismember(&none, SIGUSR1));
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	R("sigsuspend, size 4", syscall(SYS_rt_sigsuspend, &set, 4));
}

static void on_fault(int sig, siginfo_t *info, void *ctx)
{
	ucontext_t *uc = ctx;

	say("signal %d code %d addr %p trap %d", sig, info->si_code,
	    sig == SIGSEGV ? info->si_addr : NULL,
	    (int)uc->uc_mcontext.gregs[REG_TRAPNO]);
	if (sig == SIGSEGV)
		say("cr2 %lx err %x", uc->uc_mcontext.cr2,
		    (unsigned)uc->uc_mcontext.gregs[REG_ERR] & 7);
	siglongjmp(back, 1);
}

static void faults(void)
{
	struct sigaction act = { .sa_sigaction = on_fault,
				 .sa_flags = SA_SIGINFO };
	volatile int zero = 0;
	void *area = mmap((void *)0x20000000, PAGE, PROT_READ,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	sigaction(SIGSEGV, &act, NULL);
	sigaction(SIGFPE, &act, NULL);
	sigaction(SIGILL, &act, NULL);
	sigaction(SIGTRAP, &act, NULL);
	if (!sigsetjmp(back, 1))
		*(volatile int *)(zero + 0x123) = 1;
	if (!sigsetjmp(back, 1))
		*(volatile int *)area = 1;
	if (!sigsetjmp(back, 1))
		zero = 100 / zero;
	if (!sigsetjmp(back, 1))
		asm volatile("ud2");
	if (!sigsetjmp(back, 1))
		asm volatile("int3");
	signal(SIGTRAP, SIG_DFL);
	signal(SIGFPE, SIG_DFL);
	signal(SIGILL, SIG_DFL);
}

static int runaway(int n)
{
	volatile char big[4096];

	big[0] = (char)n;
	return n ? runaway(n + 1) + big[0] : 0;
}

static void on_alt(int sig)
{
	stack_t now;
	char here;

	sigaltstack(NULL, &now);
	fact("on the alternate stack",
	     &here > (char *)now.ss_sp &&
		     &here < (char *)now.ss_sp + now.ss_size);
	say("flags there: %d", now.ss_flags);
	now.ss_flags = 0;
	R("change while on it", sigaltstack(&now, NULL));
	siglongjmp(back, 1);
}

static void alternate(void)
{
	static char space[65536];
	stack_t ss = { .ss_sp = space, .ss_size = sizeof(space) }, old;
	struct rlimit lim = { 1 << 20, 1 << 20 };

	setrlimit(RLIMIT_STACK, &lim);
	sigaltstack(NULL, &old);
	say("without one: flags %d", old.ss_flags);
	ss.ss_size = 100;
	R("too small", sigaltstack(&ss, NULL));
	ss.ss_size = sizeof(space);
	ss.ss_flags = 8;
	R("bad flags", sigaltstack(&ss, NULL));
	R("bad pointer", syscall(SYS_sigaltstack, 1, 0));
	ss.ss_flags = 0;
	R("set", sigaltstack(&ss, NULL));
	set_handler(SIGSEGV, on_alt, SA_ONSTACK);
	if (!sigsetjmp(back, 1))
		runaway(1);
	ss.ss_flags = SS_DISABLE;
	R("disable", sigaltstack(&ss, NULL));
	sigaltstack(NULL, &old);
	say("flags %d", old.ss_flags);
}

static void no_stack(void *arg)
{
	set_handler(SIGSEGV, counter, 0);
	set_handler(SIGUSR1, counter, 0);
	asm volatile("movl $0x1000, %%esp\n\t"
		     "movl %0, %%ebx\n\tmovl $10, %%ecx\n\tmovl $37, %%eax\n\t"
		     "int $0x80" : : "r"(getpid()) : "memory");
}

static void from_trampoline(int sig)
{
	count += sig;
}

static void without_restorer(void)
{
	struct { void (*fn)(int); long flags, restorer; uint64_t mask; } act = {
		from_trampoline, 0, 0, 0
	};

	count = 0;
	R("raw rt_sigaction", syscall(SYS_rt_sigaction, SIGUSR2, &act, 0, 8));
	raise(SIGUSR2);
	act.flags = SA_SIGINFO;
	syscall(SYS_rt_sigaction, SIGUSR2, &act, 0, 8);
	raise(SIGUSR2);
	say("kernel's trampoline: %d", count);
}

int main(void)
{
	plain();
	with_info();
	from_child();
	registers();
	restarts();
	faults();
	alternate();
	child("no stack for the frame", no_stack, NULL);
	without_restorer();
	return 0;
}
