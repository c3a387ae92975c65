/* SPDX-License-Identifier: MIT */
/*
 * A terminal: the line discipline between a device and the programs.
 *
 *   keyboard, COM1 -> tty_receive() -> input ring -> read()
 *                          | echo
 *                          v
 *   write()  ----->  tty_output()  ->  tty->output: COM1 and the screen
 *
 * The input ring, entries counted since boot (n stands at n % TTY_INPUT):
 *
 *        tail            line_end           head
 *   ------|----------------|------------------|------
 *             readable         being edited
 *
 * INV-1  tail <= line_end <= head <= tail + TTY_INPUT.
 * INV-2  outside canonical mode line_end == head.
 * INV-3  session == 0 exactly if pgrp == 0: no session's terminal.
 *
 * Locks: the ring and the termios change with interrupts off (tty_receive()
 * runs in interrupt handlers). read_lock: one reader takes at a time;
 * write_lock: one write at a time. Both may be held across user copies.
 */
#ifndef DRIVERS_TTY_H
#define DRIVERS_TTY_H

#include <kernel/task.h>
#include <uapi/termios.h>

#define TTY_INPUT 4096u /* entries of the input ring */

#define TTY_EOL 0x100 /* entry ends a line */
#define TTY_EOF 0x200 /* entry is no byte but the end of file (^D) */

struct tty {
	struct termios termios;
	struct winsize winsize;
	pid_t session; /* whose controlling terminal it is, or 0 */
	pid_t pgrp; /* foreground process group */
	/* Bytes to the device as they are; any context. */
	void (*output)(const char *text, u32 len);
	u32 column; /* of the cursor, as far as bytes tell */
	u32 line_column; /* where the line being edited began */
	bool literal; /* after ^V: the next byte has no meaning */
	u16 input[TTY_INPUT]; /* byte | TTY_EOL | TTY_EOF */
	u32 head, line_end, tail; /* see above */
	struct wait_queue readers;
	struct mutex read_lock, write_lock;
};

/* drivers/tty_input.c */

/* Bytes to the device with OPOST processing. Any context. */
void tty_output(struct tty *tty, const char *text, u32 len);
/* Forgets all input. Any context. */
void tty_flush_input(struct tty *tty);
/* Cooks one byte that arrived. Interrupts off. */
void tty_input_byte(struct tty *tty, u8 c);
/* Is there something to read? Any context. */
bool tty_readable(const struct tty *tty);

/* drivers/tty_job.c */

/* 0, or what a read (SIGNO SIGTTIN) or a change (SIGTTOU) by a background
 * process returns; it has been sent SIGNO then. */
int tty_check_job(struct tty *tty, s32 signo);
/* TIOCSCTTY, TIOCNOTTY, TIOCGPGRP, TIOCSPGRP, TIOCGSID; -ENOTTY: another. */
long tty_job_ioctl(struct tty *tty, u32 cmd, u32 arg);

/* drivers/tty_ioctl.c */

struct file;
long tty_ioctl(struct file *file, u32 cmd, u32 arg);

#endif
