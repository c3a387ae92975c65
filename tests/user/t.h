/* SPDX-License-Identifier: MIT */
/*
 * What the programs of tests/user share. Each prints lines that do not
 * depend on pids, addresses, times or ids, so that Linux and Faultline must
 * print the same; run.t compares. Output goes straight to write(2): nothing
 * is lost or doubled by fork.
 */
#ifndef TESTS_USER_T_H
#define TESTS_USER_T_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096u
#define UNUSED __attribute__((unused))
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

UNUSED __attribute__((format(printf, 1, 2))) static void say(const char *fmt,
							     ...)
{
	char line[1024];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(line, sizeof(line) - 1, fmt, args);
	va_end(args);
	line[len++] = '\n';
	if (write(1, line, len) != len)
		_exit(99);
}

UNUSED static const char *err_name(int err)
{
	static char number[16];
	static const struct {
		int err;
		const char *name;
	} names[] = {
#define E(e) { e, #e }
		E(EPERM),     E(ENOENT),       E(ESRCH),     E(EINTR),
		E(EIO),	      E(ENXIO),	       E(E2BIG),     E(ENOEXEC),
		E(EBADF),     E(ECHILD),       E(EAGAIN),    E(ENOMEM),
		E(EACCES),    E(EFAULT),       E(EBUSY),     E(EEXIST),
		E(EXDEV),     E(ENODEV),       E(ENOTDIR),   E(EISDIR),
		E(EINVAL),    E(ENFILE),       E(EMFILE),    E(ENOTTY),
		E(ETXTBSY),   E(EFBIG),	       E(ENOSPC),    E(ESPIPE),
		E(EROFS),     E(EMLINK),       E(EPIPE),     E(ERANGE),
		E(EDEADLK),   E(ENAMETOOLONG), E(ENOSYS),    E(ENOTEMPTY),
		E(ELOOP),     E(EIDRM),	       E(EOVERFLOW), E(EOPNOTSUPP),
		E(ETIMEDOUT),
#undef E
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (names[i].err == err)
			return names[i].name;
	snprintf(number, sizeof(number), "errno %d", err);
	return number;
}

/* "WHAT: ok" or "WHAT: EINVAL"; returns the value. */
UNUSED static long result(const char *what, long value)
{
	say("%s: %s", what, value == -1 ? err_name(errno) : "ok");
	return value;
}
#define R(what, expr) (errno = 0, result(what, (long)(expr)))

/* "WHAT: 42" or "WHAT: EINVAL". */
UNUSED static long value(const char *what, long val)
{
	if (val == -1)
		say("%s: %s", what, err_name(errno));
	else
		say("%s: %ld", what, val);
	return val;
}
#define V(what, expr) (errno = 0, value(what, (long)(expr)))

/* "WHAT: yes" or "WHAT: NO": for facts that must hold. */
UNUSED static bool fact(const char *what, bool holds)
{
	say("%s: %s", what, holds ? "yes" : "NO");
	return holds;
}

UNUSED static const char *status_name(int status)
{
	static char text[32];

	if (WIFEXITED(status))
		snprintf(text, sizeof(text), "exit %d", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		snprintf(text, sizeof(text), "killed by %d", WTERMSIG(status));
	else if (WIFSTOPPED(status))
		snprintf(text, sizeof(text), "stopped by %d", WSTOPSIG(status));
	else
		snprintf(text, sizeof(text), "status %#x", status);
	return text;
}

/* Runs FN(ARG) in a child and waits; its wait status. */
UNUSED static int in_child(void (*fn)(void *), void *arg)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		fn(arg);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		say("fork or wait failed: %s", err_name(errno));
	return status;
}

UNUSED static void child(const char *what, void (*fn)(void *), void *arg)
{
	say("%s: %s", what, status_name(in_child(fn, arg)));
}

/* The child's own identity; GROUPS supplementary groups. */
UNUSED static void become(uid_t uid, gid_t gid, size_t groups,
			  const gid_t *list)
{
	if (setgroups(groups, list) || setgid(gid) || setuid(uid)) {
		say("cannot become uid %u: %s", (unsigned)uid, err_name(errno));
		_exit(98);
	}
}

static sigjmp_buf touch_jmp;
static siginfo_t touch_info;

UNUSED static void touch_handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	touch_info = *info;
	siglongjmp(touch_jmp, 1);
}

static void touch_try(volatile char *addr, bool write)
{
	struct sigaction act = { .sa_sigaction = touch_handler,
				 .sa_flags = SA_SIGINFO };
	struct sigaction segv, bus;

	sigaction(SIGSEGV, &act, &segv);
	sigaction(SIGBUS, &act, &bus);
	touch_info.si_signo = 0;
	if (sigsetjmp(touch_jmp, 1) == 0) {
		if (write)
			*addr = *addr;
		else
			(void)*addr;
	}
	sigaction(SIGSEGV, &segv, NULL);
	sigaction(SIGBUS, &bus, NULL);
}

/* Reads or writes one byte: "ok", "SEGV MAPERR", "SEGV ACCERR", "BUS 2"... */
UNUSED static const char *touch(volatile void *addr, bool write)
{
	static char text[2][32];
	static int turn;
	char *t = text[turn ^= 1]; /* two in one line of output */

	touch_try(addr, write);
	if (!touch_info.si_signo)
		return "ok";
	if (touch_info.si_addr != (void *)(uintptr_t)addr)
		return "a signal with a wrong si_addr";
	/* 4: Linux refuses memory that may only be executed by a protection
	 * key, where the processor has them */
	snprintf(t, sizeof(text[0]), "%s %s",
		 touch_info.si_signo == SIGSEGV ? "SEGV" : "BUS",
		 touch_info.si_code == 1 ? "MAPERR"
		 : touch_info.si_code == 2 || touch_info.si_code == 4 ?
					 "ACCERR" :
					 "?");
	if (touch_info.si_signo == SIGBUS)
		snprintf(t, sizeof(text[0]), "BUS code %d", touch_info.si_code);
	return t;
}

/* Waits until PID sleeps in a system call; stands for any wait for a while. */
UNUSED static void until_asleep(pid_t pid)
{
	char path[32], text[512];
	const char *state;
	int fd, n;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	do {
		usleep(1000);
		fd = open(path, O_RDONLY);
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[n > 0 ? n : 0] = 0;
		state = strrchr(text, ')');
	} while (state && state[2] != 'S');
}

/* Lines of /proc/self/maps that begin within [start, end). */
UNUSED static int maps_lines(uintptr_t start, uintptr_t end)
{
	char line[512];
	unsigned long from;
	FILE *f = fopen("/proc/self/maps", "r");
	int n = 0;

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%lx-", &from) == 1 && from >= start &&
		    from < end)
			n++;
	fclose(f);
	return n;
}

/* Replaces the text of a file of /proc/sys; 0 or -1. */
UNUSED static int sysctl_set(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), saved;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	saved = errno;
	close(fd);
	errno = saved;
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

UNUSED static int file_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY), n;

	if (fd < 0)
		return -1;
	n = read(fd, buf, size - 1);
	close(fd);
	buf[n > 0 ? n : 0] = 0;
	return n;
}

#endif
