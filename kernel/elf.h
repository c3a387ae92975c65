/* SPDX-License-Identifier: MIT */
/*
 * What a program file says about the memory it wants. The parser reads bytes
 * and writes a struct elf_image: no kernel state, so it also builds on the
 * host, where its tests feed it broken files.
 */
#ifndef KERNEL_ELF_H
#define KERNEL_ELF_H

#include <lib/types.h>

#define ELF_SEGMENTS_MAX 16
#define ELF_DYN_BASE 0x00400000u /* where a position-independent program goes */

enum elf_segment_flags { ELF_X = 1, ELF_W = 2, ELF_R = 4 };

struct elf_segment { /* addresses with the base added, not page aligned */
	u32 vaddr;
	u32 filesz; /* bytes that come from the file, at OFFSET */
	u32 memsz; /* bytes in memory; what is beyond filesz is zero */
	u32 offset;
	u32 flags; /* enum elf_segment_flags */
};

struct elf_image {
	u32 entry; /* address of the first instruction */
	u32 phdr; /* address of the program headers, 0: not in memory */
	u32 phnum; /* how many */
	u32 nsegments; /* at least 1 */
	struct elf_segment segment[ELF_SEGMENTS_MAX]; /* by address */
};

/*
 * HEAD holds the first LEN bytes of a file of FILE_SIZE bytes. 0, or
 * -ENOEXEC: not an i386 program this kernel can run. Afterwards every segment
 * lies within [4096, TASK_SIZE) and its file part within the file; pages that
 * two segments share hold the same page of the file.
 */
int elf_parse(const void *head, u32 len, u32 file_size, struct elf_image *img);

#endif
