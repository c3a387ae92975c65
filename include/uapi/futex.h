/* SPDX-License-Identifier: MIT */
/* Operations of futex(), as Linux numbers them. */
#ifndef UAPI_FUTEX_H
#define UAPI_FUTEX_H

#define FUTEX_WAIT 0u
#define FUTEX_WAKE 1u
#define FUTEX_WAIT_BITSET 9u
#define FUTEX_WAKE_BITSET 10u

#define FUTEX_PRIVATE_FLAG 128u
#define FUTEX_CLOCK_REALTIME 256u
#define FUTEX_CMD(op) ((op) & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME))
#define FUTEX_BITSET_MATCH_ANY 0xffffffffu

#endif
