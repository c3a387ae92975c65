/* SPDX-License-Identifier: MIT */
/* /proc as readers of Linux expect it: which files there are, how many fields
 * they have, what the fields say about a process that knows itself. */
#include "t.h"
#include <dirent.h>
#include <sys/prctl.h>

static char text[16384];

static const char *get(const char *path)
{
	int fd = open(path, O_RDONLY), n, len = 0;

	text[0] = 0;
	if (fd < 0) {
		say("%s: %s", path, err_name(errno));
		return text;
	}
	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	text[len] = 0;
	close(fd);
	return text;
}

static int words(const char *s)
{
	int n = 0;

	for (;;) {
		s += strspn(s, " \t\n");
		if (!*s)
			return n;
		n++;
		s += strcspn(s, " \t\n");
	}
}

static int count_lines(const char *s)
{
	int n = 0;

	while ((s = strchr(s, '\n'))) {
		n++;
		s++;
	}
	return n;
}

/* The text behind "NAME:" in the file last read, or "". */
static const char *field(const char *name)
{
	static char line[200];
	char *s = text;
	size_t len = strlen(name);

	while (s) {
		if (!strncmp(s, name, len) && s[len] == ':') {
			s += len + 1;
			s += strspn(s, " \t");
			snprintf(line, sizeof(line), "%.*s",
				 (int)strcspn(s, "\n"), s);
			return line;
		}
		s = strchr(s, '\n');
		s = s ? s + 1 : NULL;
	}
	return "(none)";
}

static void show_stat(void)
{
	long f[60] = { 0 };
	char state, *s;
	int i;

	get("/proc/self/stat");
	say("stat: %d fields", words(text));
	fact("its number", atoi(text) == getpid());
	s = strrchr(text, ')') + 2;
	state = *s++;
	for (i = 4; i < 53; i++)
		f[i] = strtol(s, &s, 10);
	say("state %c", state);
	fact("parent, group, session", f[4] == getppid() && f[5] == getpgrp() &&
					       f[6] == getsid(0));
	say("nice %ld, threads %ld, exit signal %ld", f[19], f[20], f[38]);
	fact("size in bytes, resident in pages",
	     f[23] > 100000 && f[23] % 4096 == 0 && f[24] > 5 && f[24] < 5000);
	fact("code", (unsigned long)f[26] <= (unsigned long)show_stat &&
			     (unsigned long)f[27] > (unsigned long)show_stat);
	fact("stack", (unsigned long)f[28] > (unsigned long)&i);
	prctl(PR_SET_NAME, "a) b (c");
	get("/proc/self/stat");
	s = strchr(text, '(');
	say("name %.*s", (int)(strrchr(text, ')') - s + 1), s);
	say("comm %s", strtok((char *)get("/proc/self/comm"), "\n"));
	prctl(PR_SET_NAME, "proc_files");
}

static void show_status(void)
{
	static const char *const names[] = { "Name", "Umask", "State",
					     "Threads", "Uid", "Gid",
					     "Groups", "TracerPid", "VmLck",
					     "VmSwap", "SigPnd", "CapInh",
					     "NoNewPrivs" };
	gid_t list[] = { 7, 8 };
	sigset_t set;
	size_t i;

	setgroups(2, list);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	get("/proc/self/status");
	for (i = 0; i < COUNT(names); i++)
		say("%s: %s", names[i], field(names[i]));
	say("SigBlk: %s", field("SigBlk"));
	say("ShdPnd or SigPnd: %d", strstr(text, "0000000000000200") != NULL);
	fact("VmRSS", atoi(field("VmRSS")) > 20);
	fact("VmSize", atoi(field("VmSize")) >= atoi(field("VmRSS")));
	fact("PPid", atoi(field("PPid")) == getppid());
	setgroups(0, NULL);
}

static void show_small(void)
{
	char link[256];
	int n, i;

	get("/proc/self/statm");
	say("statm: %d fields", words(text));
	get("/proc/self/limits");
	say("limits: %d lines", count_lines(text));
	n = readlink("/proc/self/exe", link, sizeof(link) - 1);
	link[n > 0 ? n : 0] = 0;
	say("exe: %s", strrchr(link, '/') ? strrchr(link, '/') + 1 : "");
	chdir("/proc");
	n = readlink("/proc/self/cwd", link, sizeof(link));
	say("cwd: %.*s", n, link);
	n = readlink("/proc/self/root", link, sizeof(link));
	say("root: %.*s", n, link);
	chdir("/");
	n = open("/proc/self/cmdline", O_RDONLY);
	i = read(n, link, sizeof(link));
	fact("cmdline ends with a NUL", i > 1 && link[i - 1] == 0);
	close(n);
	say("oom_score_adj: %d", atoi(get("/proc/self/oom_score_adj")));
	say("io: %d lines", count_lines(get("/proc/self/io")));
	fact("write to stat", open("/proc/self/stat", O_WRONLY) < 0 ||
				      write(3, "x", 1) < 0);
	close(3);
}

static void show_fds(void)
{
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC), p[2], n;
	char path[64], link[64];

	lseek(fd, 5, SEEK_SET);
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	get(path);
	n = !!(strtol(field("flags"), NULL, 8) & O_CLOEXEC);
	say("pos %s, cloexec %d", field("pos"), n);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, link, sizeof(link));
	say("%.*s", n, link);
	pipe(p);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p[1]);
	n = readlink(path, link, 6);
	say("%.*s", n, link);
	close(p[0]);
	close(p[1]);
	R("a closed one", readlink(path, link, 6));
	R("its fdinfo", open("/proc/self/fdinfo/77", O_RDONLY));
	R("no number", open("/proc/self/fd/x", O_RDONLY));
	close(fd);
}

static void show_threads(void)
{
	struct dirent *d;
	char path[64];
	int n = 0;
	DIR *dir = opendir("/proc/self/task");

	while (dir && (d = readdir(dir)))
		n += d->d_name[0] != '.';
	if (dir)
		closedir(dir);
	say("%d thread", n);
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
	fact("its stat", atoi(get(path)) == getpid());
	snprintf(path, sizeof(path), "/proc/self/task/%d/task", getpid());
	R("no threads below", access(path, F_OK));
	R("no such thread", access("/proc/self/task/1", F_OK));
	R("no such process", access("/proc/99999999", F_OK));
	R("a zero in front", access("/proc/01", F_OK));
}

static void ended(void)
{
	char path[64];
	int status, fd, n, tries = 0;
	pid_t pid = fork();

	if (!pid)
		_exit(7);
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	do { /* until it is a zombie */
		usleep(10000);
		n = pread(fd, text, sizeof(text) - 1, 0);
		text[n > 0 ? n : 0] = 0;
	} while (++tries < 500 && !strstr(text, ") Z"));
	say("a zombie: %c", strrchr(text, ')')[2]);
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	say("its cmdline: %zu bytes", strlen(get(path)));
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	say("its maps: %zu bytes", strlen(get(path)));
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	R("its exe", readlink(path, text, 9));
	waitpid(pid, &status, 0);
	lseek(fd, 0, SEEK_SET);
	R("after it was waited for", read(fd, text, 9));
	R("its folder", access(path, F_OK));
	close(fd);
}

static void system_wide(void)
{
	static const char *const keys[] = { "MemTotal", "MemFree",
					    "MemAvailable", "Buffers",
					    "Cached", "SwapTotal", "SwapFree",
					    "Shmem", "SReclaimable" };
	static const char *const there[] = {
		"/proc/cpuinfo", "/proc/devices", "/proc/filesystems",
		"/proc/interrupts", "/proc/partitions", "/proc/swaps",
		"/proc/version", "/proc/vmstat", "/proc/diskstats",
		"/proc/sys/kernel/ostype", "/proc/sys/kernel/pid_max",
		"/proc/sys/kernel/threads-max", "/proc/sys/kernel/printk",
		"/proc/sys/kernel/cap_last_cap",
		"/proc/sys/kernel/random/entropy_avail",
		"/proc/sys/vm/overcommit_memory", "/proc/sysvipc/shm",
		"/proc/sysvipc/sem", "/proc/sysvipc/msg", "/proc/tty/drivers",
	};
	char id[40];
	size_t i;

	get("/proc/meminfo");
	for (i = 0; i < COUNT(keys); i++)
		if (!strstr(field(keys[i]), "kB"))
			say("meminfo: no %s", keys[i]);
	say("uptime: %d fields", words(get("/proc/uptime")));
	say("loadavg: %d fields", words(get("/proc/loadavg")));
	get("/proc/stat");
	fact("stat", !strncmp(text, "cpu  ", 5) && strstr(text, "\nbtime ") &&
			     strstr(text, "\nprocesses "));
	for (i = 0; i < COUNT(there); i++)
		R(there[i], access(there[i], R_OK));
	snprintf(id, sizeof(id), "%s", get("/proc/sys/kernel/random/boot_id"));
	say("boot_id: %zu bytes", strlen(id));
	fact("the same again",
	     !strcmp(id, get("/proc/sys/kernel/random/boot_id")));
	snprintf(id, sizeof(id), "%s", get("/proc/sys/kernel/random/uuid"));
	fact("uuid is another each time",
	     strcmp(id, get("/proc/sys/kernel/random/uuid")));
	say("swaps: %d line", count_lines(get("/proc/swaps")));
	fact("mountinfo", words(get("/proc/self/mountinfo")) >= 10 &&
				  strstr(text, " - "));
}

int main(void)
{
	prctl(PR_SET_NAME, "proc_files");
	umask(027);
	show_stat();
	show_status();
	show_small();
	show_fds();
	show_threads();
	ended();
	system_wide();
	return 0;
}
