/* SPDX-License-Identifier: MIT */
/*
 * swapoff: everything that is in an area comes back into memory.
 *
 *   close the area                  no slot of it is given out any more
 *   each address space:  page tables, table by table
 *        entry of the area?  read it -- slept: look again -- map it
 *   each segment:        page slots, by swap_objects
 *   the swap cache:      frames give their slots back
 *   still slots in use?  somebody is reading, writing, forking or exiting:
 *                        wait a tick, and all of it once more
 *
 * A page that several processes have in swap is read once: from then on the
 * swap cache has it, and each of them finds it there.
 *
 * No lock is held while a page is read. An entry is changed under its
 * mmap_sem, and only if it is still what was read (B13).
 *
 * See: mm/swap/swap_area.c, shm-spec 5.5.
 */
#include <fs/file.h>
#include <kernel/signal/signal.h>
#include <kernel/trace/stage.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <mm/mm.h>
#include <mm/swap/swap_area.h>
#include <uapi/errno.h>

/* ------------------------------------------------------------------ */
/* the swap cache                                                      */

/* PAGE is the only holder of its slot: it does without. There is no copy on
 * disk any more. Atomic. */
static void leave_slot(struct page *page)
{
	if (!(page->flags & PG_SWAPCACHE) || page->flags & PG_LOCKED ||
	    swap_count(page_swap_entry(page)) != 1)
		return;
	get_page(page);
	delete_from_swap_cache(page);
	page->flags |= PG_DIRTY;
	free_page(page);
}

/* Frames of area TYPE in the swap cache that nobody else has in swap. */
static void empty_cache(u32 type)
{
	struct swap_area *area = &swap_info[type];
	struct page *page;
	u32 slot;

	for (slot = 1; slot < area->max && area->inuse; slot++) {
		if (area->swap_map[slot] != 1)
			continue;
		page = lookup_swap_cache(swp_entry(type, slot));
		if (page)
			leave_slot(page);
	}
}

/* ------------------------------------------------------------------ */
/* address spaces                                                      */

static bool in_area(pte_t pte, u32 type)
{
	return is_swap_entry(pte) && swp_type(pte) == type;
}

/* The first entry of area TYPE at or above ADDR, or TASK_SIZE. Atomic. */
static vaddr_t find_entry(const struct mm_struct *mm, vaddr_t addr, u32 type)
{
	const pte_t *ptep;

	while ((ptep = pte_next_held(mm, &addr, TASK_SIZE))) {
		if (in_area(*ptep, type))
			return addr;
		addr += PAGE_SIZE;
	}
	return TASK_SIZE;
}

/* Maps PAGE, whose count it takes over, in place of ENTRY, if that still
 * stands at ADDR. mmap_sem is held; atomic. */
static void map_back(struct mm_struct *mm, vaddr_t addr, pte_t entry,
		     struct page *page)
{
	const struct vm_area_struct *vma = find_vma(mm, addr);
	pte_t *ptep = pte_lookup(mm, addr);

	assert_held(&mm->mmap_sem);
	if (!ptep || ptep->val != entry.val || !vma || vma->vm_start > addr) {
		free_page_and_swap_cache(page);
		return;
	}
	/* the right to write is left to do_wp_page() (B14) */
	set_pte(mm, addr, ptep, mk_pte(page, vma->vm_page_prot));
	swap_free(entry);
	leave_slot(page);
}

/* Brings one page of MM back; 0, -ENOMEM or -EIO. Sleeps. */
static int unuse_entry(struct mm_struct *mm, vaddr_t addr)
{
	pte_t entry = *pte_lookup(mm, addr);
	struct page *page;
	bool major;
	int err = read_swap_page(entry, &page, &major);

	if (err)
		return err;
	may_sleep(SLEEP_swapoff_page);
	mutex_lock(&mm->mmap_sem);
	map_back(mm, addr, entry, page);
	mutex_unlock(&mm->mmap_sem);
	return 0;
}

/* An entry that was changed while its page was read is come back to in the
 * next round. */
static int unuse_mm(struct mm_struct *mm, u32 type)
{
	vaddr_t addr = 0;
	int err = 0;

	while (mm->swapped && !err) {
		addr = find_entry(mm, addr, type);
		if (addr >= TASK_SIZE)
			return 0;
		err = signal_pending() ? -EINTR : unuse_entry(mm, addr);
		addr += PAGE_SIZE;
	}
	return err;
}

static int unuse_address_spaces(u32 type)
{
	struct mm_struct *mm = mm_next(&all_mms), *next;
	int err = 0;

	while (mm) {
		if (!err)
			err = unuse_mm(mm, type);
		next = err ? NULL : mm_next(&mm->all);
		mmput(mm);
		mm = next;
	}
	return err;
}

/* ------------------------------------------------------------------ */
/* swapoff                                                             */

/* Is there room for what is in AREA, which is closed? Pages of the swap
 * cache have it already. */
static bool room_for(const struct swap_area *area)
{
	u32 need = area->inuse - MIN(area->inuse, nr_swap_cache);

	return need <= nr_free_pages + freeable_pages() + nr_swap_pages;
}

/* Somebody is about to give up a slot: lets him. 0 or -EINTR. */
static int wait_for_others(void)
{
	static struct wait_queue nobody = WAIT_QUEUE_INIT(nobody);
	u32 left = 1;

	return sleep_on_interruptible_timeout(&nobody, &left) ? -EINTR : 0;
}

static int empty_area(struct swap_area *area)
{
	u32 type = area - swap_info;
	int err = room_for(area) ? 0 : -ENOMEM;

	while (area->inuse && !err) {
		err = unuse_address_spaces(type);
		if (!err)
			err = swap_objects->unuse(type);
		empty_cache(type);
		if (area->inuse && !err)
			err = wait_for_others();
	}
	return err;
}

static int swapoff_area(struct swap_area *area)
{
	int err;

	swap_area_close(area);
	err = empty_area(area);
	if (err)
		swap_area_open(area);
	else
		swap_area_release(area);
	return err;
}

long sys_swapoff(const char *upath)
{
	struct swap_area *area;
	struct file *file;
	char *path;
	int err;

	if (!capable())
		return -EPERM;
	err = getname(upath, &path);
	if (err)
		return err;
	file = file_open(path, O_RDWR, 0, &err);
	putname(path);
	if (!file)
		return err;
	area = swap_area_of(file->inode);
	err = area && area->writeok ? swapoff_area(area) : -EINVAL;
	fput(file);
	return err;
}
