/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own voice: text to the first serial line and to the screen.
 *
 *   printk(), panic()  ->  console_write()  ->  COM1
 *                                          \->  VGA text screen
 *
 * Programs do not come this way; they write to a terminal (drivers/tty/tty.c).
 * Any context; nothing here waits for an interrupt.
 */
#include <drivers/drivers.h>

void console_init(void)
{
	serial_init();
	vga_init();
}

static void emit(const char *text, u32 len)
{
	if (!len)
		return;
	serial_write(0, text, len);
	vga_write(text, len, false);
}

/* What stands between newlines goes out whole; a newline becomes \r\n. */
void console_write(const char *text, u32 len)
{
	u32 start = 0, i;

	for (i = 0; i < len; i++) {
		if (text[i] != '\n')
			continue;
		emit(text + start, i - start);
		emit("\r\n", 2);
		start = i + 1;
	}
	emit(text + start, len - start);
}
