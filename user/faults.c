/* SPDX-License-Identifier: MIT */
/*
 * faults COMMAND [ARG ...]: runs it and prints its page faults from main()
 * on, a line each, and how many of each kind there were.
 *
 *   -a, --all    also those before main: of the loader, the C library
 *   -c           only the numbers, by kind, all kinds, as /proc/<pid>/faults
 *
 * Where main begins is told by a mark in the trace, which markmain.so leaves
 * (LD_PRELOAD). A program that cannot be marked, a static one, is shown from
 * its first instruction, and the table says so. Children are shown as well:
 * from their fork, or from their own main when they become another program.
 *
 *   mark ... fault_enter fault_vma fault_class page_alloc shm_page pte_set
 *            fault_exit                                  = one line
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uapi/faultline.h>
#include <unistd.h>

#include "trace_text.h"

#define MARK_LIBRARY "/lib/markmain.so"
#define KEPT                                                       \
	"filter event=mark,task_fork,task_name,task_exit,fault_*," \
	"page_alloc,shm_page,pte_set,task_exec"
#define MAIN_MARK 0 /* markmain.c */
#define PROCESSES 64
#define ENTER_HOPS 6 /* vector_14 .. find_vma of docs/page-fault.md */

/* The lines of /proc/<pid>/faults, in their order; behind those of faults that
 * succeed stands one for each outcome, that of "done" unused. */
#define KIND(word, name, disk) { word, FAULT_CLASS_##name, disk },
#define REFUSED(name, word, text) { "refused-" word, FAULT_CLASS_NONE, 0 },
#define ONE(...) +1

static const struct {
	const char *name;
	unsigned class, major;
} kinds[] = { FAULT_KINDS(KIND) FAULT_OUTCOMES(REFUSED) };

enum {
	K_REFUSED = 0 FAULT_KINDS(ONE),
	K_COUNT = K_REFUSED + FAULT_OUTCOME_COUNT
};

struct fault { /* what its events have told so far */
	unsigned long long begin, end; /* TSC */
	unsigned long addr, start, stop, flags, class, entry, after, count,
		segment, index, outcome;
	int has_area, has_class, shm_state, has_set, allocated, major;
};

struct process {
	long pid;
	int ours; /* COMMAND, or a descendant of it */
	int shown; /* behind main */
	int marked; /* since its last exec */
	char name[20];
	unsigned long majflt; /* as of its last fault */
	struct fault fault; /* the one it is in */
};

static struct process processes[PROCESSES];
static unsigned long totals[K_COUNT];
static int all, only_counts, lines;
static long last_shown; /* the process of the last line */

static struct process *process(long pid)
{
	int i;

	for (i = 0; i < PROCESSES - 1; i++)
		if (processes[i].pid == pid || !processes[i].pid)
			break;
	processes[i].pid = pid; /* beyond 63 they share the last */
	return &processes[i];
}

/* --- one fault -------------------------------------------------------- */

/* Its class, as it turned out. */
static unsigned class_of(const struct fault *f)
{
	if (!f->has_class)
		return FAULT_CLASS_SPURIOUS;
	if (f->class == FAULT_CLASS_SHM && f->shm_state == SHM_PAGE_NEW)
		return FAULT_CLASS_SHM_FIRST;
	if (f->class == FAULT_CLASS_SHM && f->shm_state == SHM_PAGE_READ)
		return FAULT_CLASS_SHM_SWAP;
	if (f->class == FAULT_CLASS_COW &&
	    f->entry >> PAGE_SHIFT != f->after >> PAGE_SHIFT)
		return FAULT_CLASS_COW_COPY;
	return f->class;
}

static unsigned kind_of(const struct fault *f)
{
	unsigned i = 0;

	if (f->outcome != FAULT_DONE)
		return K_REFUSED + f->outcome;
	while (i < K_REFUSED && (kinds[i].class != class_of(f) ||
				 kinds[i].major != (unsigned)f->major))
		i++;
	return i;
}

/* How many functions of docs/page-fault.md it went through. */
static int hops_of(const struct fault *f)
{
	static const char more[FAULT_CLASS_COUNT] = {
		[FAULT_CLASS_ZERO_READ] = 1, /* do_anonymous_page */
		[FAULT_CLASS_ANON_WRITE] = 1,
		[FAULT_CLASS_FILE] = 1, /* filemap_nopage */
		[FAULT_CLASS_SHM] = 2, /* whose page, shm_swap_in */
		[FAULT_CLASS_SHM_FIRST] = 2,
		[FAULT_CLASS_SHM_SWAP] = 2,
		[FAULT_CLASS_SWAP] = 2, /* do_swap_page, swap_in */
		[FAULT_CLASS_COW_COPY] = 1, /* do_cow_page */
	};
	int hops = ENTER_HOPS + 1; /* and fault_finish */

	if (!f->has_class)
		return hops + (f->has_area && f->outcome == FAULT_DONE);
	hops += 1 + more[class_of(f)]; /* do_no_page, do_wp_page */
	return hops + f->allocated + f->has_set; /* get_free_page, set_pte */
}

/* Who has the frame besides the entry that was written: the object whose
 * page it is, and other entries, of whomever. */
static void print_sharers(const struct fault *f)
{
	unsigned long others = f->count - 1;

	if (f->class == FAULT_CLASS_ZERO_READ)
		printf("all: the zero page");
	else if (f->class == FAULT_CLASS_SHM)
		printf("seg %lu p %lu", f->segment, f->index);
	else if (f->class == FAULT_CLASS_FILE && !f->allocated)
		printf("cache");
	else if (!others)
		printf("nobody");
	if (others &&
	    (f->class == FAULT_CLASS_SHM || f->class == FAULT_CLASS_FILE))
		others--; /* the object's count */
	if (others && f->class != FAULT_CLASS_ZERO_READ)
		printf(", %lu more", others);
}

/* A heading for each stretch of lines of one process. */
static void print_title(const struct process *p)
{
	printf("%sprocess %ld, %s%s:\n", lines ? "\n" : "", p->pid, p->name,
	       all	   ? ""
	       : p->marked ? ", from main on"
			   : ", static: from its first instruction");
	printf("%-8s %-17s %-4s %-14s %3s %5s %-3s %-5s %s\n", "address",
	       "area", "", "kind", "hop", "TSC", "flt", "frame", "also in");
}

static void print_fault(const struct process *p, const struct fault *f)
{
	if (last_shown != p->pid)
		print_title(p);
	last_shown = p->pid;
	lines++;
	printf("%08lx ", f->addr);
	if (f->has_area)
		printf("%08lx-%08lx %c%c%c%c ", f->start, f->stop,
		       f->flags & VM_READ ? 'r' : '-',
		       f->flags & VM_WRITE ? 'w' : '-',
		       f->flags & VM_EXEC ? 'x' : '-',
		       f->flags & VM_SHM      ? 'S'
		       : f->flags & VM_SHARED ? 's'
					      : 'p');
	else
		printf("%-17s %-4s ", "none", "");
	printf("%-14s %3d %5llu %-3s ", kinds[kind_of(f)].name, hops_of(f),
	       f->end - f->begin,
	       f->outcome ? "sig"
	       : f->major ? "maj"
			  : "min");
	if (f->has_set) {
		printf("%-5lx ", f->after >> PAGE_SHIFT);
		print_sharers(f);
	}
	putchar('\n');
}

/* --- the trace -------------------------------------------------------- */

/* L is an event of the fault F, which has begun. */
static void note(struct fault *f, const struct trace_line *l)
{
	if (trace_is(l, "fault_vma")) {
		f->has_area = 1;
		f->start = trace_hex(l, "area");
		f->stop = trace_hex_end(l, "area");
		f->flags = trace_hex(l, "flags");
	} else if (trace_is(l, "fault_class")) {
		f->has_class = 1;
		f->class = trace_number(l, "class");
		f->entry = trace_hex(l, "pte");
		f->allocated = 0; /* before it: a page table */
	} else if (trace_is(l, "page_alloc")) {
		f->allocated = 1;
	} else if (trace_is(l, "shm_page")) {
		f->segment = trace_number(l, "id");
		f->index = trace_number(l, "index");
		f->shm_state = (int)trace_number(l, "state");
	} else if (trace_is(l, "pte_set") &&
		   trace_hex(l, "addr") >> PAGE_SHIFT ==
			   f->addr >> PAGE_SHIFT) {
		f->has_set = 1;
		f->after = trace_hex(l, "after");
		f->count = trace_number(l, "count");
	}
}

static void end_fault(struct process *p, const struct trace_line *l)
{
	struct fault *f = &p->fault;
	unsigned long majflt = trace_number(l, "majflt");

	if (!f->begin) /* it began before the trace */
		return;
	f->end = l->tsc;
	f->outcome = trace_number(l, "outcome");
	f->major = majflt > p->majflt;
	p->majflt = majflt;
	if (p->ours && (p->shown || all)) {
		totals[kind_of(f)]++;
		if (!only_counts)
			print_fault(p, f);
	}
	memset(f, 0, sizeof(*f));
}

static int is_main_mark(const struct trace_line *l)
{
	return trace_is(l, "mark") && trace_number(l, "value") == MAIN_MARK;
}

/* Does the text from S on hold a mark at main of PID before it execs again? */
static int mark_follows(const char *s, long pid)
{
	struct trace_line l;

	for (; *s; s = trace_next(s)) {
		if (!trace_parse(&l, s) || l.pid != pid)
			continue;
		if (is_main_mark(&l))
			return 1;
		if (trace_is(&l, "task_exec") || trace_is(&l, "task_exit"))
			return 0;
	}
	return 0;
}

/* The last key of its line: names have blanks. */
static void take_name(const struct trace_line *l)
{
	struct process *p = process((long)trace_number(l, "task"));
	const char *text = strstr(l->values, " name=");

	if (text)
		snprintf(p->name, sizeof(p->name), "%.*s",
			 (int)strcspn(text + strlen(" name="), "\n"),
			 text + strlen(" name="));
}

static void begin_child(const struct process *p, struct process *child)
{
	child->ours |= p->ours;
	child->shown = p->shown;
	child->marked = p->marked;
	child->majflt = 0;
}

/* One event of process P; REST: the lines behind it. */
static void event(struct process *p, const struct trace_line *l,
		  const char *rest)
{
	if (trace_is(l, "fault_enter")) {
		p->fault = (struct fault){ .begin = l->tsc,
					   .addr = trace_hex(l, "addr") };
	} else if (trace_is(l, "fault_exit")) {
		end_fault(p, l);
	} else if (trace_is(l, "task_exec")) {
		p->marked = mark_follows(rest, p->pid);
		p->shown = !p->marked;
	} else if (trace_is(l, "task_name")) {
		take_name(l);
	} else if (is_main_mark(l)) {
		p->shown = 1;
	} else if (trace_is(l, "task_fork")) {
		begin_child(p, process((long)trace_number(l, "child")));
	} else if (p->fault.begin) {
		note(&p->fault, l);
	}
}

static void print_totals(void)
{
	unsigned long sum = 0;
	unsigned i;

	for (i = 0; i < K_COUNT; i++) {
		sum += totals[i];
		if (only_counts && i != K_REFUSED + FAULT_DONE)
			printf("%s %lu\n", kinds[i].name, totals[i]);
		else if (!only_counts && totals[i])
			printf("%s%lu %s", sum == totals[i] ? "" : ", ",
			       totals[i], kinds[i].name);
	}
	if (!only_counts)
		printf("%s\n", sum ? "" : "no page fault");
}

/* TEXT: /proc/trace. FIRST: number of the first event it should have. */
static int report(const char *text, unsigned long first)
{
	unsigned long begins = strtoul(text, NULL, 10);
	struct trace_line l;
	const char *s;

	for (s = text; *s; s = trace_next(s))
		if (trace_parse(&l, s))
			event(process(l.pid), &l, trace_next(s));
	print_totals();
	if (*text && begins > first) {
		fprintf(stderr,
			"faults: the trace has lost the first %lu "
			"events: faults are missing above\n",
			begins - first);
		return 1;
	}
	return 0;
}

/* --- running ---------------------------------------------------------- */

/* The next event's number, from "events: N, ..." of /proc/trace_state. */
static unsigned long next_event(void)
{
	char *text = trace_read(TRACE "_state");
	char *at = text ? strstr(text, "events: ") : NULL;
	unsigned long n = at ? strtoul(at + strlen("events: "), NULL, 10) : 0;

	free(text);
	return n;
}

static int usage(void)
{
	fprintf(stderr, "usage: faults [-a | --all] [-c] COMMAND [ARG ...]\n");
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option names[] = { { "all", 0, NULL, 'a' }, { 0 } };
	unsigned long first;
	int c, status;
	char *text;
	long pid;

	while ((c = getopt_long(argc, argv, "+ac", names, NULL)) != -1) {
		if (c == 'a')
			all = 1;
		else if (c == 'c')
			only_counts = 1;
		else
			return usage();
	}
	if (optind >= argc)
		return usage();
	if (trace_say("off") < 0 || trace_say(KEPT) < 0 ||
	    trace_say("clear") < 0) {
		perror("faults: " TRACE);
		return 126;
	}
	first = next_event();
	trace_say("on");
	status = trace_run(argv + optind, MARK_LIBRARY, &pid);
	if (pid > 0)
		process(pid)->ours = 1;
	trace_say("off");
	text = trace_read(TRACE);
	trace_say("filter");
	if (!text) {
		perror("faults: " TRACE);
		return 126;
	}
	return report(text, first) || status ? (status ? status : 1) : 0;
}
