/* SPDX-License-Identifier: MIT */
/*
 * The page cache and mapped files.
 *
 *   bucket[hash(mapping, index)] -> page -> page -> NULL   (next_hash)
 *   mapping->pages <-> page <-> page                        (next, prev)
 *
 *   map              access   gets
 *   shared           any      the cache's page
 *   private          read     the cache's page, read-only
 *   private          write    a copy of it, at once
 *   beyond the end   any      FAULT_BUS
 *
 * INV-C3  no PTE maps a page of a file wholly beyond its end for longer
 *         than a truncation takes: it sets the size, then zaps under each
 *         mmap_sem; faults check the size again after their last sleep.
 *
 * Locks: none for the cache (atomic until you sleep). A fault holds
 * mmap_sem and never takes the inode's i_sem; a page being read is locked
 * with PG_LOCKED. See: docs/page-fault.md, shm-spec 4.5.
 */
#include <fs/file.h>
#include <kernel/panic.h>
#include <kernel/task.h>
#include <lib/string.h>
#include <mm/fault.h>
#include <mm/filemap.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

#define FRAMES_PER_BUCKET 4
#define MAPPING_HASH 0x9E3779B1u /* 2^32 / golden ratio: spreads pointers */

u32 nr_cache_pages, nr_buffer_pages;

static struct page **buckets;
static u32 bucket_mask;
static struct wait_queue page_wait = WAIT_QUEUE_INIT(page_wait);

void page_cache_init(void)
{
	u32 order = 0, bytes = max_pfn / FRAMES_PER_BUCKET * sizeof(*buckets);
	struct page *page;

	while ((PAGE_SIZE << order) < bytes)
		order++;
	page = alloc_pages(GFP_KERNEL, order);
	ASSERT_MSG(page, "no memory for the page cache's hash of %u KiB",
		   4u << order);
	buckets = page_kva(page);
	bucket_mask = (PAGE_SIZE << order) / sizeof(*buckets) - 1;
	memset(buckets, 0, PAGE_SIZE << order);
}

static inline struct page **bucket_of(const struct address_space *mapping,
				      u32 index)
{
	u32 hash = ((u32)mapping >> 4) * MAPPING_HASH >> 8;

	/* swap entries differ from bit 8 on */
	return &buckets[(hash + index + (index >> 8)) & bucket_mask];
}

struct page *find_page(const struct address_space *mapping, u32 index)
{
	struct page *page = *bucket_of(mapping, index);

	while (page && (page->index != index || page->mapping != mapping))
		page = page->next_hash;
	return page;
}

void hash_page(struct page *page, struct address_space *mapping, u32 index)
{
	struct page **bucket = bucket_of(mapping, index);

	page->mapping = mapping;
	page->index = index;
	page->next_hash = *bucket;
	*bucket = page;
}

void unhash_page(struct page *page)
{
	struct page **link = bucket_of(page->mapping, page->index);

	while (*link != page) {
		ASSERT_MSG(*link, "INV-C1: frame %x, page %u, is not hashed",
			   page_to_pfn(page), page->index);
		link = &(*link)->next_hash;
	}
	*link = page->next_hash;
	page->mapping = NULL;
}

static bool reads_pages(const struct address_space *mapping)
{
	return mapping->a_ops && mapping->a_ops->readpage;
}

bool page_can_be_read_again(const struct page *page)
{
	return reads_pages(page->mapping) && !(page->flags & PG_DIRTY);
}

void add_to_page_cache(struct page *page, struct address_space *mapping,
		       u32 index)
{
	ASSERT_MSG(page->count && !(page->flags & PG_OWNED),
		   "INV-C1: frame %x for page %u has count %u and flags %x",
		   page_to_pfn(page), index, page->count, page->flags);
	hash_page(page, mapping, index);
	page->prev = NULL;
	page->next = mapping->pages;
	if (page->next)
		page->next->prev = page;
	mapping->pages = page;
	mapping->nrpages++;
	mapping->host->sb->nr_pages++;
	page->flags |= PG_CACHE;
	nr_cache_pages++;
	nr_buffer_pages += reads_pages(mapping);
}

void remove_from_page_cache(struct page *page)
{
	ASSERT_MSG(page->flags & PG_CACHE && page->mapping->nrpages,
		   "INV-C1: frame %x with flags %x leaves the page cache",
		   page_to_pfn(page), page->flags);
	if (page->next)
		page->next->prev = page->prev;
	if (page->prev)
		page->prev->next = page->next;
	else
		page->mapping->pages = page->next;
	page->mapping->nrpages--;
	nr_buffer_pages -= reads_pages(page->mapping);
	page->mapping->host->sb->nr_pages--;
	page->flags &= ~(PG_CACHE | PG_UPTODATE | PG_DIRTY);
	unhash_page(page);
	page->next = page->prev = NULL;
	nr_cache_pages--;
	free_page(page);
}

/* Reads PAGE, which is in the cache, from its object; 0 or -errno. */
static int read_page(struct address_space *mapping, struct page *page)
{
	int err;

	ASSERT_MSG(!(page->flags & PG_LOCKED),
		   "page %u of inode %u is being read already", page->index,
		   mapping->host->ino);
	page->flags |= PG_LOCKED;
	err = mapping->a_ops->readpage(mapping->host, page);
	page->flags &= ~PG_LOCKED;
	if (!err)
		page->flags |= PG_UPTODATE;
	else if (page->flags & PG_CACHE)
		remove_from_page_cache(page);
	wake_up(&page_wait);
	return err;
}

/* PAGE was found: takes a count and waits for its contents. */
static struct page *use_page(struct address_space *mapping, struct page *page,
			     int *err)
{
	get_page(page);
	if (!reads_pages(mapping))
		return page;
	page->flags |= PG_REFERENCED;
	wait_event(&page_wait, !(page->flags & PG_LOCKED));
	if (page->flags & PG_UPTODATE)
		return page;
	free_page(page);
	*err = -EIO;
	return NULL;
}

struct page *read_cache_page(struct address_space *mapping, u32 index, int *err)
{
	struct page *page = find_page(mapping, index), *fresh;

	if (likely(page))
		return use_page(mapping, page, err);
	*err = -ENOMEM;
	fresh = reads_pages(mapping) ? alloc_page(GFP_KERNEL)
				     : get_free_page(GFP_KERNEL);
	if (!fresh)
		return NULL;
	page = find_page(mapping, index); /* may have slept: put in meanwhile */
	if (page) {
		free_page(fresh);
		return use_page(mapping, page, err);
	}
	add_to_page_cache(fresh, mapping, index);
	get_page(fresh);
	*err = reads_pages(mapping) ? read_page(mapping, fresh) : 0;
	if (!*err)
		return fresh;
	free_page(fresh);
	return NULL;
}

/* Zeroes the page that holds byte SIZE, from that byte on. */
static void zero_tail(struct address_space *mapping, u32 size)
{
	u32 used = size & ~PAGE_MASK;
	struct page *page = find_page(mapping, size >> PAGE_SHIFT);

	if (used && page)
		memset((char *)page_kva(page) + used, 0, PAGE_SIZE - used);
}

void zero_mapped_tail(struct address_space *mapping, u32 size)
{
	if (mapping->mapped)
		zero_tail(mapping, size);
}

void truncate_pages(struct address_space *mapping, u32 size)
{
	u32 first = DIV_ROUND_UP(size, PAGE_SIZE);
	struct page *page = mapping->pages, *next;

	for (; page; page = next) {
		next = page->next;
		if (page->index >= first)
			remove_from_page_cache(page);
	}
	zero_tail(mapping, size);
}

/* ------------------------------------------------------------------ */
/* maps of a file                                                      */

/* Zaps what VMA maps at or above byte FIRST of its file. mmap_sem is held. */
static void zap_area(struct vm_area_struct *vma, u32 first)
{
	u32 skip = first > vma->vm_offset ? first - vma->vm_offset : 0;

	assert_held(&vma->vm_mm->mmap_sem);
	if (skip < vma->vm_end - vma->vm_start)
		zap_page_range(vma->vm_mm, vma->vm_start + skip, vma->vm_end);
}

static void zap_in_mm(struct mm_struct *mm,
		      const struct address_space *mapping, u32 first)
{
	struct vm_area_struct *vma;

	mutex_lock(&mm->mmap_sem);
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		if (vma->vm_ops == &filemap_vm_ops &&
		    &vma->vm_file->inode->i_data == mapping)
			zap_area(vma, first);
	mutex_unlock(&mm->mmap_sem);
}

/* A walk over all address spaces: truncations of mapped files are rare, and
 * so no list of a file's areas has to be kept through fork and exit. */
void zap_file_maps(struct address_space *mapping, u32 size)
{
	u32 first = ALIGN_UP(size, PAGE_SIZE);
	struct mm_struct *mm, *next;

	if (!mapping->mapped)
		return;
	for (mm = mm_next(&all_mms); mm; mm = next) {
		zap_in_mm(mm, mapping, first);
		next = mm_next(&mm->all);
		mmput(mm);
	}
}

static bool beyond_end(const struct inode *inode, u32 index)
{
	return index >= DIV_ROUND_UP(inode->size, PAGE_SIZE);
}

/* A private copy of PAGE, whose reference is given up; NULL: no memory. */
static struct page *copy_for_write(struct page *page)
{
	struct page *copy = alloc_page(GFP_KERNEL);

	if (copy)
		copy_page(page_kva(copy), page_kva(page));
	free_page(page);
	return copy;
}

/* Hop 9 for files: the page of the file, or a copy of it. */
static __hop enum fault_outcome filemap_nopage(struct fault *f,
					       struct page **res)
{
	struct inode *inode = f->vma->vm_file->inode;
	u32 index = vma_page_index(f->vma, f->addr);
	struct page *page;
	int err;

	if (beyond_end(inode, index))
		return FAULT_BUS;
	page = read_cache_page(&inode->i_data, index, &err);
	if (!page)
		return err == -ENOMEM ? FAULT_OOM : FAULT_BUS;
	if (fault_is_write(f) && !(f->vma->vm_flags & VM_SHARED))
		page = copy_for_write(page);
	if (!page)
		return FAULT_OOM;
	/* may have slept: the file may be shorter now */
	if (beyond_end(inode, index)) {
		free_page(page);
		truncate_pages(&inode->i_data, inode->size);
		return FAULT_BUS;
	}
	*res = page;
	return FAULT_DONE;
}

const struct vm_operations_struct filemap_vm_ops = {
	.kind = "file",
	.fault_class = FAULT_CLASS_FILE,
	.nopage = filemap_nopage,
};

int generic_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	file->inode->i_data.mapped = true;
	vma->vm_ops = &filemap_vm_ops;
	return 0;
}
