/* SPDX-License-Identifier: MIT */
/*
 * The PS/2 keyboard: scan codes of set 1 to bytes of a terminal, US layout.
 *
 *   code            key pressed      | 0x80: released
 *   0xE0 code       the grey keys: arrows, Home, right Ctrl...
 *
 * Arrows, F1 to F12 and their like become the escape sequences of Linux's
 * console (terminfo: "linux"), Alt puts an ESC before the key, Backspace is
 * DEL (0x7f), Enter is a carriage return. What is typed goes to /dev/tty1.
 *
 * INV-KB1 `held` has the bit of a modifier exactly while its key is down.
 *
 * Context: interrupt 1. Registers: Intel 8042 (IBM PC/AT Technical
 * Reference, "Keyboard Controller"); scan codes: the same, set 1.
 */
#include <drivers/drivers.h>
#include <kernel/trap.h>
#include <x86/io.h>

#define KBD_DATA 0x60
#define KBD_STATUS 0x64 /* read */
#define KBD_COMMAND 0x64 /* written */

#define STATUS_OUTPUT_FULL 0x01 /* a byte for us */
#define STATUS_INPUT_FULL 0x02 /* it has not taken ours yet */
#define STATUS_ABSENT 0xFF

#define CMD_READ_CONFIG 0x20
#define CMD_WRITE_CONFIG 0x60
#define CMD_ENABLE_KEYBOARD 0xAE
#define CONFIG_IRQ1 0x01
#define CONFIG_DISABLE 0x10
#define CONFIG_TRANSLATE 0x40 /* set 2 of the keyboard to set 1 */
#define KEYBOARD_SCAN 0xF4 /* to the keyboard itself: send key presses */

#define MAX_POLLS 1000
#define IRQ_KEYBOARD 1

#define PREFIX_EXTENDED 0xE0
#define PREFIX_PAUSE 0xE1 /* two more codes follow; Ctrl and NumLock */
#define RELEASED 0x80

enum scan_code {
	SCAN_CTRL = 0x1D,
	SCAN_LSHIFT = 0x2A,
	SCAN_RSHIFT = 0x36,
	SCAN_PRINT = 0x37, /* grey; plain it is the keypad's star */
	SCAN_ALT = 0x38,
	SCAN_CAPS = 0x3A,
	SCAN_F1 = 0x3B,
	SCAN_F10 = 0x44,
	SCAN_NUM = 0x45,
	SCAN_KEYPAD_FIRST = 0x47,
	SCAN_KEYPAD_LAST = 0x53,
	SCAN_F11 = 0x57,
	SCAN_F12 = 0x58,
};

enum modifier { SHIFT_L = 1, SHIFT_R = 2, CTRL = 4, ALT = 8 };

static const char plain[] =
	"\0\0331234567890-=\177\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./"
	"\0*\0 ";
static const char shifted[] =
	"\0\033!@#$%^&*()_+\177\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?"
	"\0*\0 ";

/* From SCAN_KEYPAD_FIRST on: with NumLock, and as grey keys. */
static const char keypad_digit[] = "789-456+1230.";
static const char *const keypad_move[] = {
	"\033[1~", "\033[A", "\033[5~", "-", "\033[D", "\033[G", "\033[C",
	"+", "\033[4~", "\033[B", "\033[6~", "\033[2~", "\033[3~",
};
static const char *const function_key[] = {
	"\033[[A", "\033[[B", "\033[[C", "\033[[D", "\033[[E", "\033[17~",
	"\033[18~", "\033[19~", "\033[20~", "\033[21~", "\033[23~",
	"\033[24~",
};

static struct {
	u8 held; /* enum modifier of the keys that are down */
	bool caps, num; /* locks */
	bool extended; /* 0xE0 came */
	u8 skip; /* codes of Pause still to come */
} kbd;

static void send(const char *text)
{
	while (*text)
		tty_receive(TTY_SCREEN, *text++);
}

static void send_char(char c)
{
	if (kbd.held & ALT)
		tty_receive(TTY_SCREEN, '\033');
	tty_receive(TTY_SCREEN, c);
}

/* The modifier that CODE is the key of, or 0. */
static u8 modifier_of(u8 code)
{
	switch (code) {
	case SCAN_LSHIFT: return SHIFT_L;
	case SCAN_RSHIFT: return SHIFT_R;
	case SCAN_CTRL: return CTRL;
	case SCAN_ALT: return ALT;
	}
	return 0;
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Ctrl with the keys @ to _ and a to z, blank, / and ?: 0 to 0x1f, DEL. */
static char control(char c)
{
	if (c == '?')
		return 0x7f;
	if (c == '/')
		return '_' & 0x1f;
	if (c == ' ' || (c >= '@' && c != 0x7f))
		return c & 0x1f;
	return c;
}

static void press_main(u8 code)
{
	bool shift = kbd.held & (SHIFT_L | SHIFT_R);
	char c;

	if (code >= sizeof(plain) - 1 || !plain[code])
		return;
	if (kbd.caps && is_letter(plain[code]))
		shift = !shift;
	c = shift ? shifted[code] : plain[code];
	send_char(kbd.held & CTRL ? control(c) : c);
}

/* Arrows say ESC O instead of ESC [ when the program asked for that. */
static void send_move(const char *text)
{
	bool arrow = text[0] == '\033' && text[2] >= 'A' && text[2] <= 'D';

	if (kbd.held & ALT)
		send("\033");
	if (arrow && vga_app_keys()) {
		send("\033O");
		text += 2;
	}
	send(text);
}

static void press_keypad(u8 code, bool grey)
{
	u32 key = code - SCAN_KEYPAD_FIRST;

	if (kbd.num && !grey)
		send_char(keypad_digit[key]);
	else
		send_move(keypad_move[key]);
}

/* The number of a function key, from 0 on, or -1. */
static s32 function_of(u8 code)
{
	if (code >= SCAN_F1 && code <= SCAN_F10)
		return code - SCAN_F1;
	if (code == SCAN_F11 || code == SCAN_F12)
		return 10 + (code - SCAN_F11);
	return -1;
}

static void press(u8 code, bool grey)
{
	if (function_of(code) >= 0)
		send(function_key[function_of(code)]);
	else if (grey && code == SCAN_PRINT)
		return;
	else if (code == SCAN_CAPS)
		kbd.caps = !kbd.caps;
	else if (code == SCAN_NUM)
		kbd.num = !kbd.num;
	else if (code >= SCAN_KEYPAD_FIRST && code <= SCAN_KEYPAD_LAST)
		press_keypad(code, grey);
	else
		press_main(code);
}

/* One whole code; GREY: 0xE0 came before. Grey shifts are no keys, they
 * surround arrows when NumLock is on. */
static void handle_code(u8 code, bool grey)
{
	bool down = !(code & RELEASED);
	u8 modifier = modifier_of(code & ~RELEASED);

	if (modifier & (SHIFT_L | SHIFT_R) && grey)
		return;
	if (modifier && down)
		kbd.held |= modifier;
	else if (modifier)
		kbd.held &= ~modifier;
	else if (down)
		press(code, grey);
}

static void kbd_byte(u8 byte)
{
	bool grey = kbd.extended;

	kbd.extended = byte == PREFIX_EXTENDED;
	if (byte == PREFIX_PAUSE)
		kbd.skip = 2;
	else if (kbd.skip)
		kbd.skip--;
	else if (byte != PREFIX_EXTENDED)
		handle_code(byte, grey);
}

static void kbd_interrupt(struct trap_frame *frame)
{
	if (inb(KBD_STATUS) & STATUS_OUTPUT_FULL)
		kbd_byte(inb(KBD_DATA));
}

/* Waits until the controller takes a byte, a moment at most. */
static void kbd_out(u16 port, u8 val)
{
	u32 polls = MAX_POLLS;

	while (--polls && inb(KBD_STATUS) & STATUS_INPUT_FULL)
		;
	outb(port, val);
}

static u8 kbd_in(void)
{
	u32 polls = MAX_POLLS;

	while (--polls && !(inb(KBD_STATUS) & STATUS_OUTPUT_FULL))
		;
	return inb(KBD_DATA);
}

static void drop_old_bytes(void)
{
	u32 polls = MAX_POLLS;

	while (--polls && inb(KBD_STATUS) & STATUS_OUTPUT_FULL)
		inb(KBD_DATA);
}

void kbd_init(void)
{
	u8 config;

	if (inb(KBD_STATUS) == STATUS_ABSENT)
		return;
	kbd.num = true;
	drop_old_bytes();
	kbd_out(KBD_COMMAND, CMD_READ_CONFIG);
	config = kbd_in();
	config |= CONFIG_IRQ1 | CONFIG_TRANSLATE;
	config &= ~CONFIG_DISABLE;
	kbd_out(KBD_COMMAND, CMD_WRITE_CONFIG);
	kbd_out(KBD_DATA, config);
	kbd_out(KBD_COMMAND, CMD_ENABLE_KEYBOARD);
	kbd_out(KBD_DATA, KEYBOARD_SCAN);
	irq_register(IRQ_KEYBOARD, kbd_interrupt, "keyboard");
}
