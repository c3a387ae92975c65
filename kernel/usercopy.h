/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing user memory. The only instructions of the kernel that
 * may fault on it stand in kernel/usercopy.c, each with a fixup; a range
 * that reaches TASK_SIZE or wraps counts as unreadable from that byte on.
 *
 * All may sleep (the page may have to be brought in) and assert that no lock
 * from mmap_sem on is held.
 */
#ifndef KERNEL_USERCOPY_H
#define KERNEL_USERCOPY_H

#include <lib/types.h>

/* Bytes NOT copied; 0 is success. The target's rest is left as it was. */
u32 copy_from_user(void *dst, const void *user_src, u32 len);
u32 copy_to_user(void *user_dst, const void *src, u32 len);
u32 clear_user(void *user_dst, u32 len);

/* One word; 0 or -EFAULT. */
int get_user_u32(u32 *val, const void *user_src);
int put_user_u32(u32 val, void *user_dst);

/* Length of the string copied with its NUL left out, -EFAULT, or SIZE when
 * no NUL came within SIZE bytes. */
long strncpy_from_user(char *dst, const char *user_src, u32 size);

#endif
