/* SPDX-License-Identifier: MIT */
/*
 * Where native i386 and Faultline's own limits differ from the 64-bit host
 * (shm-spec 1.1, 3.2, D13 to D15): Faultline only.
 */
#include "shm.h"

static void show(const char *name)
{
	char path[64], text[64];

	snprintf(path, sizeof(path), "/proc/sys/kernel/%s", name);
	file_read(path, text, sizeof(text));
	say("%s: %s", name, strtok(text, "\n"));
}

static void limits(void)
{
	show("shmmax");
	show("shmmni");
	show("shm_rmid_forced");
	R("shmmax 67108864",
	  sysctl_set("/proc/sys/kernel/shmmax", "67108864\n"));
	R("shmmax 67108865",
	  sysctl_set("/proc/sys/kernel/shmmax", "67108865\n"));
	R("shmmax 4294967295",
	  sysctl_set("/proc/sys/kernel/shmmax", "4294967295\n"));
	R("shmmax 4294967296",
	  sysctl_set("/proc/sys/kernel/shmmax", "4294967296\n"));
	show("shmmax");
	R("shmmni 1024", sysctl_set("/proc/sys/kernel/shmmni", "1024\n"));
	R("shmmni 1025", sysctl_set("/proc/sys/kernel/shmmni", "1025\n"));
	R("0xffffffff bytes", shmget(IPC_PRIVATE, 0xffffffff, 0600));
	R("0xfffff001 bytes", shmget(IPC_PRIVATE, 0xfffff001, 0600));
	R("0x80000000 bytes", shmget(IPC_PRIVATE, 0x80000000, 0600));
	R("SHM_HUGETLB", shmget(IPC_PRIVATE, PAGE, SHM_HUGETLB | 0600));
	R("64 MiB of a 64 MiB machine", shmget(IPC_PRIVATE, 64 << 20, 0600));
}

/* The last page of the largest segment, and nobody else's page 0. */
static void largest(void)
{
	int big = shmget(IPC_PRIVATE, 64 << 20, SHM_NORESERVE | 0600);
	int other = seg(PAGE, 0600);
	char *p = at(big, NULL, 0), *q = at(other, NULL, 0);

	q[0] = 'q';
	p[(64u << 20) - 1] = 'l';
	p[0] = 'f';
	say("first %c, last %c, the other segment's %c", p[0],
	    p[(64u << 20) - 1], q[0]);
	shmdt(p);
	p = at(big, NULL, 0);
	say("attached again: first %c, last %c", p[0], p[(64u << 20) - 1]);
	shmdt(p);
	shmdt(q);
	rm(big);
	rm(other);
	sysctl_set("/proc/sys/kernel/shmmax", "33554432\n");
}

static void try_at(const char *what, int id, const void *addr, int flags)
{
	void *p = shmat(id, addr, flags);

	result(what, (long)p);
	if (p != (void *)-1 && shmdt(p))
		say("  shmdt: %s", err_name(errno));
}

static void addresses(void)
{
	int one = seg(PAGE, 0600), two = seg(2 * PAGE, 0600);
	char *p, *q;

	try_at("0xbfffe000, over the stack's end", two, (void *)0xbfffe000, 0);
	try_at("0xbffff000, two pages", two, (void *)0xbffff000, 0);
	try_at("0xbffff000, one page", one, (void *)0xbffff000, 0);
	try_at("0xc0000000", one, (void *)0xc0000000, 0);
	try_at("0xc0000000, SHM_REMAP", one, (void *)0xc0000000, SHM_REMAP);
	try_at("0xf0000000", one, (void *)0xf0000000, 0);
	try_at("0xfffff000, two pages, wraps", two, (void *)0xfffff000, 0);
	p = at(one, NULL, 0);
	q = at(two, NULL, 0);
	fact("attaches go upwards from 0x40000000",
	     p >= (char *)0x40000000 && q == p + PAGE);
	shmdt(p);
	fact("into the lowest hole", at(one, NULL, 0) == p);
	shmdt(p);
	shmdt(q);
	try_at("0, by root", one, (void *)5, SHM_RND);
	try_at("0x10f000, by root", one, (void *)0x10f000, 0);
	try_at("0x110000, by root", one, (void *)0x110000, 0);
	R("shmdt(0)", shmdt(NULL));
	rm(one);
	rm(two);
}

/* The result pointer of ipc(SHMAT) is checked before anything is attached. */
static void result_pointer(void)
{
	int id = seg(PAGE, 0600);
	char *ro =
		mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	R("SHMAT, result at 8", syscall(NR_IPC, OP_SHMAT, id, 0, 8, 0, 0));
	R("SHMAT, result in read-only memory",
	  syscall(NR_IPC, OP_SHMAT, id, 0, ro, 0, 0));
	R("SHMAT, result in the kernel",
	  syscall(NR_IPC, OP_SHMAT, id, 0, 0xc0100000, 0, 0));
	V("nattch", nattch(id));
	munmap(ro, PAGE);
	rm(id);
}

static long minor(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return ru.ru_minflt;
}

static void faults(void)
{
	int id = seg(4 * PAGE, 0600);
	volatile char *p = at(id, NULL, 0), *q = at(id, NULL, SHM_RDONLY);
	struct rusage before, after;
	long n;

	getrusage(RUSAGE_SELF, &before);
	getrusage(RUSAGE_SELF, &after);
	n = minor();
	p[0] = 1;
	say("first touch, a write: %ld minor", minor() - n);
	n = minor();
	(void)q[0];
	say("resident, through the other attach: %ld minor", minor() - n);
	n = minor();
	(void)p[PAGE];
	say("first touch, a read: %ld minor", minor() - n);
	n = minor();
	p[PAGE] = 1;
	say("then written: %ld minor", minor() - n);
	getrusage(RUSAGE_SELF, &after);
	say("major: %ld", after.ru_majflt - before.ru_majflt);
	shmdt((void *)p);
	shmdt((void *)q);
	rm(id);
}

/* The line of /proc/sysvipc/shm, to the byte. */
static void exact_text(void)
{
	static const char head[] =
		"       key      shmid perms       size  cpid  lpid nattch   "
		"uid   gid  cuid  cgid      atime      dtime      ctime"
		"        rss       swap\n";
	int id = shmget(0x1234, 5000, IPC_CREAT | 0640);
	char *p = at(id, NULL, 0), text[2048], want[512], *line;
	struct shmid_ds ds;

	p[0] = 1;
	shmctl(id, IPC_STAT, &ds);
	snprintf(want, sizeof(want),
		 "%10d %10d  %4o %10lu %5u %5u  %5lu %5u %5u %5u %5u %10llu "
		 "%10llu %10llu %10lu %10lu\n",
		 0x1234, id, 0640, 5000ul, ds.shm_cpid, ds.shm_lpid, 1ul, 0u,
		 0u, 0u, 0u, (unsigned long long)ds.shm_atime, 0ull,
		 (unsigned long long)ds.shm_ctime, 4096ul, 0ul);
	file_read("/proc/sysvipc/shm", text, sizeof(text));
	fact("the header, to the byte", !strncmp(text, head, strlen(head)));
	line = strstr(text, want);
	fact("the line, to the byte", line != NULL);
	if (!line)
		say("it is:\n%swanted:\n%s", text, want);
	shmdt(p);
	rm(id);
}

static void exact_maps(void)
{
	int id = shmget(0xdef, PAGE, IPC_CREAT | 0640);
	char *p = at(id, NULL, 0), line[256], want[256];
	bool found = false;
	FILE *f = fopen("/proc/self/maps", "r");

	snprintf(want, sizeof(want), "%08lx-%08lx rw-s 00000000 00:01 %d",
		 (unsigned long)p, (unsigned long)p + PAGE, id);
	memset(want + strlen(want), ' ', 49 - strlen(want));
	strcpy(want + 49, "/SYSV00000def (deleted)\n");
	while (f && fgets(line, sizeof(line), f)) {
		if (strstr(line, "/SYSV") && strcmp(line, want))
			say("it is:\n%swanted:\n%s", line, want);
		found |= !strcmp(line, want);
	}
	fact("the line of maps, to the byte", found);
	if (f)
		fclose(f);
	shmdt(p);
	rm(id);
}

int main(void)
{
	limits();
	largest();
	addresses();
	result_pointer();
	faults();
	exact_text();
	exact_maps();
	return 0;
}
