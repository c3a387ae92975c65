/* SPDX-License-Identifier: MIT */
/* /proc/sys/kernel/shm*, shm_rmid_forced and /proc/sysvipc/shm. */
#include "shm.h"

static void show(const char *name)
{
	char path[64], text[64];

	snprintf(path, sizeof(path), "/proc/sys/kernel/%s", name);
	if (file_read(path, text, sizeof(text)) < 0)
		say("%s: %s", name, err_name(errno));
	else
		say("%s: %s", name, strtok(text, "\n"));
}

static void as_user(void *arg)
{
	(void)arg;
	become(1001, 1001, 0, NULL);
	R("user writes shmmni", sysctl_set("/proc/sys/kernel/shmmni", "5\n"));
	show("shmmni");
}

static void limits(void)
{
	int id = seg(8192, 0600);
	struct shminfo info;
	char shmmni[32];

	file_read("/proc/sys/kernel/shmmni", shmmni, sizeof(shmmni));

	R("shmmax 4096", sysctl_set("/proc/sys/kernel/shmmax", "4096\n"));
	show("shmmax");
	V("what exists stays: nattch", nattch(id));
	R("a new one of 4097 bytes", shmget(IPC_PRIVATE, 4097, 0600));
	shmctl(0, IPC_INFO, (struct shmid_ds *)&info);
	say("IPC_INFO shows shmmax %lu", info.shmmax);
	R("not a number", sysctl_set("/proc/sys/kernel/shmmax", "abc\n"));
	R("negative", sysctl_set("/proc/sys/kernel/shmmni", "-1\n"));
	R("without newline", sysctl_set("/proc/sys/kernel/shmmni", "10"));
	show("shmmni");
	R("blanks around it", sysctl_set("/proc/sys/kernel/shmmni", " 99 \n"));
	show("shmmni");
	child("as uid 1001", as_user, NULL);
	sysctl_set("/proc/sys/kernel/shmmax", "33554432\n");
	sysctl_set("/proc/sys/kernel/shmmni", shmmni);
	rm(id);
}

static void leaves_one(void *arg)
{
	int *kept = arg;

	kept[0] = seg(PAGE, 0600);
	kept[1] = seg(PAGE, 0600);
	at(kept[1], NULL, 0);
}

static void stat_shared(int *kept, const char *when)
{
	struct shmid_ds ds;
	char what[64];

	for (int i = 0; i < 2; i++) {
		snprintf(what, sizeof(what), "%s, %s", when,
			 i ? "attached at exit" : "never attached");
		R(what, shmctl(kept[i], IPC_STAT, &ds));
	}
}

static void rmid_forced(void)
{
	int box = seg(PAGE, 0600), id;
	int *kept = at(box, NULL, 0);
	char *p;

	show("shm_rmid_forced");
	in_child(leaves_one, kept);
	stat_shared(kept, "not forced");
	rm(kept[0]);
	rm(kept[1]);
	R("set it", sysctl_set("/proc/sys/kernel/shm_rmid_forced", "1\n"));
	show("shm_rmid_forced");
	in_child(leaves_one, kept);
	stat_shared(kept, "forced");
	id = seg(PAGE, 0600);
	p = at(id, NULL, 0);
	shmdt(p);
	R("forced, the last detach destroys", shmctl(id, IPC_RMID, NULL));
	R("2", sysctl_set("/proc/sys/kernel/shm_rmid_forced", "2\n"));
	R("clear it", sysctl_set("/proc/sys/kernel/shm_rmid_forced", "0\n"));
	shmdt(kept);
	rm(box);
}

/* The line of segment ID, its fields separated by single blanks. */
static bool find_line(int id, long long f[16])
{
	char line[512];
	FILE *file = fopen("/proc/sysvipc/shm", "r");
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line,
			       "%lld %lld %llo %lld %lld %lld %lld %lld %lld "
			       "%lld %lld %lld %lld %lld %lld %lld",
			       &f[0], &f[1], &f[2], &f[3], &f[4], &f[5], &f[6],
			       &f[7], &f[8], &f[9], &f[10], &f[11], &f[12],
			       &f[13], &f[14], &f[15]) == 16 &&
			f[1] == id;
	if (file)
		fclose(file);
	return found;
}

static void header(void)
{
	char text[4096], *word;
	char out[256] = "";

	file_read("/proc/sysvipc/shm", text, sizeof(text));
	strtok(text, "\n");
	for (word = strtok(text, " "); word; word = strtok(NULL, " ")) {
		strcat(out, word);
		strcat(out, " ");
	}
	say("%s", out);
}

static void reads_as_user(void *arg)
{
	long long f[16];

	become(1001, 1001, 0, NULL);
	fact("a user sees it too", find_line(*(int *)arg, f));
}

static void proc_text(void)
{
	int id = shmget(0x80000123, 3 * PAGE + 1, IPC_CREAT | 0640);
	char *p = at(id, NULL, 0);
	struct shmid_ds ds;
	long long f[16];

	p[0] = p[2 * PAGE] = 1;
	header();
	shmctl(id, IPC_STAT, &ds);
	fact("the segment has a line", find_line(id, f));
	say("key %lld perms %llo size %lld nattch %lld", f[0], f[2], f[3],
	    f[6]);
	say("uid %lld gid %lld cuid %lld cgid %lld rss %lld swap %lld", f[7],
	    f[8], f[9], f[10], f[14], f[15]);
	fact("cpid, lpid", f[4] == getpid() && f[5] == getpid());
	fact("times",
	     f[11] == ds.shm_atime && f[12] == 0 && f[13] == ds.shm_ctime);
	in_child(reads_as_user, &id);
	shmctl(id, SHM_LOCK, NULL);
	rm(id);
	find_line(id, f);
	say("removed and locked: key %lld perms %llo", f[0], f[2]);
	shmdt(p);
	fact("detached: no line", !find_line(id, f));
}

static void maps_text(void)
{
	int id = shmget(0xabc, 3 * PAGE, IPC_CREAT | 0640);
	char *p = at(id, NULL, SHM_RDONLY), line[256], perms[8], name[64];
	unsigned long from, to, offset, inode;
	int major, minor, n;
	FILE *f;

	munmap(p, PAGE);
	f = fopen("/proc/self/maps", "r");
	while (f && fgets(line, sizeof(line), f)) {
		n = sscanf(line, "%lx-%lx %7s %lx %x:%x %lu %63[^\n]", &from,
			   &to, perms, &offset, &major, &minor, &inode, name);
		if (n == 8 && from == (unsigned long)p + PAGE)
			say("maps: %s offset %lx, %s, inode is the id: %s",
			    perms, offset, name,
			    inode == (unsigned long)id ? "yes" : "NO");
	}
	if (f)
		fclose(f);
	shmdt(p);
	rm(id);
}

int main(void)
{
	show("shmmax");
	limits();
	rmid_forced();
	proc_text();
	maps_text();
	return 0;
}
