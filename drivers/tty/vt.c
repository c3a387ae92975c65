/* SPDX-License-Identifier: MIT */
/*
 * The screen as a terminal: the sequences of a VT100 and Linux's console, as
 * terminfo's entry "linux" lists them.
 *
 *   bytes -> put_byte() -> state: TEXT -ESC-> ESCAPE -[-> CSI -letter-> TEXT
 *                |                              |-]-> STRING -BEL-> TEXT
 *                v                              '-( ) # %-> SKIP -> TEXT
 *          cells: drivers/tty/vga.h
 *
 * Control characters  BS HT LF VT FF CR ESC CAN SUB
 * ESC   7 8 save and restore, c reset, D E M line feeds, H tab stop, Z
 * ESC[  @ A B C D E F G H J K L M P S T X Z ` a c d e f g h l m n r s u
 *       modes 4 (insert), ?1 (arrow keys), ?6 (origin), ?7 (wrap), ?25
 *
 * Others are swallowed. Of UTF-8 text a '?' remains for each character.
 * Answers (ESC[c, ESC[5n, ESC[6n) are typed into the screen's terminal.
 *
 * INV-VT1 top <= bottom < 25, row < 25, column <= 80; column 80 means that
 *         the next character opens a new line (as a VT100's pending wrap).
 *
 * Context: any; interrupts are off while the state changes.
 */
#include <drivers/drivers.h>
#include <drivers/tty/vga.h>
#include <drivers/tty/vt.h>
#include <lib/printf.h>
#include <lib/string.h>
#include <x86/cpu.h>

#define ANSWER_SIZE 24u
#define TAB_WIDTH 8u

struct vt vt;

u32 vt_here(void)
{
	return vt.row * VGA_COLS + MIN(vt.col, VGA_COLS - 1);
}

void vt_blank(u32 from, u32 to)
{
	vga_fill(from, to, vt.erase_attr << 8 | ' ');
}

void vt_scroll(u32 top, s32 lines)
{
	u32 rows = vt.bottom + 1 - top;
	u32 n = MIN(rows, (u32)(lines < 0 ? -lines : lines));
	u32 start = top * VGA_COLS, end = (vt.bottom + 1) * VGA_COLS;
	u32 kept = (rows - n) * VGA_COLS;

	if (lines > 0) {
		vga_move(start, start + n * VGA_COLS, kept);
		vt_blank(start + kept, end);
	} else {
		vga_move(start + n * VGA_COLS, start, kept);
		vt_blank(start, start + n * VGA_COLS);
	}
}

void vt_move_to(s32 row, s32 col)
{
	s32 first = vt.origin ? vt.top : 0;
	s32 last = vt.origin ? vt.bottom : VGA_ROWS - 1;

	vt.row = MAX(first, MIN(row, last));
	vt.col = MAX(0, MIN(col, (s32)VGA_COLS - 1));
}

static void line_feed(void)
{
	if (vt.row == vt.bottom)
		vt_scroll(vt.top, 1);
	else if (vt.row + 1 < VGA_ROWS)
		vt.row++;
}

static void reverse_line_feed(void)
{
	if (vt.row == vt.top)
		vt_scroll(vt.top, -1);
	else if (vt.row)
		vt.row--;
}

static void put_cell(u8 c)
{
	if (vt.col == VGA_COLS) {
		vt.col = 0;
		line_feed();
	}
	if (vt.insert)
		vga_move(vt_here() + 1, vt_here(), VGA_COLS - 1 - vt.col);
	vga_put(vt_here(), vt.attr << 8 | c);
	vt.col++;
	if (vt.col == VGA_COLS && !vt.wrap)
		vt.col--;
}

void vt_tab(void)
{
	u32 col = MIN(vt.col, VGA_COLS - 1);

	do
		col++;
	while (col < VGA_COLS - 1 && !vt.tab_stop[col]);
	vt.col = MIN(col, VGA_COLS - 1);
}

void vt_back_tab(void)
{
	u32 col = MIN(vt.col, VGA_COLS - 1);

	while (col && !vt.tab_stop[--col])
		;
	vt.col = col;
}

void vt_save(void)
{
	vt.saved = vt.pen;
	vt.saved_row = vt.row;
	vt.saved_col = vt.col;
}

void vt_restore(void)
{
	vt.pen = vt.saved;
	vt.row = vt.saved_row;
	vt.col = vt.saved_col;
	vt_set_attr();
}

void vt_answer(const char *fmt, ...)
{
	char text[ANSWER_SIZE];
	va_list args;
	u32 i;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	for (i = 0; vt.answers && text[i]; i++)
		tty_receive(TTY_SCREEN, text[i]);
}

static void reset(void)
{
	u32 i;

	memset(&vt, 0, offsetof(struct vt, answers));
	vt.bottom = VGA_ROWS - 1;
	vt.wrap = vt.cursor = true;
	vt_reset_pen();
	for (i = 0; i < VGA_COLS; i += TAB_WIDTH)
		vt.tab_stop[i] = true;
	vt_save();
	vga_reset(vt.erase_attr << 8 | ' ');
}

/* --- bytes -------------------------------------------------------------- */

static void start_sequence(void)
{
	vt.state = VT_CSI;
	vt.private = 0;
	vt.nparams = 0;
	memset(vt.param, 0, sizeof(vt.param));
}

static void escape_byte(u8 c)
{
	vt.state = VT_TEXT;
	switch (c) {
	case '[': start_sequence(); break;
	case ']': vt.state = VT_STRING; break;
	case '(':
	case ')':
	case '#':
	case '%': vt.state = VT_SKIP; break;
	case '7': vt_save(); break;
	case '8': vt_restore(); break;
	case 'c': reset(); break;
	case 'D': line_feed(); break;
	case 'E':
		vt.col = 0;
		line_feed();
		break;
	case 'M': reverse_line_feed(); break;
	case 'H': vt.tab_stop[MIN(vt.col, VGA_COLS - 1)] = true; break;
	case 'Z': vt_answer("\033[?6c"); break;
	}
}

static void csi_byte(u8 c)
{
	u32 *p = &vt.param[vt.nparams];

	if (c >= '0' && c <= '9') {
		*p = MIN(*p * 10 + (c - '0'), 9999u);
	} else if (c == ';') {
		vt.nparams = MIN(vt.nparams + 1, VT_PARAMS - 1);
	} else if (c >= 0x40 && c <= 0x7E) {
		vt.state = VT_TEXT;
		vt_sequence(c);
	} else {
		vt.private = c;
	}
}

/* Control characters work in the middle of a sequence as well. */
static void control_byte(u8 c)
{
	switch (c) {
	case '\r': vt.col = 0; break;
	case '\n':
	case '\v':
	case '\f': line_feed(); break;
	case '\b':
		vt.col = MIN(vt.col, VGA_COLS - 1);
		vt.col -= vt.col > 0;
		break;
	case '\t': vt_tab(); break;
	case 0x18:
	case 0x1A: vt.state = VT_TEXT; break;
	case '\033': vt.state = VT_ESCAPE; break;
	case '\a':
		if (vt.state == VT_STRING)
			vt.state = VT_TEXT;
		break;
	}
}

static void text_byte(u8 c)
{
	if (vt.pen.rom_font)
		put_cell(c);
	else if (c >= 0xC0)
		put_cell('?');
	else if (c < 0x7F)
		put_cell(c);
}

static void put_byte(u8 c)
{
	if (c < ' ')
		control_byte(c);
	else if (vt.state == VT_TEXT)
		text_byte(c);
	else if (vt.state == VT_ESCAPE)
		escape_byte(c);
	else if (vt.state == VT_CSI)
		csi_byte(c);
	else if (vt.state == VT_SKIP)
		vt.state = VT_TEXT;
}

bool vga_app_keys(void)
{
	return vt.app_keys;
}

void vga_init(void)
{
	reset();
	vga_cursor(0, true);
	vga_flush();
}

void vga_write(const char *text, u32 len, bool answer)
{
	u32 flags = irq_save(), i;

	vt.answers = answer;
	for (i = 0; i < len; i++)
		put_byte(text[i]);
	vga_cursor(vt_here(), vt.cursor);
	vga_flush();
	irq_restore(flags);
}
