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

/* --- pages --------------------------------------------------------------- */

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

/* --- areas --------------------------------------------------------------- */

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

/* --- what a touch will do ------------------------------------------------ */

/*
 * Every way that the touch of an address can end: the class as it turns out,
 * whether a disk is read, the outcome, the functions on the way, what is found
 * and done. fs/proc/touch.c decides which it is, and tools/gdb/fl/predict.py on
 * a machine that stands still; tests/boot/touch.t holds both to it.
 */
#define TOUCHES(X)                                                           \
	X(NO_FAULT, NONE, 0, DONE, "",                                       \
	  "no fault: the byte is at physical {paddr}")                       \
	X(KERNELS, NONE, 0, MAPERR, "do_page_fault",                         \
	  "that is the kernel's, SIGSEGV (SEGV_MAPERR)")                     \
	X(NO_AREA, NONE, 0, MAPERR,                                          \
	  "do_page_fault > fault_find_vma > find_vma",                       \
	  "no area ends above it, SIGSEGV (SEGV_MAPERR)")                    \
	X(GAP, NONE, 0, MAPERR, "do_page_fault > fault_find_vma > find_vma", \
	  "no area holds it, SIGSEGV (SEGV_MAPERR)")                         \
	X(STACK_GUARD, NONE, 0, MAPERR,                                      \
	  "do_page_fault > fault_find_vma > find_vma",                       \
	  "the stack would come too close to what lies below, SIGSEGV "      \
	  "(SEGV_MAPERR)")                                                   \
	X(STACK_LIMIT, NONE, 0, MAPERR,                                      \
	  "do_page_fault > fault_find_vma > find_vma",                       \
	  "the stack is at its limit of {limit} KiB, SIGSEGV "               \
	  "(SEGV_MAPERR)")                                                   \
	X(STACK_SPACE, NONE, 0, MAPERR,                                      \
	  "do_page_fault > fault_find_vma > find_vma",                       \
	  "the stack has no room left, SIGSEGV (SEGV_MAPERR)")               \
	X(RIGHTS, NONE, 0, ACCERR,                                           \
	  "do_page_fault > fault_find_vma > find_vma",                       \
	  "the area is {rights}, SIGSEGV (SEGV_ACCERR)")                     \
	X(REFUSED, NONE, 0, ACCERR,                                          \
	  "do_page_fault > fault_find_vma > find_vma",                       \
	  "the entry refuses user mode, SIGSEGV (SEGV_ACCERR)")              \
	X(FASTER, SPURIOUS, 0, DONE, "do_page_fault > do_no_page",           \
	  "another task was faster")                                         \
	X(SHARED, COW, 0, DONE, "do_page_fault > do_wp_page > set_pte",      \
	  "the entry gets its write bit; entry {entry}")                     \
	X(ALONE, COW, 0, DONE, "do_page_fault > do_wp_page > set_pte",       \
	  "the entry gets its write bit, nobody else has frame "             \
	  "{frame}; entry {entry}")                                          \
	X(COW_ZERO, COW_COPY, 0, DONE,                                       \
	  "do_page_fault > do_wp_page > do_cow_page > get_free_page > "      \
	  "set_pte",                                                         \
	  "minor, a zeroed frame in place of the zero page")                 \
	X(COW_COPY, COW_COPY, 0, DONE,                                       \
	  "do_page_fault > do_wp_page > do_cow_page > alloc_page > "         \
	  "set_pte",                                                         \
	  "minor, a copy of frame {frame}, whose count of {count} "          \
	  "becomes {left}")                                                  \
	X(ZERO, ZERO_READ, 0, DONE,                                          \
	  "do_page_fault > do_no_page > do_anonymous_page > set_pte",        \
	  "minor, the zero page; entry {entry}")                             \
	X(ANON, ANON_WRITE, 0, DONE,                                         \
	  "do_page_fault > do_no_page > do_anonymous_page > "                \
	  "get_free_page > set_pte",                                         \
	  "minor, a zeroed frame")                                           \
	X(SWAP_CACHED, SWAP, 0, DONE,                                        \
	  "do_page_fault > do_no_page > do_swap_page > swap_in > "           \
	  "read_swap_page > set_pte",                                        \
	  "minor, frame {frame} of the swap cache (area {area}, slot "       \
	  "{slot})")                                                         \
	X(SWAP_READ, SWAP, 1, DONE,                                          \
	  "do_page_fault > do_no_page > do_swap_page > swap_in > "           \
	  "read_swap_page > rw_swap_page > set_pte",                         \
	  "MAJOR, read from swap area {area}, slot {slot}")                  \
	X(SHM_WRONG, SHM, 0, DONE,                                           \
	  "do_page_fault > do_no_page > {via} > shm_swap_in",                \
	  "kernel panic: the signature there should be {want} (I7)")         \
	X(SHM_BEYOND, SHM, 0, BUS,                                           \
	  "do_page_fault > do_no_page > {via} > shm_swap_in",                \
	  "page {index} is behind the end of segment {id}, SIGBUS")          \
	X(SHM_RESIDENT, SHM, 0, DONE,                                        \
	  "do_page_fault > do_no_page > {via} > shm_swap_in > set_pte",      \
	  "minor, frame {frame} of the page slot; entry {entry}")            \
	X(SHM_NEW, SHM_FIRST, 0, DONE,                                       \
	  "do_page_fault > do_no_page > {via} > shm_swap_in > "              \
	  "get_free_page > set_pte",                                         \
	  "minor, a zeroed frame for page slot {index}, never touched "      \
	  "so far")                                                          \
	X(SHM_CACHED, SHM_SWAP, 0, DONE,                                     \
	  "do_page_fault > do_no_page > {via} > shm_swap_in > "              \
	  "read_swap_page > set_pte",                                        \
	  "minor, frame {frame} of the swap cache (area {area}, slot "       \
	  "{slot})")                                                         \
	X(SHM_READ, SHM_SWAP, 1, DONE,                                       \
	  "do_page_fault > do_no_page > {via} > shm_swap_in > "              \
	  "read_swap_page > rw_swap_page > set_pte",                         \
	  "MAJOR, read from swap area {area}, slot {slot}")                  \
	X(FILE_BEYOND, FILE, 0, BUS,                                         \
	  "do_page_fault > do_no_page > filemap_nopage",                     \
	  "behind the end of the file, SIGBUS")                              \
	X(FILE_CACHED, FILE, 0, DONE,                                        \
	  "do_page_fault > do_no_page > filemap_nopage > set_pte",           \
	  "minor, frame {frame} of the page cache; entry {entry}")           \
	X(FILE_COPY, FILE, 0, DONE,                                          \
	  "do_page_fault > do_no_page > filemap_nopage > alloc_page > "      \
	  "set_pte",                                                         \
	  "minor, a copy of frame {frame} of the page cache")                \
	X(FILE_READ, FILE, 1, DONE,                                          \
	  "do_page_fault > do_no_page > filemap_nopage > "                   \
	  "read_cache_page > set_pte",                                       \
	  "page {index} of the file is not in the page cache: it is "        \
	  "read")                                                            \
	X(FILE_READ_COPY, FILE, 1, DONE,                                     \
	  "do_page_fault > do_no_page > filemap_nopage > "                   \
	  "read_cache_page > set_pte",                                       \
	  "page {index} of the file is not in the page cache: it is "        \
	  "read, and copied")

#define TOUCH_NAME(name, class, disk, outcome, way, text) TOUCH_##name,
enum touch_end {
	TOUCHES(TOUCH_NAME) TOUCH_COUNT
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
