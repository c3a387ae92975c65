/* SPDX-License-Identifier: MIT */
/* Signals from outside: kill, masks, actions, default actions, stopping. */
#include "t.h"

static void bad_targets(void)
{
	R("kill of nobody", kill(0x3fffffff, 0));
	R("kill with signal 65", kill(getpid(), 65));
	R("kill with signal -1", kill(getpid(), -1));
	R("kill of nobody with signal 65", kill(0x3fffffff, 65));
	R("kill of pid INT_MIN", kill((int)0x80000000, 0));
	R("kill of an empty group", kill(-0x3fffffff, 0));
	R("kill of oneself with 0", kill(getpid(), 0));
	R("kill of the own group with 0", kill(0, 0));
	R("tkill of 0", syscall(SYS_tkill, 0, 0));
	R("tkill of oneself", syscall(SYS_tkill, getpid(), 0));
	R("tgkill of 0", syscall(SYS_tgkill, getpid(), 0, 0));
	R("tgkill with a wrong group",
	  syscall(SYS_tgkill, getpid() + 1, getpid(), 0));
	R("tgkill of oneself", syscall(SYS_tgkill, getpid(), getpid(), 0));
}

static void as_user(void *arg)
{
	pid_t parent = getppid();

	become(1000, 1000, 0, NULL);
	R("a user's kill of root's process", kill(parent, 0));
	R("with signal 65", kill(parent, 65));
	R("SIGCONT within the session", kill(parent, SIGCONT));
	R("SIGTERM within the session", kill(parent, SIGTERM));
	R("of itself", kill(getpid(), 0));
	exit(0);
}

static void bad_actions(void)
{
	struct { long w[5]; } act = { { 0 } };

	R("rt_sigaction of 0", syscall(SYS_rt_sigaction, 0, 0, 0, 8));
	R("rt_sigaction of 65", syscall(SYS_rt_sigaction, 65, 0, 0, 8));
	R("rt_sigaction of 64", syscall(SYS_rt_sigaction, 64, 0, 0, 8));
	R("with size 4", syscall(SYS_rt_sigaction, 1, 0, 0, 4));
	R("SIGKILL set", syscall(SYS_rt_sigaction, SIGKILL, &act, 0, 8));
	R("SIGKILL asked", syscall(SYS_rt_sigaction, SIGKILL, 0, &act, 8));
	R("SIGSTOP set", syscall(SYS_rt_sigaction, SIGSTOP, &act, 0, 8));
	R("bad act", syscall(SYS_rt_sigaction, SIGUSR1, 1, 0, 8));
	R("bad old", syscall(SYS_rt_sigaction, SIGUSR1, 0, 1, 8));
	R("old form, kernel address",
	  syscall(SYS_sigaction, SIGUSR1, 0xc0000000, 0));
	R("signal of 65", syscall(SYS_signal, 65, SIG_IGN));
	V("signal returns the handler before",
	  syscall(SYS_signal, SIGUSR1, SIG_IGN));
	V("and now", syscall(SYS_signal, SIGUSR1, SIG_DFL));
}

static void masks(void)
{
	uint64_t set = ~0ull, old = 0;

	R("rt_sigprocmask how 3", syscall(SYS_rt_sigprocmask, 3, &set, 0, 8));
	R("how 3 without set", syscall(SYS_rt_sigprocmask, 3, 0, &old, 8));
	R("size 16", syscall(SYS_rt_sigprocmask, 0, &set, 0, 16));
	R("bad set", syscall(SYS_rt_sigprocmask, 0, 1, 0, 8));
	R("bad old", syscall(SYS_rt_sigprocmask, 0, 0, 1, 8));
	R("block all", syscall(SYS_rt_sigprocmask, SIG_SETMASK, &set, 0, 8));
	R("ask", syscall(SYS_rt_sigprocmask, 0, 0, &old, 8));
	say("mask: %016llx", (unsigned long long)old);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGCHLD);
	kill(getpid(), SIGRTMIN + 1);
	R("pending", syscall(SYS_rt_sigpending, &old, 8));
	say("pending: %016llx", (unsigned long long)old);
	R("pending, size 9", syscall(SYS_rt_sigpending, &old, 9));
	signal(SIGUSR1, SIG_IGN);
	signal(SIGRTMIN + 1, SIG_IGN);
	syscall(SYS_rt_sigpending, &old, 8);
	say("pending when ignored: %016llx", (unsigned long long)old);
	signal(SIGCHLD, SIG_DFL);
	syscall(SYS_rt_sigpending, &old, 8);
	say("pending when default is to ignore: %016llx",
	    (unsigned long long)old);
	set = 0;
	R("unblock", syscall(SYS_rt_sigprocmask, SIG_SETMASK, &set, 0, 8));
	signal(SIGUSR1, SIG_DFL);
	signal(SIGRTMIN + 1, SIG_DFL);
}

static void raise_it(void *sig)
{
	raise((int)(long)sig);
}

static void default_actions(void)
{
	static const int sigs[] = { SIGHUP, SIGINT, SIGILL, SIGKILL, SIGUSR1,
				    SIGPIPE, SIGALRM, SIGTERM, SIGSTKFLT,
				    SIGCHLD, SIGCONT, SIGURG, SIGXCPU,
				    SIGWINCH, SIGIO, SIGPWR, SIGSYS, 34, 64 };
	struct rlimit none = { 0, 0 };
	char what[32];
	size_t i;

	setrlimit(RLIMIT_CORE, &none);
	for (i = 0; i < COUNT(sigs); i++) {
		snprintf(what, sizeof(what), "default of %d", sigs[i]);
		child(what, raise_it, (void *)(long)sigs[i]);
	}
}

static void stop_and_go(void)
{
	int status, pid, go[2];
	char c;

	pipe(go);
	pid = fork();
	if (pid == 0) {
		raise(SIGSTOP);
		read(go[0], &c, 1); /* stopped anew it is no longer continued */
		raise(SIGSTOP);
		_exit(5);
	}
	waitpid(pid, &status, WUNTRACED);
	say("child: %s", status_name(status));
	value("nothing new", waitpid(pid, &status, WUNTRACED | WNOHANG));
	kill(pid, SIGCONT);
	waitpid(pid, &status, WCONTINUED);
	say("continued: %s", WIFCONTINUED(status) ? "yes" : "NO");
	write(go[1], "", 1);
	waitpid(pid, &status, WUNTRACED);
	say("child: %s", status_name(status));
	kill(pid, SIGTERM);
	value("TERM waits", waitpid(pid, &status, WNOHANG));
	kill(pid, SIGCONT);
	waitpid(pid, &status, 0);
	say("child: %s", status_name(status));

	pid = fork();
	if (pid == 0)
		for (;;)
			pause();
	close(go[0]);
	close(go[1]);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	say("child: %s", status_name(status));
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	say("child: %s", status_name(status));
}

static void kill_group(void)
{
	int i, status, leader, ready[2];
	char c;

	pipe(ready);
	leader = fork();
	if (leader == 0) {
		setpgid(0, 0);
		for (i = 0; i < 3; i++)
			if (fork() == 0)
				for (;;)
					pause();
		write(ready[1], "", 1);
		while (waitpid(-1, &status, 0) > 0)
			;
		_exit(0);
	}
	read(ready[0], &c, 1);
	close(ready[0]);
	close(ready[1]);
	R("kill of a group", kill(-leader, SIGTERM));
	waitpid(leader, &status, 0);
	say("leader: %s", status_name(status));
}

int main(void)
{
	int status, pid = fork();

	if (pid == 0)
		pause();
	until_asleep(pid);
	kill(pid, SIGHUP);
	wait(&status);
	say("paused child: %s", status_name(status));
	bad_targets();
	child("user", as_user, NULL);
	bad_actions();
	masks();
	default_actions();
	stop_and_go();
	kill_group();
	return 0;
}
