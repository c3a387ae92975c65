/* SPDX-License-Identifier: MIT */
/*
 * /proc/stock: what the kernel holds at this moment, one kind a line, so that
 * a test can say "as before" and mean all of it.
 *
 *   own 37                                   the reader's private frames
 *   frames 96                                frames of no other line
 *   tables 9                                 page tables
 *   ...
 *   kmalloc-96 30 vm_area_struct             objects of 65 to 96 bytes
 *
 * A line is a name, a number, and for sizes of kmalloc() the structures that
 * have that size. All lines are always there, in the same order.
 *
 * INV-ST1  each frame in use is counted in one line, or is cut into objects,
 *          which are counted instead: how many frames those take depends on
 *          how they are strewn.
 * INV-ST2  the numbers are facts of one moment: nothing here sleeps.
 *
 * What is kept back for speed (docs/decisions/0006-stocks.md) counts as
 * frames: write 3 to /proc/sys/vm/drop_caches first.
 */
#include <fs/file.h>
#include <fs/proc/proc.h>
#include <fs/proc/procfs.h>
#include <ipc/shm/shm.h>
#include <kernel/task.h>
#include <mm/kmalloc.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>

/* The structures that are objects of kmalloc(). Names, texts, tables of
 * descriptors and what one file keeps to itself have any size. */
static const struct {
	const char *name;
	u32 size; /* bytes */
} structures[] = {
#define STRUCTURE(name) { #name, sizeof(struct name) }
	STRUCTURE(process),	STRUCTURE(mm_struct),
	STRUCTURE(vm_area_struct),
	STRUCTURE(sighand),	STRUCTURE(files_struct),
	STRUCTURE(fs_struct),	STRUCTURE(file),
	STRUCTURE(dentry),	STRUCTURE(inode),
	STRUCTURE(super_block), STRUCTURE(shmid_kernel),
#undef STRUCTURE
};

/* Frames and objects, by what mem_map says of them. */
struct stock {
	u32 frames, tables, cache, swap_cache, shm;
	u32 objects[KMALLOC_CLASSES];
};

/* Counts the frame or block that begins at PAGE, which is in use. */
static void count_frame(struct stock *stock, const struct page *page)
{
	u32 flags = page->flags;

	if (flags & PG_SLAB)
		stock->objects[page->kclass] += page->inuse;
	else if (flags & PG_TABLE)
		stock->tables++;
	else if (flags & PG_CACHE)
		stock->cache++;
	else if (flags & PG_SWAPCACHE)
		stock->swap_cache++;
	else if (flags & PG_SHM)
		stock->shm++;
	else
		stock->frames += 1u << page->order;
}

static void count_frames(struct stock *stock)
{
	const struct page *page;

	for (page = mem_map; page < mem_map + max_pfn; page++)
		if (page->count && !(page->flags & PG_RESERVED))
			count_frame(stock, page);
}

/* Frames of the reader that nobody else has. They are a line of their own: a
 * shell that counts may need another page for the text. */
static u32 own_frames(struct mm_struct *mm)
{
	const u32 kept_otherwise = PG_RESERVED | PG_CACHE | PG_SWAPCACHE |
				   PG_SHM;
	const struct page *page;
	vaddr_t addr = 0;
	const pte_t *ptep;
	u32 n = 0;

	while ((ptep = pte_next_held(mm, &addr, TASK_SIZE))) {
		addr += PAGE_SIZE;
		if (!pte_resident(*ptep))
			continue;
		page = pte_page(*ptep);
		n += page->count == 1 && !(page->flags & kept_otherwise);
	}
	return n;
}

static u32 swap_slots(void)
{
	const struct swap_area *area;
	u32 n = 0;

	for (area = swap_info; area < swap_info + MAX_SWAPFILES; area++)
		n += area->used ? area->inuse : 0;
	return n;
}

static u32 address_spaces(void)
{
	const struct mm_struct *mm;
	u32 n = 0;

	list_for_each_entry(mm, &all_mms, all)
		n++;
	return n;
}

static void show_objects(struct seq_buf *s, u32 class, u32 n)
{
	u32 size = kmalloc_class_size(class), i;
	u32 below = class ? kmalloc_class_size(class - 1) : 0;

	seq_printf(s, "kmalloc-%u %u", size, n);
	for (i = 0; i < ARRAY_SIZE(structures); i++)
		if (structures[i].size > below && structures[i].size <= size)
			seq_printf(s, " %s", structures[i].name);
	seq_printf(s, "\n");
}

static int stock_show(struct seq_buf *s, void *arg)
{
	struct stock stock = { 0 };
	u32 class, own = own_frames(current->mm);

	count_frames(&stock);
	seq_printf(s, "own %u\nframes %u\ntables %u\n", own, stock.frames - own,
		   stock.tables);
	seq_printf(s, "cache %u\nswapcache %u\nshm %u\n", stock.cache,
		   stock.swap_cache, stock.shm);
	seq_printf(s, "slots %u\npins %u\n", swap_slots(), nr_swap_pins);
	seq_printf(s, "tasks %u\nmms %u\nareas %u\n", nr_tasks,
		   address_spaces(), nr_vmas);
	seq_printf(s, "files %u\ninodes %u\ndentries %u\nsegments %u\n",
		   nr_files, nr_inodes, nr_dentries, shm_ids.in_use);
	for (class = 0; class < KMALLOC_CLASSES; class++)
		show_objects(s, class, stock.objects[class]);
	return 0;
}

static struct proc_entry stock_entry = {
	.path = "stock", .mode = 0444, .show = stock_show
};

void stock_proc_init(void)
{
	proc_register(&stock_entry);
}
