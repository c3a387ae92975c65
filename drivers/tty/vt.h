/* SPDX-License-Identifier: MIT */
/* The state of the screen's terminal: vt.c and vt_csi.c. */
#ifndef DRIVERS_VT_H
#define DRIVERS_VT_H

#include <drivers/tty/vga.h>

#define VT_PARAMS 16u

enum vt_state {
	VT_TEXT,
	VT_ESCAPE, /* after ESC */
	VT_CSI, /* after ESC [ */
	VT_STRING, /* after ESC ], until BEL or ESC */
	VT_SKIP, /* one more byte that means nothing here */
};

struct vt_pen { /* how characters look */
	u8 fg, bg; /* colours of the hardware, 0 to 7 */
	bool bold, blink, underline, reverse;
	bool rom_font; /* bytes from 0x7f on are the font's own (ESC[11m) */
};

struct vt {
	u32 row, col; /* where the next character goes */
	u32 top, bottom; /* rows that scroll */
	struct vt_pen pen;
	u8 attr, erase_attr; /* from the pen, as a cell has it */
	struct vt_pen saved; /* ESC 7 */
	u32 saved_row, saved_col;
	bool insert, origin, wrap, cursor, app_keys; /* modes */
	bool tab_stop[VGA_COLS];
	enum vt_state state;
	u8 private; /* '?' or another mark behind ESC [, or 0 */
	u32 param[VT_PARAMS]; /* numbers of the sequence so far */
	u32 nparams; /* the one being read has this index */
	/* The rest is not reset. */
	bool answers; /* who writes is a program, not the kernel */
};

extern struct vt vt;

/* drivers/tty/vt.c */

u32 vt_here(void); /* the cell of the cursor */
void vt_blank(u32 from, u32 to); /* cells */
/* The rows from TOP to vt.bottom by LINES up, or down when negative. */
void vt_scroll(u32 top, s32 lines);
void vt_move_to(s32 row, s32 col); /* kept on the screen */
void vt_tab(void);
void vt_back_tab(void);
void vt_save(void);
void vt_restore(void);
void vt_answer(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* drivers/tty/vt_csi.c */

void vt_reset_pen(void);
void vt_set_attr(void); /* the attributes from the pen */
/* Carries out the sequence that letter C ends. */
void vt_sequence(u8 c);

#endif
