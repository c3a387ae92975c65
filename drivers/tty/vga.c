/* SPDX-License-Identifier: MIT */
/*
 * The VGA text screen, 80 columns by 25 rows: cells and a cursor.
 *
 *   vga_put(), vga_move() -> shadow[25 * 80] -- vga_flush(): rows that
 *                                               changed --> 0xB8000
 *
 * The shadow is what we read: reading video memory is slow, and scrolling
 * reads all of it. What is written where: drivers/tty/vt.c.
 *
 * Context: interrupts off.
 * Registers: IBM VGA, CRT controller; cell layout: text mode 3.
 */
#include <drivers/tty/vga.h>
#include <lib/string.h>
#include <mm/page.h>
#include <x86/io.h>

#define VGA_TEXT 0xB8000u

#define CRTC_INDEX 0x3D4
#define CRTC_DATA 0x3D5
#define CRTC_CURSOR_START 0x0A /* first scan line; bit 5 hides it */
#define CRTC_CURSOR_END 0x0B
#define CRTC_CURSOR_HIGH 0x0E
#define CRTC_CURSOR_LOW 0x0F
#define CURSOR_SHOWN 13
#define CURSOR_HIDDEN 0x20
#define CURSOR_LAST_LINE 14

static u16 shadow[VGA_CELLS] __attribute__((aligned(4)));
static u32 dirty_from, dirty_to; /* rows to copy, end excluded */
static u32 cursor_at;
static bool cursor_shown, cursor_changed;

static void crtc_write(u8 reg, u8 val)
{
	outb(CRTC_INDEX, reg);
	outb(CRTC_DATA, val);
}

/* The cells [FROM, TO) changed. */
static void mark_dirty(u32 from, u32 to)
{
	dirty_from = MIN(dirty_from, from / VGA_COLS);
	dirty_to = MAX(dirty_to, DIV_ROUND_UP(to, VGA_COLS));
}

void vga_put(u32 at, u16 cell)
{
	shadow[at] = cell;
	mark_dirty(at, at + 1);
}

void vga_fill(u32 from, u32 to, u16 cell)
{
	u32 i;

	for (i = from; i < to; i++)
		shadow[i] = cell;
	mark_dirty(from, to);
}

void vga_move(u32 to, u32 from, u32 count)
{
	memmove(&shadow[to], &shadow[from], count * sizeof(shadow[0]));
	mark_dirty(to, to + count);
}

void vga_cursor(u32 at, bool shown)
{
	if (at == cursor_at && shown == cursor_shown)
		return;
	cursor_at = at;
	cursor_shown = shown;
	cursor_changed = true;
}

static void flush_cursor(void)
{
	if (!cursor_changed)
		return;
	cursor_changed = false;
	crtc_write(CRTC_CURSOR_START,
		   cursor_shown ? CURSOR_SHOWN : CURSOR_HIDDEN);
	crtc_write(CRTC_CURSOR_END, CURSOR_LAST_LINE);
	crtc_write(CRTC_CURSOR_HIGH, cursor_at >> 8);
	crtc_write(CRTC_CURSOR_LOW, cursor_at);
}

void vga_flush(void)
{
	volatile u32 *screen = paddr_to_kva(VGA_TEXT);
	const u32 *cells = (const u32 *)shadow;
	u32 end = dirty_to * VGA_COLS / 2, i;

	for (i = dirty_from * VGA_COLS / 2; i < end; i++)
		screen[i] = cells[i];
	dirty_from = VGA_ROWS;
	dirty_to = 0;
	flush_cursor();
}

void vga_reset(u16 cell)
{
	vga_fill(0, VGA_CELLS, cell);
	cursor_changed = true;
}
