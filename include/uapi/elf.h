/* SPDX-License-Identifier: MIT */
/* Program files and the auxiliary vector: layouts of System V i386, Linux. */
#ifndef UAPI_ELF_H
#define UAPI_ELF_H

#include <lib/types.h>

struct elf32_ehdr {
	u8 e_ident[16]; /* 0x7f E L F, class, byte order, version */
	u16 e_type, e_machine;
	u32 e_version, e_entry, e_phoff, e_shoff, e_flags;
	u16 e_ehsize, e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx;
};

struct elf32_phdr {
	u32 p_type, p_offset, p_vaddr, p_paddr;
	u32 p_filesz, p_memsz, p_flags, p_align;
};

BUILD_ASSERT(sizeof(struct elf32_ehdr) == 52, "System V i386 layout");
BUILD_ASSERT(sizeof(struct elf32_phdr) == 32, "System V i386 layout");

#define EI_CLASS 4
#define EI_DATA 5
#define EI_VERSION 6
#define ELFCLASS32 1
#define ELFDATA2LSB 1
#define EV_CURRENT 1
#define ET_EXEC 2
#define ET_DYN 3
#define EM_386 3
#define PT_LOAD 1
#define PT_INTERP 3
#define PT_PHDR 6
#define PT_GNU_STACK 0x6474e551 /* its flags are those of the stack */
#define PF_X 1
#define PF_W 2
#define PF_R 4

#define AT_NULL 0
#define AT_PHDR 3
#define AT_PHENT 4
#define AT_PHNUM 5
#define AT_PAGESZ 6
#define AT_BASE 7
#define AT_FLAGS 8
#define AT_ENTRY 9
#define AT_UID 11
#define AT_EUID 12
#define AT_GID 13
#define AT_EGID 14
#define AT_PLATFORM 15
#define AT_HWCAP 16
#define AT_CLKTCK 17
#define AT_SECURE 23
#define AT_RANDOM 25
#define AT_EXECFN 31

#endif
