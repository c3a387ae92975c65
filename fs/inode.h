/* SPDX-License-Identifier: MIT */
/*
 * Inodes, names (dentries) and file systems.
 *
 *   super_block -> root dentry
 *                     |-- "bin" dentry -> inode (directory)
 *                     |      '-- "ls"  dentry -> inode <- hard link "dir"
 *                     '-- "dev" ...
 *
 * A RAM file system lives in its dentries: each holds one count as long as
 * the name exists. procfs makes its dentries when they are looked up.
 *
 * Locks: a directory's children, a file's size and contents: the inode's
 * i_sem (LOCK_INODE). Counts: atomic.
 */
#ifndef FS_INODE_H
#define FS_INODE_H

#include <kernel/lock.h>
#include <kernel/time/time.h>
#include <mm/filemap.h>

#define NAME_MAX 255
#define PATH_MAX 4096

struct dentry;
struct file;
struct file_operations;
struct inode;

struct inode_operations {
	/* Finds NAME in DIR: sets *INODE (one reference) or -ENOENT. */
	int (*lookup)(struct inode *dir, const char *name,
		      struct inode **inode);
	/* Makes an inode of MODE (type and rights). */
	int (*create)(struct inode *dir, struct dentry *dentry, u32 mode,
		      u32 rdev, struct inode **inode);
	int (*link)(struct inode *dir, struct dentry *dentry,
		    struct inode *inode);
	int (*unlink)(struct inode *dir, struct dentry *dentry);
	int (*rename)(struct inode *old_dir, struct dentry *old,
		      struct inode *new_dir, struct dentry *new_dentry);
	/* Makes a symbolic link with the text TARGET. */
	int (*symlink)(struct inode *dir, struct dentry *dentry,
		       const char *target, struct inode **inode);
	/* The target of a symbolic link, into BUF; length or -errno. */
	int (*readlink)(struct inode *inode, char *buf, u32 size);
	/* A link to an object rather than a name (/proc/PID/exe): sets *RES
	 * (one reference) or -errno. */
	int (*jump)(struct inode *inode, struct dentry **res);
	/* The last reference goes: frees i_private. */
	void (*evict)(struct inode *inode);
};

struct super_block {
	const char *fs_name; /* "ramfs", "proc" */
	u32 magic; /* f_type of statfs */
	u32 dev; /* st_dev */
	struct dentry *root; /* its covers: the folder it is mounted on */
	u32 last_ino; /* numbers are given out in order */
	struct super_block *next; /* in order of mounting: fs/mount.c */
	char *source; /* what mount(2) was given, "none" */
	u32 flags; /* MS_*: read-only and the like */
	u32 nr_pages, max_pages; /* of all its files; 0: no limit */
	u32 nr_inodes, max_inodes; /* files there are; 0: no limit */
	u32 mode; /* rights of its root when it was mounted */
};

struct inode {
	u32 count; /* dentries and open files: INV-IN1 of fs/inode.c */
	u32 ino; /* differs per file within its dev */
	u32 mode; /* S_IFMT and rights */
	u32 nlink; /* names; 0: a folder that was removed */
	u32 uid, gid; /* owner */
	u32 size; /* bytes, below 2 GiB */
	u32 rdev; /* device number of a device file */
	struct timespec64 atime, mtime, ctime;
	struct super_block *sb; /* its file system */
	const struct inode_operations *i_op; /* names; NULL: pipes */
	const struct file_operations *i_fop; /* contents; never NULL */
	struct address_space i_data; /* regular files: the pages */
	struct mutex i_sem; /* size and contents, or a folder's names */
	u32 i_writers, i_exec; /* open for writing; mapped as program */
	struct file_lock *i_locks; /* fs/calls/locks.c */
	void *i_private; /* the file system's: symlink text, pipe, proc entry */
};

struct dentry {
	u32 count; /* children, open files, users, and 1 for the name */
	char *name; /* kmalloc'ed */
	u32 hash; /* of parent and name: fs/dentry.c */
	struct dentry *hash_next; /* in its bucket */
	struct inode *inode; /* NULL: name does not exist yet (negative) */
	struct dentry *parent; /* the root's: itself */
	struct list_head children, sibling; /* by order of creation */
	u32 cookie; /* place in the directory, for getdents64: ascending */
	bool gone; /* the name was removed */
	struct dentry *mounted; /* root of what is mounted here, or NULL */
	struct dentry *covers; /* a mounted root's: the dentry below */
	struct super_block *sb; /* its file system */
};

extern u32 nr_inodes, nr_dentries; /* of all file systems */

struct inode *inode_alloc(struct super_block *sb, u32 mode);
void inode_get(struct inode *inode);
void inode_put(struct inode *inode); /* frees pages with the last one */
struct dentry *dentry_get(struct dentry *dentry);
void dentry_put(struct dentry *dentry);

/* The path of DENTRY from the task's root into BUF; NULL: it did not fit.
 * The result points into BUF. " (deleted)" follows a name that is gone. */
char *dentry_path(struct dentry *dentry, char *buf, u32 size);

/* Flags of path_lookup(). */
#define LOOKUP_FOLLOW 1 /* a symbolic link at the end is followed */
#define LOOKUP_DIRECTORY 2 /* the result must be a directory */

/* PATH (kernel memory) from BASE (NULL: cwd); one reference in *RES. */
int path_lookup(struct dentry *base, const char *path, u32 flags,
		struct dentry **res);

/* May the current task (fs ids) MASK (4 r, 2 w, 1 x) it? 0, -EACCES or
 * -EROFS. */
int inode_permission(const struct inode *inode, u32 mask);

#endif
