/* SPDX-License-Identifier: MIT */
/*
 * Kernel objects of 1 byte to 64 KiB. kmalloc() may sleep with GFP_KERNEL;
 * NULL means no memory. kfree(NULL) does nothing.
 */
#ifndef MM_KMALLOC_H
#define MM_KMALLOC_H

#include <mm/page_alloc.h>

#define KMALLOC_CLASSES 10u /* sizes a slab page is cut into */

void *kmalloc(size_t size, enum gfp gfp);
void *kzalloc(size_t size, enum gfp gfp); /* the same, zeroed */
void kfree(void *obj);
char *kstrdup(const char *s, enum gfp gfp);

/* Bytes of an object of CLASS, below KMALLOC_CLASSES (page->kclass). */
u32 kmalloc_class_size(u32 class);

/* Returns wholly free slab pages to the buddy lists; how many. */
u32 kmalloc_drain(void);

#endif
