/* SPDX-License-Identifier: MIT */
/* Thread-local storage: the three segments a program may place itself. */
#ifndef KERNEL_TLS_H
#define KERNEL_TLS_H

#include <lib/types.h>

struct task;

/*
 * Sets an entry of TASK (the current one, or a child that has not run) from
 * the struct user_desc at the user address USER_DESC. With CAN_ALLOC entry
 * -1 takes a free one and writes its number back. 0, -EFAULT, -EINVAL,
 * -ESRCH (none free). May sleep.
 */
int tls_set(struct task *task, const void *user_desc, bool can_alloc);

/* Does SEL name an entry in use of TASK, with user rights? */
bool tls_selector_valid(const struct task *task, u32 sel);

#endif
