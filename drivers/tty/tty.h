/* SPDX-License-Identifier: MIT */
/*
 * A terminal: the line discipline between a device and the programs.
 *
 *   device -> tty_input_byte() -> input ring -> read()
 *                          | echo
 *                          v
 *   write()  ----->  tty_output()  ->  tty->output -> device
 *
 *   /dev/ttyS0    COM1
 *   /dev/tty1     keyboard and screen; /dev/tty0 is the same
 *   /dev/pts/N    a program that has opened /dev/ptmx
 *
 * The input ring, entries counted since boot (n stands at n % TTY_INPUT):
 *
 *        tail            line_end           head
 *   ------|----------------|------------------|------
 *             readable         being edited
 *
 * INV-TT1 tail <= line_end <= head <= tail + TTY_INPUT.
 * INV-TT2 outside canonical mode line_end == head.
 * INV-TT3 session == 0 exactly if pgrp == 0: no session's terminal.
 * INV-TT4 a file is alive while its epoch is tty->hangups or TTY_FOREVER.
 *
 * Locks: the ring and the termios change with interrupts off (tty_receive()
 * runs in interrupt handlers). read_lock: one reader takes at a time;
 * write_lock: one write at a time. Both may be held across user copies,
 * neither while waiting for the other side.
 */
#ifndef DRIVERS_TTY_H
#define DRIVERS_TTY_H

#include <fs/file.h>
#include <kernel/task.h>
#include <uapi/termios.h>

#define TTY_INPUT 4096u /* entries of the input ring */

#define TTY_EOL 0x100 /* entry ends a line */
#define TTY_EOF 0x200 /* entry is no byte but the end of file (^D) */

#define TTY_FOREVER 0xffffffffu /* epoch of /dev/console: no hang-up counts */
#define TTY_GROWTH 8u /* bytes that one may become on its way out: a tab */

struct tty {
	struct termios termios;
	struct winsize winsize;
	u32 dev; /* its device number */
	pid_t session; /* whose controlling terminal it is, or 0 */
	pid_t pgrp; /* foreground process group */
	u32 hangups; /* so far: files of before are dead */
	u32 users; /* open files */
	/* Bytes to the device as they are; any context. */
	void (*output)(struct tty *tty, const char *text, u32 len);
	u32 (*room)(const struct tty *tty); /* bytes it takes; NULL: any */
	/* There may be room for input again; NULL: who cares. Any context. */
	void (*go_on)(void);
	/* No file is alive any more, or open at all; may free the tty. */
	void (*closed)(struct tty *tty);
	bool pseudo; /* the other side is a program: drivers/tty/pty.c */
	bool stopped; /* ^S: writers wait */
	bool literal; /* after ^V: the next byte has no meaning */
	bool exclusive; /* TIOCEXCL: no further open but root's */
	u32 column; /* of the cursor, as far as bytes tell */
	u32 line_column; /* where the line being edited began */
	u16 input[TTY_INPUT]; /* byte | TTY_EOL | TTY_EOF */
	u32 head, line_end, tail; /* see above */
	struct wait_queue readers, writers;
	struct mutex read_lock, write_lock;
};

static inline bool tty_alive(const struct file *file)
{
	const struct tty *tty = file->private;

	return file->epoch == TTY_FOREVER || file->epoch == tty->hangups;
}

/* drivers/tty/tty.c */

/* Default modes; a lock, queues and a window of COLS by ROWS. */
void tty_setup(struct tty *tty, u32 dev, u32 cols, u32 rows);
/* FILE is one of TTY's from now on; FOR_EVER: no hang-up ends it. */
void tty_file_attach(struct tty *tty, struct file *file, bool for_ever);
/* What every open of a terminal does; -EBUSY. It becomes the controlling one of
 * a session leader without, unless O_NOCTTY. */
int tty_file_open(struct tty *tty, struct file *file);

/* drivers/tty/tty_output.c */

/* Bytes to the device with OPOST processing. Any context. */
void tty_output(struct tty *tty, const char *text, u32 len);
/* Shows a byte that was typed, if the modes want that. */
void tty_echo(struct tty *tty, u8 c);
/* The same without regard to ECHO and ECHOCTL. */
void tty_echo_raw(struct tty *tty, u8 c);
/* Columns that C, echoed at COLUMN, takes. */
u32 tty_echo_width(const struct tty *tty, u8 c, u32 column);
/* May a writer go on? Any context. */
bool tty_writable(const struct tty *tty);
/* ^S and ^Q. Any context. */
void tty_stop(struct tty *tty, bool stop);

static inline bool tty_lflag(const struct tty *tty, u32 bit)
{
	return tty->termios.c_lflag & bit;
}

static inline bool tty_utf8_continues(const struct tty *tty, u8 c)
{
	return (tty->termios.c_iflag & IUTF8) && (c & 0xC0) == 0x80;
}

/* drivers/tty/tty_edit.c */

/* Keys of canonical mode that change the line; true: C was one. */
bool tty_edit(struct tty *tty, u8 c);

/* Is C the control character INDEX? Value 0 switches one off. */
static inline bool tty_is_cc(const struct tty *tty, u32 index, u8 c)
{
	return c && tty->termios.c_cc[index] == c;
}

/* drivers/tty/tty_input.c */

/* Forgets all input. Any context. */
void tty_flush_input(struct tty *tty);
/* Cooks one byte that arrived. Interrupts off. */
void tty_input_byte(struct tty *tty, u8 c);
/* Input has been taken out of the ring. Any context. */
static inline void tty_input_taken(const struct tty *tty)
{
	if (tty->go_on)
		tty->go_on();
}
/* Is there something to read? Any context. */
bool tty_readable(const struct tty *tty);
/* Readers and pollers look again. Any context. */
void tty_wake_readers(struct tty *tty);

/* drivers/tty/tty_job.c */

/* 0, or what a read (SIGNO SIGTTIN) or a change (SIGTTOU) by a background
 * process returns; it has been sent SIGNO then. */
int tty_check_job(struct tty *tty, s32 signo);
/* TTY becomes the current task's, if it leads a session without one and no
 * other session has it. */
void tty_acquire(struct tty *tty);
/* Ends every use: the session is told and loses it, files are dead, input that
 * nobody has read is gone. Atomic. */
void tty_hang_up(struct tty *tty);
/* TIOCSCTTY, TIOCNOTTY, TIOCGPGRP, TIOCSPGRP, TIOCGSID; -ENOTTY: another. */
long tty_job_ioctl(struct tty *tty, u32 cmd, u32 arg);

/* drivers/tty/tty_ioctl.c */

long tty_ioctl(struct file *file, u32 cmd, u32 arg);
/* For the file's own as for the other side of a pseudo terminal. */
long tty_mode_ioctl(struct tty *tty, u32 cmd, u32 arg);

#endif
