/* SPDX-License-Identifier: MIT */
/*
 * Page-table entries of the i386, 4 KiB pages, two levels. shm-spec: 2.1.
 *
 *   31               12 11   9  8   7   6   5   4   3   2   1   0
 *  +-------------------+------+---+---+---+---+---+---+---+---+---+
 *  |   page frame      | free | G |PSE| D | A |PCD|PWT|U/S|R/W| P |
 *  +-------------------+------+---+---+---+---+---+---+---+---+---+
 *
 * In an entry with P=0 the processor ignores the rest, and we use:
 *   bit 7 set          PROT_NONE: the frame stays, nobody may touch it
 *   whole word 0       none: nothing was ever here
 *   bit 6 set          (swap type 32) the signature of a shm page
 *   otherwise          a swap entry
 */
#ifndef X86_PTE_H
#define X86_PTE_H

#include <lib/types.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096u
#define PAGE_MASK (~(PAGE_SIZE - 1))

#define PTRS_PER_TABLE 1024u
#define PGD_SHIFT 22
#define TABLE_SPAN (1u << PGD_SHIFT) /* bytes one page table maps: 4 MiB */

#define PTE_P 0x001u /* present */
#define PTE_RW 0x002u /* writable */
#define PTE_US 0x004u /* user mode may touch it */
#define PTE_PWT 0x008u /* write-through */
#define PTE_PCD 0x010u /* not cached */
#define PTE_A 0x020u /* accessed, set by the processor */
#define PTE_D 0x040u /* written, set by the processor */
#define PTE_PSE 0x080u /* in a page-directory entry: a 4 MiB page */
#define PTE_G 0x100u /* global: survives a load of CR3 */
#define PTE_PROTNONE 0x080u /* in an entry with P=0: see above */

/* Error code of vector 14. */
#define PF_PRESENT 0x1u /* the page was there, the access not allowed */
#define PF_WRITE 0x2u
#define PF_USER 0x4u

#endif
