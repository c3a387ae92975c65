/* SPDX-License-Identifier: MIT */
/*
 * Between the kernel's structures and Linux's, old (16-bit ids) and new.
 * Every answer is built in a zeroed local: no byte of the kernel leaks.
 * The put and get functions copy to and from the user: they may sleep;
 * 0 or -EFAULT.
 */
#ifndef IPC_ABI_H
#define IPC_ABI_H

#include <uapi/ipc.h>

struct shmid_kernel;

void abi_fill_shmid(struct shmid64_ds *ds, const struct shmid_kernel *seg);
int abi_put_shmid(void *user, const struct shmid64_ds *ds, bool old);
int abi_put_shminfo(void *user, const struct shminfo64 *info, bool old);
/* uid, gid and mode are all that IPC_SET reads; the rest is zero. */
int abi_get_perm(struct ipc64_perm *perm, const void *user, bool old);

#endif
