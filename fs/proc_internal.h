/* SPDX-License-Identifier: MIT */
/* What fs/procfs.c and fs/proc_task.c share: inodes of /proc. */
#ifndef FS_PROC_INTERNAL_H
#define FS_PROC_INTERNAL_H

#include <fs/internal.h>
#include <fs/procfs.h>
#include <kernel/task.h>

struct proc_node;
struct proc_link;

/* inode->i_private of /proc: which of these holds follows from the inode's
 * operations. */
struct proc_inode {
	struct proc_node *node; /* registered file or folder */
	struct proc_entry *entry; /* registered file */
	pid_t pid; /* everything below /proc/PID */
	struct proc_pid_entry *pid_entry; /* /proc/PID/NAME with a text */
	const struct proc_link *link; /* /proc/PID/NAME, a link */
	u32 fd; /* /proc/PID/fd/FD */
};

extern const struct inode_operations proc_file_inode_ops;
extern const struct file_operations proc_file_ops;

/* An inode, owned by root, with a copy of INFO; NULL: no memory. */
struct inode *proc_inode_alloc(u32 ino, u32 mode, struct proc_inode info);
void proc_evict(struct inode *inode);

/* The folder of process NAME; -ENOENT: there is none. */
int proc_task_lookup(const char *name, struct inode **res);
/* Processes, by number, at positions FIRST + pid. */
void proc_task_readdir(struct dir_context *ctx, u32 first);

#endif
