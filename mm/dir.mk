# Memory, in reading order.
SRCS += mm/memmap.c	# RAM map to mem_map, at boot
SRCS += mm/page_alloc.c	# buddy lists, get_free_page, zero stock
SRCS += mm/kmalloc.c	# small objects of the kernel
SRCS += mm/pgtable.c	# the only writer of entries
SRCS += mm/vma.c	# finding areas and free ranges
SRCS += mm/vma_link.c	# linking, cutting, joining areas
SRCS += mm/vma_avl.c	# the tree that finds them
SRCS += mm/mm.c	# life of an address space
SRCS += mm/mmap.c	# making and removing areas
SRCS += mm/mmap_sys.c	# mmap2, munmap, brk
SRCS += mm/mprotect.c	# mprotect, mlock: flags over ranges
SRCS += mm/mremap.c	# shrink, grow, move an area
SRCS += mm/madvise.c	# madvise, mincore, msync
SRCS += mm/stack.c	# stacks that grow, guard gap
SRCS += mm/fault.c	# the page-fault path, in order
SRCS += mm/anon.c	# zero pages and copies
SRCS += mm/filemap.c	# page cache and mapped files
SRCS += mm/access.c	# other address spaces, ranges in
SRCS += mm/mm_check.c	# proves that the counts agree
SRCS += mm/proc_mm.c	# meminfo, maps, drop_caches, check
SRCS += mm/proc_pages.c	# smaps, pagemap: page by page

# Stepped through in gdb: compiled so that every argument stays visible.
HOP_SRCS += mm/page_alloc.c mm/pgtable.c mm/vma.c mm/stack.c
HOP_SRCS += mm/fault.c mm/anon.c mm/filemap.c
