/* SPDX-License-Identifier: MIT */
/* What fs/proc/procfs.c, fs/proc/proc_task.c and fs/proc/proc_links.c share. */
#ifndef FS_PROC_INTERNAL_H
#define FS_PROC_INTERNAL_H

#include <fs/internal.h>
#include <fs/proc/procfs.h>
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
	u32 fd; /* /proc/PID/fd/FD, /proc/PID/fdinfo/FD */
	/* /proc/PID/fdinfo/FD: its text. Atomic. */
	int (*show_fd)(struct seq_buf *s, struct task *task, u32 fd);
	bool thread; /* /proc/PID/task/TID */
};

/* Inode numbers below /proc/PID: texts from 1 on, then these. */
#define PID_INO(pid, which) (0x80000000u | (u32)(pid) << 16 | (which))
#define INO_LINKS 0x100u
#define INO_FD_DIR 0x200u
#define INO_FDINFO_DIR 0x201u
#define INO_TASK_DIR 0x202u
#define INO_THREAD 0x203u
#define INO_FDS 0x1000u
#define INO_FDINFOS 0x2000u

extern const struct inode_operations proc_file_inode_ops;
extern const struct file_operations proc_file_ops;

/* An inode, owned by root, with a copy of INFO; NULL: no memory. */
struct inode *proc_inode_alloc(struct super_block *sb, u32 ino, u32 mode,
			       struct proc_inode info);
void proc_evict(struct inode *inode);

/* The folder of process NAME; -ENOENT: there is none. */
int proc_task_lookup(struct super_block *sb, const char *name,
		     struct inode **res);
/* An inode about TASK with a copy of INFO; 0 or -ENOMEM. May sleep. */
int proc_task_inode(struct super_block *sb, struct task *task, u32 which,
		    u32 mode, struct proc_inode info,
		    const struct inode_operations *ops, struct inode **res);
/* exe, cwd and root of TASK; -ENOENT: another name. */
int proc_link_lookup(struct super_block *sb, struct task *task,
		     const char *name, struct inode **res);
/* Their entries, from position 2 on; false: no more room. */
bool proc_link_readdir(struct dir_context *ctx, pid_t pid);
/* The folder fd or, with TEXTS, fdinfo of TASK. */
int proc_fd_folder(struct super_block *sb, struct task *task, bool texts,
		   struct inode **res);

/* Processes, by number, at positions FIRST + pid. */
void proc_task_readdir(struct dir_context *ctx, u32 first);

#endif
