/* SPDX-License-Identifier: MIT */
/* Sessions and a terminal: foreground, background, ^C, hang-ups. */
#include "tty.h"

static int talk[2]; /* a pipe: a process that is to say "I am there" */
static volatile sig_atomic_t caught[65];

static void note(int sig)
{
	caught[sig]++;
}

static void catch(int sig)
{
	struct sigaction act = { .sa_handler = note };

	caught[sig] = 0;
	sigaction(sig, &act, NULL);
}

static void tell(char c)
{
	if (write(talk[1], &c, 1) != 1)
		_exit(96);
}

/* Waits for the next word of the other process. */
static void told(const char *what)
{
	char c = '?';

	if (!ready(talk[0], POLLIN, PATIENCE) || read(talk[0], &c, 1) != 1)
		say("%s: nothing was told", what);
	else
		say("%s: told %c", what, c);
}

static const char *wait_for(pid_t pid)
{
	int status = -1;

	if (waitpid(pid, &status, WUNTRACED) != pid)
		return "no child";
	return status_name(status);
}

static void leader_that_leaves(void);

/* Runs FN as the leader of a session whose terminal is the slave. */
static void as_leader(const char *what, void (*fn)(void))
{
	const char *status;
	pid_t pid;

	tty_open();
	pid = fork();
	if (pid == 0) {
		close(master);
		setsid();
		R("take the terminal", ioctl(slave, TIOCSCTTY, 0));
		fn();
		_exit(0);
	}
	status = wait_for(pid);
	if (fn == leader_that_leaves)
		told("without a leader");
	say("%s: %s", what, status);
	tty_close();
}

/* A child in a group of its own. */
static pid_t group(void (*fn)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		fn();
		_exit(0);
	}
	setpgid(pid, pid);
	return pid;
}

static void read_one(void)
{
	char c;

	V("read", read(slave, &c, 1));
}

static void write_one(void)
{
	V("write", write(slave, "x", 1));
}

static void change_modes(void)
{
	struct termios t;

	tcgetattr(slave, &t);
	R("tcsetattr", tcsetattr(slave, TCSANOW, &t));
}

static void grab(void)
{
	R("tcsetpgrp", tcsetpgrp(slave, getpgrp()));
	fact("in the foreground", tcgetpgrp(slave) == getpgrp());
}

static void ignoring(void (*fn)(void), int sig)
{
	signal(sig, SIG_IGN);
	fn();
}

static void read_ignoring(void)
{
	ignoring(read_one, SIGTTIN);
}

static void change_ignoring(void)
{
	ignoring(change_modes, SIGTTOU);
	ignoring(grab, SIGTTOU);
}

static void stops(const char *what, void (*fn)(void))
{
	pid_t pid = group(fn);

	say("%s: %s", what, wait_for(pid));
	kill(-pid, SIGKILL);
	kill(-pid, SIGCONT);
	waitpid(pid, NULL, 0);
}

static void background(void)
{
	int other;

	fact("the session", tcgetsid(slave) == getpid());
	fact("the foreground", tcgetpgrp(slave) == getpgrp());
	stops("read", read_one);
	stops("read, TTIN ignored", read_ignoring);
	stops("write", write_one);
	stops("change modes", change_modes);
	stops("tcsetpgrp", grab);
	lflags(TOSTOP, 0);
	stops("write with TOSTOP", write_one);
	lflags(0, TOSTOP);
	stops("modes and group, TTOU ignored", change_ignoring);
	R("tcsetpgrp of an orphan", tcsetpgrp(slave, getpgrp()));
	signal(SIGTTOU, SIG_IGN);
	R("tcsetpgrp", tcsetpgrp(slave, getpgrp()));
	R("no such group", tcsetpgrp(slave, 0x3fffffff));
	R("group of another session", tcsetpgrp(slave, getppid()));
	R("group -1", ioctl(slave, TIOCSPGRP, (int[]){ -1 }));
	R("again", ioctl(slave, TIOCSCTTY, 0));
	other = open("/dev/tty", O_RDWR);
	fact("/dev/tty is it", other >= 0 && tcgetsid(other) == getpid());
	close(other);
	R("give it up", ioctl(slave, TIOCNOTTY));
	R("/dev/tty", open("/dev/tty", O_RDWR));
}

static void wait_signal(void)
{
	sigset_t none;

	sigemptyset(&none);
	tell('r');
	sigsuspend(&none);
}

/* The leader's child, in the foreground, with signals blocked until it
 * waits. */
static void foreground_child(void)
{
	catch(SIGWINCH);
	while (tcgetpgrp(slave) != getpgrp())
		poll(NULL, 0, 1);
	wait_signal();
	if (caught[SIGWINCH])
		tell('w');
	wait_signal();
}

static void keys(void)
{
	sigset_t block;
	pid_t pid;
	int i;

	signal(SIGTTOU, SIG_IGN);
	sigemptyset(&block);
	sigaddset(&block, SIGWINCH);
	sigprocmask(SIG_BLOCK, &block, NULL);
	for (i = 0; i < 3; i++) {
		pid = group(foreground_child);
		tcsetpgrp(slave, pid);
		say("the foreground: %s", wait_for(pid));
		kill(pid, SIGKILL);
	}
}

static void test_keys(void)
{
	static const char *const key[] = { "\003", "\034", "\032" };
	struct winsize w = { 30, 90, 0, 0 };
	pid_t pid;
	int i;

	tty_open();
	if (pipe(talk))
		return;
	pid = fork();
	if (pid == 0) {
		close(master);
		setsid();
		ioctl(slave, TIOCSCTTY, 0);
		keys();
		_exit(0);
	}
	for (i = 0; i < 3; i++) {
		told("ready");
		w.ws_row++;
		ioctl(master, TIOCSWINSZ, &w);
		told("window changed");
		told("ready again");
		say("key %03o", key[i][0]);
		type(key[i]);
	}
	say("leader: %s", wait_for(pid));
	close(talk[0]);
	close(talk[1]);
	tty_close();
}

/* In the foreground when the leader goes. */
static void survivor(void)
{
	catch(SIGHUP);
	tell('r');
	while (!caught[SIGHUP])
		poll(NULL, 0, 5);
	V("write", write(slave, "x", 1));
	R("/dev/tty", open("/dev/tty", O_RDWR));
	V("tcgetsid", tcgetsid(slave));
	tell('h');
}

static void leader_that_leaves(void)
{
	pid_t pid = group(survivor);

	signal(SIGTTOU, SIG_IGN);
	tcsetpgrp(slave, pid);
	told("member");
}

static void test_leader_exit(void)
{
	if (pipe(talk))
		return;
	as_leader("leader", leader_that_leaves);
	close(talk[0]);
	close(talk[1]);
}

static void leader_that_stays(void)
{
	catch(SIGHUP);
	catch(SIGCONT);
	tell('r');
	while (!caught[SIGHUP] || !caught[SIGCONT])
		poll(NULL, 0, 5);
	V("read", read(slave, &(char){ 0 }, 1));
	R("/dev/tty", open("/dev/tty", O_RDWR));
}

static void test_master_close(void)
{
	pid_t pid;

	if (pipe(talk))
		return;
	tty_open();
	pid = fork();
	if (pid == 0) {
		close(master);
		setsid();
		R("open again",
		  close(open(slave_name, O_RDWR))); /* takes it */
		fact("taken", tcgetsid(slave) == getpid());
		leader_that_stays();
		_exit(0);
	}
	close(slave);
	told("leader");
	close(master);
	say("leader: %s", wait_for(pid));
	close(talk[0]);
	close(talk[1]);
}

static void orphan(void)
{
	catch(SIGHUP);
	catch(SIGCONT);
	tell('r');
	raise(SIGSTOP);
	say("orphan: HUP %d CONT %d", caught[SIGHUP], caught[SIGCONT]);
	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	say("orphan: a stop from the terminal does not stop it");
	V("read", read(slave, &(char){ 0 }, 1));
	tell('e');
}

/* Its parent goes while it is stopped; nobody could continue it. */
static void parent_of_orphan(void)
{
	siginfo_t info;
	pid_t pid = group(orphan);

	told("orphan");
	waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT);
}

static void leader_of_orphan(void)
{
	pid_t pid = group(parent_of_orphan);
	const char *status = wait_for(pid);

	told("orphan");
	say("parent: %s", status);
}

static void test_orphan(void)
{
	if (pipe(talk))
		return;
	as_leader("leader", leader_of_orphan);
	close(talk[0]);
	close(talk[1]);
}

static void no_right(void *arg)
{
	if (getuid() == 0)
		become(1000, 1000, 0, NULL);
	R("vhangup", vhangup());
}

int main(void)
{
	setpgid(0, 0);
	as_leader("background", background);
	test_keys();
	test_leader_exit();
	test_master_close();
	test_orphan();
	child("without the right", no_right, NULL);
	return 0;
}
