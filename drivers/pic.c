/* SPDX-License-Identifier: MIT */
/*
 * The two 8259A interrupt controllers of a PC.
 *
 *   lines 0..7  -> master -> processor, vectors 0x20..0x27
 *                    ^
 *   lines 8..15 -> slave, on the master's line 2, vectors 0x28..0x2f
 *
 * A line that drops before the processor asks for the vector is reported as
 * line 7 or 15: the in-service bit tells such a spurious interrupt from a
 * real one. The slave's still needs the master's end-of-interrupt.
 *
 * INV-PI1 `masked` holds what the two mask registers hold.
 * Registers: Intel 8259A data sheet, "Programming the 8259A".
 */
#include <drivers/drivers.h>
#include <kernel/trap.h>
#include <x86/cpu.h>
#include <x86/io.h>

#define PIC_MASTER 0x20
#define PIC_SLAVE 0xA0
#define PIC_DATA 1 /* offset of the second port */

#define ICW1_INIT_ICW4 0x11 /* begin; edge triggered, cascade, ICW4 comes */
#define ICW4_8086 0x01
#define CASCADE_LINE 2
#define OCW2_EOI 0x20
#define OCW3_READ_ISR 0x0B

static u16 masked = 0xFFFF;

static void pic_program(u16 port, u8 vector, u8 cascade)
{
	outb(port, ICW1_INIT_ICW4);
	outb(port + PIC_DATA, vector);
	outb(port + PIC_DATA, cascade);
	outb(port + PIC_DATA, ICW4_8086);
}

static void write_masks(void)
{
	outb(PIC_MASTER + PIC_DATA, masked);
	outb(PIC_SLAVE + PIC_DATA, masked >> 8);
}

void pic_init(void)
{
	pic_program(PIC_MASTER, VECTOR_IRQ_BASE, 1 << CASCADE_LINE);
	pic_program(PIC_SLAVE, VECTOR_IRQ_BASE + 8, CASCADE_LINE);
	masked = 0xFFFF & ~(1 << CASCADE_LINE);
	write_masks();
}

void pic_unmask(u32 line)
{
	u32 flags = irq_save();

	masked &= ~(1 << line);
	write_masks();
	irq_restore(flags);
}

void pic_eoi(u32 line)
{
	if (line >= 8)
		outb(PIC_SLAVE, OCW2_EOI);
	outb(PIC_MASTER, OCW2_EOI);
}

bool pic_spurious(u32 line)
{
	u16 port = line < 8 ? PIC_MASTER : PIC_SLAVE;

	if (line % 8 != 7)
		return false;
	outb(port, OCW3_READ_ISR);
	if (inb(port) & 0x80)
		return false;
	if (line >= 8)
		outb(PIC_MASTER, OCW2_EOI);
	return true;
}
