/* SPDX-License-Identifier: MIT */
/*
 * The sequences ESC [ numbers letter: colours, erasing, inserting, modes.
 * Which there are: drivers/tty/vt.c, after console_codes(4) and ECMA-48.
 * Context: interrupts off.
 */
#include <drivers/tty/vt.h>
#include <lib/string.h>

#define DEFAULT_FG 7 /* light grey on black */
#define UNDERLINE_FG 3 /* cyan: the hardware cannot underline colours */
#define ATTR_BRIGHT 0x08
#define ATTR_BLINK 0x80

/* ANSI: red is 1, blue is 4; the hardware's other way round. */
static const u8 ansi_to_vga[] = { 0, 4, 2, 6, 1, 5, 3, 7 };

void vt_set_attr(void)
{
	const struct vt_pen *pen = &vt.pen;
	u8 fg = pen->underline ? UNDERLINE_FG : pen->fg;
	u8 rest = (pen->bold ? ATTR_BRIGHT : 0) |
		  (pen->blink ? ATTR_BLINK : 0);

	if (pen->reverse)
		vt.attr = fg << 4 | pen->bg | rest;
	else
		vt.attr = pen->bg << 4 | fg | rest;
	vt.erase_attr = pen->bg << 4 | pen->fg;
}

void vt_reset_pen(void)
{
	vt.pen = (struct vt_pen){ .fg = DEFAULT_FG };
	vt_set_attr();
}

/* --- colours ------------------------------------------------------------ */

static void set_style(u32 code)
{
	struct vt_pen *pen = &vt.pen;

	switch (code) {
	case 0: *pen = (struct vt_pen){ .fg = DEFAULT_FG }; break;
	case 1: pen->bold = true; break;
	case 4: pen->underline = true; break;
	case 5: pen->blink = true; break;
	case 7: pen->reverse = true; break;
	case 10: pen->rom_font = false; break;
	case 11:
	case 12: pen->rom_font = true; break;
	case 21:
	case 22: pen->bold = false; break;
	case 24: pen->underline = false; break;
	case 25: pen->blink = false; break;
	case 27: pen->reverse = false; break;
	case 39: pen->fg = DEFAULT_FG; break;
	case 49: pen->bg = 0; break;
	}
}

static void set_colour(u32 code)
{
	struct vt_pen *pen = &vt.pen;

	if (code >= 30 && code <= 37) {
		pen->fg = ansi_to_vga[code - 30];
	} else if (code >= 40 && code <= 47) {
		pen->bg = ansi_to_vga[code - 40];
	} else if (code >= 90 && code <= 97) {
		pen->fg = ansi_to_vga[code - 90];
		pen->bold = true;
	} else if (code >= 100 && code <= 107) {
		pen->bg = ansi_to_vga[code - 100];
	} else {
		set_style(code);
	}
}

/* 38 and 48: a colour of 256 (;5;N) or of all (;2;R;G;B), which we have not.
 * How many numbers belong to it. */
static u32 skip_colour(u32 i)
{
	if (vt.param[MIN(i + 1, VT_PARAMS - 1)] == 5)
		return 3;
	return 5;
}

static void set_colours(void)
{
	u32 i = 0;

	while (i <= vt.nparams) {
		if (vt.param[i] == 38 || vt.param[i] == 48) {
			i += skip_colour(i);
			continue;
		}
		set_colour(vt.param[i++]);
	}
	vt_set_attr();
}

/* --- the screen --------------------------------------------------------- */

/* The I-th number of the sequence; 0 and left out count as DEF. */
static s32 param(u32 i, s32 def)
{
	return vt.param[i] ? (s32)vt.param[i] : def;
}

/* ESC[J and ESC[K: 0 from the cursor, 1 up to it, 2 all; within the cells
 * [START, END). */
static void erase(u32 start, u32 end)
{
	if (vt.param[0] == 0)
		vt_blank(vt_here(), end);
	else if (vt.param[0] == 1)
		vt_blank(start, vt_here() + 1);
	else
		vt_blank(start, end);
}

/* Rows move down from the cursor's to the bottom, or up when negative. */
static void insert_lines(s32 count)
{
	if (vt.row < vt.top || vt.row > vt.bottom)
		return;
	vt_scroll(vt.row, -count);
	vt.col = MIN(vt.col, VGA_COLS - 1);
}

static void insert_chars(u32 count)
{
	u32 here = vt_here(), end = (vt.row + 1) * VGA_COLS;

	count = MIN(count, end - here);
	vga_move(here + count, here, end - here - count);
	vt_blank(here, here + count);
}

static void delete_chars(u32 count)
{
	u32 here = vt_here(), end = (vt.row + 1) * VGA_COLS;

	count = MIN(count, end - here);
	vga_move(here, here + count, end - here - count);
	vt_blank(end - count, end);
}

static void erase_chars(u32 count)
{
	u32 here = vt_here(), end = (vt.row + 1) * VGA_COLS;

	vt_blank(here, here + MIN(count, end - here));
}

static void set_region(void)
{
	u32 top = param(0, 1), bottom = param(1, VGA_ROWS);

	bottom = MIN(bottom, VGA_ROWS);
	if (top >= bottom)
		return;
	vt.top = top - 1;
	vt.bottom = bottom - 1;
	vt_move_to(vt.origin ? vt.top : 0, 0);
}

/* ESC[H: rows count from the region's first in origin mode. */
static void place(s32 row, s32 col)
{
	vt_move_to(row - 1 + (vt.origin ? vt.top : 0), col - 1);
}

/* A and B stop at the region's edges, unless the cursor is outside. */
static void move_rows(s32 count)
{
	s32 row = vt.row, low = 0, high = VGA_ROWS - 1;

	if (count < 0 && vt.row >= vt.top)
		low = vt.top;
	if (count > 0 && vt.row <= vt.bottom)
		high = vt.bottom;
	vt.row = MAX(low, MIN(row + count, high));
	vt.col = MIN(vt.col, VGA_COLS - 1);
}

static void clear_tabs(void)
{
	if (vt.param[0] == 0)
		vt.tab_stop[MIN(vt.col, VGA_COLS - 1)] = false;
	else if (vt.param[0] == 3)
		memset(vt.tab_stop, 0, sizeof(vt.tab_stop));
}

static void repeat(u32 count, void (*fn)(void))
{
	for (count = MIN(count, VGA_COLS); count; count--)
		fn();
}

/* --- modes and questions ------------------------------------------------ */

static void set_private_mode(u32 mode, bool on)
{
	switch (mode) {
	case 1: vt.app_keys = on; break;
	case 6:
		vt.origin = on;
		place(1, 1);
		break;
	case 7: vt.wrap = on; break;
	case 25: vt.cursor = on; break;
	}
}

static void set_modes(bool on)
{
	u32 i;

	for (i = 0; i <= vt.nparams; i++) {
		if (vt.private == '?')
			set_private_mode(vt.param[i], on);
		else if (!vt.private && vt.param[i] == 4)
			vt.insert = on;
	}
}

static void report(void)
{
	u32 row = vt.row - (vt.origin ? vt.top : 0);

	if (vt.param[0] == 5)
		vt_answer("\033[0n");
	else if (vt.param[0] == 6)
		vt_answer("\033[%u;%uR", row + 1,
			  MIN(vt.col, VGA_COLS - 1) + 1);
}

/* Letters that move the cursor; true: C was one. */
static bool move_sequence(u8 c)
{
	s32 row = vt.row, col = MIN(vt.col, VGA_COLS - 1), n = param(0, 1);

	switch (c) {
	case 'A': move_rows(-n); return true;
	case 'e':
	case 'B': move_rows(n); return true;
	case 'a':
	case 'C': vt_move_to(row, col + n); return true;
	case 'D': vt_move_to(row, col - n); return true;
	case 'E':
	case 'F':
		move_rows(c == 'E' ? n : -n);
		vt.col = 0;
		return true;
	case '`':
	case 'G': vt_move_to(row, n - 1); return true;
	case 'd': place(n, col + 1); return true;
	case 'f':
	case 'H': place(n, param(1, 1)); return true;
	case 'Z': repeat(n, vt_back_tab); return true;
	case 'I': repeat(n, vt_tab); return true;
	case 's': vt_save(); return true;
	case 'u': vt_restore(); return true;
	}
	return false;
}

/* Letters that change cells or how they will look. */
static void draw_sequence(u8 c)
{
	u32 line = vt.row * VGA_COLS;
	s32 n = param(0, 1);

	switch (c) {
	case '@': insert_chars(n); break;
	case 'J': erase(0, VGA_CELLS); break;
	case 'K': erase(line, line + VGA_COLS); break;
	case 'L': insert_lines(n); break;
	case 'M': insert_lines(-n); break;
	case 'P': delete_chars(n); break;
	case 'S': vt_scroll(vt.top, n); break;
	case 'T': vt_scroll(vt.top, -n); break;
	case 'X': erase_chars(n); break;
	case 'c': vt_answer("\033[?6c"); break;
	case 'g': clear_tabs(); break;
	case 'm': set_colours(); break;
	case 'n': report(); break;
	case 'r': set_region(); break;
	}
}

void vt_sequence(u8 c)
{
	if (c == 'h' || c == 'l')
		set_modes(c == 'h');
	else if (!vt.private && !move_sequence(c))
		draw_sequence(c);
}
