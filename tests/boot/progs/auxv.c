/* SPDX-License-Identifier: MIT */
/*
 * Where a dynamically linked program finds itself, and what the auxiliary
 * vector says of that. Prints lines that tests/boot/dynamic.t expects.
 */
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#define PAGE 4096u

static char bss[3 * PAGE];

/* The mapping of /proc/self/maps that holds ADDR: its start, 0; LINE. */
static unsigned long area_of(unsigned long addr, char *line, int size)
{
	FILE *f = fopen("/proc/self/maps", "r");
	unsigned long from, to;

	while (f && fgets(line, size, f))
		if (sscanf(line, "%lx-%lx", &from, &to) == 2 && from <= addr &&
		    addr < to) {
			fclose(f);
			return from;
		}
	if (f)
		fclose(f);
	return 0;
}

static void fact(const char *what, int holds)
{
	printf("%s: %s\n", what, holds ? "yes" : "NO");
}

int main(int argc, char **argv)
{
	unsigned long base = getauxval(AT_BASE), phdr = getauxval(AT_PHDR);
	const ElfW(Phdr) *ph = (const ElfW(Phdr) *)phdr;
	const ElfW(Ehdr) *eh = (const ElfW(Ehdr) *)base;
	const ElfW(Ehdr) *own = (const ElfW(Ehdr) *)(phdr / PAGE * PAGE);
	unsigned char any = 0;
	int interps = 0;
	unsigned long i;
	char line[256];

	for (i = 0; i < getauxval(AT_PHNUM); i++)
		interps += ph[i].p_type == PT_INTERP;
	printf("program %s\n", strrchr(argv[0], '/') + 1);
	printf("headers at %lx\n", phdr);
	fact("its interpreter is named there", interps == 1);
	fact("AT_ENTRY is that of the file",
	     getauxval(AT_ENTRY) ==
		     own->e_entry + (own->e_type == ET_DYN ?
					     (unsigned long)own :
					     0));
	fact("the interpreter lies at AT_BASE",
	     area_of(base, line, sizeof(line)) == base &&
		     strstr(line, "/lib/ld-linux.so.2\n") &&
		     !memcmp(eh->e_ident, ELFMAG, SELFMAG));
	fact("the heap follows the program",
	     (unsigned long)sbrk(0) >= (unsigned long)bss + sizeof(bss) &&
		     (unsigned long)sbrk(0) < base);
	for (i = 0; i < sizeof(bss); i++)
		any |= bss[i];
	fact("bss is zero", argc == 1 && !any);
	return 0;
}
