/* SPDX-License-Identifier: MIT */
/*
 * The end of the machine, as far as a program can bring it about.
 *
 *   QEMU    isa-debug-exit at port 0xf4: value v ends it with (v << 1) | 1;
 *           without that device, power off through ACPI (never a panic)
 *   Bochs   the word "Shutdown", letter by letter, to port 0x8900
 *   PC      a reset through the keyboard controller
 *   others  halt, with interrupts off
 *
 * v86 throws an exception at port 0xf4. It is recognised by its gate port
 * (docs/trace.md), which is unclaimed elsewhere and then reads as all ones.
 */
#include <drivers/drivers.h>
#include <kernel/trace/trace.h>
#include <x86/cpu.h>
#include <x86/io.h>

#define EXIT_PORT 0xf4
#define GATE_PORT 0xe10
#define GATE_ABSENT 0xffffffffu
#define FW_CFG_SELECT 0x510 /* fw_cfg of QEMU's specifications */
#define FW_CFG_DATA 0x511
#define FW_CFG_SIGNATURE 0
#define PIIX4_PM1_CONTROL 0x604 /* where QEMU's firmware puts it */
#define PM1_SLEEP_ENABLE 0x2000 /* with sleep type 0: off */
#define BOCHS_SHUTDOWN_PORT 0x8900
#define KBD_COMMAND 0x64
#define KBD_PULSE_RESET 0xFE

static const u8 exit_value[] = {
	[MACHINE_CLEAN] = 0x10, /* status 33 */
	[MACHINE_PANIC] = 0x11, /* status 35 */
	[MACHINE_REBOOT] = 0x12, /* status 37 */
};

static bool is_qemu(void)
{
	static const char signature[] = "QEMU";
	u32 i;

	outw(FW_CFG_SELECT, FW_CFG_SIGNATURE);
	for (i = 0; signature[i]; i++)
		if (inb(FW_CFG_DATA) != signature[i])
			return false;
	return true;
}

static void bochs_shutdown(void)
{
	static const char word[] = "Shutdown";
	u32 i;

	for (i = 0; word[i]; i++)
		outb(BOCHS_SHUTDOWN_PORT, word[i]);
}

void machine_end(enum machine_end how)
{
	irq_disable();
	trace_send_end();
	serial_drain();
	if (inl(GATE_PORT) == GATE_ABSENT)
		outl(EXIT_PORT, exit_value[how]);
	if (how == MACHINE_CLEAN && is_qemu())
		outw(PIIX4_PM1_CONTROL, PM1_SLEEP_ENABLE);
	if (how == MACHINE_REBOOT)
		outb(KBD_COMMAND, KBD_PULSE_RESET);
	bochs_shutdown();
	for (;;)
		cpu_halt();
}
