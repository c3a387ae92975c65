/* SPDX-License-Identifier: MIT */
/* Readiness of open files: what f_op->poll answers, and how sleepers in
 * poll() learn that it changed. */
#ifndef FS_POLL_H
#define FS_POLL_H

#include <kernel/time/time.h>

#define POLLIN 0x001
#define POLLPRI 0x002
#define POLLOUT 0x004
#define POLLERR 0x008
#define POLLHUP 0x010
#define POLLNVAL 0x020
#define POLLRDNORM 0x040
#define POLLWRNORM 0x100

/* What FILE is ready for. Atomic. */
struct file;
u32 poll_file(struct file *file);
/* Calls LOOK(ARG), which is atomic, until it finds something (not 0), UNTIL
 * (monotonic; NULL: for ever) or a signal: what it found, 0 when the time is
 * up, -ERESTARTNOHAND. May sleep. */
long poll_until(long (*look)(void *arg), void *arg,
		const struct timespec64 *until);

/* Some file became ready: tasks in poll() look again. Any context. */
void poll_notify(void);

#endif
