/* SPDX-License-Identifier: MIT */
/* Readiness of open files: what f_op->poll answers, and how sleepers in
 * poll() learn that it changed. */
#ifndef FS_POLL_H
#define FS_POLL_H

#include <lib/types.h>

#define POLLIN 0x001
#define POLLOUT 0x004
#define POLLERR 0x008
#define POLLHUP 0x010
#define POLLNVAL 0x020
#define POLLRDNORM 0x040
#define POLLWRNORM 0x100

/* Some file became ready: tasks in poll() look again. Any context. */
void poll_notify(void);

#endif
