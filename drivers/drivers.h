/* SPDX-License-Identifier: MIT */
/*
 * What the rest of the kernel may ask of a driver. Registers stay in the
 * driver's file; policy stays out of it.
 */
#ifndef DRIVERS_DRIVERS_H
#define DRIVERS_DRIVERS_H

#include <lib/types.h>

/* Text to all consoles (serial COM1 and VGA); polled, any context. */
void console_init(void);
void console_write(const char *text, u32 len);

void serial_init(void); /* COM1, COM2, COM3 to 8N1 115200 */
void serial_write(u32 port, const char *data, u32 len); /* port 0..2, polled */
void serial_drain(void); /* waits until all transmitters are empty */
void serial_irq_init(void);
void serial_go_on(void); /* COM1's terminal has room again. Any context. */

void vga_init(void);
/* Bytes to the screen, which understands a console's sequences. Answers to
 * them go to the keyboard's terminal if ANSWER. Any context. */
void vga_write(const char *text, u32 len, bool answer);
bool vga_app_keys(void); /* arrows are to send ESC O: ESC[?1h */

void kbd_init(void);

void pic_init(void); /* IRQ 0..15 to vectors 0x20..0x2f, all masked */
void pic_unmask(u32 line);
void pic_eoi(u32 line);
bool pic_spurious(u32 line); /* true: IRQ 7 or 15 that nobody raised */

void pit_init(void); /* channel 0 at 100 Hz, calls timer_tick() */
s64 rtc_read(void); /* seconds since 1970, UTC */

bool serial_present(u32 port); /* after serial_init() */

enum tty_number {
	TTY_SERIAL, /* /dev/ttyS0 */
	TTY_SCREEN, /* /dev/tty1: keyboard and screen */
};

void tty_init(void);
void pty_init(void); /* /dev/ptmx, /dev/pts/ */
/* One byte that was typed. Any context. */
void tty_receive(enum tty_number tty, char c);
/* Would a byte be kept? One that would not had better wait where it is, as long
 * as there is something to read. Interrupts off. */
bool tty_has_room(enum tty_number tty);
/* From do_exit(): if LEADER leads a session with a terminal, hangs that up
 * and sets it free. Atomic. */
struct task;
void tty_session_end(struct task *leader);

/* tools/vm: COM2 carries COMMAND's output in frames (docs/vm.md). */
void vmchan_init(void); /* registers /dev/vm */

enum machine_end {
	MACHINE_CLEAN, /* power off */
	MACHINE_PANIC,
	MACHINE_REBOOT,
};
/* Ends the emulator with the exit device; on others powers off or halts. */
void machine_end(enum machine_end how) __attribute__((noreturn));

#endif
