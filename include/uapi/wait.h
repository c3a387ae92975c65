/* SPDX-License-Identifier: MIT */
/* wait4: options of Linux i386. */
#ifndef UAPI_WAIT_H
#define UAPI_WAIT_H

#define WNOHANG 0x00000001u
#define WUNTRACED 0x00000002u
#define WCONTINUED 0x00000008u
#define __WNOTHREAD 0x20000000u
#define __WALL 0x40000000u
#define __WCLONE 0x80000000u

#endif
