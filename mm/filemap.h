/* SPDX-License-Identifier: MIT */
/*
 * The page cache: pages of objects, found by (address_space, index).
 *
 *   inode.i_data (address_space) ---.
 *                                    \  hash(mapping, index) -> page -> page
 *   PTEs of shared and read-only maps --> the same frames
 *
 * INV-C1  a page has PG_CACHE iff it is in the hash and on its mapping's
 *         list; the cache holds one count of it.
 * INV-C2  pages of an object without readpage are its only copy: they go
 *         only when it is truncated or dies.
 */
#ifndef MM_FILEMAP_H
#define MM_FILEMAP_H

#include <mm/page.h>
#include <mm/vma.h>

struct inode;

struct address_space_operations {
	/* Fills PAGE (locked, in the cache) from the object; 0 or -errno.
	 * NULL: pages that are not there read as zero. May sleep. */
	int (*readpage)(struct inode *inode, struct page *page);
};

struct address_space {
	struct inode *host;
	struct page *pages; /* all of them, through next/prev, NULL-ended */
	u32 nrpages;
	const struct address_space_operations *a_ops; /* NULL: RAM only */
	bool mapped; /* has been mapped at least once */
};

/* The page, or NULL; takes no reference. Does not sleep. */
struct page *find_page(const struct address_space *mapping, u32 index);

/* The hash alone, which the swap cache (mm/swap/swap_cache.c) shares: PAGE is
 * found as page INDEX of MAPPING from now on; no longer. */
void hash_page(struct page *page, struct address_space *mapping, u32 index);
void unhash_page(struct page *page);

/* Puts PAGE in; the cache takes over the caller's count. */
void add_to_page_cache(struct page *page, struct address_space *mapping,
		       u32 index);
/* Takes it out and drops the cache's count. */
void remove_from_page_cache(struct page *page);

/* The page, read or zero-filled if it was not there, with one more count
 * for the caller; NULL and *ERR: -ENOMEM, -EIO. May sleep. */
struct page *read_cache_page(struct address_space *mapping, u32 index,
			     int *err);

/* Drops pages wholly at or above SIZE and zeroes the tail of the last one;
 * maps of dropped pages are the caller's business. Atomic. */
void truncate_pages(struct address_space *mapping, u32 size);

/* Zaps every PTE, of every address space, of a page wholly at or above SIZE.
 * The object must have that size already. May sleep. */
void zap_file_maps(struct address_space *mapping, u32 size);

/* The object of SIZE bytes is about to grow: what maps wrote behind its end
 * is not part of it. */
void zero_mapped_tail(struct address_space *mapping, u32 size);

/* Is PAGE, of the page cache, clean and a copy of what a disk holds? Atomic. */
bool page_can_be_read_again(const struct page *page);

extern u32 nr_cache_pages; /* of all objects */
extern u32 nr_buffer_pages; /* of those the ones that can be read again */
void page_cache_init(void);

/* mmap of a regular file: installs filemap_vm_ops. */
extern const struct vm_operations_struct filemap_vm_ops;
int generic_file_mmap(struct file *file, struct vm_area_struct *vma);

#endif
