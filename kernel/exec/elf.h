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

struct elf_segment { /* not page aligned */
	u32 vaddr;
	u32 filesz; /* bytes that come from the file, at OFFSET */
	u32 memsz; /* bytes in memory; what is beyond filesz is zero */
	u32 offset;
	u32 flags; /* enum elf_segment_flags */
};

struct elf_image {
	bool movable; /* ET_DYN: addresses as in the file until elf_move() */
	u32 bias; /* what elf_move() added to them */
	u32 entry; /* address of the first instruction */
	u32 phdr; /* address of the program headers, 0: not in memory */
	u32 phnum; /* how many */
	u32 align; /* what a base must be a multiple of, at least 4096 */
	u32 interp; /* where in the file the interpreter's path stands */
	u32 interp_len; /* bytes of it, with its NUL; 0: it needs none */
	bool exec_stack; /* it does not say that its stack holds no code */
	u32 nsegments; /* at least 1 */
	struct elf_segment segment[ELF_SEGMENTS_MAX]; /* by address */
};

/*
 * HEAD holds the first LEN bytes of a file of FILE_SIZE bytes. 0, or
 * -ENOEXEC: not an i386 program this kernel can run. Afterwards every segment
 * lies within [4096, TASK_SIZE), of a movable image within [0, TASK_SIZE),
 * its file part within the file; pages that two segments share hold the same
 * page of the file.
 */
int elf_parse(const void *head, u32 len, u32 file_size, struct elf_image *img);

/* Bytes from the first page of IMG to the end of its last one. */
u32 elf_span(const struct elf_image *img);

/* Moves a movable image so that its first page is at BASE, a multiple of
 * img->align; -ENOEXEC: it does not fit below TASK_SIZE, nothing moved. */
int elf_move(struct elf_image *img, u32 base);

#endif
