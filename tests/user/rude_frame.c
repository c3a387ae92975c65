/* SPDX-License-Identifier: MIT */
/*
 * sigreturn with frames no kernel wrote, and segment descriptors no program
 * needs: a process may kill itself with them, not more. (The kernel may keep
 * its own code and stack selectors; emulators do not check limits.)
 */
#include "t.h"
#include <asm/ldt.h>

struct frame { /* what sigreturn finds at the stack pointer */
	uint32_t gs, fs, es, ds, edi, esi, ebp, esp, ebx, edx, ecx, eax;
	uint32_t trapno, err, eip, cs, eflags, esp_at_signal, ss, fpstate;
	uint32_t oldmask, cr2, extramask;
};

static struct frame frame;
static char stack[8192] __attribute__((aligned(16)));
static unsigned char fp[624] __attribute__((aligned(16)));
static uint32_t flags_seen;

static void landed(void)
{
	__asm__ volatile("pushfl\n\tpopl %0" : "=m"(flags_seen));
	_exit(40 + !(flags_seen & 0x200)); /* 41: interrupts are off */
}

static void uses_port(void)
{
	__asm__ volatile("inb $0x60, %%al" : : : "eax");
	_exit(42); /* ports are open to everybody */
}

static void good_frame(void)
{
	uint16_t cs, ds, gs;

	__asm__("movw %%cs, %0\n\tmovw %%ds, %1\n\tmovw %%gs, %2"
		: "=r"(cs), "=r"(ds), "=r"(gs));
	memset(&frame, 0, sizeof(frame));
	frame.cs = cs;
	frame.ds = frame.es = frame.ss = ds;
	frame.gs = gs;
	frame.eip = (uint32_t)landed;
	frame.esp = (uint32_t)(stack + sizeof(stack) - 64);
	frame.eflags = 0x202;
}

static void go(void *arg)
{
	(void)arg;
	__asm__ volatile("movl %0, %%esp\n\tmovl $119, %%eax\n\tint $0x80"
			 :
			 : "r"(&frame));
	_exit(43);
}

static void expect(const char *what, const char *wanted)
{
	const char *got = status_name(in_child(go, NULL));

	if (strstr(wanted, got))
		say("%s: as it must", what);
	else
		say("%s: %s", what, got);
}

#define KILLED "killed by 11, killed by 7, killed by 4"
#define FRAME(what, wanted, change)   \
	do {                          \
		good_frame();         \
		change;               \
		expect(what, wanted); \
	} while (0)

static void frames(void)
{
	FRAME("a good frame", "exit 40", (void)0);
	FRAME("kernel code segment", "exit 40, " KILLED, frame.cs = 8);
	FRAME("kernel code segment, rpl 3", "exit 40, " KILLED, frame.cs = 11);
	FRAME("code segment 0", "exit 40, " KILLED, frame.cs = 0);
	FRAME("data as code segment", "exit 40, " KILLED, frame.cs = frame.ds);
	FRAME("code segment 0xffff", "exit 40, " KILLED, frame.cs = 0xffff);
	FRAME("kernel stack segment", "exit 40, " KILLED, frame.ss = 0x10);
	FRAME("stack segment 0", "exit 40, " KILLED, frame.ss = 0);
	FRAME("code as stack segment", "exit 40, " KILLED, frame.ss = frame.cs);
	FRAME("stack segment 0xfffb", "exit 40, " KILLED, frame.ss = 0xfffb);
	FRAME("data segment 0xfff3", "exit 40, " KILLED, frame.ds = 0xfff3);
	FRAME("kernel data segment", "exit 40, " KILLED, frame.ds = 0x10);
	FRAME("a task segment in gs", "exit 40, " KILLED, frame.gs = 0x83);
	FRAME("0xffff in fs", "exit 40, " KILLED, frame.fs = 0xffff);
	FRAME("interrupts off", "exit 40", frame.eflags = 2);
	FRAME("io privilege, then a port", KILLED, frame.eflags = 0x3202;
	      frame.eip = (uint32_t)uses_port);
	FRAME("nested task", "exit 40, " KILLED, frame.eflags = 0x4202);
	FRAME("virtual 8086", "exit 40, " KILLED, frame.eflags = 0x20202);
	FRAME("single step", "exit 40, killed by 5", frame.eflags = 0x302);
	FRAME("all flags", "exit 40, killed by 5, " KILLED, frame.eflags = ~0u);
	FRAME("eip in the kernel", KILLED, frame.eip = 0xc0100000);
	FRAME("eip 0xffffffff", KILLED, frame.eip = ~0u);
	FRAME("esp in the kernel", "exit 40, " KILLED, frame.esp = 0xc0100000);
	FRAME("floating point at 8", KILLED, frame.fpstate = 8);
	FRAME("floating point in the kernel", KILLED,
	      frame.fpstate = 0xc0100000);
	FRAME("floating point at the end", KILLED, frame.fpstate = 0xbffffff0);
}

static void floating_point(void)
{
	uint32_t *words = (uint32_t *)fp;

	memset(fp, 0, sizeof(fp));
	FRAME("floating point of zeros", "exit 40, " KILLED,
	      frame.fpstate = (uint32_t)fp);
	memset(fp, 0xff, sizeof(fp));
	FRAME("floating point of ones", "exit 40, " KILLED,
	      frame.fpstate = (uint32_t)fp);
	memset(fp + 108, 0, 4); /* status, magic: the long form holds */
	FRAME("the same in the long form", "exit 40, " KILLED,
	      frame.fpstate = (uint32_t)fp);
	memset(fp, 0, sizeof(fp));
	words[112 / 4 + 6] = 0xffff0000; /* mxcsr: reserved bits */
	FRAME("reserved bits of mxcsr", "exit 40, " KILLED,
	      frame.fpstate = (uint32_t)fp);
	FRAME("unaligned", "exit 40, " KILLED,
	      frame.fpstate = (uint32_t)fp + 3);
}

static void bad_pointer(void *arg)
{
	__asm__ volatile("movl %0, %%esp\n\tint $0x80"
			 :
			 : "r"(((uint32_t *)arg)[0]),
			   "a"(((uint32_t *)arg)[1]));
	_exit(43);
}

static void stacks(void)
{
	static const uint32_t where[] = { 0,	      8,	  0xbffffffc,
					  0xc0000000, 0xc0100000, 0xfffffffc,
					  0x30000000 };

	for (size_t i = 0; i < COUNT(where); i++)
		for (int nr = 119; nr <= 173; nr += 54) {
			uint32_t args[2] = { where[i], nr };
			const char *got =
				status_name(in_child(bad_pointer, args));

			if (strcmp(got, "killed by 11"))
				say("call %d with esp %#x: %s", nr, where[i],
				    got);
		}
	say("14 wild stack pointers");
}

/* Descriptors: only ordinary user data and code segments may pass. */
static void uses_segment(void *arg)
{
	struct user_desc d = *(struct user_desc *)arg;
	long r = syscall(SYS_set_thread_area, &d);
	uint32_t word = 0;

	if (r)
		_exit(50);
	__asm__ volatile("movw %w1, %%fs\n\tmovl %%fs:0, %0"
			 : "=r"(word)
			 : "r"(d.entry_number * 8 + 3));
	_exit(51);
}

static void segment(const char *what, struct user_desc d, const char *wanted)
{
	const char *got = status_name(in_child(uses_segment, &d));

	if (strstr(wanted, got))
		say("%s: as it must", what);
	else
		say("%s: %s", what, got);
}

static void descriptors(void)
{
	struct user_desc d = { .entry_number = -1,
			       .limit = 0xfffff,
			       .seg_32bit = 1,
			       .limit_in_pages = 1,
			       .useable = 1,
			       .base_addr = (uint32_t)stack };
	struct user_desc e;

	segment("an ordinary segment", d, "exit 51");
	e = d;
	e.base_addr = 0xc0100000;
	segment("one at the kernel", e, "exit 50, " KILLED);
	e = d;
	e.seg_not_present = 1;
	segment("one not present", e, "exit 50, " KILLED);
	e = d;
	e.limit = 0;
	e.limit_in_pages = 0;
	segment("one too short", e, "exit 50, exit 51, " KILLED);
	e = d;
	e.contents = 3;
	segment("a conforming code segment", e, "exit 50, exit 51, " KILLED);
	e = d;
	e.seg_32bit = 0;
	segment("a 16-bit segment", e, "exit 50, exit 51, " KILLED);
	e = d;
	e.entry_number = 1;
	segment("entry 1", e, "exit 50");
	e.entry_number = 9;
	segment("entry 9", e, "exit 50");
	e.entry_number = 8191;
	segment("entry 8191", e, "exit 50");
}

int main(void)
{
	frames();
	floating_point();
	stacks();
	descriptors();
	say("still here");
	return 0;
}
