/* SPDX-License-Identifier: MIT */
/*
 * permissions: who may do what with a segment of another account.
 *
 *   mode 0640:   6 owner and creator   4 members of the group   0 the rest
 *                read and write        read                     nothing
 *
 *   attach       asks the mode, once, when it is attached
 *   IPC_SET, IPC_RMID    ask who owns or made it; the mode does not matter
 *   root         may all of it
 *
 * Each row is a child that becomes that account and tries. Only root can
 * become others, so this is for root.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE 4096
#define ID 1000 /* student: the segment's owner, and his group */
#define OTHER 1001 /* guest */

enum { READ = 1, WRITE = 2, SET = 4, REMOVE = 8, ALL = 15 };

struct account {
	const char *name;
	uid_t uid;
	gid_t gid, group; /* the second one: of /etc/group */
	int may[2]; /* with mode 0640, with mode 0600 */
};

static const struct account accounts[] = {
	{ "student, who made it", ID, ID, ID, { ALL, ALL } },
	{ "guest, in its group", OTHER, OTHER, ID, { READ, 0 } },
	{ "guest", OTHER, OTHER, OTHER, { 0, 0 } },
	{ "root", 0, 0, 0, { ALL, ALL } },
};

static int bad; /* checks that failed */

static void check(int holds, const char *what)
{
	printf("  %s  %s\n", holds ? "yes" : "NO ", what);
	bad += !holds;
}

/* A segment that student has made; the id or -1. */
static int make(int mode)
{
	int id = -1;

	if (setegid(ID) == 0 && seteuid(ID) == 0)
		id = shmget(IPC_PRIVATE, SIZE, IPC_CREAT | mode);
	if (seteuid(0) < 0 || setegid(0) < 0)
		exit(1);
	return id;
}

static int can_attach(int id, int flags)
{
	void *p = shmat(id, NULL, flags);

	return p != (void *)-1 && shmdt(p) == 0;
}

/* What the calling account may do with OWNER's segment ID, which it removes
 * if it may. */
static int try_all(int id, uid_t owner, int mode)
{
	struct shmid_ds ds;
	int may = 0;

	memset(&ds, 0, sizeof(ds));
	ds.shm_perm.uid = owner;
	ds.shm_perm.gid = ID;
	ds.shm_perm.mode = mode;
	may |= can_attach(id, SHM_RDONLY) ? READ : 0;
	may |= can_attach(id, 0) ? WRITE : 0;
	may |= shmctl(id, IPC_SET, &ds) == 0 ? SET : 0;
	may |= shmctl(id, IPC_RMID, NULL) == 0 ? REMOVE : 0;
	return may;
}

/* The same, as the account A; -1: it could not become that. */
static int try_as(const struct account *a, int id, uid_t owner, int mode)
{
	int status = 0;
	pid_t pid;

	fflush(stdout); /* or the child has it too */
	pid = fork();
	if (pid == 0) {
		if (setgroups(1, &a->group) < 0 || setgid(a->gid) < 0 ||
		    setuid(a->uid) < 0)
			_exit(255);
		_exit(try_all(id, owner, mode));
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) == 255)
		return -1;
	return WEXITSTATUS(status);
}

static const char *word(int may, int what)
{
	return may & what ? "yes" : "-";
}

static void table(int which, int mode)
{
	size_t i;

	printf("mode %04o               read  write  IPC_SET  IPC_RMID\n",
	       mode);
	for (i = 0; i < sizeof(accounts) / sizeof(accounts[0]); i++) {
		int id = make(mode);
		int may = try_as(&accounts[i], id, ID, mode);

		printf("  %-20s   %-5s %-6s %-8s %s\n", accounts[i].name,
		       word(may, READ), word(may, WRITE), word(may, SET),
		       word(may, REMOVE));
		bad += may != accounts[i].may[which];
		shmctl(id, IPC_RMID, NULL);
	}
}

/* Student gives his segment to guest, who may then do what student could. */
static void hand_over(void)
{
	struct account student = accounts[0], guest = accounts[2];
	struct shmid_ds ds;
	int id = make(0600);

	printf("IPC_SET hands a segment of mode 0600 over:\n");
	memset(&ds, 0, sizeof(ds));
	check(shmctl(id, IPC_STAT, &ds) == 0 && ds.shm_perm.uid == ID &&
		      ds.shm_perm.cuid == ID,
	      "student made it and owns it");
	check((try_as(&guest, id, ID, 0600) & (READ | WRITE)) == 0,
	      "guest may not attach it");
	ds.shm_perm.uid = OTHER;
	check(seteuid(ID) == 0 && shmctl(id, IPC_SET, &ds) == 0 &&
		      seteuid(0) == 0,
	      "student sets its owner to guest");
	check(shmctl(id, IPC_STAT, &ds) == 0 && ds.shm_perm.uid == OTHER &&
		      ds.shm_perm.cuid == ID,
	      "guest owns it now, student stays its creator");
	check(try_as(&guest, id, OTHER, 0600) == ALL,
	      "guest attaches, sets and removes it");
	check(try_as(&student, id, OTHER, 0600) == 0 &&
		      shmctl(id, IPC_STAT, &ds) == -1,
	      "after that it is gone for both");
}

/* Rights are looked at when a segment is attached, not at each access. */
static void once_attached(void)
{
	struct shmid_ds ds;
	int id = make(0666);
	char *p = shmat(id, NULL, 0);

	printf("a mode is asked when a segment is attached:\n");
	check(p != (void *)-1, "it is attached with mode 0666");
	if (p == (void *)-1)
		return;
	memset(&ds, 0, sizeof(ds));
	shmctl(id, IPC_STAT, &ds);
	ds.shm_perm.mode = 0;
	check(shmctl(id, IPC_SET, &ds) == 0, "its mode becomes 0000");
	strcpy(p, "still");
	check(strcmp(p, "still") == 0, "who has it attached goes on");
	check(try_as(&accounts[2], id, ID, 0) == 0, "guest cannot attach it");
	shmdt(p);
	shmctl(id, IPC_RMID, NULL);
}

int main(void)
{
	if (geteuid() != 0) {
		fprintf(stderr, "permissions: it becomes several accounts, "
				"and only root can do that\n");
		return 2;
	}
	table(0, 0640);
	table(1, 0600);
	hand_over();
	once_attached();
	if (bad) {
		printf("%d answers are wrong\n", bad);
		return 1;
	}
	printf("ok: the mode, the owner and the creator decide\n");
	return 0;
}
