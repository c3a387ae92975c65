/* SPDX-License-Identifier: MIT */
/*
 * The swap cache: the frame of each slot that is being written, being read,
 * or whose copy on disk is still good.
 *
 *   eviction  every entry back -> add -> write -> delete, frame free
 *   return    add -> read -> entry compared -> frame mapped
 *                      |        private pages stay in the cache until they
 *                      |        are written to or slots get scarce
 *                      '-- a second process finds the frame and waits
 *
 * That is all the locking slots need: who wants to read one that is being
 * written, or read already, finds its frame and waits for the page lock
 * (INV-W3), and a slot with a frame in the cache is given to nobody else
 * (INV-W1), however often its owners change in the meantime.
 *
 * INV-W4  PG_UPTODATE: the frame holds what the slot stands for. PG_DIRTY:
 *         the slot on disk does not, yet. A frame of the cache is never
 *         mapped writable, so it cannot become dirty again.
 *
 * Then and now: Linux 2.0 had a lock bit a slot and no frame to wait on,
 * 2.4 and later have this cache (docs/swap.md).
 */
#include <kernel/panic.h>
#include <kernel/trace/stage.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <mm/filemap.h>
#include <mm/swap/swap.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

u32 nr_swap_cache, nr_swap_pins;

static u32 writes_under_way; /* by anybody */
static u32 writes_done; /* and successful, so far */
static struct address_space swapper_space; /* only its address is used */
static struct wait_queue io_wait = WAIT_QUEUE_INIT(io_wait);

struct page *lookup_swap_cache(pte_t entry)
{
	return find_page(&swapper_space, entry.val);
}

void add_to_swap_cache(struct page *page, pte_t entry)
{
	ASSERT_MSG(page->count && !(page->flags & PG_OWNED) &&
			   !lookup_swap_cache(entry),
		   "INV-W3: frame %x with flags %x for slot %08x",
		   page_to_pfn(page), page->flags, entry.val);
	hash_page(page, &swapper_space, entry.val);
	page->flags |= PG_SWAPCACHE;
	nr_swap_cache++;
}

void delete_from_swap_cache(struct page *page)
{
	pte_t entry = page_swap_entry(page);

	ASSERT_MSG(page->flags & PG_SWAPCACHE &&
			   !(page->flags & PG_LOCKED),
		   "INV-W3: frame %x with flags %x leaves the swap cache",
		   page_to_pfn(page), page->flags);
	unhash_page(page);
	page->flags &= ~(PG_SWAPCACHE | PG_DIRTY);
	nr_swap_cache--;
	swap_free(entry);
	free_page(page);
}

/* ------------------------------------------------------------------ */
/* holders that go                                                     */

/* The cache, and nobody else, has PAGE: not a task, not an entry. */
static bool only_in_cache(const struct page *page)
{
	return page->count == 1 && !(page->flags & PG_LOCKED);
}

void free_swap_and_cache(pte_t entry)
{
	struct page *page;

	if (swap_free(entry) != 1)
		return;
	page = lookup_swap_cache(entry);
	if (page && only_in_cache(page))
		delete_from_swap_cache(page);
}

void free_page_and_swap_cache(struct page *page)
{
	bool cached = page->flags & PG_SWAPCACHE;

	free_page(page);
	if (cached && only_in_cache(page) &&
	    swap_count(page_swap_entry(page)) == 1)
		delete_from_swap_cache(page);
}

bool can_reuse_swap_page(const struct page *page)
{
	return page->flags & PG_SWAPCACHE && !(page->flags & PG_LOCKED) &&
	       page->count == 2 && swap_count(page_swap_entry(page)) == 1;
}

bool reuse_swap_page(struct page *page)
{
	if (!can_reuse_swap_page(page))
		return false;
	delete_from_swap_cache(page);
	return true;
}

/* ------------------------------------------------------------------ */
/* transfers                                                           */

static void lock_swap_page(struct page *page)
{
	ASSERT_MSG((page->flags & (PG_LOCKED | PG_SWAPCACHE)) == PG_SWAPCACHE,
		   "INV-W3: frame %x with flags %x begins a transfer",
		   page_to_pfn(page), page->flags);
	page->flags |= PG_LOCKED;
}

static void unlock_swap_page(struct page *page)
{
	ASSERT_MSG(page->flags & PG_LOCKED && page->count,
		   "INV-W3: frame %x, flags %x, count %u, ends a transfer",
		   page_to_pfn(page), page->flags, page->count);
	page->flags &= ~PG_LOCKED;
	wake_up(&io_wait);
}

/* Somebody else's transfer of PAGE, which we count, comes to its end; 0, or
 * -EIO if it was a read that failed. */
static int wait_on_swap_page(struct page *page)
{
	if (page->flags & PG_LOCKED)
		may_sleep(SLEEP_swap_wait);
	wait_event(&io_wait, !(page->flags & PG_LOCKED));
	return page->flags & PG_UPTODATE ? 0 : -EIO;
}

/* Reads the slot into PAGE, which is new in the cache. */
static int fill_swap_page(struct page *page, pte_t entry)
{
	int err;

	lock_swap_page(page);
	may_sleep(SLEEP_swap_read);
	TRACE(swap_read, swp_type(entry), swp_slot(entry), page_to_pfn(page));
	err = rw_swap_page(entry, page, false);
	may_sleep(SLEEP_swap_read_done);
	if (!err)
		page->flags |= PG_UPTODATE;
	unlock_swap_page(page);
	return err;
}

/* A page that could not be read leaves the cache; those who wait for it see
 * that it is not up to date. */
static void drop_unread_page(struct page *page)
{
	delete_from_swap_cache(page);
	free_page(page);
}

/* FRESH, with one count for us and one for the cache, is read from the slot
 * whose pin the cache takes over. */
static int read_fresh_page(struct page *fresh, pte_t entry, struct page **res,
			   bool *major)
{
	int err;

	get_page(fresh);
	add_to_swap_cache(fresh, entry);
	err = fill_swap_page(fresh, entry);
	if (err) {
		drop_unread_page(fresh);
		return err;
	}
	*major = true;
	*res = fresh;
	return 0;
}

/* PAGE was found in the cache: somebody reads or writes it, or did. */
static int use_cached_page(struct page *page, struct page **res)
{
	pte_t entry = page_swap_entry(page);
	int err;

	get_page(page);
	TRACE(swap_cached, swp_type(entry), swp_slot(entry), page_to_pfn(page));
	err = wait_on_swap_page(page);
	if (err)
		free_page(page);
	else
		*res = page;
	return err;
}

__hop int read_swap_page(pte_t entry, struct page **res, bool *major)
{
	struct page *page = lookup_swap_cache(entry), *fresh;
	int err;

	ASSERT_MSG(is_swap_entry(entry), "%08x names no slot", entry.val);
	if (page)
		return use_cached_page(page, res);
	swap_duplicate(entry); /* the pin: the slot stays this page's */
	nr_swap_pins++;
	fresh = alloc_page(GFP_KERNEL);
	page = lookup_swap_cache(entry); /* may have slept */
	if (fresh && !page) {
		nr_swap_pins--;
		return read_fresh_page(fresh, entry, res, major);
	}
	if (fresh)
		free_page(fresh);
	err = page ? use_cached_page(page, res) : -ENOMEM; /* may sleep */
	nr_swap_pins--;
	free_swap_and_cache(entry);
	return err;
}

/* The write of PAGE, which we count, has ended: frees it unless somebody
 * wants it back, or it could not be written and is the only copy. */
static bool finish_write(struct page *page)
{
	bool freed;

	if (page->flags & PG_SWAPCACHE && page->count == 2 &&
	    (!(page->flags & PG_DIRTY) ||
	     swap_count(page_swap_entry(page)) == 1))
		delete_from_swap_cache(page);
	freed = page->count == 1;
	free_page(page);
	return freed;
}

__hop bool write_swap_page(struct page *page)
{
	pte_t entry = page_swap_entry(page);
	int err;

	ASSERT_MSG(page->flags & PG_UPTODATE,
		   "INV-W4: frame %x with flags %x is written to %08x",
		   page_to_pfn(page), page->flags, entry.val);
	get_page(page);
	lock_swap_page(page);
	may_sleep(SLEEP_swap_write);
	TRACE(swap_write, swp_type(entry), swp_slot(entry), page_to_pfn(page));
	writes_under_way++;
	err = rw_swap_page(entry, page, true);
	writes_under_way--;
	may_sleep(SLEEP_swap_write_done);
	if (!err) {
		page->flags &= ~PG_DIRTY;
		writes_done++;
	}
	TRACE(swap_done, swp_type(entry), swp_slot(entry), page_to_pfn(page),
	      -err);
	unlock_swap_page(page);
	return finish_write(page);
}

bool swap_write_wait(void)
{
	u32 before = writes_done;

	while (writes_under_way && writes_done == before)
		sleep_on(&io_wait);
	return writes_done != before;
}
