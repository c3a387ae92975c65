/* SPDX-License-Identifier: MIT */
/*
 * Objects of the kernel: frames cut into equal pieces, a list of frames with
 * room for each size; above 2 KiB whole blocks of frames.
 *
 *   class 64: partial -> page -> page          (frames with a free object)
 *                         | free_objs -> obj -> obj -> NULL
 *                         | inuse = 61
 *
 * INV-K1  inuse + length of free_objs == PAGE_SIZE / size of the class.
 * INV-K2  a frame is on its class's list iff free_objs is not empty.
 */
#include <kernel/panic.h>
#include <kernel/task.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

static const u16 class_size[] = { 16,  32,  64,	 96,   128,
				  192, 256, 512, 1024, 2048 };
#define NCLASSES KMALLOC_CLASSES
#define SLAB_LARGEST 2048u

static struct page *partial[NCLASSES]; /* NULL-ended, through next/prev */
static u32 empty_slabs[NCLASSES]; /* of those, wholly free ones */

BUILD_ASSERT(ARRAY_SIZE(class_size) == NCLASSES,
	     "the viewers count as many classes as there are");

u32 kmalloc_class_size(u32 class)
{
	return class_size[class];
}

static u32 class_of(size_t size)
{
	u32 c = 0;

	while (class_size[c] < size)
		c++;
	return c;
}

static void partial_push(struct page *page, u32 c)
{
	page->prev = NULL;
	page->next = partial[c];
	if (page->next)
		page->next->prev = page;
	partial[c] = page;
}

static void partial_unlink(struct page *page, u32 c)
{
	if (page->prev)
		page->prev->next = page->next;
	else
		partial[c] = page->next;
	if (page->next)
		page->next->prev = page->prev;
}

/* Cuts a new frame for class C and puts it on the list. */
static struct page *slab_grow(u32 c, enum gfp gfp)
{
	struct page *page = alloc_page(gfp);
	u32 n = PAGE_SIZE / class_size[c];
	char *obj;

	if (!page)
		return NULL;
	page->flags |= PG_SLAB;
	page->kclass = c;
	page->inuse = 0;
	page->free_objs = NULL;
	obj = (char *)page_kva(page) + n * class_size[c];
	while (n--) {
		obj -= class_size[c];
		*(void **)obj = page->free_objs;
		page->free_objs = obj;
	}
	partial_push(page, c);
	empty_slabs[c]++;
	return page;
}

static void *slab_take(struct page *page, u32 c)
{
	void *obj = page->free_objs;

	page->free_objs = *(void **)obj;
	if (!page->inuse++)
		empty_slabs[c]--;
	if (!page->free_objs) {
		ASSERT_MSG(page->inuse == PAGE_SIZE / class_size[c],
			   "INV-K1: frame %x of class %u is full with %u",
			   page_to_pfn(page), c, page->inuse);
		partial_unlink(page, c);
	}
	return obj;
}

static void *kmalloc_large(size_t size, enum gfp gfp)
{
	struct page *page;
	u32 order = 0;

	if (size > PAGE_SIZE << (MAX_ORDER - 1))
		return NULL;
	while (PAGE_SIZE << order < size)
		order++;
	page = alloc_pages(gfp, order);
	return page ? page_kva(page) : NULL;
}

void *kmalloc(size_t size, enum gfp gfp)
{
	struct page *page;
	u32 c;

	if (size > SLAB_LARGEST)
		return kmalloc_large(size, gfp);
	if (should_fail(gfp == GFP_KERNEL))
		return NULL;
	c = class_of(size);
	page = partial[c];
	if (!page) {
		page = slab_grow(c, gfp);
		if (!page)
			return NULL;
	}
	return slab_take(page, c);
}

void *kzalloc(size_t size, enum gfp gfp)
{
	void *obj = kmalloc(size, gfp);

	if (obj)
		memset(obj, 0, size);
	return obj;
}

char *kstrdup(const char *s, enum gfp gfp)
{
	size_t size = strlen(s) + 1;
	char *copy = kmalloc(size, gfp);

	if (copy)
		memcpy(copy, s, size);
	return copy;
}

/* Gives a wholly free frame of class C back. */
static void slab_release(struct page *page, u32 c)
{
	ASSERT_MSG(!page->inuse && empty_slabs[c],
		   "INV-K1: frame %x goes with %u objects, %u are empty",
		   page_to_pfn(page), page->inuse, empty_slabs[c]);
	partial_unlink(page, c);
	empty_slabs[c]--;
	page->flags &= ~PG_SLAB;
	free_page(page);
}

void kfree(void *obj)
{
	struct page *page;
	u32 c;

	if (!obj)
		return;
	page = kva_to_page(obj);
	if (!(page->flags & PG_SLAB)) {
		ASSERT_MSG(!((u32)obj & ~PAGE_MASK),
			   "kfree: %p begins no block of frames", obj);
		free_pages(page, page->order);
		return;
	}
	c = page->kclass;
	ASSERT_MSG(page->inuse, "kfree: %p lies in a frame without objects",
		   obj);
	ASSERT_MSG(!((u32)obj % class_size[0]), "kfree: %p begins no object",
		   obj);
	if (!page->free_objs)
		partial_push(page, c);
	*(void **)obj = page->free_objs;
	page->free_objs = obj;
	if (--page->inuse)
		return;
	if (empty_slabs[c]++) /* one is kept for the next object */
		slab_release(page, c);
}

u32 kmalloc_drain(void)
{
	struct page *page, *next;
	u32 c, n = 0;

	for (c = 0; c < NCLASSES; c++)
		for (page = partial[c]; page; page = next) {
			next = page->next;
			if (page->inuse)
				continue;
			slab_release(page, c);
			n++;
		}
	return n;
}
