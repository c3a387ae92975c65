/* SPDX-License-Identifier: MIT */
/*
 * why [PID] ADDR: what will happen if a process touches an address now. One
 * screen: the path to its area, the entry, the frame, everyone else who has
 * the page; then, for a read and for a write, the functions of the kernel
 * that will run and what comes out. gdb's command of this name prints the
 * same (docs/debugging.md). The facts are those of /proc/<pid>/why.
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
#define GUARD (256u << 12) /* bytes kept free below a stack */
#define TASK_SIZE 0xc0000000u

struct other {
	int pid;
	unsigned addr, flags, entry;
};

/* What /proc/<pid>/why said; have_ tells whether the line was there. */
static struct {
	unsigned addr;
	char tree[1024]; /* ready to print */
	int have_area, have_pte, have_slot, have_frame;
	int have_cached, have_swapcached, have_segment, have_file;
	unsigned start, end, flags, prot, index, below, limit;
	char kind[16], hooks[128];
	unsigned pgd_index, pde, pte_index, pte_at, pte;
	int segment, nothers;
	unsigned npages, slot_at, slot, slot_count, size;
	unsigned cached, swapcached, zero, pfn, count, page_flags;
	struct other others[MANY];
	char object[256]; /* whose memory the area is */
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
	sscanf(line, "zero %x", &w.zero);
	w.have_area |= sscanf(line, "area %x %x %x %x %u %x %u", &w.start,
			      &w.end, &w.flags, &w.prot, &w.index, &w.below,
			      &w.limit) == 7;
	w.have_pte |= sscanf(line, "pte %u %x %x", &w.pte_index, &w.pte_at,
			     &w.pte) == 3;
	w.have_segment |= sscanf(line, "segment %d %u %u", &w.segment,
				 &w.index, &w.npages) == 3;
	w.have_slot |= sscanf(line, "slot %x %x %u", &w.slot_at, &w.slot,
			      &w.slot_count) == 3;
	w.have_file |= sscanf(line, "file %u", &w.size) == 1;
	w.have_cached |= sscanf(line, "cached %x", &w.cached) == 1;
	w.have_swapcached |= sscanf(line, "swapcached %x", &w.swapcached) == 1;
	w.have_frame |= sscanf(line, "frame %x %u %x", &w.pfn, &w.count,
			       &w.page_flags) == 3;
	add_node(line);
	add_hook(line);
	add_other(line);
}

static int read_facts(const char *addr)
{
	char line[256];
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

/* --- what will happen -------------------------------------------------- */

static void refused(const char *way, const char *why, const char *code)
{
	printf("do_page_fault%s: %s, SIGSEGV (%s)\n", way, why, code);
}

/* The entry that the kernel will write for frame PFN. */
static unsigned final_entry(unsigned pfn, int write)
{
	return pfn << 12 | w.prot | (write ? PTE_RW | PTE_D : 0);
}

static void predict_cow(void)
{
	int alone = w.count == 1 && !(w.page_flags & PG_RESERVED);

	printf("do_page_fault > do_wp_page > ");
	if (w.flags & VM_SHARED || alone) {
		printf("set_pte: the entry gets its write bit");
		if (alone)
			printf(", nobody else has frame %x", w.pfn);
		printf("; entry %08x\n", w.pte | PTE_RW | PTE_D);
	} else if (w.page_flags & PG_RESERVED) {
		printf("do_cow_page > get_free_page > set_pte: minor, a "
		       "zeroed frame in place of the zero page\n");
	} else {
		printf("do_cow_page > alloc_page > set_pte: minor, a copy of "
		       "frame %x, whose count of %u becomes %u\n",
		       w.pfn, w.count, w.count - 1);
	}
}

static void predict_swap(unsigned entry)
{
	unsigned area = ENTRY_FIELD(entry, SWAP_AREA);
	unsigned slot = ENTRY_FIELD(entry, SWAP_SLOT);

	if (w.have_swapcached)
		printf(" > read_swap_page > set_pte: minor, frame %x of the "
		       "swap cache (area %u, slot %u)\n",
		       w.swapcached, area, slot);
	else
		printf(" > read_swap_page > rw_swap_page > set_pte: MAJOR, "
		       "read from swap area %u, slot %u\n", area, slot);
}

static void predict_shm(int write)
{
	printf("do_page_fault > do_no_page > %s > shm_swap_in",
	       w.pte ? "do_swap_page" : "shm_nopage");
	if (w.index >= w.npages)
		printf(": page %u is behind the end of segment %d, SIGBUS\n",
		       w.index, w.segment);
	else if (entry_is_resident(w.slot))
		printf(" > set_pte: minor, frame %x of the page slot; entry "
		       "%08x\n", w.slot >> 12,
		       final_entry(w.slot >> 12, write));
	else if (!w.slot)
		printf(" > get_free_page > set_pte: minor, a zeroed frame for "
		       "page slot %u, never touched so far\n", w.index);
	else
		predict_swap(w.slot);
}

static void predict_file(int write)
{
	int copied = write && !(w.flags & VM_SHARED);

	printf("do_page_fault > do_no_page > filemap_nopage");
	if (w.index >= (w.size + 4095) >> 12)
		printf(": behind the end of the file, SIGBUS\n");
	else if (!w.have_cached)
		printf(" > read_cache_page > set_pte: page %u of the file is "
		       "not in the page cache: it is read%s\n",
		       w.index, copied ? ", and copied" : "");
	else if (copied)
		printf(" > alloc_page > set_pte: minor, a copy of frame %x of "
		       "the page cache\n", w.cached);
	else
		printf(" > set_pte: minor, frame %x of the page cache; entry "
		       "%08x\n", w.cached, final_entry(w.cached, write));
}

static void predict_absent(int write)
{
	if (w.flags & VM_SHM)
		return predict_shm(write);
	if (w.pte) {
		printf("do_page_fault > do_no_page > do_swap_page > swap_in");
		return predict_swap(w.pte);
	}
	if (w.kind[0])
		return predict_file(write);
	printf("do_page_fault > do_no_page > do_anonymous_page > ");
	if (write)
		printf("get_free_page > set_pte: minor, a zeroed frame\n");
	else
		printf("set_pte: minor, the zero page; entry %08x\n",
		       w.zero << 12 | w.prot);
}

/* NULL: the stack above will grow down to the address. */
static const char *stack_stays(void)
{
	unsigned start = w.addr & ~0xfffu;

	if (!w.have_area)
		return "no area ends above it";
	if (!(w.flags & VM_GROWSDOWN))
		return "no area holds it";
	if ((w.below && start - w.below < GUARD) || start < 4096)
		return "the stack would come too close to what lies below";
	if ((w.end - start) >> 10 > w.limit)
		return "the stack is at its limit";
	return NULL;
}

static void predict(int write)
{
	static const char way[] = " > fault_find_vma > find_vma";
	unsigned need = PTE_P | PTE_US | (write ? PTE_RW : 0);
	char text[32];

	if ((w.pde & w.pte & need) == need)
		printf("no fault: the byte is at physical %08x\n",
		       (w.pte & ~0xfffu) | (w.addr & 0xfff));
	else if (w.addr >= TASK_SIZE)
		refused("", "that is the kernel's", "SEGV_MAPERR");
	else if (!w.have_area || (w.start > w.addr && stack_stays()))
		refused(way, stack_stays(), "SEGV_MAPERR");
	else if (!(w.flags & (write ? VM_WRITE : VM_READ | VM_EXEC))) {
		snprintf(text, sizeof(text), "the area is %s", rights(w.flags));
		refused(way, text, "SEGV_ACCERR");
	} else if (w.pte & PTE_P) {
		predict_cow();
	} else {
		predict_absent(write);
	}
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
	printf("  read    ");
	predict(0);
	printf("  write   ");
	predict(1);
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
