/* SPDX-License-Identifier: MIT */
/*
 * Timers: a list sorted by expiry, so that a tick looks at one member.
 *
 *   timer_list -> [expires 712] -> [expires 712] -> [expires 5012] -> NULL
 *
 * INV-TM1 t->armed exactly while t is on the list.
 * INV-TM2 expiries are compared by their distance to `ticks`, so the counter
 *         may wrap; no timer is 2^31 ticks (248 days) away.
 *
 * Context: any; interrupts are off around the list. FN runs in the timer
 * interrupt, with its timer off the list: it may arm it again.
 */
#include <kernel/time/time.h>
#include <x86/cpu.h>

static struct timer *timer_list;

static bool due_before(const struct timer *t, u32 expires)
{
	return (s32)(t->expires - expires) <= 0;
}

void timer_del(struct timer *t)
{
	struct timer **link;
	u32 flags = irq_save();

	for (link = &timer_list; t->armed && *link; link = &(*link)->next) {
		if (*link != t)
			continue;
		*link = t->next;
		t->armed = false;
		break;
	}
	irq_restore(flags);
}

void timer_add(struct timer *t, u32 expires)
{
	struct timer **link = &timer_list;
	u32 flags = irq_save();

	timer_del(t);
	while (*link && due_before(*link, expires))
		link = &(*link)->next;
	t->expires = expires;
	t->next = *link;
	t->armed = true;
	*link = t;
	irq_restore(flags);
}

void timer_run(void)
{
	struct timer *t;

	while (timer_list && due_before(timer_list, ticks)) {
		t = timer_list;
		timer_list = t->next;
		t->armed = false;
		t->fn(t->arg);
	}
}
