/* SPDX-License-Identifier: MIT */
/*
 * hops [-a] COMMAND [ARG ...]: runs COMMAND with the kernel's event trace on,
 * and tells, hop by hop, how its first touch of shared memory after its mark
 * in /dev/trace was served. -a: every fault after the mark.
 * hops [-a] -f FILE: the same from a saved copy of /proc/trace.
 *
 * One fault is what lies between a fault_enter and the fault_exit of the same
 * process. What the hops are: docs/page-fault.md.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uapi/faultline.h>
#include <unistd.h>

#include "trace_text.h"

#define TEXT_COLUMN 30
#define WIDTH 79 /* a full row would wrap on the VGA screen */

/* Events of one fault; lines of the trace text, or NULL. */
enum event {
	EV_ENTER,
	EV_VMA,
	EV_CLASS,
	EV_SHM_PAGE,
	EV_ALLOC,
	EV_SWAP_READ,
	EV_SWAP_CACHED,
	EV_PTE_SET,
	EV_FIXUP,
	EV_SIGNAL,
	EV_EXIT,
	EV_COUNT
};

static const char *const event_names[EV_COUNT] = {
	"fault_enter", "fault_vma",    "fault_class", "shm_page",
	"page_alloc",  "swap_read",    "swap_cached", "pte_set",
	"fault_fixup", "fault_signal", "fault_exit",
};

struct fault {
	struct trace_line ev[EV_COUNT]; /* name NULL: no such event */
	unsigned long long delta[EV_COUNT]; /* TSC since the event before */
	unsigned long long total;
};

static int colours, all_faults;

/* --- reading the text ------------------------------------------------- */

/* The next fault of process PID at or behind *TEXT, which is moved on. */
static int next_fault(struct fault *f, const char **text, long pid)
{
	unsigned long long before = 0;
	struct trace_line l;
	int i, inside = 0;

	memset(f, 0, sizeof(*f));
	for (; **text; *text = trace_next(*text)) {
		if (!trace_parse(&l, *text) || l.pid != pid)
			continue;
		if (trace_is(&l, "fault_enter")) {
			memset(f, 0, sizeof(*f));
			inside = 1;
			before = l.tsc;
		}
		for (i = 0; inside && i < EV_COUNT; i++) {
			if (!trace_is(&l, event_names[i]) || f->ev[i].name)
				continue;
			f->ev[i] = l;
			f->delta[i] = l.tsc - before;
			before = l.tsc;
		}
		if (inside && trace_is(&l, "fault_exit")) {
			f->total = l.tsc - f->ev[EV_ENTER].tsc;
			*text = trace_next(*text);
			return 1;
		}
	}
	return 0;
}

static int is_shm(const struct fault *f)
{
	return f->ev[EV_SHM_PAGE].name ||
	       trace_number(&f->ev[EV_CLASS], "class") == FAULT_CLASS_SHM;
}

/* --- printing --------------------------------------------------------- */

/* TEXT in the last column, broken at blanks. */
static void print_wrapped(const char *text)
{
	size_t room = WIDTH - TEXT_COLUMN, n;

	while (strlen(text) > room) {
		for (n = room; n > 0 && text[n] != ' '; n--)
			;
		if (n == 0)
			n = room;
		printf("%.*s\n%*s", (int)n, text, TEXT_COLUMN, "");
		text += n + (text[n] == ' ');
	}
	puts(text);
}

/* EVENT: whose delta is shown, or EV_COUNT. */
static void hop(const struct fault *f, const char *number_text,
		const char *function, enum event event, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

static void hop(const struct fault *f, const char *number_text,
		const char *function, enum event event, const char *format, ...)
{
	char text[512], delta[24] = "";
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (event < EV_COUNT && f->delta[event])
		snprintf(delta, sizeof(delta), "%llu", f->delta[event]);
	printf("%4s  %s%-15s%s %6s  ", number_text, colours ? "\033[1;36m" : "",
	       function, colours ? "\033[0m" : "", delta);
	print_wrapped(text);
}

static void title(void)
{
	printf("%s%4s  %-15s %6s  %s%s\n", colours ? "\033[1m" : "", "hop",
	       "function", "TSC", "what it found and decided",
	       colours ? "\033[0m" : "");
}

/* The 4 KiB frames and the flags of a page-table entry, in words. */
static const char *entry_text(unsigned long pte)
{
	static char text[96];

	if (pte & PTE_P)
		snprintf(text, sizeof(text), "frame %lx, present, %s%s",
			 pte >> PAGE_SHIFT,
			 pte & PTE_RW ? "read and write" : "read only",
			 pte & PTE_US ? "" : ", only for the kernel");
	else if (pte == 0)
		snprintf(text, sizeof(text), "empty");
	else if (entry_is_signature(pte))
		snprintf(text, sizeof(text),
			 "not present, the signature of page %lu of "
			 "segment slot %lu",
			 ENTRY_FIELD(pte, SHM_INDEX),
			 ENTRY_FIELD(pte, SHM_SLOT));
	else
		snprintf(text, sizeof(text), "not present, in swap slot %lu",
			 ENTRY_FIELD(pte, SWAP_SLOT));
	return text;
}

static const char *area_text(unsigned long flags)
{
	static char text[64];

	snprintf(text, sizeof(text), "%c%c%c%c%s%s",
		 flags & VM_READ ? 'r' : '-', flags & VM_WRITE ? 'w' : '-',
		 flags & VM_EXEC ? 'x' : '-', flags & VM_SHARED ? 's' : 'p',
		 flags & VM_SHM ? ", shared memory" : "",
		 flags & VM_GROWSDOWN ? ", a stack that grows" : "");
	return text;
}

static const char *access_text(const struct trace_line *enter)
{
	static char text[40];
	unsigned long addr = trace_hex(enter, "addr");

	if (trace_hex(enter, "code") & PF_WRITE)
		snprintf(text, sizeof(text), "writes to %08lx", addr);
	else if (addr == trace_hex(enter, "eip"))
		snprintf(text, sizeof(text), "is to be fetched");
	else
		snprintf(text, sizeof(text), "reads %08lx", addr);
	return text;
}

static void hops_in(const struct fault *f)
{
	const struct trace_line *enter = &f->ev[EV_ENTER],
				*vma = &f->ev[EV_VMA];
	unsigned long code = trace_hex(enter, "code");

	hop(f, "1-2", "trap_entry", EV_COUNT,
	    "The instruction at %08lx %s: %s, exception 14. The registers are "
	    "saved.",
	    trace_hex(enter, "eip"), access_text(enter),
	    code & PF_PRESENT ? "not allowed" : "no page is there");
	hop(f, "3", "trap_dispatch", EV_COUNT, "Exception 14 is a page fault.");
	hop(f, "4", "do_page_fault", EV_COUNT,
	    "CR2 is the address; error code %lx: a %s by %s, page %s.", code,
	    code & PF_WRITE ? "write" : "read",
	    code & PF_USER ? "the program" : "the kernel for a program",
	    code & PF_PRESENT ? "present" : "not present");
	if (!vma->name) {
		hop(f, "5", "fault_find_vma", EV_COUNT,
		    "No area holds this address.");
		return;
	}
	hop(f, "5", "fault_find_vma", EV_VMA,
	    "Whose address is it, and may it be %s? Asks:",
	    code & PF_WRITE ? "written" : "read");
	hop(f, "6", "find_vma", EV_COUNT,
	    "The tree of areas leads to %08lx-%08lx, %s.",
	    trace_hex(vma, "area"), trace_hex_end(vma, "area"),
	    area_text(trace_hex(vma, "flags")));
}

static void hops_shm(const struct fault *f)
{
	const struct trace_line *page = &f->ev[EV_SHM_PAGE];
	unsigned long state = trace_number(page, "state"),
		      slot = trace_hex(page, "slot");

	if (!page->name)
		return;
	if (state == SHM_PAGE_NEW)
		hop(f, "9", "shm_swap_in", EV_SHM_PAGE,
		    "Segment %lu, page %lu: its slot is empty, nobody has "
		    "touched it yet. It gets a frame, for all.",
		    trace_number(page, "id"), trace_number(page, "index"));
	else if (state == SHM_PAGE_READ)
		hop(f, "9", "shm_swap_in", EV_SHM_PAGE,
		    "Segment %lu, page %lu: slot %08lx says where in swap it "
		    "is. It comes back into frame %lx.",
		    trace_number(page, "id"), trace_number(page, "index"), slot,
		    trace_hex(page, "pfn"));
	else
		hop(f, "9", "shm_swap_in", EV_SHM_PAGE,
		    "Segment %lu, page %lu: slot %08lx holds frame %lx. %s; "
		    "one frame serves all.",
		    trace_number(page, "id"), trace_number(page, "index"), slot,
		    trace_hex(page, "pfn"),
		    state == SHM_PAGE_RACED
			    ? "Somebody was faster while we slept"
			    : "Somebody touched it before");
}

static void hops_alloc(const struct fault *f)
{
	const struct trace_line *alloc = &f->ev[EV_ALLOC];

	if (!alloc->name)
		return;
	hop(f, "10", "get_free_page", EV_ALLOC,
	    "Frame %lx is taken, %lu are still free. It %s.",
	    trace_hex(alloc, "pfn"), trace_number(alloc, "free"),
	    f->ev[EV_SWAP_READ].name ? "is for what is read"
	    : trace_number(&f->ev[EV_CLASS], "class") == FAULT_CLASS_COW
		    ? "becomes a copy"
		    : "is filled with zeros");
}

static void hops_swap(const struct fault *f)
{
	const struct trace_line *read = &f->ev[EV_SWAP_READ];
	const struct trace_line *cached = &f->ev[EV_SWAP_CACHED];

	if (read->name)
		hop(f, "10", "read_swap_page", EV_SWAP_READ,
		    "Slot %lu of area %lu is read from the disk; others run "
		    "meanwhile. A major fault.",
		    trace_number(read, "slot"), trace_number(read, "area"));
	else if (cached->name)
		hop(f, "10", "read_swap_page", EV_SWAP_CACHED,
		    "Slot %lu of area %lu is in the swap cache: no disk.",
		    trace_number(cached, "slot"), trace_number(cached, "area"));
}

static const char *class_text(unsigned long class, int shm_page)
{
	switch (class) {
	case FAULT_CLASS_ZERO_READ:
		return "never written: the zero page will do";
	case FAULT_CLASS_ANON_WRITE:
		return "a private page, written: it needs a frame of its own";
	case FAULT_CLASS_FILE:
		return "a page of a file: the page cache has it, or reads it";
	case FAULT_CLASS_SHM:
		return shm_page ? "so the segment is asked for its page"
				: "a page of a segment";
	case FAULT_CLASS_SWAP:
		return "a private page that is in swap";
	case FAULT_CLASS_COW:
		return "present, but shared until it is written: copy on write";
	}
	return "another process has just done it";
}

static void hops_middle(const struct fault *f)
{
	const struct trace_line *class = &f->ev[EV_CLASS];
	unsigned long pte = trace_hex(class, "pte"),
		      kind = trace_number(class, "class");

	if (!class->name)
		return;
	if (kind == FAULT_CLASS_COW) {
		hop(f, "7", "do_wp_page", EV_CLASS, "Entry %08lx: %s.", pte,
		    class_text(kind, 0));
	} else if (pte == 0) {
		hop(f, "7", "do_no_page", EV_CLASS, "The entry is empty: %s.",
		    class_text(kind, 1));
	} else {
		hop(f, "7", "do_no_page", EV_COUNT,
		    "The entry is not empty: its owner is asked.");
		hop(f, "8", "do_swap_page", EV_CLASS, "Entry %08lx: %s.", pte,
		    entry_text(pte));
	}
}

static void hops_out(const struct fault *f)
{
	static const char *const outcomes[FAULT_OUTCOME_COUNT] = {
		[FAULT_DONE] = "The instruction is tried again, and succeeds",
		[FAULT_MAPERR] = "The process gets SIGSEGV: nothing is mapped "
				 "there",
		[FAULT_ACCERR] = "The process gets SIGSEGV: that access is not "
				 "allowed",
		[FAULT_BUS] = "The process gets SIGBUS: the object ends before "
			      "that page",
		[FAULT_OOM] = "There is no memory: the process is killed",
	};
	const struct trace_line *set = &f->ev[EV_PTE_SET],
				*end = &f->ev[EV_EXIT];
	unsigned long outcome = trace_number(end, "outcome");

	if (set->name)
		hop(f, "11", "set_pte", EV_PTE_SET,
		    "Entry becomes %08lx: %s. The frame is counted %lu times.",
		    trace_hex(set, "after"),
		    entry_text(trace_hex(set, "after")),
		    trace_number(set, "count"));
	if (f->ev[EV_FIXUP].name)
		outcome = FAULT_DONE;
	hop(f, "-", "fault_finish", EV_EXIT,
	    "%s. Now %lu minor, %lu major faults; %lu pages mapped.",
	    f->ev[EV_FIXUP].name	    ? "The system call ends with EFAULT"
	    : outcome < FAULT_OUTCOME_COUNT ? outcomes[outcome]
					    : "Unknown outcome",
	    trace_number(end, "minflt"), trace_number(end, "majflt"),
	    trace_number(end, "rss"));
}

static void print_fault(const struct fault *f, const char *what)
{
	printf("\n%s, at address %08lx, process %ld:\n\n", what,
	       trace_hex(&f->ev[EV_ENTER], "addr"), f->ev[EV_ENTER].pid);
	title();
	hops_in(f);
	hops_middle(f);
	hops_shm(f);
	hops_alloc(f);
	hops_swap(f);
	hops_out(f);
	printf("%4s  %-15s %6llu  %s\n", "", "in all", f->total,
	       "(clock ticks; with --icount instructions)");
}

/* --- the whole trace -------------------------------------------------- */

/* The process of the first mark, and the text behind it; 0: no mark. */
static long find_mark(const char **text)
{
	const char *s;
	struct trace_line l;

	for (s = *text; *s; s = trace_next(s)) {
		if (!trace_parse(&l, s) || !trace_is(&l, "mark"))
			continue;
		*text = trace_next(s);
		return l.pid;
	}
	return 0;
}

static int report(const char *text, long pid)
{
	long marked = find_mark(&text);
	struct fault f;
	int found = 0;

	if (marked)
		pid = marked;
	else
		fprintf(stderr, "hops: no mark in the trace: looking from the "
				"beginning\n");
	while (next_fault(&f, &text, pid)) {
		if (!all_faults && !is_shm(&f))
			continue;
		found = 1;
		print_fault(&f, is_shm(&f) ? "A page of shared memory"
					   : "A page fault");
		if (!all_faults)
			break;
	}
	if (!found)
		fprintf(stderr, "hops: no such fault behind the mark\n");
	fflush(stdout);
	return !found;
}

static int run_traced(char **argv)
{
	int status, traced;
	char *text;
	long pid;

	traced = trace_say("clear") == 0 && trace_say("on") == 0;
	if (!traced)
		fprintf(stderr, "hops: %s: %s: only running the command\n",
			TRACE, strerror(errno));
	status = trace_run(argv, NULL, &pid);
	if (!traced)
		return status;
	trace_say("off");
	text = trace_read(TRACE);
	if (!text) {
		perror("hops: " TRACE);
		return 1;
	}
	return report(text, pid) || status ? (status ? status : 1) : 0;
}

int main(int argc, char **argv)
{
	const char *file = NULL, *term = getenv("TERM");
	char *text;
	int c;

	while ((c = getopt(argc, argv, "+af:")) != -1) {
		if (c == 'a')
			all_faults = 1;
		else if (c == 'f')
			file = optarg;
		else
			argc = 0;
	}
	if (!file == (optind >= argc)) {
		fprintf(stderr, "usage: hops [-a] COMMAND [ARG ...]\n"
				"       hops [-a] -f FILE\n");
		return 2;
	}
	colours = isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
	if (!file)
		return run_traced(argv + optind);
	text = trace_read(file);
	if (!text) {
		fprintf(stderr, "hops: %s: %s\n", file, strerror(errno));
		return 1;
	}
	return report(text, 0);
}
