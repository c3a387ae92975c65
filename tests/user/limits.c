/* SPDX-License-Identifier: MIT */
/* Limits, usage, priorities, names, thread-local storage, random numbers. */
#include "t.h"
#include <asm/ldt.h>
#include <sys/prctl.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

static void limits(void *arg)
{
	struct { unsigned long cur, max; } lim;
	struct { uint64_t cur, max; } wide;

	R("getrlimit 16", syscall(SYS_ugetrlimit, 16, &lim));
	R("bad pointer", syscall(SYS_ugetrlimit, 3, 1));
	lim.cur = 5000, lim.max = 4000;
	R("cur above max", syscall(SYS_setrlimit, RLIMIT_CORE, &lim));
	lim.cur = 3000;
	R("core 3000 4000", syscall(SYS_setrlimit, RLIMIT_CORE, &lim));
	R("ask", syscall(SYS_ugetrlimit, RLIMIT_CORE, &lim));
	say("core %lu %lu", lim.cur, lim.max);
	syscall(SYS_ugetrlimit, RLIMIT_CORE, &lim);
	say("core %lx %lx", lim.cur, lim.max);
	syscall(SYS_getrlimit, RLIMIT_CORE, &lim);
	say("old form %lx %lx", lim.cur, lim.max);
	R("prlimit", syscall(SYS_prlimit64, 0, RLIMIT_CORE, NULL, &wide));
	say("core %llx %llx", (unsigned long long)wide.cur,
	    (unsigned long long)wide.max);
	wide.cur = 100, wide.max = 200;
	R("prlimit by pid",
	  syscall(SYS_prlimit64, getpid(), RLIMIT_CORE, &wide, NULL));
	R("prlimit of nobody",
	  syscall(SYS_prlimit64, 0x3fffffff, RLIMIT_CORE, NULL, &wide));
	R("prlimit of 16", syscall(SYS_prlimit64, 0, 16, NULL, &wide));
	become(1000, 1000, 0, NULL);
	lim.cur = lim.max = 300;
	R("user raises", syscall(SYS_setrlimit, RLIMIT_CORE, &lim));
	lim.cur = lim.max = 150;
	R("user lowers", syscall(SYS_setrlimit, RLIMIT_CORE, &lim));
	R("user at root's", syscall(SYS_prlimit64, getppid(), RLIMIT_CORE,
				    NULL, &wide));
}

static void usage(void)
{
	struct rusage ru;
	volatile char *p = mmap(NULL, 20 * PAGE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long before, i;

	R("usage 5", getrusage(5, &ru));
	R("usage, bad pointer", syscall(SYS_getrusage, 0, 1));
	R("of children", getrusage(RUSAGE_CHILDREN, &ru));
	R("of itself", getrusage(RUSAGE_SELF, &ru));
	before = ru.ru_minflt;
	for (i = 0; i < 20; i++)
		p[i * PAGE] = 1;
	getrusage(RUSAGE_SELF, &ru);
	fact("20 faults", ru.ru_minflt - before >= 20);
	fact("maxrss", ru.ru_maxrss > 20);
	for (i = 0; i < 50000000 && !ru.ru_utime.tv_usec; i++)
		if (i % 100000 == 0)
			getrusage(RUSAGE_SELF, &ru);
	fact("user time passes", ru.ru_utime.tv_usec || ru.ru_utime.tv_sec);
}

static void priorities(void)
{
	V("getpriority", syscall(SYS_getpriority, 0, 0));
	R("getpriority 3", syscall(SYS_getpriority, 3, 0));
	R("getpriority of nobody", syscall(SYS_getpriority, 0, 0x3fffffff));
	R("setpriority of nobody", syscall(SYS_setpriority, 0, 0x3fffffff, 0));
	R("setpriority", syscall(SYS_setpriority, 0, 0, 0));
}

static void processors(void)
{
	unsigned long mask[32] = { 1 };

	R("setaffinity", syscall(SYS_sched_setaffinity, 0, 128, mask));
	mask[0] = 0;
	R("setaffinity, none", syscall(SYS_sched_setaffinity, 0, 128, mask));
	R("setaffinity, short", syscall(SYS_sched_setaffinity, 0, 0, mask));
	R("setaffinity of nobody",
	  syscall(SYS_sched_setaffinity, 0x3fffffff, 128, mask));
	R("setaffinity, bad pointer",
	  syscall(SYS_sched_setaffinity, 0x3fffffff, 128, 1));
	fact("getaffinity",
	     syscall(SYS_sched_getaffinity, 0, 128, mask) >= 4);
	say("mask %lx", mask[0]);
	R("getaffinity, odd", syscall(SYS_sched_getaffinity, 0, 127, mask));
	R("getaffinity, short", syscall(SYS_sched_getaffinity, 0, 0, mask));
	R("getaffinity of nobody",
	  syscall(SYS_sched_getaffinity, 0x3fffffff, 128, mask));
	R("getaffinity, bad pointer",
	  syscall(SYS_sched_getaffinity, 0, 128, 1));
}

static void names(void)
{
	struct utsname uts;
	struct sysinfo si;
	char name[17] = "";

	R("uname", uname(&uts));
	say("sysname %s", uts.sysname);
	R("uname, bad pointer", syscall(SYS_uname, 1));
	R("sysinfo", sysinfo(&si));
	fact("memory", si.totalram > si.freeram && si.mem_unit);
	R("sysinfo, bad pointer", syscall(SYS_sysinfo, 1));
	R("PR_SET_NAME", prctl(PR_SET_NAME, "a rather long name", 0, 0, 0));
	R("PR_GET_NAME", prctl(PR_GET_NAME, name, 0, 0, 0));
	say("name '%s'", name);
	R("PR_SET_NAME, bad pointer", prctl(PR_SET_NAME, 1, 0, 0, 0));
	V("dumpable", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	R("dumpable 5", prctl(PR_SET_DUMPABLE, 5, 0, 0, 0));
	R("prctl 9999", prctl(9999, 0, 0, 0, 0));
	R("reboot with wrong magic", syscall(SYS_reboot, 1, 2, 3, 0));
}

static void tls(void)
{
	static int word = 4711;
	struct user_desc d = { .entry_number = -1, .limit = 0xfffff,
			       .base_addr = (unsigned long)&word,
			       .seg_32bit = 1, .limit_in_pages = 1,
			       .useable = 1 }, e;
	int first, got;

	R("set_thread_area", syscall(SYS_set_thread_area, &d));
	first = d.entry_number;
	asm volatile("movw %w1, %%fs\n\tmovl %%fs:0, %0"
		     : "=r"(got) : "r"(first << 3 | 3));
	say("through fs: %d", got);
	e.entry_number = first;
	R("get_thread_area", syscall(SYS_get_thread_area, &e));
	fact("the same", !memcmp(&d, &e, sizeof(d)));
	d.entry_number = -1;
	R("the third", syscall(SYS_set_thread_area, &d));
	d.entry_number = -1;
	R("a fourth", syscall(SYS_set_thread_area, &d));
	d.entry_number = 5;
	R("entry 5", syscall(SYS_set_thread_area, &d));
	d.entry_number = first;
	d.contents = 2;
	R("code", syscall(SYS_set_thread_area, &d));
	d.contents = 0, d.seg_32bit = 0;
	R("16 bits", syscall(SYS_set_thread_area, &d));
	R("bad pointer", syscall(SYS_set_thread_area, 1));
	e.entry_number = 99;
	R("get entry 99", syscall(SYS_get_thread_area, &e));
	memset(&d, 0, sizeof(d));
	d.entry_number = first;
	d.read_exec_only = d.seg_not_present = 1;
	R("clear", syscall(SYS_set_thread_area, &d));
	usleep(20000);
	asm volatile("movl %%fs, %0" : "=r"(got));
	say("fs is still alive: %d", got >= 0);
	asm volatile("movw %w0, %%fs" : : "r"(0));
}

static void random_numbers(void)
{
	unsigned char a[300], b[300];
	struct { char page[PAGE]; } *p;

	V("getrandom", syscall(SYS_getrandom, a, sizeof(a), 0));
	V("getrandom", syscall(SYS_getrandom, b, sizeof(b), 1));
	fact("they differ", memcmp(a, b, sizeof(a)));
	R("flags 8", syscall(SYS_getrandom, a, 10, 8));
	R("flags 6", syscall(SYS_getrandom, a, 10, 6));
	R("bad pointer", syscall(SYS_getrandom, 1, 10, 0));
	p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(p + 1, PAGE);
	memset(p, 1, PAGE);
	V("half good", syscall(SYS_getrandom, (char *)p + PAGE - 100, 200, 0));
}

int main(void)
{
	child("limits", limits, NULL);
	usage();
	priorities();
	processors();
	names();
	tls();
	random_numbers();
	return 0;
}
