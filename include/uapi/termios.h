/* SPDX-License-Identifier: MIT */
/* Terminals of Linux i386: modes, control characters, ioctl commands. */
#ifndef UAPI_TERMIOS_H
#define UAPI_TERMIOS_H

#include <lib/types.h>

#define TCGETS 0x5401
#define TCSETS 0x5402
#define TCSETSW 0x5403 /* when output is done */
#define TCSETSF 0x5404 /* and unread input is thrown away */
#define TCSBRK 0x5409
#define TCXONC 0x540A
#define TCFLSH 0x540B
#define TIOCEXCL 0x540C
#define TIOCNXCL 0x540D
#define TIOCSCTTY 0x540E
#define TIOCGPGRP 0x540F
#define TIOCSPGRP 0x5410
#define TIOCOUTQ 0x5411
#define TIOCGWINSZ 0x5413
#define TIOCSWINSZ 0x5414
#define FIONREAD 0x541B
#define TIOCNOTTY 0x5422
#define TCSBRKP 0x5425
#define TIOCGSID 0x5429
#define TIOCVHANGUP 0x5437
#define TIOCGPTN 0x80045430 /* number of a pseudo terminal */
#define TIOCSPTLCK 0x40045431
#define TIOCGDEV 0x80045432 /* device number behind /dev/console, /dev/tty */

#define TCIFLUSH 0 /* argument of TCFLSH */
#define TCOFLUSH 1
#define TCIOFLUSH 2

#define TCOOFF 0 /* argument of TCXONC */
#define TCOON 1
#define TCIOFF 2
#define TCION 3

#define NCCS 19 /* the kernel's; the C library has 32 */

struct termios {
	u32 c_iflag, c_oflag, c_cflag, c_lflag;
	u8 c_line; /* line discipline, 0 */
	u8 c_cc[NCCS];
};

BUILD_ASSERT(sizeof(struct termios) == 36, "Linux i386 layout");

struct winsize {
	u16 ws_row, ws_col;
	u16 ws_xpixel, ws_ypixel;
};

enum termios_cc { /* index in c_cc */
	VINTR = 0,
	VQUIT = 1,
	VERASE = 2,
	VKILL = 3,
	VEOF = 4,
	VTIME = 5,
	VMIN = 6,
	VSTART = 8,
	VSTOP = 9,
	VSUSP = 10,
	VEOL = 11,
	VREPRINT = 12,
	VDISCARD = 13,
	VWERASE = 14,
	VLNEXT = 15,
	VEOL2 = 16,
};

/* c_iflag */
#define ISTRIP 0000040u
#define INLCR 0000100u
#define IGNCR 0000200u
#define ICRNL 0000400u
#define IUCLC 0001000u
#define IXON 0002000u
#define IXANY 0004000u
#define IMAXBEL 0020000u
#define IUTF8 0040000u

/* c_oflag */
#define OPOST 0000001u
#define OLCUC 0000002u
#define ONLCR 0000004u
#define OCRNL 0000010u
#define ONOCR 0000020u
#define ONLRET 0000040u
#define TABDLY 0014000u
#define XTABS 0014000u

/* c_cflag */
#define B38400 0000017u
#define B115200 0010002u
#define CS8 0000060u
#define CREAD 0000200u
#define HUPCL 0002000u

/* c_lflag */
#define ISIG 0000001u
#define ICANON 0000002u
#define ECHO 0000010u
#define ECHOE 0000020u
#define ECHOK 0000040u
#define ECHONL 0000100u
#define NOFLSH 0000200u
#define TOSTOP 0000400u
#define ECHOCTL 0001000u
#define ECHOKE 0004000u
#define IEXTEN 0100000u

#endif
