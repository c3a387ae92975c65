/* SPDX-License-Identifier: MIT */
/* Readers of everything in /proc against a storm of processes that come and
 * go: a process that ends while it is read about is ENOENT or ESRCH, never
 * more, and nothing is lost. The environment's ROUNDS: so many processes. */
#include "t.h"
#include <ctype.h>
#include <dirent.h>
#include <sched.h>

#define ROUNDS "40"
#define READERS 3

static unsigned files, strange;

/* What a process that has gone, or is not ours, may answer. */
static bool expected(int err)
{
	return err == ENOENT || err == ESRCH || err == EACCES ||
	       err == EPERM || err == ENOTDIR ||
	       err == EINVAL; /* mountinfo of a zombie */
}

static void judge(const char *path, int err)
{
	if (expected(err) || strange++ > 5)
		return;
	while (*path && !isdigit((unsigned char)*path))
		path++;
	say("%s: %s", path, err_name(err));
}

static void read_all(const char *path)
{
	char buf[512];
	int fd = open(path, O_RDONLY | O_NONBLOCK), n;

	if (fd < 0) {
		judge(path, errno);
		return;
	}
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		;
	if (n < 0 && errno != EAGAIN)
		judge(path, errno);
	files++;
	close(fd);
}

static void read_link(const char *path)
{
	char buf[512];

	if (readlink(path, buf, sizeof(buf)) < 0)
		judge(path, errno);
	files++;
}

/* The files of one folder, and of those below it. */
static void read_folder(const char *path, int depth)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	char name[300];

	if (!dir) {
		judge(path, errno);
		return;
	}
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%.200s", path, d->d_name);
		if (d->d_type == DT_LNK)
			read_link(name);
		else if (d->d_type == DT_DIR && depth < 3 &&
			 (!strcmp(d->d_name, "fd") ||
			  !strcmp(d->d_name, "fdinfo") ||
			  !strcmp(d->d_name, "task") ||
			  isdigit((unsigned char)d->d_name[0])))
			read_folder(name, depth + 1);
		else if (d->d_type == DT_REG &&
			 (strstr("stat statm status maps smaps cmdline environ "
				 "limits comm wchan io oom_score mounts "
				 "mountinfo personality", d->d_name) ||
			  isdigit((unsigned char)d->d_name[0])))
			read_all(name);
	}
	closedir(dir);
}

/* Reads about the processes of group GROUP until FD ends. */
static void reader(int fd, pid_t group)
{
	char path[32], c;
	struct dirent *d;
	DIR *dir;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (read(fd, &c, 1) < 0) {
		dir = opendir("/proc");
		while (dir && (d = readdir(dir))) {
			pid_t pid = atoi(d->d_name);

			if (pid <= 0 || getpgid(pid) != group)
				continue;
			snprintf(path, sizeof(path), "/proc/%d", pid);
			read_folder(path, 0);
			sched_yield();
		}
		if (dir)
			closedir(dir);
	}
	_exit(strange ? 1 : files < 100 ? 2 : 0);
}

static void storm(void)
{
	const char *rounds = getenv("ROUNDS") ?: ROUNDS;
	volatile int i;
	int status;

	for (i = 0; i < atoi(rounds); i++) {
		pid_t pid = i % 4 ? fork() : vfork();

		if (pid == 0) {
			if (i % 4 == 0)
				execl("/proc/self/exe", "x", "end", NULL);
			if (i % 4 == 1)
				sbrk(65536);
			_exit(0);
		}
		if (i % 3)
			sched_yield();
		if (waitpid(pid, &status, 0) != pid || status)
			say("a child: %s", status_name(status));
	}
}

int main(int argc, char **argv)
{
	int p[2], i, status;
	pid_t pid[READERS];

	if (argc > 1)
		return 0;
	setpgid(0, 0);
	pipe(p);
	for (i = 0; i < READERS; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			close(p[1]);
			reader(p[0], getpgrp());
		}
	}
	close(p[0]);
	storm();
	close(p[1]);
	for (i = 0; i < READERS; i++) {
		waitpid(pid[i], &status, 0);
		say("reader %d: %s", i, status_name(status));
	}
	return 0;
}
