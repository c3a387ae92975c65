/* SPDX-License-Identifier: MIT */
/*
 * The cells of the VGA text screen: what drivers/tty/vt.c, which knows the
 * sequences, asks drivers/tty/vga.c, which knows the hardware.
 *
 * Cells are counted row by row from the upper left one; ranges leave their
 * end out. Nothing reaches the screen before vga_flush(). Interrupts off.
 */
#ifndef DRIVERS_VGA_H
#define DRIVERS_VGA_H

#include <lib/types.h>

#define VGA_COLS 80u
#define VGA_ROWS 25u
#define VGA_CELLS (VGA_ROWS * VGA_COLS)

/* A cell: character, and background << 4 | foreground above it. */
void vga_put(u32 at, u16 cell);
void vga_fill(u32 from, u32 to, u16 cell);
/* COUNT cells from FROM to TO, which may overlap. */
void vga_move(u32 to, u32 from, u32 count);
/* The cursor's place from the next vga_flush() on; false: it is hidden. */
void vga_cursor(u32 at, bool shown);
void vga_flush(void);
/* An empty screen. */
void vga_reset(u16 cell);

#endif
