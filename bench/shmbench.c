/* SPDX-License-Identifier: MIT */
/*
 * shmbench - instruction-count benchmark for a System V shared memory kernel.
 *
 * One static i386 ELF binary that uses only the Linux i386 int-0x80 ABI, so
 * the same file runs on Linux and on any kernel that offers that ABI.
 * Figures are read with rdtsc.  Under "qemu -icount shift=N" rdtsc counts
 * guest instructions (times 2^N); the calib group measures N and every figure
 * is divided by 2^N, so the unit printed is one guest instruction ("insn").
 * Where rdtsc is not an instruction counter the unit printed is "tick".
 *
 * Output: one "name value unit" line a figure (median over the samples),
 *         "name SKIP reason" where a call answers ENOSYS,
 *         "name FAIL reason" where the result of the work was wrong,
 *         lines starting with '#' are remarks (-v: minimum and maximum).
 * Exit status: 0 when nothing failed.
 *
 * Usage: shmbench [-v] [-l] [filter ...]
 *   filter: runs the groups whose name starts with one of the filters
 *           ("none" runs no group: boot figures only).
 * As process 1 it also takes swap=DEVICE, loads the modules named in
 * /modules/order, mounts /proc and /dev, and ends the machine when done.
 *
 * Build: gcc -m32 -O2 -static -o shmbench shmbench.c
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

typedef unsigned long long ull;

#define PAGE 4096u
#define WORDS (PAGE / 4)

/* ------------------------------------------------------------------ */
/* raw i386 system calls                                               */

enum {
	NR_exit = 1, NR_fork = 2, NR_read = 3, NR_write = 4, NR_open = 5,
	NR_close = 6, NR_execve = 11, NR_getpid = 20, NR_mount = 21,
	NR_mkdir = 39, NR_pipe = 42, NR_getppid = 64, NR_getrusage = 77,
	NR_swapon = 87, NR_reboot = 88, NR_munmap = 91, NR_iopl = 110,
	NR_wait4 = 114, NR_sysinfo = 116, NR_ipc = 117, NR_sched_yield = 158,
	NR_nanosleep = 162, NR_mmap2 = 192, NR_finit_module = 350
};

#define E_INVAL (-22)
#define E_NOSYS (-38)
#define E_IDRM (-43)

static inline long sc0(long nr)
{
	long r;
	asm volatile("int $0x80" : "=a"(r) : "0"(nr) : "memory");
	return r;
}

static inline long sc3(long nr, long a, long b, long c)
{
	long r;
	asm volatile("int $0x80" : "=a"(r) : "0"(nr), "b"(a), "c"(b), "d"(c)
		     : "memory");
	return r;
}

static inline long sc5(long nr, long a, long b, long c, long d, long e)
{
	long r;
	asm volatile("int $0x80" : "=a"(r)
		     : "0"(nr), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
		     : "memory");
	return r;
}

static __attribute__((noinline)) long sc6(long nr, const long *a)
{
	long r;
	asm volatile("push %%ebp\n\t"
		     "mov 20(%%edi), %%ebp\n\t"
		     "mov 0(%%edi), %%ebx\n\t"
		     "mov 4(%%edi), %%ecx\n\t"
		     "mov 8(%%edi), %%edx\n\t"
		     "mov 12(%%edi), %%esi\n\t"
		     "mov 16(%%edi), %%edi\n\t"
		     "int $0x80\n\t"
		     "pop %%ebp"
		     : "=a"(r), "+D"(a)
		     : "0"(nr)
		     : "ebx", "ecx", "edx", "esi", "memory");
	return r;
}

static int is_err(long r) { return (unsigned long)r > 0xfffff000ul; }

#define P_NONE 0
#define P_R 1
#define P_RW 3
#define M_PRIVATE 2
#define M_FIXED 0x10
#define M_ANON 0x20

static long k_mmap(unsigned long addr, unsigned long len, long prot, long flags)
{
	long a[6] = { (long)addr, (long)len, prot, flags, -1, 0 };
	return sc6(NR_mmap2, a);
}

static long k_munmap(const volatile void *p, unsigned long len)
{
	return sc3(NR_munmap, (long)p, (long)len, 0);
}

#define IPC_CREAT_ 01000
#define IPC_RMID_ 0
#define IPC_STAT64_ (2 | 0x100)
#define SETVAL_ 16

static inline long k_shmget(long key, unsigned long size, long flg)
{
	return sc5(NR_ipc, 23, key, (long)size, flg, 0);
}

static inline long k_shmat(long id, long flg, volatile unsigned **out)
{
	unsigned long addr = 0;
	long r = sc5(NR_ipc, 21, id, flg, (long)&addr, 0);
	*out = (volatile unsigned *)addr;
	return r;
}

static inline long k_shmdt(const volatile void *p)
{
	return sc5(NR_ipc, 22, 0, 0, 0, (long)p);
}

static inline long k_shmctl(long id, long cmd, void *buf)
{
	return sc5(NR_ipc, 24, id, cmd, 0, (long)buf);
}

static long k_semget(long key, long n, long flg)
{
	return sc5(NR_ipc, 2, key, n, flg, 0);
}

static long k_semctl(long id, long num, long cmd, long val)
{
	long arg = val;
	return sc5(NR_ipc, 3, id, num, cmd, (long)&arg);
}

struct sembuf_ { unsigned short num; short op; short flg; };

static inline long k_semop1(long id, int num, int op)
{
	struct sembuf_ b = { (unsigned short)num, (short)op, 0 };
	return sc5(NR_ipc, 1, id, 1, 0, (long)&b);
}

struct shmid64 {                       /* struct shmid64_ds of the i386 ABI */
	int key;
	unsigned uid, gid, cuid, cgid;
	unsigned short mode, pad1, seq, pad2;
	unsigned long u1, u2;
	unsigned segsz;
	unsigned atime, atime_h, dtime, dtime_h, ctime, ctime_h;
	int cpid, lpid;
	unsigned nattch;
	unsigned long u4, u5;
};

struct sysinfo_ {                      /* struct sysinfo of the i386 ABI */
	long uptime;
	unsigned long loads[3];
	unsigned long totalram, freeram, sharedram, bufferram;
	unsigned long totalswap, freeswap;
	unsigned short procs, pad;
	unsigned long totalhigh, freehigh;
	unsigned int mem_unit;
	char f[8];
};

static long k_fork(void) { return sc0(NR_fork); }
static void k_exit(long c) { for (;;) sc3(NR_exit, c, 0, 0); }

/* wait for one child; returns its exit code, or -1 */
static long k_wait(long pid)
{
	int st = -1;
	long r = sc5(NR_wait4, pid, (long)&st, 0, 0, 0);
	if (r != pid || (st & 0x7f))
		return -1;
	return (st >> 8) & 0xff;
}

/* ------------------------------------------------------------------ */
/* time, samples, output                                               */

static inline ull rdtsc(void)
{
	unsigned lo, hi;
	asm volatile("rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return ((ull)hi << 32) | lo;
}

/* a long NOP that does nothing, at which insncount.c (a QEMU plugin) samples */
#define MARK(id) asm volatile(".byte 0x0f,0x1f,0x80\n\t.long 0x5b4d0000+%c0" \
			      : : "i"(id) : "memory")

static int shift;                      /* rdtsc = instructions << shift */
static int is_insn;
static int verbose;
static int failed, skipped, passed;
static char outbuf[16384];
static unsigned outlen;

static void flush(void)
{
	unsigned off = 0;
	while (off < outlen) {
		long r = sc3(NR_write, 1, (long)outbuf + off, outlen - off);
		if (r <= 0)
			break;
		off += r;
	}
	outlen = 0;
	/* let the console drain before the next measurement */
	for (volatile int i = 0; i < 300000; i++)
		;
}

static void emit(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void emit(const char *fmt, ...)
{
	va_list ap;
	if (outlen > sizeof(outbuf) - 256)
		flush();
	va_start(ap, fmt);
	outlen += vsnprintf(outbuf + outlen, 256, fmt, ap);
	va_end(ap);
}

static void fail(const char *name, const char *why, long v)
{
	failed++;
	emit("%s FAIL %s (%ld)\n", name, why, v);
}

/* ENOSYS is a skip, any other error a failure */
static void no(const char *name, const char *call, long r)
{
	if (r == E_NOSYS) {
		skipped++;
		emit("%s SKIP %s: ENOSYS\n", name, call);
	} else {
		fail(name, call, r);
	}
}

struct samples { ull v[64]; int n; };

static void add(struct samples *s, ull dt, unsigned div)
{
	if (s->n < 64)
		s->v[s->n++] = ((dt >> shift) * 10 + div / 2) / div;
}

static int cmp_ull(const void *a, const void *b)
{
	ull x = *(const ull *)a, y = *(const ull *)b;
	return x < y ? -1 : x > y;
}

static void report(const char *name, struct samples *s, const char *per)
{
	if (!s->n) {
		fail(name, "no sample", 0);
		return;
	}
	qsort(s->v, s->n, sizeof(s->v[0]), cmp_ull);
	ull m = s->v[s->n / 2];
	passed++;
	emit("%s %llu.%llu %s%s\n", name, m / 10, m % 10,
	     is_insn ? "insn" : "tick", per);
	if (verbose)
		emit("# %s min %llu.%llu max %llu.%llu n %d\n", name,
		     s->v[0] / 10, s->v[0] % 10, s->v[s->n - 1] / 10,
		     s->v[s->n - 1] % 10, s->n);
}

/* ------------------------------------------------------------------ */
/* helpers for page work                                               */

static __attribute__((noinline)) void touch_w(volatile unsigned *p,
					       unsigned pages, unsigned val)
{
	for (unsigned i = 0; i < pages; i++)
		p[i * WORDS] = val + i;
}

static __attribute__((noinline)) unsigned touch_r(volatile unsigned *p,
						   unsigned pages)
{
	unsigned s = 0;
	for (unsigned i = 0; i < pages; i++)
		s += p[i * WORDS];
	return s;
}

static unsigned seq_sum(unsigned pages, unsigned val)
{
	unsigned s = 0;
	for (unsigned i = 0; i < pages; i++)
		s += val + i;
	return s;
}

/* each page holds val+i in its first word and zero in all others */
static int pages_ok(volatile unsigned *p, unsigned pages, unsigned val)
{
	for (unsigned i = 0; i < pages; i++) {
		volatile unsigned *q = p + i * WORDS;
		if (q[0] != val + i)
			return 0;
		for (unsigned j = 1; j < WORDS; j++)
			if (q[j])
				return 0;
	}
	return 1;
}

static inline void rep_movsl(volatile void *d, const volatile void *s,
			     unsigned words)
{
	asm volatile("cld\n\trep movsl" : "+D"(d), "+S"(s), "+c"(words)
		     : : "memory");
}

/* the page through which children hand figures back (System V segment) */
struct ctl {
	volatile unsigned turn;
	volatile unsigned ok;
	volatile ull t[8];
};
static struct ctl *ctl;
static long ctl_err;

static int need_ctl(const char *name)
{
	volatile unsigned *p;
	long id, r;

	if (ctl)
		return 1;
	if (!ctl_err) {
		id = k_shmget(0, PAGE, IPC_CREAT_ | 0600);
		r = is_err(id) ? id : k_shmat(id, 0, &p);
		if (!is_err(r)) {
			k_shmctl(id, IPC_RMID_, 0);
			ctl = (struct ctl *)p;
			memset((void *)p, 0, PAGE);
			return 1;
		}
		ctl_err = r;
	}
	no(name, "shm control page", ctl_err);
	return 0;
}

static unsigned free_pages(void)
{
	struct sysinfo_ si;
	memset(&si, 0, sizeof si);
	if (is_err(sc3(NR_sysinfo, (long)&si, 0, 0)))
		return 0x7fffffff;
	ull b = (ull)si.freeram * (si.mem_unit ? si.mem_unit : 1);
	return (unsigned)(b / PAGE);
}

/* ------------------------------------------------------------------ */
/* group calib: is rdtsc an instruction counter, and what counts as one */

static unsigned char calib_page[PAGE] __attribute__((aligned(4096)));

static __attribute__((noinline)) ull run_nops(void)
{
	ull a = rdtsc();
	asm volatile(".rept 1000\n\tnop\n\t.endr");
	return rdtsc() - a;
}

static void calibrate(void)
{
	ull d[5], d0;
	int i;

	run_nops();
	ull a = rdtsc();
	d0 = rdtsc() - a;
	for (i = 0; i < 5; i++)
		d[i] = run_nops();
	is_insn = 1;
	for (i = 1; i < 5; i++)
		if (d[i] != d[0])
			is_insn = 0;
	for (shift = 0; shift < 11; shift++)
		if (((d[0] - d0) >> shift) <= 1100)
			break;
	if (((d[0] - d0) >> shift) < 1000)
		is_insn = 0;
	if (!is_insn)
		shift = 0;
}

#define CAL(name, div, code)						\
	do {								\
		struct samples s_ = { .n = 0 };				\
		for (int i_ = 0; i_ < 9; i_++) {			\
			ull a_ = rdtsc();				\
			code;						\
			add(&s_, rdtsc() - a_, div);			\
		}							\
		report(name, &s_, "");					\
	} while (0)

static void g_calib(void)
{
	void *p;
	unsigned c;

	emit("calib_icount_shift %d %s\n", shift, is_insn ? "bits" : "none");
	CAL("calib_rdtsc_pair", 1, (void)0);
	CAL("calib_nop1000", 1, asm volatile(".rept 1000\n\tnop\n\t.endr"));
	memset(calib_page, 0x5a, PAGE);
	CAL("calib_rep_stosl_page", 1,
	    (p = calib_page, c = WORDS,
	     ({ asm volatile("rep stosl" : "+D"(p), "+c"(c) : "a"(0) : "memory"); })));
	for (unsigned i = 0; i < PAGE; i++)
		if (calib_page[i]) {
			fail("calib_rep_stosl_page", "not zero", i);
			break;
		}
	CAL("calib_rep_stosb_page", 1,
	    (p = calib_page, c = PAGE,
	     ({ asm volatile("rep stosb" : "+D"(p), "+c"(c) : "a"(0) : "memory"); })));
	CAL("calib_movl_unroll16_page", 1,
	    (p = calib_page, c = PAGE / 64,
	     ({ asm volatile("1:\n\t"
			     ".set o,0\n\t.rept 16\n\tmovl %%eax, o(%0)\n\t"
			     ".set o,o+4\n\t.endr\n\t"
			     "add $64, %0\n\tdec %1\n\tjnz 1b"
			     : "+r"(p), "+r"(c) : "a"(0) : "memory"); })));
	unsigned a1 = 1, b1, c1 = 0, d1;
	asm volatile("cpuid" : "+a"(a1), "=b"(b1), "+c"(c1), "=d"(d1));
	if (d1 & (1u << 26)) {                         /* SSE2 */
		memset(calib_page, 0x5a, PAGE);
		CAL("calib_sse2_unroll16_page", 1,
		    (p = calib_page, c = PAGE / 256,
		     ({ asm volatile("pxor %%xmm0, %%xmm0\n1:\n\t"
				     ".set o,0\n\t.rept 16\n\t"
				     "movaps %%xmm0, o(%0)\n\t"
				     ".set o,o+16\n\t.endr\n\t"
				     "add $256, %0\n\tdec %1\n\tjnz 1b"
				     : "+r"(p), "+r"(c) : : "memory"); })));
		for (unsigned i = 0; i < PAGE; i++)
			if (calib_page[i]) {
				fail("calib_sse2", "not zero", i);
				break;
			}
	}
}

/* ------------------------------------------------------------------ */
/* group info                                                          */

static ull t_main;

static void g_info(void)
{
	struct sysinfo_ si;
	long r;

	memset(&si, 0, sizeof si);
	r = sc3(NR_sysinfo, (long)&si, 0, 0);
	if (is_err(r)) {
		no("info_mem", "sysinfo", r);
		return;
	}
	ull u = si.mem_unit ? si.mem_unit : 1;
	emit("info_mem_total %llu KiB\n", si.totalram * u / 1024);
	emit("info_mem_free %llu KiB\n", si.freeram * u / 1024);
	emit("info_mem_used %llu KiB\n", (si.totalram - si.freeram) * u / 1024);
	emit("info_swap_total %llu KiB\n", si.totalswap * u / 1024);
}

/* ------------------------------------------------------------------ */
/* group syscall                                                       */

static void g_syscall(void)
{
	struct samples s = { .n = 0 };
	long r = sc0(NR_getppid);
	int bad = 0;

	if (is_err(r)) {
		no("syscall_null_int80", "getppid", r);
	} else {
		for (int b = 0; b < 11; b++) {
			ull a = rdtsc();
			for (int i = 0; i < 1000; i++)
				bad += sc0(NR_getppid) != r;
			add(&s, rdtsc() - a, 1000);
		}
		if (bad)
			fail("syscall_null_int80", "wrong answer", bad);
		else
			report("syscall_null_int80", &s, "");
	}
	unsigned long vs = getauxval(32);              /* AT_SYSINFO */
	s.n = 0;
	if (!vs) {
		skipped++;
		emit("syscall_null_vsyscall SKIP no AT_SYSINFO\n");
		return;
	}
	bad = 0;
	for (int b = 0; b < 11; b++) {
		ull a = rdtsc();
		for (int i = 0; i < 1000; i++) {
			long x;
			asm volatile("call *%1" : "=a"(x)
				     : "r"(vs), "0"(NR_getppid) : "memory");
			bad += x != r;
		}
		add(&s, rdtsc() - a, 1000);
	}
	if (bad)
		fail("syscall_null_vsyscall", "wrong answer", bad);
	else
		report("syscall_null_vsyscall", &s, "");
}

/* ------------------------------------------------------------------ */
/* group shm: create, attach, detach, destroy                          */

static void shm_create(const char *name, unsigned pages)
{
	struct samples s = { .n = 0 };
	struct shmid64 ds;
	long id = -1, r = 0;
	const int n = 50;

	for (int b = 0; b < 32; b++) {
		ull a = rdtsc();
		for (int i = 0; i < n; i++) {
			id = k_shmget(0, pages * PAGE, IPC_CREAT_ | 0600);
			if (is_err(id))
				break;
			r = k_shmctl(id, IPC_RMID_, 0);
			if (r)
				break;
		}
		ull e = rdtsc();
		if (is_err(id)) {
			no(name, "shmget", id);
			return;
		}
		if (r) {
			no(name, "shmctl(IPC_RMID)", r);
			return;
		}
		if (b)
			add(&s, e - a, n);
		/* gone, and the next one has the right size */
		r = k_shmctl(id, IPC_STAT64_, &ds);
		if (r != E_INVAL && r != E_IDRM) {
			fail(name, "segment still there after IPC_RMID", r);
			return;
		}
	}
	id = k_shmget(0, pages * PAGE - 5, IPC_CREAT_ | 0600);
	memset(&ds, 0, sizeof ds);
	r = k_shmctl(id, IPC_STAT64_, &ds);
	k_shmctl(id, IPC_RMID_, 0);
	if (r == E_NOSYS) {
		no(name, "shmctl(IPC_STAT)", r);
		return;
	}
	if (r || ds.segsz != pages * PAGE - 5 || ds.nattch != 0) {
		fail(name, "IPC_STAT wrong", r);
		return;
	}
	report(name, &s, "");
}

/* mode 0: empty segment; 1: all pages resident, not mapped by this attach;
 * mode 2: all pages mapped by this attach, only shmdt is timed */
static void shm_attach(const char *name, unsigned pages, int mode)
{
	struct samples s = { .n = 0 };
	struct shmid64 ds;
	volatile unsigned *p;
	long id, r = 0, q = 0;
	const int n = mode == 2 ? 1 : 50;

	if (mode && free_pages() < pages + 512) {
		skipped++;
		emit("%s SKIP not enough memory\n", name);
		return;
	}
	id = k_shmget(0, pages * PAGE, IPC_CREAT_ | 0600);
	if (is_err(id)) {
		no(name, "shmget", id);
		return;
	}
	if (mode) {
		r = k_shmat(id, 0, &p);
		if (is_err(r)) {
			no(name, "shmat", r);
			goto out;
		}
		touch_w(p, pages, 77);
		k_shmdt(p);
	}
	for (int b = 0; b < 32; b++) {
		ull a = 0, e;
		if (mode != 2)
			a = rdtsc();
		for (int i = 0; i < n; i++) {
			r = k_shmat(id, 0, &p);
			if (is_err(r))
				break;
			if (mode == 2) {
				touch_w(p, pages, 77);
				a = rdtsc();
			}
			q = k_shmdt(p);
			if (q)
				break;
		}
		e = rdtsc();
		if (is_err(r)) {
			no(name, "shmat", r);
			goto out;
		}
		if (q) {
			no(name, "shmdt", q);
			goto out;
		}
		if (b)
			add(&s, e - a, n);
	}
	/* nothing left attached; what is written through one attach is read
	 * through the next, in the first and the last page */
	memset(&ds, 0xff, sizeof ds);
	r = k_shmctl(id, IPC_STAT64_, &ds);
	if (r || ds.nattch != 0 || ds.segsz != pages * PAGE) {
		no(name, "IPC_STAT wrong after detach", r);
		goto out;
	}
	r = k_shmat(id, 0, &p);
	if (mode && touch_r(p, pages) != seq_sum(pages, 77)) {
		fail(name, "resident pages lost", 0);
		goto out;
	}
	p[0] = 0x1234;
	p[pages * WORDS - 1] = 0x5678;
	k_shmdt(p);
	r = k_shmat(id, 0, &p);
	if (is_err(r) || p[0] != 0x1234 || p[pages * WORDS - 1] != 0x5678) {
		fail(name, "contents lost over shmdt+shmat", r);
		goto out;
	}
	k_shmdt(p);
	report(name, &s, "");
out:
	k_shmctl(id, IPC_RMID_, 0);
}

static void shm_destroy(const char *name, unsigned pages)
{
	struct samples s = { .n = 0 };
	volatile unsigned *p;
	struct shmid64 ds;

	if (free_pages() < pages + 512) {
		skipped++;
		emit("%s SKIP not enough memory\n", name);
		return;
	}
	for (int b = 0; b < 8; b++) {
		long id = k_shmget(0, pages * PAGE, IPC_CREAT_ | 0600);
		if (is_err(id)) {
			no(name, "shmget", id);
			return;
		}
		long r = k_shmat(id, 0, &p);
		if (is_err(r)) {
			no(name, "shmat", r);
			return;
		}
		touch_w(p, pages, 5);
		k_shmdt(p);
		ull a = rdtsc();
		r = k_shmctl(id, IPC_RMID_, 0);
		ull e = rdtsc();
		if (r) {
			no(name, "shmctl(IPC_RMID)", r);
			return;
		}
		r = k_shmctl(id, IPC_STAT64_, &ds);
		if (r != E_INVAL && r != E_IDRM) {
			fail(name, "segment still there", r);
			return;
		}
		if (b)
			add(&s, e - a, pages);
	}
	report(name, &s, "/page");
}

static void g_shm(void)
{
	shm_create("shm_create_rm_1p", 1);
	shm_create("shm_create_rm_4096p", 4096);
	shm_attach("shm_at_dt_empty_1p", 1, 0);
	shm_attach("shm_at_dt_empty_256p", 256, 0);
	shm_attach("shm_at_dt_empty_4096p", 4096, 0);
	shm_attach("shm_at_dt_resident_1p", 1, 1);
	shm_attach("shm_at_dt_resident_256p", 256, 1);
	shm_attach("shm_at_dt_resident_4096p", 4096, 1);
	shm_attach("shm_dt_mapped_1p", 1, 2);
	shm_attach("shm_dt_mapped_256p", 256, 2);
	shm_attach("shm_dt_mapped_1024p", 1024, 2);
	shm_destroy("shm_rm_resident_256p", 256);
}

/* ------------------------------------------------------------------ */
/* group fault                                                         */

static void shm_first_touch(const char *name, unsigned pages, int write,
			    int reps)
{
	struct samples s = { .n = 0 };
	volatile unsigned *p;
	unsigned sum = 0;

	if (free_pages() < pages + 512) {
		skipped++;
		emit("%s SKIP not enough memory\n", name);
		return;
	}
	for (int b = 0; b < reps; b++) {
		long id = k_shmget(0, pages * PAGE, IPC_CREAT_ | 0600);
		if (is_err(id)) {
			no(name, "shmget", id);
			return;
		}
		long r = k_shmat(id, 0, &p);
		if (is_err(r)) {
			no(name, "shmat", r);
			return;
		}
		ull a = rdtsc();
		if (write)
			touch_w(p, pages, 9 + b);
		else
			sum += touch_r(p, pages);
		ull e = rdtsc();
		if (!write)
			touch_w(p, pages, 9 + b);
		int ok = pages_ok(p, pages, 9 + b);
		k_shmdt(p);
		/* and again through a second attach: shared, not private */
		r = k_shmat(id, 0, &p);
		ok = ok && !is_err(r) && touch_r(p, pages) == seq_sum(pages, 9 + b);
		if (!is_err(r))
			k_shmdt(p);
		k_shmctl(id, IPC_RMID_, 0);
		if (!ok || sum) {
			fail(name, "pages not zeroed or not shared", b);
			return;
		}
		if (b)
			add(&s, e - a, pages);
	}
	report(name, &s, "/page");
}

static void shm_second(const char *name, unsigned pages, int write, int child)
{
	struct samples s = { .n = 0 };
	volatile unsigned *p = 0, *q;
	long id, r;

	if (child && !need_ctl(name))
		return;
	id = k_shmget(0, pages * PAGE, IPC_CREAT_ | 0600);
	if (is_err(id)) {
		no(name, "shmget", id);
		return;
	}
	r = k_shmat(id, 0, &p);
	if (is_err(r)) {
		no(name, "shmat", r);
		return;
	}
	k_shmctl(id, IPC_RMID_, 0);
	touch_w(p, pages, 1000);
	for (int b = 0; b < 8; b++) {
		ull a, e;
		unsigned sum = 0, v = 2000 + b;
		if (!child) {
			r = k_shmat(id, 0, &q);
			if (is_err(r)) {
				no(name, "second shmat", r);
				break;
			}
			a = rdtsc();
			if (write)
				touch_w(q, pages, v);
			else
				sum = touch_r(q, pages);
			e = rdtsc();
			k_shmdt(q);
		} else {
			r = k_fork();
			if (r == 0) {
				a = rdtsc();
				if (write)
					touch_w(p, pages, v);
				else
					sum = touch_r(p, pages);
				e = rdtsc();
				ctl->t[0] = a;
				ctl->t[1] = e;
				ctl->t[2] = sum;
				k_exit(7);
			}
			if (is_err(r)) {
				no(name, "fork", r);
				break;
			}
			if (k_wait(r) != 7) {
				fail(name, "child died", r);
				break;
			}
			a = ctl->t[0];
			e = ctl->t[1];
			sum = (unsigned)ctl->t[2];
		}
		if (write && !pages_ok(p, pages, v)) {
			fail(name, "write not seen through first attach", b);
			break;
		}
		if (!write && sum != seq_sum(pages, 1000)) {
			fail(name, "read wrong", sum);
			break;
		}
		if (b)
			add(&s, e - a, pages);
	}
	k_shmdt(p);
	if (s.n == 7)
		report(name, &s, "/page");
}

static void anon_touch(const char *name, unsigned pages, int write)
{
	struct samples s = { .n = 0 };

	if (free_pages() < pages + 512) {
		skipped++;
		emit("%s SKIP not enough memory\n", name);
		return;
	}
	for (int b = 0; b < 8; b++) {
		long r = k_mmap(0, pages * PAGE, P_RW, M_PRIVATE | M_ANON);
		unsigned sum = 0;
		if (is_err(r)) {
			no(name, "mmap2", r);
			return;
		}
		volatile unsigned *p = (volatile unsigned *)r;
		ull a = rdtsc();
		if (write)
			touch_w(p, pages, 3 + b);
		else
			sum = touch_r(p, pages);
		ull e = rdtsc();
		if (!write)
			touch_w(p, pages, 3 + b);
		if (sum || !pages_ok(p, pages, 3 + b)) {
			fail(name, "pages not zeroed", b);
			return;
		}
		if (k_munmap(p, pages * PAGE)) {
			fail(name, "munmap", 0);
			return;
		}
		if (b)
			add(&s, e - a, pages);
	}
	report(name, &s, "/page");
}

static void cow_fault(unsigned pages)
{
	struct samples s = { .n = 0 }, s2 = { .n = 0 };
	const char *name = "cow_write_256p", *name2 = "cow_reuse_256p";

	if (!need_ctl(name))
		return;
	long r = k_mmap(0, pages * PAGE, P_RW, M_PRIVATE | M_ANON);
	if (is_err(r)) {
		no(name, "mmap2", r);
		return;
	}
	volatile unsigned *p = (volatile unsigned *)r;
	for (unsigned i = 0; i < pages * WORDS; i++)
		p[i] = i ^ 0x55aa;
	for (int b = 0; b < 8; b++) {
		r = k_fork();
		if (r == 0) {
			ull a = rdtsc();
			touch_w(p, pages, 4000);
			ctl->t[1] = rdtsc();
			ctl->t[0] = a;
			/* every other word came along with the copy */
			unsigned ok = 1;
			for (unsigned i = 0; i < pages * WORDS; i++)
				if (p[i] != (i % WORDS ? (i ^ 0x55aa)
						       : 4000 + i / WORDS))
					ok = 0;
			k_exit(ok ? 9 : 1);
		}
		if (is_err(r)) {
			no(name, "fork", r);
			return;
		}
		long w = k_wait(r);
		if (w != 9) {
			fail(name, "child read wrong copy", w);
			return;
		}
		if (b)
			add(&s, ctl->t[1] - ctl->t[0], pages);
		/* the parent's pages are its own again */
		for (unsigned i = 0; i < pages * WORDS; i++)
			if (p[i] != (i ^ 0x55aa)) {
				fail(name, "child's write seen in parent", i);
				return;
			}
		ull a = rdtsc();
		for (unsigned i = 0; i < pages; i++)
			p[i * WORDS] = (i * WORDS) ^ 0x55aa;
		ull e = rdtsc();
		if (b)
			add(&s2, e - a, pages);
	}
	for (unsigned i = 0; i < pages * WORDS; i++)
		if (p[i] != (i ^ 0x55aa)) {
			fail(name2, "contents", i);
			return;
		}
	k_munmap(p, pages * PAGE);
	report(name, &s, "/page");
	report(name2, &s2, "/page");
}

static void g_fault(void)
{
	shm_first_touch("shm_first_touch_1p", 1, 1, 33);
	shm_first_touch("shm_first_touch_256p", 256, 1, 8);
	shm_first_touch("shm_first_touch_1024p", 1024, 1, 8);
	shm_first_touch("shm_first_read_256p", 256, 0, 8);
	shm_second("shm_second_attach_write_256p", 256, 1, 0);
	shm_second("shm_second_attach_read_256p", 256, 0, 0);
	shm_second("shm_child_touch_write_256p", 256, 1, 1);
	shm_second("shm_child_touch_read_256p", 256, 0, 1);
	anon_touch("anon_first_touch_256p", 256, 1);
	anon_touch("anon_first_touch_1024p", 1024, 1);
	anon_touch("anon_first_read_256p", 256, 0);
	cow_fault(256);
}

/* ------------------------------------------------------------------ */
/* group fork                                                          */

static const char *self_path;
static char *no_env[] = { 0 };

static void fork_wait(const char *name, int kind, unsigned pages)
{
	struct samples s = { .n = 0 };
	volatile unsigned *p = 0;
	long r;

	if (free_pages() < pages + 512) {
		skipped++;
		emit("%s SKIP not enough memory\n", name);
		return;
	}
	if (kind == 1) {
		long id = k_shmget(0, pages * PAGE, IPC_CREAT_ | 0600);
		if (is_err(id)) {
			no(name, "shmget", id);
			return;
		}
		r = k_shmat(id, 0, &p);
		if (is_err(r)) {
			no(name, "shmat", r);
			return;
		}
		k_shmctl(id, IPC_RMID_, 0);
		touch_w(p, pages, 1);
	} else if (kind == 2) {
		r = k_mmap(0, pages * PAGE, P_RW, M_PRIVATE | M_ANON);
		if (is_err(r)) {
			no(name, "mmap2", r);
			return;
		}
		p = (volatile unsigned *)r;
		touch_w(p, pages, 1);
	}
	for (int b = 0; b < 18; b++) {
		ull a = rdtsc();
		r = k_fork();
		if (r == 0) {
			if (kind == 3) {
				char *av[] = { (char *)self_path,
					       (char *)"--exit42", 0 };
				sc3(NR_execve, (long)self_path, (long)av,
				    (long)no_env);
				k_exit(99);
			}
			k_exit(42);
		}
		long w = is_err(r) ? -1 : k_wait(r);
		ull e = rdtsc();
		if (is_err(r)) {
			no(name, "fork", r);
			return;
		}
		if (w == 99 && kind == 3) {
			skipped++;
			emit("%s SKIP execve %s failed\n", name, self_path);
			return;
		}
		if (w != 42) {
			fail(name, "wrong exit status", w);
			return;
		}
		if (b >= 2)
			add(&s, e - a, 1);
	}
	if (p && touch_r(p, pages) != seq_sum(pages, 1)) {
		fail(name, "contents", 0);
		return;
	}
	if (kind == 1)
		k_shmdt(p);
	if (kind == 2)
		k_munmap(p, pages * PAGE);
	report(name, &s, "");
}

static void g_fork(void)
{
	fork_wait("fork_exit_wait", 0, 0);
	fork_wait("fork_exit_wait_shm256", 1, 256);
	fork_wait("fork_exit_wait_shm1024", 1, 1024);
	fork_wait("fork_exit_wait_anon256", 2, 256);
	fork_wait("fork_exit_wait_anon1024", 2, 1024);
	fork_wait("fork_exec_wait", 3, 0);
}

/* ------------------------------------------------------------------ */
/* group ctx: ping-pong between two processes                          */

#define TRIPS 500
#define BATCHES 9

/* the peer of each ping-pong runs until it has done all round trips */
static void ctx_yield(void)
{
	const char *name = "ctx_yield_roundtrip";
	struct samples s = { .n = 0 };
	long r = sc0(NR_sched_yield);

	if (is_err(r)) {
		no(name, "sched_yield", r);
		return;
	}
	if (!need_ctl(name))
		return;
	ctl->turn = 0;
	ctl->ok = 0;
	r = k_fork();
	if (r == 0) {
		for (unsigned i = 0; i < TRIPS * BATCHES; i++) {
			while (ctl->turn != 2 * i + 1)
				sc0(NR_sched_yield);
			ctl->turn = 2 * i + 2;
		}
		ctl->ok = TRIPS * BATCHES;
		k_exit(3);
	}
	if (is_err(r)) {
		no(name, "fork", r);
		return;
	}
	unsigned k = 0;
	for (int b = 0; b < BATCHES; b++) {
		ull a = rdtsc();
		for (int i = 0; i < TRIPS; i++) {
			ctl->turn = 2 * k + 1;
			while (ctl->turn != 2 * k + 2)
				sc0(NR_sched_yield);
			k++;
		}
		ull e = rdtsc();
		if (b)
			add(&s, e - a, TRIPS);
	}
	if (k_wait(r) != 3 || ctl->ok != TRIPS * BATCHES)
		fail(name, "peer lost count", ctl->ok);
	else
		report(name, &s, "");
}

static void ctx_pipe(void)
{
	const char *name = "ctx_pipe_roundtrip";
	struct samples s = { .n = 0 };
	int ab[2], ba[2];
	unsigned char c;
	long r;

	r = sc3(NR_pipe, (long)ab, 0, 0);
	if (is_err(r)) {
		no(name, "pipe", r);
		return;
	}
	r = sc3(NR_pipe, (long)ba, 0, 0);
	if (is_err(r)) {
		no(name, "pipe", r);
		return;
	}
	r = k_fork();
	if (r == 0) {
		for (unsigned i = 0; i < TRIPS * BATCHES; i++) {
			if (sc3(NR_read, ab[0], (long)&c, 1) != 1
			    || c != (unsigned char)i)
				k_exit(1);
			c ^= 0xff;
			if (sc3(NR_write, ba[1], (long)&c, 1) != 1)
				k_exit(1);
		}
		k_exit(3);
	}
	if (is_err(r)) {
		no(name, "fork", r);
		return;
	}
	unsigned k = 0, bad = 0;
	for (int b = 0; b < BATCHES && !bad; b++) {
		ull a = rdtsc();
		for (int i = 0; i < TRIPS; i++) {
			c = (unsigned char)k;
			if (sc3(NR_write, ab[1], (long)&c, 1) != 1)
				bad++;
			if (sc3(NR_read, ba[0], (long)&c, 1) != 1
			    || c != (unsigned char)(k ^ 0xff))
				bad++;
			if (bad)
				break;
			k++;
		}
		ull e = rdtsc();
		if (b)
			add(&s, e - a, TRIPS);
	}
	sc3(NR_close, ab[1], 0, 0);
	sc3(NR_close, ba[1], 0, 0);
	long w = k_wait(r);
	if (w != 3 || bad)
		fail(name, "wrong byte", w);
	else
		report(name, &s, "");
	sc3(NR_close, ab[0], 0, 0);
	sc3(NR_close, ba[0], 0, 0);
}

static void ctx_sem(void)
{
	const char *name = "ctx_sem_roundtrip";
	struct samples s = { .n = 0 };
	long id, r;

	if (!need_ctl(name))
		return;
	id = k_semget(0, 2, IPC_CREAT_ | 0600);
	if (is_err(id)) {
		no(name, "semget", id);
		return;
	}
	r = k_semctl(id, 0, SETVAL_, 0);
	if (is_err(r)) {
		no(name, "semctl(SETVAL)", r);
		return;
	}
	k_semctl(id, 1, SETVAL_, 0);
	ctl->turn = 0;
	r = k_fork();
	if (r == 0) {
		for (unsigned i = 0; i < TRIPS * BATCHES; i++) {
			if (k_semop1(id, 0, -1))
				k_exit(1);
			if (ctl->turn != 2 * i + 1)
				k_exit(2);
			ctl->turn = 2 * i + 2;
			if (k_semop1(id, 1, 1))
				k_exit(1);
		}
		k_exit(3);
	}
	if (is_err(r)) {
		no(name, "fork", r);
		return;
	}
	unsigned k = 0, bad = 0;
	for (int b = 0; b < BATCHES && !bad; b++) {
		ull a = rdtsc();
		for (int i = 0; i < TRIPS; i++) {
			ctl->turn = 2 * k + 1;
			if (k_semop1(id, 0, 1) || k_semop1(id, 1, -1)
			    || ctl->turn != 2 * k + 2) {
				bad = k + 1;
				break;
			}
			k++;
		}
		ull e = rdtsc();
		if (b)
			add(&s, e - a, TRIPS);
	}
	if (bad)
		k_semctl(id, 0, IPC_RMID_, 0);
	long w = k_wait(r);
	if (w != 3 || bad)
		fail(name, "peer out of step", bad);
	else
		report(name, &s, "");
	k_semctl(id, 0, IPC_RMID_, 0);
}

/* semop that need not wait, and a pair of semget+IPC_RMID */
static void sem_uncontended(void)
{
	const char *name = "sem_up_down";
	struct samples s = { .n = 0 };
	long id = k_semget(0, 1, IPC_CREAT_ | 0600), bad = 0;

	if (is_err(id)) {
		no(name, "semget", id);
		return;
	}
	for (int b = 0; b < 11; b++) {
		ull a = rdtsc();
		for (int i = 0; i < 200; i++) {
			bad |= k_semop1(id, 0, 1);
			bad |= k_semop1(id, 0, -1);
		}
		add(&s, rdtsc() - a, 200);
	}
	long v = k_semctl(id, 0, 12, 0);               /* GETVAL */
	k_semctl(id, 0, IPC_RMID_, 0);
	if (bad || v)
		no(name, "semop or GETVAL", bad ? bad : v);
	else
		report(name, &s, "");
}

static void g_ctx(void)
{
	sem_uncontended();
	ctx_yield();
	ctx_pipe();
	ctx_sem();
}

/* ------------------------------------------------------------------ */
/* group xfer: 4 MiB from one process to another                       */

#define XFER (4u << 20)
#define CHUNK (64u << 10)

static unsigned xrand(unsigned *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

static unsigned checksum(const volatile unsigned *p, unsigned words)
{
	unsigned s = 0;
	for (unsigned i = 0; i < words; i++)
		s = (s << 1 | s >> 31) ^ p[i];
	return s;
}

static void xfer(const char *name, int use_pipe)
{
	struct samples s = { .n = 0 };
	volatile unsigned *buf, *sh = 0;
	long r, id = -1, sem = -1;
	int fd[2];

	if (free_pages() < 3 * XFER / PAGE + 512) {
		skipped++;
		emit("%s SKIP not enough memory\n", name);
		return;
	}
	if (!need_ctl(name))
		return;
	if (!use_pipe) {
		id = k_shmget(0, 2 * CHUNK, IPC_CREAT_ | 0600);
		if (is_err(id)) {
			no(name, "shmget", id);
			return;
		}
		r = k_shmat(id, 0, &sh);
		if (is_err(r)) {
			no(name, "shmat", r);
			return;
		}
		k_shmctl(id, IPC_RMID_, 0);
		touch_w(sh, 2 * CHUNK / PAGE, 0);
		sem = k_semget(0, 2, IPC_CREAT_ | 0600);
		if (is_err(sem)) {
			no(name, "semget", sem);
			return;
		}
	}
	r = k_mmap(0, XFER, P_RW, M_PRIVATE | M_ANON);
	if (is_err(r)) {
		no(name, "mmap2", r);
		return;
	}
	buf = (volatile unsigned *)r;
	unsigned seed = 2463534242u;
	for (unsigned i = 0; i < XFER / 4; i++)
		buf[i] = xrand(&seed);
	unsigned want = checksum(buf, XFER / 4);

	for (int b = 0; b < 4; b++) {
		if (use_pipe) {
			r = sc3(NR_pipe, (long)fd, 0, 0);
			if (is_err(r)) {
				no(name, "pipe", r);
				return;
			}
		} else {
			/* sem 0: full chunks, sem 1: free chunks */
			k_semctl(sem, 0, SETVAL_, 0);
			k_semctl(sem, 1, SETVAL_, 2);
		}
		ctl->turn = 0;
		r = k_fork();
		if (r == 0) {
			/* receiver: own buffer, touched before the clock runs */
			long m = k_mmap(0, XFER, P_RW, M_PRIVATE | M_ANON);
			if (is_err(m))
				k_exit(1);
			volatile unsigned *dst = (volatile unsigned *)m;
			touch_w(dst, XFER / PAGE, 0);
			if (!use_pipe)
				touch_r(sh, 2 * CHUNK / PAGE);
			else
				sc3(NR_close, fd[1], 0, 0);
			ctl->turn = 1;
			unsigned off = 0, k = 0;
			while (off < XFER) {
				if (use_pipe) {
					long n = sc3(NR_read, fd[0],
						     (long)dst + off,
						     XFER - off < CHUNK ?
						     XFER - off : CHUNK);
					if (n <= 0)
						k_exit(2);
					off += n;
				} else {
					if (k_semop1(sem, 0, -1))
						k_exit(2);
					rep_movsl((char *)dst + off,
						  (char *)sh + (k++ & 1) * CHUNK,
						  CHUNK / 4);
					off += CHUNK;
					if (k_semop1(sem, 1, 1))
						k_exit(2);
				}
			}
			ctl->t[1] = rdtsc();
			k_exit(checksum(dst, XFER / 4) == want ? 5 : 4);
		}
		if (is_err(r)) {
			no(name, "fork", r);
			return;
		}
		while (ctl->turn != 1)
			sc0(NR_sched_yield);
		if (use_pipe)
			sc3(NR_close, fd[0], 0, 0);
		unsigned off = 0, k = 0;
		ull a = rdtsc();
		while (off < XFER) {
			if (use_pipe) {
				long n = sc3(NR_write, fd[1], (long)buf + off,
					     XFER - off < CHUNK ?
					     XFER - off : CHUNK);
				if (n <= 0)
					break;
				off += n;
			} else {
				if (k_semop1(sem, 1, -1))
					break;
				rep_movsl((char *)sh + (k++ & 1) * CHUNK,
					  (char *)buf + off, CHUNK / 4);
				off += CHUNK;
				if (k_semop1(sem, 0, 1))
					break;
			}
		}
		if (use_pipe)
			sc3(NR_close, fd[1], 0, 0);
		long w = k_wait(r);
		if (w != 5) {
			fail(name, w == 4 ? "checksum" : "receiver", w);
			return;
		}
		if (b)
			add(&s, ctl->t[1] - a, XFER / 1024);
	}
	k_munmap(buf, XFER);
	if (!use_pipe) {
		k_shmdt(sh);
		k_semctl(sem, 0, IPC_RMID_, 0);
	}
	report(name, &s, "/KiB");
}

static void g_xfer(void)
{
	xfer("xfer_shm_4m", 0);
	xfer("xfer_pipe_4m", 1);
}

/* ------------------------------------------------------------------ */
/* group vma: cost growth with the number of mappings                  */

static void vma_n(unsigned n)
{
	struct samples s = { .n = 0 }, f = { .n = 0 };
	char nm[4][40];
	const unsigned touches = 64;
	unsigned seed = 88172645u;
	ull a, e;
	long r;

	snprintf(nm[0], 40, "vma_build_n%u", n);
	snprintf(nm[1], 40, "vma_mmap_munmap_n%u", n);
	snprintf(nm[2], 40, "vma_fault_n%u", n);
	snprintf(nm[3], 40, "vma_teardown_n%u", n);
	/* one reservation, then a mapping a page: read-write and read-only
	 * in turn, so that no two neighbours can be merged */
	r = k_mmap(0, n * PAGE, P_NONE, M_PRIVATE | M_ANON);
	if (is_err(r)) {
		no(nm[0], "mmap2", r);
		return;
	}
	unsigned long base = r;
	a = rdtsc();
	for (unsigned i = 0; i < n; i++) {
		r = k_mmap(base + i * PAGE, PAGE, i & 1 ? P_R : P_RW,
			   M_PRIVATE | M_ANON | M_FIXED);
		if (r != (long)(base + i * PAGE)) {
			fail(nm[0], "mmap2 MAP_FIXED", r);
			return;
		}
	}
	e = rdtsc();
	struct samples bs = { .n = 0 };
	add(&bs, e - a, n);
	report(nm[0], &bs, "");

	for (int b = 0; b < 32; b++) {
		unsigned long lo = base, hi = base + n * PAGE;
		int bad = 0;
		a = rdtsc();
		for (int i = 0; i < 50; i++) {
			r = k_mmap(0, PAGE, P_RW, M_PRIVATE | M_ANON);
			bad |= is_err(r) || ((unsigned long)r >= lo &&
					     (unsigned long)r < hi);
			bad |= k_munmap((void *)r, PAGE) != 0;
		}
		e = rdtsc();
		if (bad) {
			fail(nm[1], "overlap or error", r);
			return;
		}
		if (b)
			add(&s, e - a, 50);
	}
	report(nm[1], &s, "");

	/* first touch of read-write mappings picked at random */
	for (int b = 0; b < 8; b++) {
		unsigned idx[64];
		for (unsigned i = 0; i < touches; i++)
			idx[i] = (xrand(&seed) % (n / 2)) * 2;
		/* make each a fresh mapping */
		for (unsigned i = 0; i < touches; i++)
			k_mmap(base + idx[i] * PAGE, PAGE, P_RW,
			       M_PRIVATE | M_ANON | M_FIXED);
		ull tot = 0;
		unsigned done = 0, bad = 0;
		for (unsigned i = 0; i < touches; i++) {
			volatile unsigned *p =
				(volatile unsigned *)(base + idx[i] * PAGE);
			int dup = 0;
			for (unsigned j = 0; j < i; j++)
				dup |= idx[j] == idx[i];
			if (dup)
				continue;
			a = rdtsc();
			p[3] = idx[i] + 1;
			tot += rdtsc() - a;
			done++;
			bad |= p[0] || p[1023];
		}
		for (unsigned i = 0; i < touches; i++) {
			volatile unsigned *p =
				(volatile unsigned *)(base + idx[i] * PAGE);
			bad |= p[3] != idx[i] + 1;
			bad |= p[WORDS] != 0;      /* the read-only neighbour */
		}
		if (bad) {
			fail(nm[2], "contents", b);
			return;
		}
		if (b)
			add(&f, tot, done);
	}
	report(nm[2], &f, "/page");

	struct samples ts = { .n = 0 };
	a = rdtsc();
	r = k_munmap((void *)base, n * PAGE);
	e = rdtsc();
	add(&ts, e - a, n);
	/* the hole is free again */
	long q = k_mmap(base, n * PAGE, P_RW, M_PRIVATE | M_ANON);
	if (r || q != (long)base) {
		fail(nm[3], "range not free after munmap", r ? r : q);
		return;
	}
	volatile unsigned *p = (volatile unsigned *)q;
	if (p[0] || p[3]) {
		fail(nm[3], "old contents", p[3]);
		return;
	}
	k_munmap(p, n * PAGE);
	report(nm[3], &ts, "/vma");
}

static void g_vma(void)
{
	vma_n(10);
	vma_n(100);
	vma_n(1000);
	vma_n(10000);
}

/* ------------------------------------------------------------------ */
/* group multi: many attaches of one segment in one process            */

static volatile unsigned *att[257];

static void multi_k(unsigned k)
{
	struct samples s = { .n = 0 }, t = { .n = 0 };
	char nm[2][48];
	const unsigned pages = 64;
	struct shmid64 ds;
	long r;

	snprintf(nm[0], 48, "multi_first_touch_k%u", k);
	snprintf(nm[1], 48, "multi_at_dt_k%u", k);
	for (int b = 0; b < 8; b++) {
		long id = k_shmget(0, pages * PAGE, IPC_CREAT_ | 0600);
		if (is_err(id)) {
			no(nm[0], "shmget", id);
			return;
		}
		for (unsigned i = 0; i < k; i++) {
			r = k_shmat(id, 0, &att[i]);
			if (is_err(r)) {
				no(nm[0], "shmat", r);
				return;
			}
		}
		ull a = rdtsc();
		touch_w(att[k / 2], pages, 600 + b);
		ull e = rdtsc();
		if (b)
			add(&s, e - a, pages);
		a = rdtsc();
		for (int i = 0; i < 20; i++) {
			r = k_shmat(id, 0, &att[k]);
			if (is_err(r) || k_shmdt(att[k])) {
				fail(nm[1], "shmat+shmdt", r);
				return;
			}
		}
		e = rdtsc();
		if (b)
			add(&t, e - a, 20);
		r = k_shmctl(id, IPC_STAT64_, &ds);
		if (r || ds.nattch != k) {
			fail(nm[0], "nattch", ds.nattch);
			return;
		}
		if (!pages_ok(att[0], pages, 600 + b)
		    || touch_r(att[k - 1], pages) != seq_sum(pages, 600 + b)) {
			fail(nm[0], "not seen through other attaches", k);
			return;
		}
		k_shmctl(id, IPC_RMID_, 0);
		for (unsigned i = 0; i < k; i++)
			if (k_shmdt(att[i])) {
				fail(nm[0], "shmdt", i);
				return;
			}
		r = k_shmctl(id, IPC_STAT64_, &ds);
		if (r != E_INVAL && r != E_IDRM) {
			fail(nm[0], "segment outlived its last detach", r);
			return;
		}
	}
	report(nm[0], &s, "/page");
	report(nm[1], &t, "");
}

static void g_multi(void)
{
	multi_k(1);
	multi_k(8);
	multi_k(64);
	multi_k(256);
}

/* ------------------------------------------------------------------ */
/* group swap: a segment larger than memory                            */

static long majflt(void)
{
	long ru[18];
	memset(ru, 0, sizeof ru);
	if (is_err(sc3(NR_getrusage, 0, (long)ru, 0)))
		return -1;
	return ru[9];                  /* ru_majflt */
}

static void one(const char *name, ull dt, unsigned div, const char *per)
{
	struct samples s = { .n = 0 };
	add(&s, dt, div);
	report(name, &s, per);
}

static void g_swap(void)
{
	struct sysinfo_ si;
	volatile unsigned *p;
	ull a, e;
	long r, id;

	memset(&si, 0, sizeof si);
	r = sc3(NR_sysinfo, (long)&si, 0, 0);
	if (is_err(r)) {
		no("swap_write", "sysinfo", r);
		return;
	}
	ull u = si.mem_unit ? si.mem_unit : 1;
	if (!si.totalswap) {
		skipped++;
		emit("swap_write SKIP no swap space\n");
		return;
	}
	/* one and a half times what is in use for programs, at least */
	ull ram = si.totalram * u / PAGE, sw = si.totalswap * u / PAGE;
	unsigned pages = (unsigned)(ram + ram / 2);
	if (pages > sw * 9 / 10)
		pages = (unsigned)(sw * 9 / 10);
	emit("swap_segment_pages %u pages\n", pages);
	if (pages <= ram) {
		skipped++;
		emit("swap_write SKIP swap space too small\n");
		return;
	}
	id = k_shmget(0, pages * PAGE, IPC_CREAT_ | 0600);
	if (is_err(id)) {
		no("swap_write", "shmget", id);
		return;
	}
	r = k_shmat(id, 0, &p);
	if (is_err(r)) {
		no("swap_write", "shmat", r);
		return;
	}
	k_shmctl(id, IPC_RMID_, 0);

	/* 1: one word a page of a fresh segment: allocation and swap-out */
	long m0 = majflt();
	MARK(1);
	a = rdtsc();
	touch_w(p, pages, 11);
	e = rdtsc();
	MARK(2);
	one("swap_write_seq", e - a, pages, "/page");
	/* 2: read back in order: swap-in (and swap-out of what is dirty) */
	MARK(3);
	a = rdtsc();
	unsigned sum = touch_r(p, pages);
	e = rdtsc();
	MARK(4);
	if (sum != seq_sum(pages, 11))
		fail("swap_read_seq", "wrong sum", sum);
	else
		one("swap_read_seq", e - a, pages, "/page");
	/* 3: every word of every page, then a random walk, then verify */
	for (unsigned i = 0; i < pages; i++) {
		unsigned x = i * 2654435761u + 1;
		volatile unsigned *q = p + i * WORDS;
		for (unsigned j = 0; j < WORDS; j++)
			q[j] = x + j * 0x9e3779b9u;
	}
	unsigned seed = 123456789u, bad = 0, n = pages;
	MARK(5);
	a = rdtsc();
	for (unsigned k = 0; k < n; k++) {
		unsigned i = xrand(&seed) % pages;
		unsigned j = (k & (WORDS - 1));
		bad += p[i * WORDS + j] !=
		       i * 2654435761u + 1 + j * 0x9e3779b9u;
	}
	e = rdtsc();
	MARK(6);
	if (bad)
		fail("swap_read_rand", "wrong word", bad);
	else
		one("swap_read_rand", e - a, n, "/page");
	for (unsigned i = 0; i < pages; i++) {
		unsigned x = i * 2654435761u + 1;
		volatile unsigned *q = p + i * WORDS;
		for (unsigned j = 0; j < WORDS; j++)
			bad += q[j] != x + j * 0x9e3779b9u;
	}
	long m1 = majflt();
	if (bad)
		fail("swap_verify", "wrong words", bad);
	else
		emit("swap_verify %u words\n", pages * WORDS);
	if (m0 >= 0)
		emit("swap_major_faults %ld faults\n", m1 - m0);
	k_shmdt(p);
}

/* ------------------------------------------------------------------ */
/* process 1                                                           */

static char *swapdev;

static void say(const char *a, long v)
{
	emit("# init: %s %ld\n", a, v);
}

static void pid1_setup(void)
{
	static char order[2048];
	long fd, r;

	sc3(NR_mkdir, (long)"/proc", 0755, 0);
	sc3(NR_mkdir, (long)"/dev", 0755, 0);
	sc5(NR_mount, (long)"proc", (long)"/proc", (long)"proc", 0, 0);
	sc5(NR_mount, (long)"devtmpfs", (long)"/dev", (long)"devtmpfs", 0, 0);
	fd = sc3(NR_open, (long)"/modules/order", 0, 0);
	if (!is_err(fd)) {
		long n = sc3(NR_read, fd, (long)order, sizeof order - 1);
		sc3(NR_close, fd, 0, 0);
		char *l = strtok(n > 0 ? order : (char *)"", "\n");
		for (; l; l = strtok(0, "\n")) {
			fd = sc3(NR_open, (long)l, 0, 0);
			r = is_err(fd) ? fd
				       : sc3(NR_finit_module, fd, (long)"", 0);
			if (r)
				say(l, r);
			if (!is_err(fd))
				sc3(NR_close, fd, 0, 0);
		}
	}
	if (swapdev) {
		for (int i = 0; i < 50; i++) {         /* the disk may be slow */
			long ts[2] = { 0, 100000000 };
			r = sc3(NR_swapon, (long)swapdev, 0, 0);
			if (r != -2 && r != -6)        /* ENOENT, ENXIO */
				break;
			sc3(NR_nanosleep, (long)ts, 0, 0);
		}
		say("swapon", r);
	}
}

static void pid1_end(int code)
{
	flush();
	sc5(NR_reboot, 0xfee1dead, 672274793, 0x01234567, 0, 0);
	/* no reboot: leave through isa-debug-exit */
	if (!is_err(sc3(NR_iopl, 3, 0, 0)))
		asm volatile("outb %%al, $0xf4" : : "a"(code));
	for (;;)
		sc0(NR_sched_yield);
}

/* ------------------------------------------------------------------ */

static const struct { const char *name; void (*fn)(void); } groups[] = {
	{ "calib", g_calib }, { "info", g_info }, { "syscall", g_syscall },
	{ "shm", g_shm }, { "fault", g_fault }, { "fork", g_fork },
	{ "ctx", g_ctx }, { "xfer", g_xfer }, { "multi", g_multi },
	{ "vma", g_vma }, { "swap", g_swap },
};

int main(int argc, char **argv)
{
	char *filter[16];
	int nf = 0, pid1;

	t_main = rdtsc();
	MARK(100);
	if (argc == 2 && !strcmp(argv[1], "--exit42"))
		k_exit(42);
	self_path = (const char *)getauxval(31);       /* AT_EXECFN */
	if (!self_path)
		self_path = argc ? argv[0] : "/init";
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-v"))
			verbose = 1;
		else if (!strncmp(argv[i], "swap=", 5))
			swapdev = argv[i] + 5;
		else if (!strcmp(argv[i], "-l")) {
			for (unsigned g = 0; g < sizeof groups / sizeof *groups; g++)
				printf("%s\n", groups[g].name);
			return 0;
		} else if (argv[i][0] != '-' && nf < 16) {
			/* words that name no group are the kernel's own */
			int hit = !strcmp(argv[i], "none");
			for (unsigned g = 0; g < sizeof groups / sizeof *groups; g++)
				hit |= !strncmp(groups[g].name, argv[i],
						strlen(argv[i]));
			if (hit)
				filter[nf++] = argv[i];
		}
	}
	pid1 = sc0(NR_getpid) == 1;
	calibrate();
	emit("# shmbench begin\n");
	emit("boot_to_main %llu %s\n", t_main >> shift, is_insn ? "insn" : "tick");
	if (pid1)
		pid1_setup();
	flush();
	for (unsigned g = 0; g < sizeof groups / sizeof *groups; g++) {
		int run = !nf;
		for (int i = 0; i < nf; i++)
			run |= !strncmp(groups[g].name, filter[i],
					strlen(filter[i]));
		if (run) {
			groups[g].fn();
			flush();
		}
	}
	emit("# shmbench end: %d passed, %d failed, %d skipped\n", passed,
	     failed, skipped);
	flush();
	if (pid1)
		pid1_end(failed ? 1 : 0);
	return failed ? 1 : 0;
}
