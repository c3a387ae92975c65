/* SPDX-License-Identifier: MIT */
/* fork, vfork, wait, exit, exec: what they return and what they refuse. */
#include "t.h"

static void exits(void *arg)
{
	_exit(*(int *)arg);
}

static void dies(void *arg)
{
	signal(*(int *)arg, SIG_DFL);
	kill(getpid(), *(int *)arg);
	pause();
}

static void statuses(void)
{
	static int codes[] = { 0, 1, 255, 256, -1 };
	static int signals[] = { SIGKILL, SIGTERM, SIGSEGV, SIGPIPE, SIGUSR1 };

	for (size_t i = 0; i < COUNT(codes); i++)
		child("_exit", exits, &codes[i]);
	for (size_t i = 0; i < COUNT(signals); i++)
		child("a signal", dies, &signals[i]);
}

static void waiting(void)
{
	int status;
	pid_t pid;

	R("wait without children", wait(NULL));
	R("waitpid of a stranger", waitpid(getpid(), NULL, 0));
	R("bad options", waitpid(-1, NULL, 0x100));
	pid = fork();
	if (pid == 0)
		_exit(5);
	fact("WNOHANG gives 0 or the child",
	     (status = waitpid(pid, NULL, WNOHANG),
	      status == 0 || status == pid));
	if (status == 0)
		waitpid(pid, NULL, 0);
	R("waiting twice", waitpid(pid, NULL, 0));
	pid = fork();
	if (pid == 0)
		_exit(6);
	R("bad status address", waitpid(pid, (int *)8, 0));
	R("the child is gone all the same", waitpid(pid, NULL, 0));
	pid = fork();
	if (pid == 0)
		_exit(0);
	R("waitpid(-pid) of no such group", waitpid(-0x3fffffff, NULL, 0));
	fact("waitpid(0) finds it", waitpid(0, NULL, 0) == pid);
}

/* Children in any order; each status belongs to its child. */
static void many(void)
{
	int got[20] = { 0 }, i, status, sum = 0;
	pid_t pids[20], pid;

	for (i = 0; i < 20; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(i + 1);
	}
	while ((pid = wait(&status)) > 0)
		for (i = 0; i < 20; i++)
			if (pids[i] == pid)
				got[i] = WEXITSTATUS(status);
	for (i = 0; i < 20; i++)
		sum += got[i] == i + 1;
	say("20 children, right statuses: %d", sum);
}

/* A child whose parent ends gets a new parent, pid 1. */
static void orphan(void)
{
	int fds[2];
	char text[32] = "";

	pipe(fds);
	if (fork() == 0) {
		pid_t old = getpid();

		if (fork() == 0) {
			for (int i = 0; i < 500 && getppid() == old; i++)
				usleep(10000);
			dprintf(fds[1], "%s",
				getppid() != old ? "adopted" : "not");
			_exit(0);
		}
		_exit(0);
	}
	close(fds[1]);
	wait(NULL);
	read(fds[0], text, sizeof(text) - 1);
	close(fds[0]);
	say("an orphan is %s", text);
}

static int global = 1;

static void shared_or_not(void)
{
	volatile int local = 1;
	pid_t pid = fork();

	if (pid == 0) {
		global = local = 2;
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	say("fork copies: %d %d", global, local);
	pid = vfork();
	if (pid == 0) {
		global = 3;
		_exit(0);
	}
	say("vfork lends, and waits: %d", global);
	waitpid(pid, NULL, 0);
}

static void stopped(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		raise(SIGSTOP);
		_exit(9);
	}
	waitpid(pid, &status, WUNTRACED);
	say("stop: %s", status_name(status));
	kill(pid, SIGCONT);
	waitpid(pid, &status, WCONTINUED);
	fact("continued", WIFCONTINUED(status));
	waitpid(pid, &status, 0);
	say("then: %s", status_name(status));
}

static void write_file(const char *path, const void *data, size_t len, int mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	write(fd, data, len);
	close(fd);
	chmod(path, mode);
}

static void exec_errors(void)
{
	char *none[] = { NULL }, *args[] = { "x", NULL };
	char *bad[] = { "x", (char *)8, NULL };
	char deep[5000], *volatile nowhere = (char *)8;
	static char longarg[200000];
	char *large[] = { "x", longarg, NULL };

	R("no such file", execve("/tmp/nothing", args, none));
	R("empty name", execve("", args, none));
	R("a folder", execve("/tmp", args, none));
	R("below a file", execve("/proc/self/exe/x", args, none));
	write_file("/tmp/ex", "\177ELF", 4, 0600);
	R("not executable", execve("/tmp/ex", args, none));
	chmod("/tmp/ex", 0700);
	R("a cut header", execve("/tmp/ex", args, none));
	write_file("/tmp/ex", "", 0, 0700);
	R("an empty file", execve("/tmp/ex", args, none));
	write_file("/tmp/ex", "hello\n", 6, 0700);
	R("a text", execve("/tmp/ex", args, none));
	write_file("/tmp/ex", "#!/tmp/nothing\n", 15, 0700);
	R("a script without its interpreter", execve("/tmp/ex", args, none));
	write_file("/tmp/ex", "#!\n", 3, 0700);
	R("a script that names none", execve("/tmp/ex", args, none));
	write_file("/tmp/ex", "#!/tmp/ex\n", 10, 0700);
	R("a script that runs itself", execve("/tmp/ex", args, none));
	R("bad path", execve(nowhere, args, none));
	R("bad argument list", execve("/proc/self/exe", (char **)8, none));
	R("bad argument", execve("/proc/self/exe", bad, none));
	memset(deep, 'a', sizeof(deep));
	deep[sizeof(deep) - 1] = 0;
	R("a path of 5000 bytes", execve(deep, args, none));
	memset(longarg, 'b', sizeof(longarg) - 1);
	R("an argument of 200,000 bytes",
	  execve("/proc/self/exe", large, none));
	unlink("/tmp/ex");
}

/* What a program finds when it starts, run by the name "again". */
static int second_life(int argc, char **argv)
{
	struct sigaction act;
	sigset_t set;

	for (int i = 1; i < argc; i++)
		say("argument %d: %s", i, argv[i]);
	say("V=%s, environment of %d", getenv("V"),
	    environ[0] ? (environ[1] ? 2 : 1) : 0);
	sigaction(SIGUSR1, NULL, &act);
	fact("an ignored signal stays ignored", act.sa_handler == SIG_IGN);
	sigaction(SIGUSR2, NULL, &act);
	fact("a handled one is default again", act.sa_handler == SIG_DFL);
	sigprocmask(SIG_BLOCK, NULL, &set);
	fact("the mask stays", sigismember(&set, SIGTERM));
	fact("descriptor 20 stays open", fcntl(20, F_GETFD) == 0);
	fact("21 was closed", fcntl(21, F_GETFD) == -1);
	say("umask %03o", umask(0));
	return 77;
}

static void handler(int sig)
{
	(void)sig;
}

static void exec_keeps(char *self)
{
	char *args[] = { self, "again", "two words", "", NULL };
	char *env[] = { "V=value", NULL };
	sigset_t set;
	int status;
	pid_t pid = fork(), before;

	if (pid == 0) {
		signal(SIGUSR1, SIG_IGN);
		signal(SIGUSR2, handler);
		sigemptyset(&set);
		sigaddset(&set, SIGTERM);
		sigprocmask(SIG_BLOCK, &set, NULL);
		dup2(1, 20);
		dup2(1, 21);
		fcntl(21, F_SETFD, FD_CLOEXEC);
		umask(027);
		execve(self, args, env);
		_exit(1);
	}
	before = waitpid(pid, &status, 0);
	fact("the pid stays over exec", before == pid);
	say("its end: %s", status_name(status));
}

static void scripts(char *self)
{
	char text[300];
	int status;
	pid_t pid;

	snprintf(text, sizeof(text), "#!%s again  one blank \nrest", self);
	write_file("/tmp/script", text, strlen(text), 0700);
	pid = fork();
	if (pid == 0) {
		clearenv();
		setenv("V", "s", 1);
		signal(SIGUSR1, SIG_IGN);
		dup2(1, 20);
		execl("/tmp/script", "ignored", "arg", NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	say("script: %s", status_name(status));
	unlink("/tmp/script");
}

int main(int argc, char **argv)
{
	char self[256];
	ssize_t n;

	if (argc > 1 && !strncmp(argv[1], "again", 5))
		return second_life(argc, argv);
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	self[n > 0 ? n : 0] = 0;
	statuses();
	waiting();
	many();
	orphan();
	shared_or_not();
	stopped();
	exec_errors();
	exec_keeps(self);
	scripts(self);
	return 0;
}
