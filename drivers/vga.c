/* SPDX-License-Identifier: MIT */
/*
 * The VGA text screen, 80 columns by 25 rows, as a small ANSI terminal.
 *
 *   bytes -> put_byte() -> state: TEXT -ESC-> ESCAPE -[-> CSI -letter-> TEXT
 *                |
 *                v
 *           shadow[25][80]  -- flush(): rows that changed -->  0xB8000
 *
 * The shadow is what we read: reading video memory is slow, and scrolling
 * reads all of it. Rows are copied once per vga_write().
 *
 * Understood: \r \n \b \t ESC[ A B C D G H f d J K m s u, ESC[?25h and l.
 * Others are swallowed. Of UTF-8 text a '?' remains for each character.
 *
 * INV-1  cursor row < 25, column <= 80; column 80 means that the next
 *        character opens a new line (as a VT100's pending wrap).
 *
 * Context: any; interrupts are off while the state changes.
 * Registers: IBM VGA, CRT controller; cell layout: text mode 3.
 */
#include <drivers/drivers.h>
#include <mm/page.h>
#include <x86/cpu.h>
#include <x86/io.h>

#define COLS 80u
#define ROWS 25u
#define VGA_TEXT 0xB8000u

#define CRTC_INDEX 0x3D4
#define CRTC_DATA 0x3D5
#define CRTC_CURSOR_START 0x0A /* first scan line; bit 5 hides it */
#define CRTC_CURSOR_END 0x0B
#define CRTC_CURSOR_HIGH 0x0E
#define CRTC_CURSOR_LOW 0x0F
#define CURSOR_HIDDEN 0x20

#define ATTR_DEFAULT 0x07 /* light grey on black */
#define ATTR_BRIGHT 0x08
#define MAX_PARAMS 8u

enum parse_state { TEXT, ESCAPE, CSI };

static struct {
	u32 row, col; /* where the next character goes */
	u32 saved_row, saved_col; /* ESC[s */
	u8 attr; /* background << 4 | foreground */
	bool reverse; /* ESC[7m */
	enum parse_state state;
	bool private; /* ESC[? */
	u32 param[MAX_PARAMS]; /* numbers of the sequence so far */
	u32 nparams; /* the one being read has this index */
	u32 dirty_from, dirty_to; /* rows to copy, end excluded */
} vga;

static u16 shadow[ROWS][COLS] __attribute__((aligned(4)));

static void crtc_write(u8 reg, u8 val)
{
	outb(CRTC_INDEX, reg);
	outb(CRTC_DATA, val);
}

static void flush(void)
{
	volatile u32 *screen = paddr_to_kva(VGA_TEXT);
	const u32 *cells = (const u32 *)shadow;
	u32 pos = vga.row * COLS + MIN(vga.col, COLS - 1);
	u32 i;

	for (i = vga.dirty_from * COLS / 2; i < vga.dirty_to * COLS / 2; i++)
		screen[i] = cells[i];
	vga.dirty_from = ROWS;
	vga.dirty_to = 0;
	crtc_write(CRTC_CURSOR_HIGH, pos >> 8);
	crtc_write(CRTC_CURSOR_LOW, pos);
}

static void mark_dirty(u32 from, u32 to)
{
	vga.dirty_from = MIN(vga.dirty_from, from);
	vga.dirty_to = MAX(vga.dirty_to, to);
}

static u16 cell(u8 c)
{
	u8 attr = vga.attr;

	if (vga.reverse)
		attr = (attr & 0x88) | (attr & 7) << 4 | (attr >> 4 & 7);
	return attr << 8 | c;
}

/* Blanks the cells [FROM, TO) of the screen, counted row by row. */
static void blank(u32 from, u32 to)
{
	u16 *cells = &shadow[0][0];
	u32 i;

	for (i = from; i < to; i++)
		cells[i] = cell(' ');
	mark_dirty(from / COLS, DIV_ROUND_UP(to, COLS));
}

static void scroll(void)
{
	u32 *cells = (u32 *)shadow;
	u32 i;

	for (i = 0; i < (ROWS - 1) * COLS / 2; i++)
		cells[i] = cells[i + COLS / 2];
	mark_dirty(0, ROWS);
	blank((ROWS - 1) * COLS, ROWS * COLS);
}

static void line_feed(void)
{
	if (vga.row + 1 < ROWS)
		vga.row++;
	else
		scroll();
}

static void put_cell(u8 c)
{
	if (vga.col == COLS) {
		vga.col = 0;
		line_feed();
	}
	shadow[vga.row][vga.col++] = cell(c);
	mark_dirty(vga.row, vga.row + 1);
}

static void move_to(s32 row, s32 col)
{
	vga.row = MAX(0, MIN(row, (s32)ROWS - 1));
	vga.col = MAX(0, MIN(col, (s32)COLS - 1));
}

/* The I-th number of the sequence; 0 and left out count as DEF. */
static s32 param(u32 i, s32 def)
{
	return vga.param[i] ? (s32)vga.param[i] : def;
}

static void set_colour(u32 code)
{
	static const u8 ansi_to_vga[] = { 0, 4, 2, 6, 1, 5, 3, 7 };

	if (code == 0) {
		vga.attr = ATTR_DEFAULT;
		vga.reverse = false;
	} else if (code == 1) {
		vga.attr |= ATTR_BRIGHT;
	} else if (code == 7 || code == 27) {
		vga.reverse = code == 7;
	} else if (code == 22) {
		vga.attr &= ~ATTR_BRIGHT;
	} else if (code >= 30 && code <= 37) {
		vga.attr = (vga.attr & 0xF8) | ansi_to_vga[code - 30];
	} else if (code >= 90 && code <= 97) {
		vga.attr = (vga.attr & 0xF0) | ATTR_BRIGHT |
			   ansi_to_vga[code - 90];
	} else if (code >= 40 && code <= 47) {
		vga.attr = (vga.attr & 0x0F) | ansi_to_vga[code - 40] << 4;
	} else if (code == 39) {
		vga.attr = (vga.attr & 0xF8) | (ATTR_DEFAULT & 7);
	} else if (code == 49) {
		vga.attr &= 0x0F;
	}
}

static void set_colours(void)
{
	u32 i;

	for (i = 0; i <= vga.nparams; i++)
		set_colour(vga.param[i]);
}

/* ESC[J and ESC[K: 0 from the cursor, 1 up to it, 2 all; within the cells
 * [START, END). */
static void erase(u32 start, u32 end)
{
	u32 here = vga.row * COLS + MIN(vga.col, COLS - 1);

	if (vga.param[0] == 0)
		blank(here, end);
	else if (vga.param[0] == 1)
		blank(start, here + 1);
	else
		blank(start, end);
}

static void show_cursor(bool shown)
{
	crtc_write(CRTC_CURSOR_START, shown ? 13 : CURSOR_HIDDEN);
	crtc_write(CRTC_CURSOR_END, 14);
}

static void end_private(char c)
{
	if (vga.param[0] == 25 && (c == 'h' || c == 'l'))
		show_cursor(c == 'h');
}

/* The letter that ends a sequence says what the numbers are for. */
static void end_sequence(char c)
{
	s32 row = vga.row, col = MIN(vga.col, COLS - 1);

	switch (c) {
	case 'A': move_to(row - param(0, 1), col); break;
	case 'B': move_to(row + param(0, 1), col); break;
	case 'C': move_to(row, col + param(0, 1)); break;
	case 'D': move_to(row, col - param(0, 1)); break;
	case 'G': move_to(row, param(0, 1) - 1); break;
	case 'd': move_to(param(0, 1) - 1, col); break;
	case 'H':
	case 'f': move_to(param(0, 1) - 1, param(1, 1) - 1); break;
	case 'J': erase(0, ROWS * COLS); break;
	case 'K': erase(row * COLS, (row + 1) * COLS); break;
	case 'm': set_colours(); break;
	case 's':
		vga.saved_row = row;
		vga.saved_col = col;
		break;
	case 'u': move_to(vga.saved_row, vga.saved_col); break;
	}
}

static void csi_byte(u8 c)
{
	u32 *p = &vga.param[vga.nparams];

	if (c >= '0' && c <= '9') {
		*p = MIN(*p * 10 + (c - '0'), 9999u);
	} else if (c == ';') {
		vga.nparams = MIN(vga.nparams + 1, MAX_PARAMS - 1);
	} else if (c == '?') {
		vga.private = true;
	} else if (c >= 0x40 && c <= 0x7E) {
		vga.state = TEXT;
		if (vga.private)
			end_private(c);
		else
			end_sequence(c);
	}
}

static void escape_byte(u8 c)
{
	u32 i;

	vga.state = c == '[' ? CSI : TEXT;
	vga.private = false;
	vga.nparams = 0;
	for (i = 0; i < MAX_PARAMS; i++)
		vga.param[i] = 0;
}

static void control_byte(u8 c)
{
	switch (c) {
	case '\r': vga.col = 0; break;
	case '\n': line_feed(); break;
	case '\b':
		vga.col = MIN(vga.col, COLS - 1);
		vga.col -= vga.col > 0;
		break;
	case '\t': vga.col = MIN(ALIGN_UP(vga.col + 1, 8u), COLS - 1); break;
	case '\033': vga.state = ESCAPE; break;
	}
}

static void put_byte(u8 c)
{
	if (c < ' ')
		control_byte(c);
	else if (vga.state == ESCAPE)
		escape_byte(c);
	else if (vga.state == CSI)
		csi_byte(c);
	else if (c >= 0xC0)
		put_cell('?');
	else if (c < 0x7F)
		put_cell(c);
}

void vga_init(void)
{
	vga.attr = ATTR_DEFAULT;
	blank(0, ROWS * COLS);
	show_cursor(true);
	flush();
}

void vga_write(const char *text, u32 len)
{
	u32 flags = irq_save(), i;

	for (i = 0; i < len; i++)
		put_byte(text[i]);
	flush();
	irq_restore(flags);
}
