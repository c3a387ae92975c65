/* SPDX-License-Identifier: MIT */
/*
 * What the boot loader handed over, copied out of its structures before the
 * allocator runs (they may lie anywhere). Filled by boot/multiboot.c.
 */
#ifndef BOOT_BOOT_INFO_H
#define BOOT_BOOT_INFO_H

#include <lib/types.h>

#define BOOT_MAX_RANGES 32
#define BOOT_MAX_MODULES 4
#define BOOT_CMDLINE 1024

struct boot_range {
	u64 start, end; /* physical, end excluded */
	bool usable;
};

struct boot_info {
	char cmdline[BOOT_CMDLINE]; /* kernel path left out, words after */
	struct boot_range range[BOOT_MAX_RANGES];
	u32 nranges;
	struct {
		paddr_t start, end;
	} module[BOOT_MAX_MODULES]; /* module 0 is the initrd */
	u32 nmodules;
};

extern struct boot_info boot_info;

/* Fills boot_info; panics with a sentence when there is nothing usable. */
void multiboot_parse(u32 magic, paddr_t mbi);

/* The value of the last KEY=value on the command line copied to BUF
 * (NUL-ended); false: not there. "KEY" alone gives "". Words after " -- "
 * do not count. */
bool cmdline_get(const char *key, char *buf, u32 size);
/* KEY cannot have VALUE: says so in the log, and that it is left out. */
void cmdline_refuse(const char *key, const char *value);
/* Says which words nobody asks for, most likely misspelt. */
void cmdline_check(void);
/* What follows " -- ", or "". */
const char *cmdline_init_args(void);

/* Physical bounds of the kernel image, from boot/kernel.lds. */
extern char kernel_start[], kernel_end[]; /* virtual */

#endif
