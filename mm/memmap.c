/* SPDX-License-Identifier: MIT */
/*
 * From the boot loader's map of RAM to mem_map, the direct map and the free
 * lists. Runs once, with the boot page directory loaded.
 *
 *   0        640K  1M            module(s)                       top
 *   |  RAM   | hole | kernel image |####|     RAM                 |
 *                                        ^ first hole that is large enough:
 *                                          page directory, direct-map
 *                                          tables, mem_map
 *
 * Frames that are not usable RAM, hold the kernel, a module or the tables
 * stay reserved; initrd.c gives the modules' frames back once unpacked.
 */
#include <boot/boot_info.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <lib/string.h>
#include <mm/page_alloc.h>
#include <mm/pgtable.h>

#define MIN_RAM_PAGES 1024u /* 4 MiB */

/* Is [start, end) free of the kernel and of all modules? If not, *NEXT is
 * the end of what is in the way. */
static bool boot_range_free(const struct boot_info *info, paddr_t start,
			    paddr_t end, paddr_t *next)
{
	u32 i;

	if (start < kva_to_paddr(kernel_end)) {
		*next = kva_to_paddr(kernel_end);
		return false;
	}
	for (i = 0; i < info->nmodules; i++) {
		*next = info->module[i].end;
		if (start < *next && info->module[i].start < end)
			return false;
	}
	return true;
}

/* The lowest SIZE bytes of usable RAM that nothing stands in. */
static paddr_t boot_find_room(const struct boot_info *info, u32 size)
{
	const struct boot_range *r;
	paddr_t start, next;
	u32 i;

	for (i = 0; i < info->nranges; i++) {
		r = &info->range[i];
		if (!r->usable || r->start >= DIRECT_MAP_MAX)
			continue;
		start = ALIGN_UP((u32)r->start, PAGE_SIZE);
		while ((u64)start + size <= MIN(r->end, DIRECT_MAP_MAX)) {
			if (boot_range_free(info, start, start + size, &next))
				return start;
			start = ALIGN_UP(next, PAGE_SIZE);
		}
	}
	panic("too little RAM: no %u KiB free for the table of frames",
	      size >> 10);
}

/* One more than the highest usable frame the direct map can reach. */
static u32 boot_max_pfn(const struct boot_info *info)
{
	u64 top = 0, ignored = 0, end;
	u32 i;

	for (i = 0; i < info->nranges; i++) {
		if (!info->range[i].usable)
			continue;
		end = info->range[i].end;
		if (end > DIRECT_MAP_MAX) {
			ignored += end - MAX(info->range[i].start,
					     (u64)DIRECT_MAP_MAX);
			end = DIRECT_MAP_MAX;
		}
		top = MAX(top, end);
	}
	if (ignored)
		printk("mem: %u MiB of RAM above 896 MiB are not used\n",
		       (u32)(ignored >> 20));
	return (u32)(top >> PAGE_SHIFT);
}

static void reserve_all(void)
{
	u32 pfn;

	memset(mem_map, 0, max_pfn * sizeof(*mem_map));
	for (pfn = 0; pfn < max_pfn; pfn++)
		mem_map[pfn].flags = PG_RESERVED;
}

static bool boot_frame_is_kernel(paddr_t addr)
{
	return addr >= ALIGN_DOWN(kva_to_paddr(kernel_start), PAGE_SIZE) &&
	       addr < kva_to_paddr(kernel_end);
}

static bool boot_frame_in_module(const struct boot_info *info, paddr_t addr)
{
	u32 i;

	for (i = 0; i < info->nmodules; i++)
		if (addr < info->module[i].end &&
		    addr + PAGE_SIZE > info->module[i].start)
			return true;
	return false;
}

/* Usable, whole frames, not page 0, nothing of the boot in it. */
static void free_usable(const struct boot_info *info, paddr_t room, u32 size)
{
	const struct boot_range *r;
	paddr_t addr, end;
	u32 i;

	for (i = 0; i < info->nranges; i++) {
		r = &info->range[i];
		if (!r->usable || r->start >= DIRECT_MAP_MAX)
			continue;
		addr = MAX(ALIGN_UP((u32)r->start, PAGE_SIZE), PAGE_SIZE);
		end = ALIGN_DOWN((u32)MIN(r->end, (u64)DIRECT_MAP_MAX),
				 PAGE_SIZE);
		for (; addr < end; addr += PAGE_SIZE) {
			if (boot_frame_is_kernel(addr) ||
			    (addr >= room && addr < room + size))
				continue;
			nr_total_pages++;
			if (!boot_frame_in_module(info, addr))
				free_reserved(addr, addr + PAGE_SIZE);
		}
	}
}

static u32 boot_module_pages(const struct boot_info *info)
{
	u32 i, n = 0;

	for (i = 0; i < info->nmodules; i++)
		n += DIV_ROUND_UP(info->module[i].end - info->module[i].start,
				  PAGE_SIZE);
	return n;
}

void mem_init(const struct boot_info *info)
{
	u32 tables, size;
	paddr_t room;

	max_pfn = boot_max_pfn(info);
	if (max_pfn < MIN_RAM_PAGES)
		panic("too little RAM: %u KiB, at least 4 MiB are needed",
		      max_pfn << 2);
	tables = 1 + DIV_ROUND_UP(max_pfn, PTRS_PER_TABLE);
	size = ALIGN_UP(tables * PAGE_SIZE + max_pfn * sizeof(struct page),
			PAGE_SIZE);
	room = boot_find_room(info, size);
	mem_map = paddr_to_kva(room + tables * PAGE_SIZE);
	pgtable_init(room, max_pfn);
	reserve_all();
	free_usable(info, room, size);
	nr_kernel_pages = (size + (kernel_end - kernel_start)) >> PAGE_SHIFT;
	zero_page = get_free_page(GFP_ATOMIC);
	zero_page->flags |= PG_RESERVED;
	printk("mem: %u KiB free of %u KiB, kernel %u KiB, modules %u KiB\n",
	       nr_free_pages << 2, nr_total_pages << 2, nr_kernel_pages << 2,
	       boot_module_pages(info) << 2);
}
