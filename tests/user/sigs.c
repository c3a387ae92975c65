/* SPDX-License-Identifier: MIT */
/* Signals: default actions, masks, handlers, what a fault reports. */
#include "t.h"

static void by_default(void *arg)
{
	int sig = *(int *)arg;

	signal(sig, SIG_DFL);
	raise(sig);
	_exit(50); /* the signal was not deadly */
}

static void defaults(void)
{
	int sig, status;
	pid_t pid;

	for (sig = 1; sig <= 34; sig++) {
		if (sig == 32 || sig == 33) /* the libc's own */
			continue;
		pid = fork();
		if (pid == 0)
			by_default(&sig);
		waitpid(pid, &status, WUNTRACED);
		say("signal %d: %s", sig, status_name(status));
		if (WIFSTOPPED(status)) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
	}
}

static void ignores(void *arg)
{
	int sig = *(int *)arg;

	R("ignore it", signal(sig, SIG_IGN) == SIG_ERR ? -1 : 0);
	raise(sig);
	say("signal %d ignored", sig);
	*(volatile int *)8 = 1; /* forced, ignored or not */
}

static int order[10], count;

static void note(int sig)
{
	if (count < 10)
		order[count++] = sig;
}

static void blocking(void)
{
	sigset_t set, old, pending;
	int i;

	signal(SIGUSR1, note);
	signal(SIGUSR2, note);
	signal(SIGTERM, note);
	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, &old);
	sigprocmask(SIG_BLOCK, NULL, &set);
	say("KILL and STOP cannot be blocked: %d %d",
	    sigismember(&set, SIGKILL), sigismember(&set, SIGSTOP));
	raise(SIGTERM);
	raise(SIGUSR2);
	raise(SIGUSR1);
	raise(SIGUSR1);
	say("blocked, none ran: %d", count);
	sigpending(&pending);
	say("pending: %d %d %d %d", sigismember(&pending, SIGUSR1),
	    sigismember(&pending, SIGUSR2), sigismember(&pending, SIGTERM),
	    sigismember(&pending, SIGHUP));
	sigprocmask(SIG_SETMASK, &old, NULL);
	say("afterwards %d ran, each once", count);
	for (count = i = 0; i < 3; i++)
		order[i] = 0;
}

static void errors(void)
{
	struct sigaction act = { .sa_handler = note };
	unsigned long set[2] = { 0 };

	R("sigaction of KILL", sigaction(SIGKILL, &act, NULL));
	R("sigaction of STOP", sigaction(SIGSTOP, &act, NULL));
	R("sigaction of 0", sigaction(0, &act, NULL));
	R("sigaction of 65", syscall(SYS_rt_sigaction, 65, 0, 0, 8));
	R("wrong size of the set", syscall(SYS_rt_sigaction, 1, 0, 0, 4));
	R("bad action", syscall(SYS_rt_sigaction, 1, 8, 0, 8));
	R("bad old action", syscall(SYS_rt_sigaction, 1, 0, 8, 8));
	R("bad how", syscall(SYS_rt_sigprocmask, 9, set, 0, 8));
	R("bad how without a set", syscall(SYS_rt_sigprocmask, 9, 0, set, 8));
	R("bad set", syscall(SYS_rt_sigprocmask, 0, 8, 0, 8));
}

static siginfo_t got;

static void with_info(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	got = *info;
}

static void info(void)
{
	struct sigaction act = { .sa_sigaction = with_info,
				 .sa_flags = SA_SIGINFO };
	pid_t pid;

	sigaction(SIGUSR1, &act, NULL);
	kill(getpid(), SIGUSR1);
	say("kill: signo %d code %d, pid right: %d, uid %d", got.si_signo,
	    got.si_code, got.si_pid == getpid(), (int)got.si_uid);
	raise(SIGUSR1);
	say("raise: code %d", got.si_code);
	sigaction(SIGCHLD, &act, NULL);
	pid = fork();
	if (pid == 0)
		_exit(33);
	while (waitpid(pid, NULL, 0) < 0)
		;
	say("child: signo %d code %d status %d, pid right: %d", got.si_signo,
	    got.si_code, got.si_status, got.si_pid == pid);
	signal(SIGCHLD, SIG_DFL);
}

static sigset_t inside;

static void look(int sig)
{
	(void)sig;
	sigprocmask(SIG_BLOCK, NULL, &inside);
}

static void masks(void)
{
	struct sigaction act = { .sa_handler = look }, old;
	sigset_t after;

	sigaddset(&act.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &act, NULL);
	raise(SIGUSR1);
	say("in the handler blocked: itself %d, the mask %d, others %d",
	    sigismember(&inside, SIGUSR1), sigismember(&inside, SIGUSR2),
	    sigismember(&inside, SIGTERM));
	sigprocmask(SIG_BLOCK, NULL, &after);
	say("afterwards: %d %d", sigismember(&after, SIGUSR1),
	    sigismember(&after, SIGUSR2));
	act.sa_flags = SA_NODEFER | SA_RESETHAND;
	sigaction(SIGUSR1, &act, NULL);
	raise(SIGUSR1);
	say("SA_NODEFER: %d", sigismember(&inside, SIGUSR1));
	sigaction(SIGUSR1, NULL, &old);
	fact("SA_RESETHAND", old.sa_handler == SIG_DFL);
}

static void faulting(int sig, siginfo_t *info, void *context)
{
	(void)context;
	say("signal %d code %d", sig, info->si_code);
	_exit(sig);
}

static void divide(void *arg)
{
	(void)arg;
	__asm__ volatile("xorl %%ecx, %%ecx\n\tdivl %%ecx"
			 :
			 : "a"(1), "d"(0)
			 : "ecx");
}

static void illegal(void *arg)
{
	(void)arg;
	__asm__ volatile("ud2");
}

static void breakpoint(void *arg)
{
	(void)arg;
	__asm__ volatile("int3");
}

static void privileged(void *arg)
{
	(void)arg;
	__asm__ volatile("cli");
}

static void port(void *arg)
{
	(void)arg;
	__asm__ volatile("inb $0x60, %%al" : : : "eax");
}

static void no_vector(void *arg)
{
	(void)arg;
	__asm__ volatile("int $0x21");
}

static void null(void *arg)
{
	(void)arg;
	*(volatile char *)4 = 1;
}

static void jump(void *arg)
{
	(void)arg;
	((void (*)(void))0x10)();
}

static void bad_stack(void *arg)
{
	(void)arg;
	__asm__ volatile("movl $0x10, %esp\n\tpushl $1");
}

static void overflow(void *arg)
{
	(void)arg;
	__asm__ volatile("movl $0x7fffffff, %%eax\n\taddl $1, %%eax\n\tinto"
			 :
			 :
			 : "eax");
}

static void caught(void *arg)
{
	struct sigaction act = { .sa_sigaction = faulting,
				 .sa_flags = SA_SIGINFO };
	static const int all[] = { SIGILL, SIGTRAP, SIGFPE, SIGSEGV, SIGBUS };

	for (size_t i = 0; i < COUNT(all); i++)
		sigaction(all[i], &act, NULL);
	(*(void (**)(void *))arg)(NULL);
}

static void traps(void)
{
	static const struct {
		const char *what;
		void (*fn)(void *);
	} cases[] = {
		{ "divide by 0", divide }, { "ud2", illegal },
		{ "int3", breakpoint },	   { "cli", privileged },
		{ "inb", port },	   { "int 0x21", no_vector },
		{ "NULL", null },	   { "a jump to 16", jump },
		{ "into", overflow },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		child(cases[i].what, cases[i].fn, NULL);
		child(cases[i].what, caught, (void *)&cases[i].fn);
	}
	child("a stack at 16", bad_stack, NULL);
}

/* A fault whose signal is blocked kills; so does one in the handler. */
static void blocked_fault(void *arg)
{
	sigset_t set;

	(void)arg;
	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	signal(SIGSEGV, note);
	null(NULL);
}

static void again(int sig)
{
	(void)sig;
	null(NULL);
}

static void double_fault(void *arg)
{
	(void)arg;
	signal(SIGSEGV, again);
	null(NULL);
}

/* The handler's frame cannot be written: killed, not looping. */
static void no_room(void *arg)
{
	(void)arg;
	signal(SIGUSR1, note);
	__asm__ volatile("movl $0x1000, %%esp\n\t"
			 "int $0x80"
			 :
			 : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1));
}

static void suspend(void)
{
	sigset_t set, old;
	pid_t pid;

	signal(SIGUSR1, note);
	count = 0;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &old);
	pid = fork();
	if (pid == 0) {
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	sigemptyset(&set);
	R("sigsuspend", sigsuspend(&set));
	say("one handler ran: %d", count);
	waitpid(pid, NULL, 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
	signal(SIGALRM, note);
	alarm(1);
	R("pause", pause());
	V("alarm left", alarm(100));
	fact("alarm replaces", alarm(0) >= 99);
}

int main(void)
{
	static int usr1 = SIGUSR1, segv = SIGSEGV, kill9 = SIGKILL;

	defaults();
	child("USR1 ignored, then a fault", ignores, &usr1);
	child("SEGV ignored, then a fault", ignores, &segv);
	child("KILL ignored", ignores, &kill9);
	blocking();
	errors();
	info();
	masks();
	traps();
	child("a fault while blocked", blocked_fault, NULL);
	child("a fault in its handler", double_fault, NULL);
	child("no room for the frame", no_room, NULL);
	suspend();
	return 0;
}
