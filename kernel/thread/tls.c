/* SPDX-License-Identifier: MIT */
/*
 * set_thread_area: descriptors 6 to 8 of the GDT belong to the program that
 * runs; the context switch loads them from task->tls.
 *
 *   63         55        51            47           39          15      0
 *  | base 31-24 | G D 0 A | limit 19-16 | P DPL type | base 23-0 | limit |
 *
 * INV-TL1 an entry is 0 or a present data segment of privilege 3: loading a
 *         selector of an entry in use never faults.
 * INV-TL2 gs and fs of the running task agree with the entries. Selectors
 *         saved elsewhere may name one that is 0 by now: the switch and the
 *         way to user mode load them with a fixup.
 *
 * Interrupts are off while entry and selectors change together.
 */
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/thread/tls.h>
#include <kernel/usercopy.h>
#include <uapi/errno.h>
#include <uapi/ldt.h>
#include <x86/cpu.h>

#define DESC_DATA_USER 0xf0u /* present, privilege 3, data, read-only */
#define DESC_WRITABLE 0x02u
#define DESC_EXPAND_DOWN 0x04u
#define DESC_ACCESSED 0x01u
#define DESC_AVAILABLE 0x1u /* of the upper four flags */
#define DESC_32BIT 0x4u
#define DESC_PAGES 0x8u

/* All zero, or Linux's way to say "empty". */
static bool desc_empty(const struct user_desc *d)
{
	if (d->base_addr || d->limit || d->contents || d->limit_in_pages ||
	    d->seg_32bit || d->useable)
		return false;
	return d->read_exec_only == d->seg_not_present;
}

/* Only present 32-bit data segments: INV-TL1. */
static bool desc_valid(const struct user_desc *d)
{
	return desc_empty(d) ||
	       (d->seg_32bit && d->contents <= 1 && !d->seg_not_present);
}

static u64 desc_encode(const struct user_desc *d)
{
	u32 type = DESC_DATA_USER | DESC_ACCESSED, flags = DESC_32BIT;
	u32 low, high;

	if (desc_empty(d))
		return 0;
	if (!d->read_exec_only)
		type |= DESC_WRITABLE;
	if (d->contents)
		type |= DESC_EXPAND_DOWN;
	if (d->limit_in_pages)
		flags |= DESC_PAGES;
	if (d->useable)
		flags |= DESC_AVAILABLE;
	low = d->base_addr << 16 | (d->limit & 0xffff);
	high = (d->base_addr & 0xff000000u) | flags << 20 |
	       (d->limit & 0xf0000) | type << 8 | (d->base_addr >> 16 & 0xff);
	return (u64)high << 32 | low;
}

static void desc_decode(u64 desc, struct user_desc *d)
{
	u32 low = (u32)desc, high = (u32)(desc >> 32);

	*d = (struct user_desc){ .entry_number = d->entry_number };
	d->read_exec_only = !(high & DESC_WRITABLE << 8);
	d->seg_not_present = !desc;
	if (!desc)
		return;
	d->base_addr = low >> 16 | (high & 0xff) << 16 | (high & 0xff000000u);
	d->limit = (low & 0xffff) | (high & 0xf0000);
	d->contents = !!(high & DESC_EXPAND_DOWN << 8);
	d->seg_32bit = 1;
	d->limit_in_pages = !!(high & DESC_PAGES << 20);
	d->useable = !!(high & DESC_AVAILABLE << 20);
}

/* --- selectors ---------------------------------------------------------- */

/* The processor keeps a copy of a loaded descriptor: loads it again, or null
 * when it has just become 0. */
static void refresh_selectors(u32 sel, bool in_use)
{
	u32 gs, fs, fresh = in_use ? sel : 0;

	asm volatile("movl %%gs, %0" : "=r"(gs));
	asm volatile("movl %%fs, %0" : "=r"(fs));
	if ((gs & 0xffff) == sel)
		asm volatile("movl %0, %%gs" : : "r"(fresh));
	if ((fs & 0xffff) == sel)
		asm volatile("movl %0, %%fs" : : "r"(fresh));
}

static void store_entry(struct task *task, u32 entry, u64 desc)
{
	u32 flags = irq_save();

	task->tls[entry - GDT_TLS_MIN] = desc;
	if (task == current) {
		gdt[entry] = desc;
		refresh_selectors(entry << 3 | 3, desc);
	}
	irq_restore(flags);
}

bool tls_selector_valid(const struct task *task, u32 sel)
{
	u32 index = (sel >> 3) - GDT_TLS_MIN;

	return (sel & 7) == 3 && index < GDT_TLS_COUNT && task->tls[index];
}

/* --- the calls ---------------------------------------------------------- */

static u32 free_entry(const struct task *task)
{
	u32 i;

	for (i = 0; i < GDT_TLS_COUNT; i++)
		if (!task->tls[i])
			return i + GDT_TLS_MIN;
	return 0;
}

int tls_set(struct task *task, const void *user_desc, bool can_alloc)
{
	struct user_desc d;

	if (copy_from_user(&d, user_desc, sizeof(d)))
		return -EFAULT;
	if (!desc_valid(&d))
		return -EINVAL;
	if (can_alloc && d.entry_number == ~0u) {
		d.entry_number = free_entry(task);
		if (!d.entry_number)
			return -ESRCH;
		if (put_user_u32(d.entry_number, (void *)user_desc))
			return -EFAULT;
	}
	if (d.entry_number - GDT_TLS_MIN >= GDT_TLS_COUNT)
		return -EINVAL;

	store_entry(task, d.entry_number, desc_encode(&d));
	return 0;
}

long sys_set_thread_area(void *desc)
{
	return tls_set(current, desc, true);
}

long sys_get_thread_area(void *desc)
{
	struct user_desc d;

	if (get_user_u32(&d.entry_number, desc))
		return -EFAULT;
	if (d.entry_number - GDT_TLS_MIN >= GDT_TLS_COUNT)
		return -EINVAL;

	desc_decode(current->tls[d.entry_number - GDT_TLS_MIN], &d);
	return copy_to_user(desc, &d, sizeof(d)) ? -EFAULT : 0;
}
