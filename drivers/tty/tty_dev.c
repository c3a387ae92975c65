/* SPDX-License-Identifier: MIT */
/*
 * The terminals that every machine has, and the names that lead to them.
 *
 *   /dev/ttyS0          COM1
 *   /dev/tty1, tty0     keyboard and screen
 *   /dev/console        one of them: the last console= of the command line
 *                       (ttyS0, tty0, tty1), else COM1 if there is one
 *   /dev/tty            the controlling terminal of who opens it
 *
 * The kernel log goes to both, whatever the console is (drivers/console.c).
 */
#include <boot/boot_info.h>
#include <drivers/drivers.h>
#include <drivers/tty/tty.h>
#include <lib/string.h>
#include <uapi/errno.h>
#include <uapi/stat.h>
#include <x86/cpu.h>

#define NR_TTYS 2u

static struct tty ttys[NR_TTYS]; /* by enum tty_number */
static struct tty *console_tty; /* what /dev/console is */

static void serial_output(struct tty *tty, const char *text, u32 len)
{
	serial_write(0, text, len);
}

static void screen_output(struct tty *tty, const char *text, u32 len)
{
	vga_write(text, len, true);
}

static int serial_open(struct inode *inode, struct file *file)
{
	if (!serial_present(0))
		return -EIO;
	return tty_file_open(&ttys[TTY_SERIAL], file);
}

static int screen_open(struct inode *inode, struct file *file)
{
	return tty_file_open(&ttys[TTY_SCREEN], file);
}

/* Never the way to a controlling terminal, and never hung up: process 1
 * keeps it open for the whole life of the machine. */
static int console_open(struct inode *inode, struct file *file)
{
	tty_file_attach(console_tty, file, true);
	return 0;
}

static int ctty_open(struct inode *inode, struct file *file)
{
	if (!current->process->tty)
		return -ENXIO;
	tty_file_attach(current->process->tty, file, false);
	return 0;
}

static const struct file_operations serial_fops = { .open = serial_open };
static const struct file_operations screen_fops = { .open = screen_open };
static const struct file_operations console_fops = { .open = console_open };
static const struct file_operations ctty_fops = { .open = ctty_open };

/* The terminal that NAME (of console=NAME,OPTIONS) means, or NULL. */
static struct tty *tty_named(const char *name)
{
	if (strncmp(name, "ttyS0", 5) == 0 && serial_present(0))
		return &ttys[TTY_SERIAL];
	if (strcmp(name, "tty0") == 0 || strcmp(name, "tty1") == 0)
		return &ttys[TTY_SCREEN];
	return NULL;
}

static void choose_console(void)
{
	char name[16];

	if (cmdline_get("console", name, sizeof(name))) {
		console_tty = tty_named(name);
		if (!console_tty)
			cmdline_refuse("console", name);
	}
	if (!console_tty)
		console_tty = tty_named("ttyS0");
	if (!console_tty)
		console_tty = &ttys[TTY_SCREEN];
}

void tty_init(void)
{
	tty_setup(&ttys[TTY_SERIAL], makedev(4, 64), 80, 24);
	ttys[TTY_SERIAL].output = serial_output;
	ttys[TTY_SERIAL].go_on = serial_go_on;
	tty_setup(&ttys[TTY_SCREEN], makedev(4, 1), 80, 25);
	ttys[TTY_SCREEN].output = screen_output;
	choose_console();
	devfs_register("console", 0600, makedev(5, 1), &console_fops);
	devfs_register("tty", 0666, makedev(5, 0), &ctty_fops);
	devfs_register("tty0", 0620, makedev(4, 0), &screen_fops);
	devfs_register("tty1", 0620, makedev(4, 1), &screen_fops);
	devfs_register("ttyS0", 0620, makedev(4, 64), &serial_fops);
}

/* A line without an end, and ^Q after ^S, are not waited with: nobody would
 * read on. */
bool tty_has_room(enum tty_number number)
{
	const struct tty *tty = &ttys[number];

	return tty->head - tty->tail < TTY_INPUT - 1 || !tty_readable(tty) ||
	       tty->stopped;
}

void tty_receive(enum tty_number tty, char c)
{
	u32 flags = irq_save();

	tty_input_byte(&ttys[tty], c);
	irq_restore(flags);
}
