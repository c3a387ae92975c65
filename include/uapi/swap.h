/* SPDX-License-Identifier: MIT */
/* Flags of swapon(2). */
#ifndef UAPI_SWAP_H
#define UAPI_SWAP_H

#define SWAP_FLAG_PREFER 0x8000u /* the low 15 bits are the priority */
#define SWAP_FLAG_PRIO_MASK 0x7fffu
#define SWAP_FLAG_DISCARD 0x10000u /* no effect: no drive here discards */

#endif
