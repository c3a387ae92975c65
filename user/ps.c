/* SPDX-License-Identifier: MIT */
/*
 * ps: every process, from /proc. Sizes in KiB, S its state:
 * R running or ready, S asleep, D asleep without signals, T stopped, Z ended.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct process {
	int pid, ppid;
	char state;
	unsigned uid;
	unsigned long minflt, majflt;
	unsigned long long vsize; /* bytes */
	long rss; /* pages */
	char command[256];
};

static const char *user_name(unsigned uid)
{
	static char text[32];
	struct passwd *p = NULL;
	FILE *f = fopen("/etc/passwd", "r");

	while (f && (p = fgetpwent(f)) && p->pw_uid != uid)
		;
	snprintf(text, sizeof(text), "%.31s", p ? p->pw_name : "");
	if (!p)
		snprintf(text, sizeof(text), "%u", uid);
	if (f)
		fclose(f);
	return text;
}

static FILE *open_file(int pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return fopen(path, "r");
}

/* "12 (name) S 1 ...": the name may hold blanks and parentheses. */
static int parse_stat(struct process *p, char *line)
{
	char *open = strchr(line, '('), *close = strrchr(line, ')');

	if (!open || !close)
		return -1;
	*close = '\0';
	snprintf(p->command, sizeof(p->command), "[%.200s]", open + 1);
	return sscanf(close + 1,
		      " %c %d %*d %*d %*d %*d %*u %lu %*u %lu %*u %*u %*u %*d "
		      "%*d %*d %*d %*d %*d %*u %llu %ld",
		      &p->state, &p->ppid, &p->minflt, &p->majflt, &p->vsize,
		      &p->rss) == 6
		       ? 0
		       : -1;
}

static int read_stat(struct process *p)
{
	FILE *f = open_file(p->pid, "stat");
	char line[1024];
	int rc = -1;

	if (!f)
		return -1;
	if (fgets(line, sizeof(line), f))
		rc = parse_stat(p, line);
	fclose(f);
	return rc;
}

/* The arguments, where there are some, are better than the name. */
static void read_command(struct process *p)
{
	FILE *f = open_file(p->pid, "cmdline");
	char text[sizeof(p->command)];
	size_t n, i;

	if (!f)
		return;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	while (n && text[n - 1] == '\0')
		n--;
	if (n == 0)
		return;
	for (i = 0; i < n; i++)
		p->command[i] = isprint((unsigned char)text[i]) ? text[i] : ' ';
	p->command[n] = '\0';
}

static void read_owner(struct process *p)
{
	FILE *f = open_file(p->pid, "status");
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "Uid: %u", &p->uid) == 1)
			break;
	if (f)
		fclose(f);
}

static void print(int pid)
{
	struct process p = { .pid = pid };
	long page = sysconf(_SC_PAGESIZE);

	if (read_stat(&p) < 0)
		return;
	read_owner(&p);
	read_command(&p);
	printf("%5d %5d %-8.8s %c %7llu %6ld %7lu %6lu %s\n", p.pid, p.ppid,
	       user_name(p.uid), p.state, p.vsize / 1024, p.rss * (page / 1024),
	       p.minflt, p.majflt, p.command);
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int main(void)
{
	DIR *dir = opendir("/proc");
	size_t count = 0, i;
	struct dirent *d;
	int *pids = NULL;

	if (!dir) {
		perror("ps: /proc");
		return 1;
	}
	while ((d = readdir(dir))) {
		if (!isdigit((unsigned char)d->d_name[0]))
			continue;
		pids = realloc(pids, (count + 1) * sizeof(*pids));
		if (!pids)
			return 1;
		pids[count++] = atoi(d->d_name);
	}
	closedir(dir);
	if (count)
		qsort(pids, count, sizeof(*pids), by_number);
	printf("%5s %5s %-8s %c %7s %6s %7s %6s %s\n", "PID", "PPID", "USER",
	       'S', "VSZ", "RSS", "MINFLT", "MAJFLT", "COMMAND");
	for (i = 0; i < count; i++)
		print(pids[i]);
	free(pids);
	return fflush(stdout) ? 1 : 0;
}
