/* SPDX-License-Identifier: MIT */
/*
 * The 8254 interval timer: channel 0 divides 1,193,182 Hz down to HZ ticks a
 * second on line 0. What a tick means is kernel/time/timer.c's business.
 * Registers: Intel 8254 data sheet, "Control word format", mode 2.
 */
#include <drivers/drivers.h>
#include <kernel/task.h>
#include <kernel/time/time.h>
#include <kernel/trap.h>
#include <x86/io.h>

#define PIT_CHANNEL0 0x40
#define PIT_COMMAND 0x43
#define PIT_RATE_LOW_HIGH 0x34 /* channel 0, two bytes, mode 2, binary */
#define PIT_FREQUENCY 1193182u
#define PIT_DIVISOR ((PIT_FREQUENCY + HZ / 2) / HZ)
#define IRQ_TIMER 0

BUILD_ASSERT(PIT_DIVISOR <= 0xFFFF, "the counter has 16 bits");

void pit_init(void)
{
	outb(PIT_COMMAND, PIT_RATE_LOW_HIGH);
	outb(PIT_CHANNEL0, PIT_DIVISOR & 0xFF);
	outb(PIT_CHANNEL0, PIT_DIVISOR >> 8);
	irq_register(IRQ_TIMER, timer_tick, "timer");
}
