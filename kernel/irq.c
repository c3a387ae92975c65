/* SPDX-License-Identifier: MIT */
/*
 * Interrupt lines: who asked for which, and the way from the vector there.
 *
 *   vector 0x20 + line -> irq_dispatch() -> acknowledge -> handler[line]
 *
 * The controller is told first: lines are edge triggered, so that what
 * arrives while the handler runs is kept and comes next.
 *
 * INV-IR1 a line is unmasked exactly if it has a handler.
 * INV-IR2 handlers run with interrupts off and do not sleep: irq_depth > 0
 *         makes may_sleep() panic.
 */
#include <drivers/drivers.h>
#include <kernel/panic.h>
#include <kernel/trap.h>

struct irq_line {
	irq_handler_t handler; /* NULL: nobody asked for it */
	const char *name; /* of the driver */
	u32 count; /* since boot */
};

u32 irq_depth;

static struct irq_line irq_lines[IRQ_LINES];
static u32 irq_spurious;

void irq_init(void)
{
	u32 i;

	for (i = 0; i < IRQ_LINES; i++)
		irq_lines[i] = (struct irq_line){ NULL, "", 0 };
	irq_spurious = 0;
}

void irq_register(u32 line, irq_handler_t handler, const char *name)
{
	ASSERT_MSG(line < IRQ_LINES, "interrupt line %u does not exist", line);
	ASSERT_MSG(!irq_lines[line].handler,
		   "interrupt line %u is taken twice: by %s and %s", line,
		   irq_lines[line].name, name);
	irq_lines[line].handler = handler;
	irq_lines[line].name = name;
	pic_unmask(line);
}

void irq_dispatch(struct trap_frame *frame)
{
	u32 line = frame->vector - VECTOR_IRQ_BASE;
	struct irq_line *irq = &irq_lines[line];

	if (pic_spurious(line)) {
		irq_spurious++;
		return;
	}
	pic_eoi(line);
	irq->count++;
	if (!irq->handler)
		return;
	irq_depth++;
	irq->handler(frame);
	irq_depth--;
}

const char *irq_name(u32 line)
{
	return irq_lines[line].handler ? irq_lines[line].name : NULL;
}

u32 irq_count(u32 line)
{
	return irq_lines[line].count;
}
