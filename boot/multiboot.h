/* SPDX-License-Identifier: MIT */
/*
 * What a multiboot 1 loader leaves in memory for the kernel (Multiboot
 * Specification 0.6.96, section 3.3). GRUB, QEMU's -kernel and v86 fill
 * different parts of it: `flags` tells which. Only boot/multiboot.c reads it.
 */
#ifndef BOOT_MULTIBOOT_H
#define BOOT_MULTIBOOT_H

#include <lib/types.h>

#define MULTIBOOT_MAGIC 0x2BADB002u /* in eax at the entry of the kernel */

enum multiboot_flags { /* which fields of multiboot_info hold */
	MULTIBOOT_CMDLINE = 0x004,
	MULTIBOOT_MODULES = 0x008,
	MULTIBOOT_MMAP = 0x040,
	MULTIBOOT_LOADER = 0x200,
};

struct multiboot_info { /* all addresses are physical */
	u32 flags; /* enum multiboot_flags */
	u32 mem_lower, mem_upper; /* KiB below 1 MiB, above it */
	u32 boot_device;
	u32 cmdline; /* NUL-ended text, or 0 */
	u32 mods_count;
	u32 mods_addr; /* of struct multiboot_module[] */
	u32 syms[4];
	u32 mmap_length; /* bytes */
	u32 mmap_addr; /* of struct multiboot_mmap, see `size` there */
	u32 drives_length, drives_addr;
	u32 config_table;
	u32 boot_loader_name; /* NUL-ended text, or 0 */
};

BUILD_ASSERT(offsetof(struct multiboot_info, boot_loader_name) == 64,
	     "Multiboot layout");

struct multiboot_module {
	u32 mod_start, mod_end; /* end excluded */
	u32 string; /* the words after the module's name, or 0 */
	u32 reserved;
};

struct multiboot_mmap {
	u32 size; /* of the rest: the next entry is `size` + 4 bytes on */
	u64 addr, len; /* bytes */
	u32 type;
} __attribute__((packed));

#define MULTIBOOT_RAM 1 /* type of usable memory */

#endif
