/* SPDX-License-Identifier: MIT */
/*
 * The words of the machine: what the kernel calls the kinds of its faults,
 * pages, areas and entries. Each list stands here and nowhere else.
 *
 *   X(NAME, ...) --> enums, here: the kernel, programs of the guest, and gdb,
 *                    which reads them from the kernel's symbols
 *                --> tables of words: DICTIONARY_WORDS
 *                --> tools/gen-facts: the same lists for the pages (FL.facts)
 *
 * No other system has these: this is no part of Linux's interface. Numbers may
 * be given anew at will; /proc/trace prints them, so a saved trace belongs to
 * the kernel that wrote it. The bits of an entry are in x86/pte.h.
 */
#ifndef UAPI_FAULTLINE_H
#define UAPI_FAULTLINE_H

#include <x86/pte.h>

/* static const char *const NAMES[] = { FAULT_CLASSES(DICTIONARY_WORDS) }; for
 * lists that count from 0. */
#define DICTIONARY_WORDS(name, word, ...) word,

/* --- faults -------------------------------------------------------------- */

/* What a fault is about: the event fault_class, docs/page-fault.md. */
#define FAULT_CLASSES(X)                                                  \
	X(NONE, "none", "refused before it was classified")               \
	X(ZERO_READ, "zero", "zero page") /* anonymous memory, read */    \
	X(ANON_WRITE, "anon", "anonymous") /* written: a zeroed frame */  \
	X(FILE, "file", "file") /* a page of a file */                    \
	X(SHM, "shm", "shared memory") /* an attach: signature or none */ \
	X(SWAP, "swap", "swapped") /* private page in swap */             \
	X(COW, "cow", "copy on write") /* present, written, read-only */  \
	X(SPURIOUS, "faster", "somebody was faster")

/* What turned out later, for the counters of /proc/<pid>/faults. */
#define FAULT_LATER_CLASSES(X)                           \
	X(SHM_FIRST, "shm", "nobody had touched it")     \
	X(SHM_SWAP, "shm", "the segment had it in swap") \
	X(COW_COPY, "cow", "somebody else has the page, too")

#define FAULT_CLASS_NAME(name, word, text) FAULT_CLASS_##name,
enum fault_class {
	FAULT_CLASSES(FAULT_CLASS_NAME)
	FAULT_CLASS_EVENTS, /* fault_class events have one of those above */
	FAULT_CLASS_BEFORE_LATER = FAULT_CLASS_EVENTS - 1,
	FAULT_LATER_CLASSES(FAULT_CLASS_NAME) FAULT_CLASS_COUNT
};

/* What came of a fault: the fault path's own language. */
#define FAULT_OUTCOMES(X)                                                 \
	X(DONE, "done", "done") /* the entry is right now */              \
	X(MAPERR, "maperr", "no area there") /* SIGSEGV, SEGV_MAPERR */   \
	X(ACCERR, "accerr", "not allowed") /* SIGSEGV, SEGV_ACCERR */     \
	X(BUS, "bus", "bus error") /* beyond the object, or unreadable */ \
	X(OOM, "oom", "out of memory") /* SIGKILL */

#define FAULT_OUTCOME_NAME(name, word, text) FAULT_##name,
enum fault_outcome {
	FAULT_OUTCOMES(FAULT_OUTCOME_NAME) FAULT_OUTCOME_COUNT
};

/* The lines of /proc/<pid>/faults, in their order: the class as it turned out,
 * and whether a disk was read. "refused-" and the outcome follow. */
#define FAULT_KINDS(X)                 \
	X("zero-read", ZERO_READ, 0)   \
	X("anon-write", ANON_WRITE, 0) \
	X("file-cached", FILE, 0)      \
	X("file-read", FILE, 1)        \
	X("shm-first", SHM_FIRST, 0)   \
	X("shm-resident", SHM, 0)      \
	X("shm-cached", SHM_SWAP, 0)   \
	X("shm-swapin", SHM_SWAP, 1)   \
	X("swap-cached", SWAP, 0)      \
	X("swap-read", SWAP, 1)        \
	X("cow-copy", COW_COPY, 0)     \
	X("cow-reuse", COW, 0)         \
	X("faster", SPURIOUS, 0)

/* --- pages ---------------------------------------------------------------- */

/* How a segment's page was found: the event shm_page. */
#define SHM_PAGE_STATES(X)                                        \
	X(RESIDENT, "resident", "resident: one frame serves all") \
	X(NEW, "new", "never touched: a new frame")               \
	X(RACED, "raced", "somebody was faster while we slept")   \
	X(READ, "read", "it was in swap")

#define SHM_PAGE_STATE_NAME(name, word, text) SHM_PAGE_##name,
enum shm_page_state {
	SHM_PAGE_STATES(SHM_PAGE_STATE_NAME) SHM_PAGE_COUNT
};

/* What becomes of a page that eviction looks at: the event shm_scan. */
#define SHM_VERDICTS(X)                             \
	X(TAKE, "take", "it goes")                  \
	X(YOUNG, "young", "spared by the policy")   \
	X(LOCKED, "locked", "locked, or under I/O") \
	X(BUSY, "busy", "counted by more than its entries")

#define SHM_VERDICT_NAME(name, word, text) SHM_SCAN_##name,
enum shm_verdict {
	SHM_VERDICTS(SHM_VERDICT_NAME) SHM_SCAN_COUNT
};

/* Where reclaim looks, in the order of its rotation. */
#define RECLAIM_SOURCES(X)                                        \
	X(CACHE, "cache", "clean pages of files, the swap cache") \
	X(SHM, "shm", "pages of segments")                        \
	X(PROCESS, "process", "private pages")

#define RECLAIM_SOURCE_NAME(name, word, text) RECLAIM_##name,
enum reclaim_source {
	RECLAIM_SOURCES(RECLAIM_SOURCE_NAME) RECLAIM_SOURCES_COUNT
};

/* Flags of struct page. */
#define PAGE_FLAGS(X)                                                         \
	X(RESERVED, 0x001, "reserved") /* never counted, never freed */       \
	X(LOCKED, 0x002, "locked") /* I/O in progress */                      \
	X(UPTODATE, 0x004,                                                    \
	  "uptodate") /* contents are what the object holds */                \
	X(DIRTY, 0x008, "dirty") /* newer than its copy on disk */            \
	X(CACHE, 0x010, "cache") /* page cache: mapping and index hold */     \
	X(SLAB, 0x020, "slab") /* cut into kmalloc objects */                 \
	X(TABLE, 0x040, "table") /* a page table: pt_* hold */                \
	X(BUDDY, 0x080, "buddy") /* first frame of a free block of `order` */ \
	X(SWAPCACHE, 0x100, "swapcache") /* swap cache: index is its entry */ \
	X(SHM, 0x200, "shm") /* page of a segment: seg, seg_index hold */     \
	X(REFERENCED, 0x400, "referenced") /* used since reclaim came by */

#define PAGE_FLAG_NAME(name, bit, word) PG_##name = bit,
enum page_flags {
	PAGE_FLAGS(PAGE_FLAG_NAME)
};

/* --- areas ---------------------------------------------------------------- */

#define AREA_FLAGS(X)                                                        \
	X(READ, 0x0001, "read")                                              \
	X(WRITE, 0x0002, "write")                                            \
	X(EXEC, 0x0004, "exec")                                              \
	X(SHARED, 0x0008, "shared")                                          \
	X(MAYREAD, 0x0010, "mayread") /* limits of mprotect */               \
	X(MAYWRITE, 0x0020, "maywrite")                                      \
	X(MAYEXEC, 0x0040, "mayexec")                                        \
	X(MAYSHARE, 0x0080, "mayshare")                                      \
	X(GROWSDOWN, 0x0100, "growsdown")                                    \
	X(SHM, 0x0400, "shm") /* an attach: the process swapper keeps off */ \
	X(LOCKED, 0x2000, "locked")                                          \
	X(LOCKONFAULT, 0x4000, "lockonfault") /* LOCKED, not brought in */

#define AREA_FLAG_NAME(name, bit, word) VM_##name = bit,
enum vm_flags {
	AREA_FLAGS(AREA_FLAG_NAME)
};

/* --- entries without a frame ---------------------------------------------- */

/*
 * Fields of a word that stands in a page table, or in a page slot, for a page
 * that is not mapped: first bit, number of bits. shm-spec: 2.2.
 *
 *   31            18 17         8   7   6   5        1   0
 *  +----------------+------------+---+---+------------+---+
 *  |   SHM_INDEX    |  SHM_SLOT  | 0 | 1 |     0      | 0 |   signature
 *  +----------------+------------+---+---+------------+---+
 *  |          SWAP_SLOT          | 0 | 0 | SWAP_AREA  | 0 |   swap entry
 *  +-----------------------------+---+---+------------+---+
 */
#define ENTRY_FIELDS(X)                         \
	X(SWAP_AREA, 1, 5)                      \
	X(SWAP_SLOT, 8, 24)                     \
	X(SHM_SLOT, 8, 10) /* 1,024 segments */ \
	X(SHM_INDEX, 18, 14) /* of 16,384 pages: 64 MiB */

#define ENTRY_FIELD_NAMES(name, first, bits) \
	name##_FIRST = first, name##_BITS = bits,
enum entry_field {
	ENTRY_FIELDS(ENTRY_FIELD_NAMES)
};

/* The field NAME of the word ENTRY. */
#define ENTRY_FIELD(entry, name) \
	((entry) >> name##_FIRST & ((1u << name##_BITS) - 1))

static inline int entry_is_resident(unsigned entry)
{
	return (entry & (PTE_P | PTE_PROTNONE)) != 0;
}

static inline int entry_is_signature(unsigned entry)
{
	return !entry_is_resident(entry) && (entry & PTE_SHM);
}

static inline int entry_is_swap(unsigned entry)
{
	return entry && !(entry & (PTE_P | PTE_PROTNONE | PTE_SHM));
}

#endif
