/* SPDX-License-Identifier: MIT */
/* Interval timers: what the tick and fork() do with them. */
#ifndef KERNEL_ITIMER_H
#define KERNEL_ITIMER_H

#include <lib/types.h>

struct process;
struct task;

/* A tick of processor time, in user mode if USER. From the timer interrupt. */
void itimer_tick(struct task *task, bool user);
/* CHILD, a copy of its parent, has none. */
void itimer_fork(struct process *child);

#endif
