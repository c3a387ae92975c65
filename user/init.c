/* SPDX-License-Identifier: MIT */
/*
 * The first process. It owns nothing: it starts what the machine is for,
 * and takes in the children of processes that ended before them.
 *
 *   kernel -> init -> /etc/rc, once
 *                  -> /bin/sh on the console, again whenever it ends
 *
 * The word "selftest" on the kernel's command line: /etc/selftest instead,
 * then power off. Words of its own (behind " -- " there): they are a command
 * for the shell instead, then power off.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SHELL "/bin/sh"
#define CONSOLE "/dev/console"
#define SHORT_LIFE 2 /* seconds: a shell that ends sooner has a problem */

static void open_console(void)
{
	int fd = open(CONSOLE, O_RDWR);

	if (fd < 0)
		return;
	for (int i = 0; i < 3; i++)
		if (fcntl(i, F_GETFD) < 0)
			dup2(fd, i);
	if (fd > 2)
		close(fd);
}

/* Copies a file to the console; a missing one is no mistake. */
static void show(const char *path)
{
	char buf[512];
	ssize_t n;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (write(STDOUT_FILENO, buf, n) != n)
			break;
	close(fd);
}

/* In a child: a session of its own, the console as its terminal. */
static void __attribute__((noreturn)) become(char **argv)
{
	int fd;

	setsid();
	fd = open(CONSOLE, O_RDWR);
	if (fd >= 0) {
		ioctl(fd, TIOCSCTTY, 0);
		for (int i = 0; i < 3; i++)
			dup2(fd, i);
		if (fd > 2)
			close(fd);
	}
	if (chdir("/") < 0)
		perror("init: /");
	execv(argv[0], argv);
	fprintf(stderr, "init: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Runs a program to its end, reaping orphans meanwhile; its wait status. */
static int run(char **argv)
{
	int status;
	pid_t pid = fork(), ended;

	if (pid == 0)
		become(argv);
	if (pid < 0) {
		fprintf(stderr, "init: fork: %s\n", strerror(errno));
		return 127 << 8;
	}
	do
		ended = wait(&status);
	while (ended != pid && (ended > 0 || errno == EINTR));
	return ended == pid ? status : 127 << 8;
}

static int run_shell(const char *first, const char *second)
{
	static char shell[] = SHELL;
	char *argv[] = { shell, (char *)first, first ? (char *)second : NULL,
			 NULL };

	return run(argv);
}

static void __attribute__((noreturn)) power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static int has_word(const char *path, const char *word)
{
	char line[1024], *save, *s;
	FILE *f = fopen(path, "r");
	int found = 0;

	if (!f)
		return 0;
	s = fgets(line, sizeof(line), f);
	fclose(f);
	for (s = s ? strtok_r(s, " \n", &save) : NULL; s && !found;
	     s = strtok_r(NULL, " \n", &save))
		found = strcmp(s, word) == 0;
	return found;
}

static void __attribute__((noreturn)) self_test(void)
{
	int status = run_shell("/etc/selftest", NULL);

	printf("%s\n", status == 0 ? "selftest ok" : "selftest FAILED");
	fflush(stdout);
	power_off();
}

static void __attribute__((noreturn)) run_words(int argc, char **argv)
{
	static char command[4096];
	size_t len = 0;

	for (int i = 1; i < argc && len < sizeof(command); i++)
		len += snprintf(command + len, sizeof(command) - len, "%s%s",
				i > 1 ? " " : "", argv[i]);
	run_shell("-c", command);
	power_off();
}

int main(int argc, char **argv)
{
	time_t start;

	if (getpid() != 1) {
		fprintf(stderr, "init: only the first process can be init\n");
		return 1;
	}
	open_console();
	setsid();
	if (argc > 1)
		run_words(argc, argv);
	if (has_word("/proc/cmdline", "selftest"))
		self_test();
	show("/etc/motd");
	run_shell("/etc/rc", NULL);
	for (;;) {
		start = time(NULL);
		run_shell(NULL, NULL);
		printf("\ninit: the shell has ended, here is another "
		       "(poweroff ends the machine)\n");
		fflush(stdout);
		if (time(NULL) - start < SHORT_LIFE)
			sleep(1);
	}
}
