/* SPDX-License-Identifier: MIT */
/*
 * The kernel log. A ring of text keeps the newest LOG_SIZE bytes; each line
 * also goes to the consoles at once, so that a machine that dies has said
 * what it had to say.
 *
 *   log_ring[LOG_SIZE]   ... older | newer ...  byte n is at n % LOG_SIZE
 *                                  ^ log_end
 *
 * INV-PK1 log_end counts every byte ever logged; those from
 *         log_end - min(log_end, LOG_SIZE) on are in the ring.
 *
 * Context: any. Interrupts are off while a line is formatted and stored,
 * because the line buffer is shared (stacks are small).
 */
#include <drivers/drivers.h>
#include <kernel/printk.h>
#include <lib/printf.h>
#include <x86/cpu.h>

#define LOG_SIZE 0x8000u /* a power of two */
#define LINE_SIZE 512u

static char log_ring[LOG_SIZE];
static u32 log_end;
static char line[LINE_SIZE];

static void log_append(const char *text, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		log_ring[log_end++ % LOG_SIZE] = text[i];
}

void vprintk(const char *fmt, va_list args)
{
	u32 flags = irq_save();
	u32 len = vsnprintf(line, LINE_SIZE, fmt, args);

	if (len >= LINE_SIZE) {
		len = LINE_SIZE - 1;
		line[len - 1] = '\n';
	}
	log_append(line, len);
	console_write(line, len);
	irq_restore(flags);
}

void printk(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
}

u32 printk_read(char *buf, u32 size)
{
	u32 flags = irq_save();
	u32 len = MIN(log_end, LOG_SIZE), start, i;

	if (!size) {
		irq_restore(flags);
		return 0;
	}
	len = MIN(len, size - 1);
	start = log_end - len;
	for (i = 0; i < len; i++)
		buf[i] = log_ring[(start + i) % LOG_SIZE];
	buf[len] = '\0';
	irq_restore(flags);
	return len;
}
