/* SPDX-License-Identifier: MIT */
/*
 * What the programs of tests/stage share: each plays one interleaving on the
 * race stage (docs/testing.md), as often as its argument says. The first time
 * it tells its facts, later only those that do not hold.
 *
 *   pid = actor(body);      a child, about to call BODY
 *   body: hold_me("swap_read_done"); ...what is to be interrupted...
 *   staged(pid)             it is there
 *   ...what changes meanwhile...
 *   release(pid); ended(pid);
 */
#ifndef TESTS_BOOT_STAGED_H
#define TESTS_BOOT_STAGED_H

#include "prog.h"
#include <sched.h>
#include <signal.h>
#include <sys/swap.h>
#include <time.h>

#define PATIENCE 3000 /* looks, a hundredth of a second apart */
#define holds(cond, ...) \
	do { \
		bool holds_ = (cond); \
\
		if (!holds_ || !round_no) \
			fact(holds_, __VA_ARGS__); \
	} while (0)

UNUSED static int round_no; /* of all rounds */
UNUSED static int status; /* of the actor that ended last */

UNUSED static void stage_say(const char *verb, const char *point, long number)
{
	char line[80];

	snprintf(line, sizeof(line), "%s %s %ld", verb, point, number);
	write_text("/proc/stage", line);
}

/* The next time PID comes to POINT it waits. */
UNUSED static void hold(const char *point, pid_t pid)
{
	stage_say("hold", point, pid);
}

UNUSED static void hold_me(const char *point)
{
	stage_say("hold", point, syscall(SYS_gettid));
}

UNUSED static void release(pid_t pid)
{
	stage_say("release", "", pid);
}

/* Whoever is still held goes on, whatever is set is off. */
UNUSED static void strike(void)
{
	write_text("/proc/stage", "clear");
}

UNUSED static void take_breath(void)
{
	struct timespec tick = { 0, 10000000 };

	nanosleep(&tick, NULL);
}

/* Is PID held now? */
UNUSED static bool is_held(pid_t pid)
{
	char text[4096], line[24];

	snprintf(line, sizeof(line), " %d held\n", pid);
	if (read_text("/proc/stage", text, sizeof(text)) < 0)
		die("/proc/stage");
	return strstr(text, line);
}

/* Does it wait for a lock, a disk, or on the stage? */
UNUSED static bool is_waiting(pid_t pid)
{
	char path[40], text[512], *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (read_text(path, text, sizeof(text)) < 0)
		return false;
	state = strrchr(text, ')');
	return state && state[2] == 'D';
}

/* Until IS(PID) holds; false: it has ended, or patience has. */
UNUSED static bool until(bool (*is)(pid_t pid), pid_t pid)
{
	int i;

	for (i = 0; i < PATIENCE; i++) {
		if (is(pid))
			return true;
		if (waitpid(pid, &status, WNOHANG | __WALL) == pid)
			return false;
		if (i < 20)
			sched_yield();
		else
			take_breath();
	}
	return false;
}

UNUSED static bool staged(pid_t pid)
{
	return until(is_held, pid);
}

/* PID has ended: true, and `status` is set. False: it hangs. */
UNUSED static bool ended(pid_t pid)
{
	int i;

	for (i = 0; i < PATIENCE; i++) {
		if (waitpid(pid, &status, WNOHANG | __WALL) == pid)
			return true;
		if (i < 20)
			sched_yield();
		else
			take_breath();
	}
	return false;
}

UNUSED static pid_t actor(void (*body)(void))
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		body();
		_exit(0);
	}
	return pid;
}

/* Memory that actors and the program share. */
UNUSED static void *shared(int pages)
{
	void *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("shared memory");
	return p;
}

UNUSED static int new_segment(int pages)
{
	int id = shmget(IPC_PRIVATE, pages * PAGE, IPC_CREAT | 0600);

	if (id < 0)
		die("shmget");
	return id;
}

UNUSED static char *attach(int id)
{
	char *at = shmat(id, NULL, 0);

	if (at == (void *)-1)
		die("shmat");
	return at;
}

/* --- swap ---------------------------------------------------------------- */

#define SWAP "/dev/hda"

/* The words to /proc/sys/vm/evict: that page goes now. 0 or an errno. */
UNUSED static int evict(const char *words)
{
	int fd = open("/proc/sys/vm/evict", O_WRONLY), err = 0;

	if (fd < 0)
		die("/proc/sys/vm/evict");
	if (write(fd, words, strlen(words)) < 0)
		err = errno;
	close(fd);
	return err;
}

UNUSED static int evict_shm(int id, int index)
{
	char words[40];

	snprintf(words, sizeof(words), "shm %d %d", id, index);
	return evict(words);
}

UNUSED static int evict_private(pid_t pid, const void *addr)
{
	char words[40];

	snprintf(words, sizeof(words), "%d %lx", pid, (unsigned long)addr);
	return evict(words);
}

/* A write that the area does not allow ends this process with SIGSEGV. */
UNUSED static bool was_refused(void)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

/* SCENE as often as the argument says, once if there is none. */
UNUSED static int play(int argc, char **argv, void (*scene)(void))
{
	int rounds = argc > 1 ? atoi(argv[1]) : 1;

	for (round_no = 0; round_no < rounds; round_no++) {
		scene();
		strike();
	}
	check();
	printf("end\n");
	return 0;
}

#endif
