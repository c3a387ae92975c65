/* SPDX-License-Identifier: MIT */
/*
 * ipcs [-m] [-q] [-s] [-l | -u | -i ID]: what System V IPC holds, printed
 * as util-linux prints it.
 *   -m segments   -q queues   -s semaphores   (none of them: all)
 *   -l limits     -u sums     -i ID everything about one
 *
 * Read from /proc/sysvipc where that exists, else asked from shmctl().
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

#define MAX_FIELDS 16

/* Columns of /proc/sysvipc/shm. */
enum shm_field {
	SHM_KEY,
	SHM_ID,
	SHM_PERMS,
	SHM_SIZE,
	SHM_CPID,
	SHM_LPID,
	SHM_NATTCH,
	SHM_UID,
	SHM_GID,
	SHM_CUID,
	SHM_CGID,
	SHM_ATIME,
	SHM_DTIME,
	SHM_CTIME,
	SHM_RSS_BYTES,
	SHM_SWAP_BYTES,
};

/* One line of a table; unused fields are 0. Field 0 is the key, 1 the id. */
struct row {
	long long f[MAX_FIELDS];
};

struct table {
	struct row *rows;
	size_t count;
	int missing; /* the kernel has no such thing */
};

static void add_row(struct table *t, const struct row *r)
{
	t->rows = realloc(t->rows, (t->count + 1) * sizeof(*r));
	if (!t->rows) {
		fprintf(stderr, "ipcs: out of memory\n");
		exit(1);
	}
	t->rows[t->count++] = *r;
}

/* PERMS: which column is octal. */
static void parse_row(struct table *t, char *line, int perms)
{
	struct row r = { { 0 } };
	char *save, *word = strtok_r(line, " \n", &save);
	int i;

	for (i = 0; word && i < MAX_FIELDS; i++) {
		r.f[i] = strtoll(word, NULL, i == perms ? 8 : 10);
		word = strtok_r(NULL, " \n", &save);
	}
	if (i > perms)
		add_row(t, &r);
}

static int read_table(struct table *t, const char *path, int perms)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	if (!f)
		return -1;
	if (getline(&line, &size, f) >= 0) /* the titles */
		while (getline(&line, &size, f) >= 0)
			parse_row(t, line, perms);
	free(line);
	fclose(f);
	return 0;
}

/* --- where shmctl() has to do ----------------------------------------- */

static void row_of_segment(struct row *r, int id, const struct shmid_ds *ds)
{
	long page = sysconf(_SC_PAGESIZE);

	memset(r, 0, sizeof(*r));
	r->f[SHM_KEY] = ds->shm_perm.__key;
	r->f[SHM_ID] = id;
	r->f[SHM_PERMS] = ds->shm_perm.mode;
	r->f[SHM_SIZE] = ds->shm_segsz;
	r->f[SHM_CPID] = ds->shm_cpid;
	r->f[SHM_LPID] = ds->shm_lpid;
	r->f[SHM_NATTCH] = ds->shm_nattch;
	r->f[SHM_UID] = ds->shm_perm.uid;
	r->f[SHM_GID] = ds->shm_perm.gid;
	r->f[SHM_CUID] = ds->shm_perm.cuid;
	r->f[SHM_CGID] = ds->shm_perm.cgid;
	r->f[SHM_ATIME] = ds->shm_atime;
	r->f[SHM_DTIME] = ds->shm_dtime;
	r->f[SHM_CTIME] = ds->shm_ctime;
	r->f[SHM_RSS_BYTES] = (ds->shm_segsz + page - 1) / page * page;
}

static void ask_segments(struct table *t)
{
	struct shmid_ds ds;
	struct shm_info info;
	struct row r;
	int highest, i, id;

	highest = shmctl(0, SHM_INFO, (struct shmid_ds *)&info);
	for (i = 0; i <= highest; i++) {
		id = shmctl(i, SHM_STAT, &ds);
		if (id < 0)
			continue;
		row_of_segment(&r, id, &ds);
		add_row(t, &r);
	}
	t->missing = highest < 0 && errno == ENOSYS;
}

/* --- parts of lines --------------------------------------------------- */

static const char *user_name(uid_t uid)
{
	static char text[32];
	struct passwd *p = NULL;
	FILE *f = fopen("/etc/passwd", "r");

	while (f && (p = fgetpwent(f)) && p->pw_uid != uid)
		;
	snprintf(text, sizeof(text), "%.31s", p ? p->pw_name : "");
	if (!p)
		snprintf(text, sizeof(text), "%u", (unsigned)uid);
	if (f)
		fclose(f);
	return text;
}

static void print_time(const char *title, long long seconds)
{
	time_t t = (time_t)seconds;
	char text[32] = "Not set";

	if (t) {
		memcpy(text, ctime(&t), 24);
		text[24] = '\0';
	}
	printf("%s%-26.24s\n", title, text);
}

/* The first number of a file; FALLBACK where there is none. */
static unsigned long long number_in(const char *path,
				    unsigned long long fallback)
{
	FILE *f = fopen(path, "r");
	unsigned long long n;

	if (!f)
		return fallback;
	if (fscanf(f, "%llu", &n) != 1)
		n = fallback;
	fclose(f);
	return n;
}

/* --- shared memory ---------------------------------------------------- */

static void list_shm(const struct table *t)
{
	const long long *f;
	size_t i;

	printf("------ Shared Memory Segments --------\n");
	printf("%-10s %-10s %-10s %-10s %-10s %-10s %-12s\n", "key", "shmid",
	       "owner", "perms", "bytes", "nattch", "status");
	for (i = 0; i < t->count; i++) {
		f = t->rows[i].f;
		printf("0x%08x %-10lld %-10.10s %-10llo %-10lld %-10lld",
		       (unsigned)f[SHM_KEY], f[SHM_ID],
		       user_name((uid_t)f[SHM_UID]), f[SHM_PERMS] & 0777,
		       f[SHM_SIZE], f[SHM_NATTCH]);
		printf(" %-6s %-6s\n", f[SHM_PERMS] & 01000 ? "dest" : " ",
		       f[SHM_PERMS] & 02000 ? "locked" : " ");
	}
}

static void limits_shm(void)
{
	unsigned long long page = sysconf(_SC_PAGESIZE);
	unsigned long long max = number_in("/proc/sys/kernel/shmmax", 0);
	unsigned long long all = number_in("/proc/sys/kernel/shmall", 0);
	unsigned long long mni = number_in("/proc/sys/kernel/shmmni", 0);
	struct shminfo info;

	if (!mni && shmctl(0, IPC_INFO, (struct shmid_ds *)&info) >= 0) {
		max = info.shmmax;
		all = info.shmall;
		mni = info.shmmni;
	}
	printf("------ Shared Memory Limits --------\n");
	printf("max number of segments = %llu\n", mni);
	printf("max seg size (kbytes) = %llu\n", max / 1024);
	printf("max total shared memory (kbytes) = %llu\n", all * page / 1024);
	printf("min seg size (bytes) = 1\n");
}

static void sums_shm(const struct table *t)
{
	struct shm_info info;

	memset(&info, 0, sizeof(info));
	shmctl(0, SHM_INFO, (struct shmid_ds *)&info);
	printf("------ Shared Memory Status --------\n");
	printf("segments allocated %zu\npages allocated %lu\n", t->count,
	       (unsigned long)info.shm_tot);
	printf("pages resident  %lu\npages swapped   %lu\n",
	       (unsigned long)info.shm_rss, (unsigned long)info.shm_swp);
	printf("Swap performance: %lu attempts\t %lu successes\n",
	       (unsigned long)info.swap_attempts,
	       (unsigned long)info.swap_successes);
}

static void one_shm(const long long *f)
{
	printf("\nShared memory Segment shmid=%lld\n", f[SHM_ID]);
	printf("uid=%lld\tgid=%lld\tcuid=%lld\tcgid=%lld\n", f[SHM_UID],
	       f[SHM_GID], f[SHM_CUID], f[SHM_CGID]);
	printf("mode=%#llo\taccess_perms=%#llo\n", f[SHM_PERMS],
	       f[SHM_PERMS] & 0777);
	printf("bytes=%lld\tlpid=%lld\tcpid=%lld\tnattch=%lld\n", f[SHM_SIZE],
	       f[SHM_LPID], f[SHM_CPID], f[SHM_NATTCH]);
	print_time("att_time=", f[SHM_ATIME]);
	print_time("det_time=", f[SHM_DTIME]);
	print_time("change_time=", f[SHM_CTIME]);
	printf("\n");
}

/* --- message queues: key msqid perms cbytes qnum lspid lrpid uid ... --- */

static void list_msg(const struct table *t)
{
	const long long *f;
	size_t i;

	printf("------ Message Queues --------\n");
	printf("%-10s %-10s %-10s %-10s %-12s %-12s\n", "key", "msqid", "owner",
	       "perms", "used-bytes", "messages");
	for (i = 0; i < t->count; i++) {
		f = t->rows[i].f;
		printf("0x%08x %-10lld %-10.10s %-10llo %-12lld %-12lld\n",
		       (unsigned)f[0], f[1], user_name((uid_t)f[7]),
		       f[2] & 0777, f[3], f[4]);
	}
}

static void limits_msg(void)
{
	printf("------ Messages Limits --------\n");
	printf("max queues system wide = %llu\n",
	       number_in("/proc/sys/kernel/msgmni", 0));
	printf("max size of message (bytes) = %llu\n",
	       number_in("/proc/sys/kernel/msgmax", 0));
	printf("default max size of queue (bytes) = %llu\n",
	       number_in("/proc/sys/kernel/msgmnb", 0));
}

static void sums_msg(const struct table *t)
{
	long long bytes = 0, messages = 0;
	size_t i;

	for (i = 0; i < t->count; i++) {
		bytes += t->rows[i].f[3];
		messages += t->rows[i].f[4];
	}
	printf("------ Messages Status --------\n");
	printf("allocated queues = %zu\nused headers = %lld\n", t->count,
	       messages);
	printf("used space = %lld bytes\n", bytes);
}

static void one_msg(const long long *f)
{
	printf("\nMessage Queue msqid=%lld\n", f[1]);
	printf("uid=%lld\tgid=%lld\tcuid=%lld\tcgid=%lld\tmode=%#llo\n", f[7],
	       f[8], f[9], f[10], f[2]);
	printf("cbytes=%lld\tqbytes=%llu\tqnum=%lld\tlspid=%lld\tlrpid=%lld\n",
	       f[3], number_in("/proc/sys/kernel/msgmnb", 0), f[4], f[5], f[6]);
	print_time("send_time=", f[11]);
	print_time("rcv_time=", f[12]);
	print_time("change_time=", f[13]);
	printf("\n");
}

/* --- semaphores: key semid perms nsems uid gid cuid cgid otime ctime --- */

static void list_sem(const struct table *t)
{
	const long long *f;
	size_t i;

	printf("------ Semaphore Arrays --------\n");
	printf("%-10s %-10s %-10s %-10s %-10s\n", "key", "semid", "owner",
	       "perms", "nsems");
	for (i = 0; i < t->count; i++) {
		f = t->rows[i].f;
		printf("0x%08x %-10lld %-10.10s %-10llo %-10lld\n",
		       (unsigned)f[0], f[1], user_name((uid_t)f[4]),
		       f[2] & 0777, f[3]);
	}
}

static void limits_sem(void)
{
	FILE *f = fopen("/proc/sys/kernel/sem", "r");
	unsigned msl = 0, mns = 0, opm = 0, mni = 0;

	if (f) {
		if (fscanf(f, "%u %u %u %u", &msl, &mns, &opm, &mni) != 4)
			mni = 0;
		fclose(f);
	}
	printf("------ Semaphore Limits --------\n");
	printf("max number of arrays = %u\n", mni);
	printf("max semaphores per array = %u\n", msl);
	printf("max semaphores system wide = %u\n", mns);
	printf("max ops per semop call = %u\n", opm);
	printf("semaphore max value = %u\n", 32767u);
}

static void sums_sem(const struct table *t)
{
	long long total = 0;
	size_t i;

	for (i = 0; i < t->count; i++)
		total += t->rows[i].f[3];
	printf("------ Semaphore Status --------\n");
	printf("used arrays = %zu\nallocated semaphores = %lld\n", t->count,
	       total);
}

static void one_sem(const long long *f)
{
	int id = (int)f[1], i;

	printf("\nSemaphore Array semid=%lld\n", f[1]);
	printf("uid=%lld\t gid=%lld\t cuid=%lld\t cgid=%lld\n", f[4], f[5],
	       f[6], f[7]);
	printf("mode=%#llo, access_perms=%#llo\nnsems = %lld\n", f[2],
	       f[2] & 0777, f[3]);
	print_time("otime = ", f[8]);
	print_time("ctime = ", f[9]);
	printf("%-10s %-10s %-10s %-10s %-10s\n", "semnum", "value", "ncount",
	       "zcount", "pid");
	for (i = 0; i < f[3]; i++)
		printf("%-10d %-10d %-10d %-10d %-10d\n", i,
		       semctl(id, i, GETVAL), semctl(id, i, GETNCNT),
		       semctl(id, i, GETZCNT), semctl(id, i, GETPID));
	printf("\n");
}

/* --- which of them ---------------------------------------------------- */

struct kind {
	char letter;
	const char *path;
	const char *missing;
	void (*list)(const struct table *t);
	void (*limits)(void);
	void (*sums)(const struct table *t);
	void (*one)(const long long *f);
};

static const struct kind kinds[] = {
	{ 'q', "/proc/sysvipc/msg", "message queues", list_msg, limits_msg,
	  sums_msg, one_msg },
	{ 'm', "/proc/sysvipc/shm", "shared memory", list_shm, limits_shm,
	  sums_shm, one_shm },
	{ 's', "/proc/sysvipc/sem", "semaphores", list_sem, limits_sem,
	  sums_sem, one_sem },
};

static void load(const struct kind *k, struct table *t)
{
	if (read_table(t, k->path, SHM_PERMS) == 0)
		return;
	if (k->letter == 'm')
		ask_segments(t);
	else
		t->missing = 1;
}

static int show_one(const struct kind *k, const struct table *t, int id)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		if (t->rows[i].f[1] != id)
			continue;
		k->one(t->rows[i].f);
		return 0;
	}
	fprintf(stderr, "ipcs: id %d not found\n", id);
	return 1;
}

static int show(const struct kind *k, char what, int id)
{
	struct table t = { 0 };
	int status = 0;

	load(k, &t);
	if (what == 'i') {
		status = show_one(k, &t, id);
	} else if (t.missing) {
		printf("kernel not configured for %s\n", k->missing);
	} else if (what == 'l') {
		k->limits();
	} else if (what == 'u') {
		k->sums(&t);
	} else {
		k->list(&t);
	}
	if (what != 'i')
		printf("\n");
	free(t.rows);
	return status;
}

static int usage(void)
{
	fprintf(stderr, "usage: ipcs [-m] [-q] [-s] [-l | -u | -i ID]\n");
	return 1;
}

int main(int argc, char **argv)
{
	int c, id = 0, status = 0, chosen[128] = { 0 };
	char what = 0;
	size_t i;

	while ((c = getopt(argc, argv, "+mqsalui:")) != -1) {
		if (c == '?')
			return usage();
		if (c == 'i')
			id = atoi(optarg);
		if (c == 'l' || c == 'u' || c == 'i')
			what = (char)c;
		else
			chosen[c] = 1;
	}
	if (optind < argc)
		return usage();
	if (chosen['a'] || (!chosen['m'] && !chosen['q'] && !chosen['s']))
		chosen['m'] = chosen['q'] = chosen['s'] = 1;
	if (what == 'i' && chosen['m'] + chosen['q'] + chosen['s'] > 1)
		return usage();
	if (what != 'i')
		printf("\n");
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (chosen[(int)kinds[i].letter])
			status |= show(&kinds[i], what, id);
	return fflush(stdout) ? 1 : status;
}
