/* SPDX-License-Identifier: MIT */
/*
 * why [PID] ADDR: what will happen if a process touches an address now. One
 * screen: the path to its area, the entry, the frame, everyone else who has
 * the page; then, for a read and for a write, the functions of the kernel
 * that will run and what comes out. gdb's command of this name prints the
 * same (docs/gdb.md). The facts, and what the kernel foresees, are those
 * of /proc/<pid>/why.
 *
 *   why $$ 8048000        the shell's
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uapi/faultline.h>
#include <unistd.h>

#define MANY 8 /* others told by name */
#define TASK_SIZE 0xc0000000u

struct other {
	int pid;
	unsigned addr, flags, entry;
};

/* What /proc/<pid>/why said; have_ tells whether the line was there. */
static struct {
	unsigned addr;
	char tree[1024]; /* ready to print */
	int have_area, have_pte, have_slot, have_frame, have_segment;
	unsigned start, end, flags, index;
	char kind[16], hooks[128];
	unsigned pgd_index, pde, pte_index, pte_at, pte;
	int segment, nothers;
	unsigned slot_at, slot, slot_count;
	unsigned pfn, count, page_flags;
	struct other others[MANY];
	char object[256]; /* whose memory the area is */
	char read[256], write[256]; /* what a touch will do */
} w;

static int pid;

/* --- reading ----------------------------------------------------------- */

static FILE *open_proc(int who, const char *name, const char *mode)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", who, name);
	return fopen(path, mode);
}

static const char *comm_of(int who)
{
	static char name[32];
	FILE *f = open_proc(who, "comm", "r");

	name[0] = '\0';
	if (f && fgets(name, sizeof(name), f))
		name[strcspn(name, "\n")] = '\0';
	if (f)
		fclose(f);
	return name;
}

static void add_node(const char *line)
{
	unsigned start, end;
	size_t len = strlen(w.tree);
	const char *way;

	if (sscanf(line, "node %x %x", &start, &end) != 2)
		return;
	way = end <= w.addr ? "right" : start <= w.addr ? "here" : "left";
	snprintf(w.tree + len, sizeof(w.tree) - len, "%s%08x %s",
		 len ? " > " : "", start, way);
}

static void add_hook(const char *line)
{
	char name[16], function[64];
	size_t len = strlen(w.hooks);

	if (sscanf(line, "hook %15s %63s", name, function) == 2)
		snprintf(w.hooks + len, sizeof(w.hooks) - len, "%s%s = %s",
			 len ? ", " : "", name, function);
}

static void add_other(const char *line)
{
	struct other o;

	if (sscanf(line, "other %d %x %x %x", &o.pid, &o.addr, &o.flags,
		   &o.entry) < 4)
		return;
	if (w.nothers < MANY)
		w.others[w.nothers] = o;
	w.nothers++;
}

static void take_line(const char *line)
{
	sscanf(line, "addr %x", &w.addr);
	sscanf(line, "ops %15s", w.kind);
	sscanf(line, "pde %u %x", &w.pgd_index, &w.pde);
	sscanf(line, "read %*s %255[^\n]", w.read);
	sscanf(line, "write %*s %255[^\n]", w.write);
	w.have_area |= sscanf(line, "area %x %x %x %*x %u", &w.start, &w.end,
			      &w.flags, &w.index) == 4;
	w.have_pte |= sscanf(line, "pte %u %x %x", &w.pte_index, &w.pte_at,
			     &w.pte) == 3;
	w.have_segment |= sscanf(line, "segment %d %u", &w.segment,
				 &w.index) == 2;
	w.have_slot |= sscanf(line, "slot %x %x %u", &w.slot_at, &w.slot,
			      &w.slot_count) == 3;
	w.have_frame |= sscanf(line, "frame %x %u %x", &w.pfn, &w.count,
			       &w.page_flags) == 3;
	add_node(line);
	add_hook(line);
	add_other(line);
}

static int read_facts(const char *addr)
{
	char line[320];
	FILE *f = open_proc(pid, "why", "w");

	if (f)
		fprintf(f, "%s\n", addr);
	if (!f || fclose(f)) {
		fprintf(stderr, "why: /proc/%d/why: %m\n", pid);
		return -1;
	}
	f = open_proc(pid, "why", "r");
	while (f && fgets(line, sizeof(line), f))
		take_line(line);
	if (f)
		fclose(f);
	return 0;
}

/* "segment 0 from page 0", "/bin/sh from page 5", "stack", "heap". */
static void find_object(void)
{
	char line[512], name[256];
	FILE *f = open_proc(pid, "maps", "r");
	unsigned start, end, offset;

	strcpy(w.object, w.flags & VM_GROWSDOWN ? "stack" : "anonymous");
	while (f && fgets(line, sizeof(line), f)) {
		name[0] = '\0';
		if (sscanf(line, "%x-%x %*s %x %*s %*s %255[^\n]", &start,
			   &end, &offset, name) < 3 || start != w.start)
			continue;
		if (w.flags & VM_SHM)
			snprintf(w.object, sizeof(w.object),
				 "segment %d from page %u", w.segment,
				 offset >> 12);
		else if (name[0] == '/')
			snprintf(w.object, sizeof(w.object),
				 "%.200s from page %u", name, offset >> 12);
		else if (!strcmp(name, "[heap]"))
			strcpy(w.object, "heap");
	}
	if (f)
		fclose(f);
}

/* --- words ------------------------------------------------------------- */

static const char *rights(unsigned flags)
{
	static char text[5];

	snprintf(text, sizeof(text), "%c%c%c%c", flags & VM_READ ? 'r' : '-',
		 flags & VM_WRITE ? 'w' : '-', flags & VM_EXEC ? 'x' : '-',
		 flags & VM_SHARED ? 's' : 'p');
	return text;
}

struct bit {
	unsigned bit;
	const char *word;
};

/* The words of the N BITS that WORD has, between commas. */
static void print_bits(unsigned word, const struct bit *bits, unsigned n,
		       const char *comma)
{
	const char *between = "";
	unsigned i;

	for (i = 0; i < n; i++)
		if (word & bits[i].bit) {
			printf("%s%s", between, bits[i].word);
			between = comma;
		}
}

#define PTE_WORD(name, bit, word) { PTE_##name, word },
#define PAGE_WORD(name, bit, word) { PG_##name, word },

static void print_entry(unsigned entry)
{
	static const struct bit bits[] = { PTE_BITS(PTE_WORD) };

	if (!entry)
		printf("none: nothing was ever here");
	else if (entry_is_resident(entry))
		printf("frame %x%s: ", entry >> 12,
		       entry & PTE_P ? "" : " behind PROT_NONE");
	else if (entry_is_signature(entry))
		printf("signature: segment slot %u, page %u",
		       ENTRY_FIELD(entry, SHM_SLOT),
		       ENTRY_FIELD(entry, SHM_INDEX));
	else
		printf("swap entry: area %u, slot %u",
		       ENTRY_FIELD(entry, SWAP_AREA),
		       ENTRY_FIELD(entry, SWAP_SLOT));
	if (entry_is_resident(entry))
		print_bits(entry & ~PTE_PSE, bits, sizeof(bits) / sizeof(*bits),
			   ", ");
	printf("\n");
}

static void print_area(void)
{
	if (w.addr >= TASK_SIZE || !w.have_area)
		puts(w.addr >= TASK_SIZE ? "the kernel's half, no area" :
					   "none ends above it");
	else
		printf("%s%08x-%08x %s %s\n",
		       w.start > w.addr ? "none; the next is " : "", w.start,
		       w.end, rights(w.flags), w.object);
}

static void print_ops(void)
{
	if (!w.have_area || (w.start > w.addr && !(w.flags & VM_GROWSDOWN)))
		printf("none\n");
	else if (!w.kind[0])
		printf("none: anonymous memory\n");
	else
		printf("%s: %s\n", w.kind, w.hooks);
}

static void print_slot(void)
{
	printf("  slot    page slot %u of segment %d at %08x = %08x: ",
	       w.index, w.segment, w.slot_at, w.slot);
	if (!w.slot)
		printf("never touched\n");
	else if (entry_is_resident(w.slot))
		printf("frame %x, count %u\n", w.slot >> 12, w.slot_count);
	else
		printf("swap area %u, slot %u\n",
		       ENTRY_FIELD(w.slot, SWAP_AREA),
		       ENTRY_FIELD(w.slot, SWAP_SLOT));
}

/* Those who hold the frame: entries, page slot, page cache. */
static unsigned holders(void)
{
	unsigned n = !!(w.page_flags & PG_CACHE) +
		     !!(w.page_flags & PG_SWAPCACHE);
	int i;

	if (w.have_slot && entry_is_resident(w.slot))
		n++;
	n += !!entry_is_resident(w.pte);
	for (i = 0; i < w.nothers && i < MANY; i++)
		n += !!entry_is_resident(w.others[i].entry);
	return n + (w.nothers > MANY ? w.nothers - MANY : 0);
}

static void print_frame(void)
{
	static const struct bit bits[] = { PAGE_FLAGS(PAGE_WORD) };

	if (!w.have_frame) {
		printf("none yet\n");
	} else if (w.page_flags & PG_RESERVED) {
		printf("%x: reserved, not counted\n", w.pfn);
	} else {
		printf("%x: count %u, %u holders found, ", w.pfn, w.count,
		       holders());
		print_bits(w.page_flags, bits, sizeof(bits) / sizeof(*bits),
			   " ");
		printf("%s\n", w.page_flags ? "" : "no flags");
	}
}

static void print_others(void)
{
	int i;

	if (!w.nothers)
		printf("  others  nobody\n");
	for (i = 0; i < w.nothers && i < MANY; i++) {
		printf("  %-7s pid %d (%s) at %08x", i ? "" : "others",
		       w.others[i].pid, comm_of(w.others[i].pid),
		       w.others[i].addr);
		if (w.have_segment)
			printf(" %s", rights(w.others[i].flags));
		printf(w.others[i].entry ? ": %08x\n" : ": none\n",
		       w.others[i].entry);
	}
	if (w.nothers > MANY)
		printf("          and %d more\n", w.nothers - MANY);
}

static void print_screen(void)
{
	printf("why %08x: pid %d (%s)\n  area    ", w.addr, pid,
	       comm_of(pid));
	print_area();
	printf("  tree    %s\n  ops     ", w.tree[0] ? w.tree : "empty");
	print_ops();
	printf("  entry   pgd[%u] = %08x", w.pgd_index, w.pde);
	if (w.have_pte) {
		printf(", pte[%u] at %08x = %08x\n          ", w.pte_index,
		       w.pte_at, w.pte);
		print_entry(w.pte);
	} else {
		printf(": no page table\n");
	}
	if (w.have_slot)
		print_slot();
	printf("  frame   ");
	print_frame();
	print_others();
	printf("  read    %s\n  write   %s\n", w.read, w.write);
}

int main(int argc, char **argv)
{
	const char *addr = argv[argc - 1];

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: why [PID] ADDR\n");
		return 2;
	}
	pid = argc == 3 ? atoi(argv[1]) : getpid();
	if (read_facts(strncmp(addr, "0x", 2) ? addr : addr + 2))
		return 1;
	find_object();
	print_screen();
	return 0;
}
