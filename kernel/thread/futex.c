/* SPDX-License-Identifier: MIT */
/*
 * futex: to sleep until somebody says that a word of memory has changed.
 *
 *   wait(word, 7)                        wake(word, 1)
 *     on the list; word still 7?  <----    off the list, woken, wake up
 *     sleep
 *
 * Who waits for the same word is told by a key: the segment or file behind
 * a shared area and the offset in it, else the address space and the
 * address. Neither can go away under a waiter, whose area keeps it.
 *
 * INV-FU1 a waiter is on the list iff it is not woken yet.
 * INV-FU2 it is put there before the word is read: a wake-up between that
 *         and the sleep is not lost.
 *
 * Locks: mmap_sem for the key; the list is atomic. Calls sleep.
 */
#include <fs/file.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/time/time.h>
#include <kernel/usercopy.h>
#include <mm/mm.h>
#include <uapi/errno.h>
#include <uapi/futex.h>
#include <x86/cpu.h>

struct futex_key {
	const void *object; /* segment, inode or address space */
	u32 offset; /* in it, in bytes; the address in an address space */
};

struct futex_waiter {
	struct list_head list; /* of `waiters` while not woken */
	struct futex_key key;
	u32 bits; /* a wake-up with one of these is for it */
	bool woken;
	struct wait_queue wq; /* only the waiter itself sleeps here */
};

static LIST_HEAD(waiters); /* the longest waiting first */

static int shared_key(const struct vm_area_struct *vma, u32 addr,
		      struct futex_key *key)
{
	if (!vma || vma->vm_start > addr)
		return -EFAULT;
	if (!(vma->vm_flags & VM_SHARED))
		return 0;
	key->object = vma->vm_segment;
	if (vma->vm_file)
		key->object = vma->vm_file->inode;
	key->offset = addr - vma->vm_start + vma->vm_offset;
	return 0;
}

static int get_key(u32 addr, bool private, struct futex_key *key)
{
	struct mm_struct *mm = current->mm;
	int err;

	if (addr % sizeof(u32))
		return -EINVAL;
	if (addr >= TASK_SIZE)
		return -EFAULT;
	*key = (struct futex_key){ mm, addr };
	if (private)
		return 0;
	mutex_lock(&mm->mmap_sem);
	err = shared_key(find_vma(mm, addr), addr, key);
	mutex_unlock(&mm->mmap_sem);
	return err;
}

/* Until WAITER is woken or the monotonic clock says *UNTIL (NULL: never). */
static int wait_until(struct futex_waiter *waiter,
		      const struct timespec64 *until)
{
	u32 flags = irq_save(), left;
	int err = 0;

	while (!waiter->woken && !err) {
		if (!until) {
			err = sleep_on_interruptible(&waiter->wq);
			continue;
		}
		left = time_ticks_until(*until);
		err = left ? sleep_on_interruptible_timeout(&waiter->wq, &left)
			   : -ETIMEDOUT;
	}
	irq_restore(flags);
	return waiter->woken ? 0 : err;
}

static int futex_wait(const struct futex_key *key, const u32 *addr, u32 val,
		      u32 bits, const struct timespec64 *until)
{
	struct futex_waiter waiter = { .key = *key, .bits = bits };
	u32 now;
	int err;

	wait_queue_init(&waiter.wq);
	list_add_tail(&waiter.list, &waiters);
	err = get_user_u32(&now, addr);
	if (!err && now != val)
		err = -EAGAIN;
	if (!err)
		err = wait_until(&waiter, until);
	if (!waiter.woken)
		list_del(&waiter.list);
	if (err == -ERESTARTSYS && until)
		return -EINTR;
	return err;
}

static int futex_wake(const struct futex_key *key, u32 count, u32 bits)
{
	struct futex_waiter *waiter;
	struct list_head *pos, *next;
	int woken = 0;

	list_for_each_safe(pos, next, &waiters) {
		waiter = list_entry(pos, struct futex_waiter, list);
		if (waiter->key.object != key->object ||
		    waiter->key.offset != key->offset ||
		    !(waiter->bits & bits))
			continue;
		list_del(&waiter->list);
		waiter->woken = true;
		wake_up(&waiter->wq);
		woken++;
		if ((u32)woken >= count)
			break;
	}
	return woken;
}

/* When a wait ends, by the monotonic clock: WAIT says how long, WAIT_BITSET
 * until when. */
static int read_until(struct timespec64 *until, const void *from, u32 op,
		      bool time64)
{
	int err = time_read_user(until, from, time64);

	if (err)
		return err;
	if (FUTEX_CMD(op) == FUTEX_WAIT)
		*until = time_from_now(*until);
	else if (op & FUTEX_CLOCK_REALTIME)
		until->sec -= time_boot_seconds();
	return 0;
}

static long futex(u32 *addr, u32 op, u32 val, const void *timeout, u32 bits,
		  bool time64)
{
	u32 cmd = FUTEX_CMD(op);
	bool wait = cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET;
	struct timespec64 until;
	struct futex_key key;
	int err;

	if (cmd == FUTEX_WAIT || cmd == FUTEX_WAKE)
		bits = FUTEX_BITSET_MATCH_ANY;
	if (wait && timeout) {
		err = read_until(&until, timeout, op, time64);
		if (err)
			return err;
	}
	if (!wait && cmd != FUTEX_WAKE && cmd != FUTEX_WAKE_BITSET)
		return -ENOSYS;
	if (cmd != FUTEX_WAIT_BITSET && op & FUTEX_CLOCK_REALTIME)
		return -ENOSYS;
	if (!bits)
		return -EINVAL;
	err = get_key((u32)addr, op & FUTEX_PRIVATE_FLAG, &key);
	if (err)
		return err;
	return wait ? futex_wait(&key, addr, val, bits,
				 timeout ? &until : NULL)
		    : futex_wake(&key, val, bits);
}

long sys_futex(u32 *addr, u32 op, u32 val, const void *timeout, u32 *addr2,
	       u32 val3)
{
	return futex(addr, op, val, timeout, val3, false);
}

long sys_futex_time64(u32 *addr, u32 op, u32 val, const void *timeout,
		      u32 *addr2, u32 val3)
{
	return futex(addr, op, val, timeout, val3, true);
}
