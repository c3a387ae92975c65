/* SPDX-License-Identifier: MIT */
/*
 * The first process of "tools/vm -- COMMAND": runs /.vm/command in
 * /.vm/sh, tells the host how it ended, and powers off.
 *
 *   /dev/vm   what is written to it reaches the host byte for byte;
 *             ioctl VM_START: COMMAND begins (its time-out starts)
 *             ioctl VM_EXIT: the status it ended with
 *
 * COMMAND's surroundings are a promise (docs/vm.md): cwd /, uid 0, umask
 * 022, stdin /dev/null, stdout and stderr one descriptor that is no tty,
 * and three variables.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "swap_words.h"

#define CHANNEL "/dev/vm"
#define SHELL "/.vm/sh"
#define COMMAND "/.vm/command"
#define VM_START 0x5601
#define VM_EXIT 0x5602

static void __attribute__((noreturn)) power_off(void)
{
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static void __attribute__((noreturn)) give_up(const char *what)
{
	fprintf(stderr, "vm: %s: %s\n", what, strerror(errno));
	power_off();
}

/* In the child. CHANNEL becomes 1 and 2, and is open nowhere else. */
static void __attribute__((noreturn)) run_command(int channel)
{
	static char shell[] = "sh", command[] = COMMAND;
	static char path[] = "PATH=/bin:/usr/bin:/sbin:/usr/sbin";
	static char home[] = "HOME=/root", term[] = "TERM=dumb";
	char *argv[] = { shell, command, NULL };
	char *envp[] = { path, home, term, NULL };
	int null;

	setsid();
	umask(022);
	if (chdir("/") < 0)
		_exit(126);
	close(STDIN_FILENO);
	null = open("/dev/null", O_RDONLY);
	if (null > 0) {
		dup2(null, STDIN_FILENO);
		close(null);
	}
	dup2(channel, STDOUT_FILENO);
	dup2(channel, STDERR_FILENO);
	close(channel);
	execve(SHELL, argv, envp);
	fprintf(stderr, "vm: %s: %s\n", SHELL, strerror(errno));
	_exit(126);
}

/*
 * Waits for PID, reaping whoever else ends; what the host is told: the status
 * and, in the second byte, the signal that killed PID, or 0.
 */
static unsigned verdict(pid_t pid)
{
	int status = 0;
	pid_t ended;

	do
		ended = wait(&status);
	while (ended != pid && (ended > 0 || errno == EINTR));
	if (ended != pid)
		return 126;
	if (WIFSIGNALED(status))
		return (128 + WTERMSIG(status)) | WTERMSIG(status) << 8;
	return WEXITSTATUS(status);
}

/* Whoever is held on the race stage would not die. */
static void end_the_rest(void)
{
	int stage = open("/proc/stage", O_WRONLY);

	if (stage >= 0 && write(stage, "clear", 5) == 5)
		close(stage);
	kill(-1, SIGKILL);
	while (wait(NULL) > 0 || errno == EINTR)
		;
}

int main(void)
{
	int channel;
	unsigned status;
	pid_t pid;

	if (getpid() != 1) {
		fprintf(stderr, "vminit: only the first process of a machine "
				"can be this\n");
		return 1;
	}
	channel = open(CHANNEL, O_RDWR | O_CLOEXEC);
	if (channel < 0)
		give_up(CHANNEL);
	if (swap_words("vm") < 0)
		power_off(); /* tools/vm tells what was said */
	if (ioctl(channel, VM_START, 0) < 0)
		give_up("start");
	pid = fork();
	if (pid == 0)
		run_command(channel);
	if (pid < 0)
		give_up("fork");
	status = verdict(pid);
	end_the_rest();
	if (ioctl(channel, VM_EXIT, status) < 0)
		give_up("exit");
	power_off();
}
