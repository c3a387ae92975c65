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
 *   bit 6 set          the signature of a shm page
 *   otherwise          a swap entry
 */
#ifndef X86_PTE_H
#define X86_PTE_H

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096u
#define PAGE_MASK (~(PAGE_SIZE - 1))

#define PTRS_PER_TABLE 1024u
#define PGD_SHIFT 22
#define TABLE_SPAN (1u << PGD_SHIFT) /* bytes one page table maps: 4 MiB */

/* Lists for enums and tables of words, as in include/uapi/faultline.h. */
#define PTE_BITS(X)                                              \
	X(P, 0x001, "present")                                   \
	X(RW, 0x002, "writable")                                 \
	X(US, 0x004, "user") /* user mode may touch it */        \
	X(PWT, 0x008, "write-through")                           \
	X(PCD, 0x010, "not cached")                              \
	X(A, 0x020, "accessed") /* set by the processor */       \
	X(D, 0x040, "dirty") /* written, set by the processor */ \
	X(PSE, 0x080, "4 MiB") /* in a page-directory entry */   \
	X(G, 0x100, "global") /* survives a load of CR3 */

/* In an entry with P=0: see above. */
#define PTE_ABSENT_BITS(X)         \
	X(SHM, 0x040, "signature") \
	X(PROTNONE, 0x080, "PROT_NONE")

#define PTE_BIT_NAME(name, bit, word) PTE_##name = bit,
enum pte_bit {
	PTE_BITS(PTE_BIT_NAME) PTE_ABSENT_BITS(PTE_BIT_NAME)
};

/* Error code of vector 14. */
#define PF_BITS(X)                                                        \
	X(PRESENT, 0x1, "the access was not allowed") /* else: no page */ \
	X(WRITE, 0x2, "write")                                            \
	X(USER, 0x4, "by the program")

#define PF_BIT_NAME(name, bit, word) PF_##name = bit,
enum pf_bit {
	PF_BITS(PF_BIT_NAME)
};

#endif
