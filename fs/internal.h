/* SPDX-License-Identifier: MIT */
/*
 * What the files of fs/ share and nobody else uses.
 */
#ifndef FS_INTERNAL_H
#define FS_INTERNAL_H

#include <fs/file.h>
#include <fs/poll.h>
#include <uapi/errno.h>
#include <uapi/mount.h>
#include <uapi/stat.h>

/* --- dentry.c: the tree of names ------------------------------------------ */

/* A dentry for NAME in PARENT, not in the tree yet; NULL: no memory. */
struct dentry *dentry_alloc(struct dentry *parent, const char *name, u32 len);
/* One that is its own parent: a root, or a file without a name. */
struct dentry *dentry_alloc_root(struct inode *inode, const char *name);
/* The child of that name, without a reference, or NULL. Atomic. */
struct dentry *dentry_find(struct dentry *parent, const char *name, u32 len);
/* Puts DENTRY, with one count for the name, and INODE's reference in. */
void dentry_publish(struct dentry *dentry, struct inode *inode);
/* Takes the name out of the tree and drops its count. */
void dentry_delete(struct dentry *dentry);
/* Gives DENTRY the parent and name of SPARE, which stays unpublished. */
void dentry_move(struct dentry *dentry, struct dentry *spare);
/* Is ABOVE the same as DENTRY or one of the folders it lies in? */
bool dentry_inside(struct dentry *dentry, struct dentry *above);

/* --- inode.c -------------------------------------------------------------- */

/* Sets the file operations of a FIFO or device by MODE and RDEV. */
void inode_init_special(struct inode *inode, u32 rdev);
/* Marks contents and attributes, or attributes alone, changed now. */
void inode_modified(struct inode *inode);
void inode_changed(struct inode *inode);
/* A read: advances atime when it lags behind mtime (relatime). */
void inode_accessed(struct inode *inode);
/* Owner of the file, or privileged. */
bool inode_owner(const struct inode *inode);

/* --- namei.c: walking a path ---------------------------------------------- */

/*
 *   "usr/lib/x.so"      at    -> dentry of "usr"
 *        ^  ^           name  -> "lib", len 3
 *        |  rest        rest  -> "/x.so"
 *        name
 */
struct path_walk {
	struct dentry *at; /* where it stands, with one reference */
	const char *name; /* the last name, not NUL-ended */
	u32 len; /* of it; 0: the walk already ends at AT */
	bool slash; /* slashes follow the last name */
	const char *rest; /* what is still to walk */
	char *buf; /* path rewritten by links, or NULL */
	u32 links; /* followed so far */
};

/* The folder DIRFD means, borrowed, in *BASE: NULL for AT_FDCWD and for an
 * absolute path. *FILE holds it until fput() (NULL is fine). */
int dirfd_base(s32 dirfd, const char *path, struct dentry **base,
	       struct file **file);

int walk_begin(struct path_walk *w, struct dentry *base, const char *path);
void walk_end(struct path_walk *w);
/* Walks to the folder of the last name, and checks the right to search it. */
int walk_to_last(struct path_walk *w);
/* The last name's dentry, links not followed; -ENOENT. */
int walk_last(struct path_walk *w, struct dentry **res);
/* Replaces the last name, which is the link LINK, by its target. */
int walk_follow(struct path_walk *w, struct dentry *link);
/* walk_begin() and walk_to_last() of a user path. On success *PATH, to be
 * freed after walk_end(), keeps what the walk points into. */
int walk_user(struct path_walk *w, s32 dirfd, const char *upath, char **path);

/* A user path, as the *at calls take it; one reference in *RES. FLAGS may
 * hold AT_EMPTY_PATH; LOOKUP_FOLLOW as LOOK. May sleep. */
int user_path(s32 dirfd, const char *upath, u32 look, u32 flags,
	      struct dentry **res);

/* --- names.c: making and removing names ----------------------------------- */

/* "/", "." and "..": nothing can be made, removed or moved there. */
bool special_name(const struct path_walk *w);

/* May the task make a name in DIR, remove VICTIM from it? 0 or -errno. */
int may_create(const struct inode *dir);
int may_delete(const struct inode *dir, struct dentry *victim, bool is_dir);
/* Makes the last name of W; TARGET only for links; *RES or NULL. */
int vfs_create(struct path_walk *w, u32 mode, u32 rdev, const char *target,
	       struct dentry **res);

/* --- file_rw.c, open.c, fd.c ---------------------------------------------- */

/* Are files to take no more RAM (ENOSPC)? Not for process 0, which unpacks
 * the initrd. */
bool ram_is_short(void);
/* Copies between a file's buffer and the kernel; bytes NOT copied. */
u32 file_copy_out(const struct file *file, void *buf, const void *src, u32 len);
u32 file_copy_in(const struct file *file, void *dst, const void *buf, u32 len);
/* The read, write and lseek of files in the page cache. */
long generic_file_read(struct file *file, char *buf, u32 len, u32 *pos);
long generic_file_write(struct file *file, const char *buf, u32 len, u32 *pos);
long generic_lseek(struct file *file, s64 offset, int whence);

static inline bool file_readable(const struct file *file)
{
	return (file->flags & O_ACCMODE) != O_WRONLY &&
	       (file->flags & O_ACCMODE) != O_ACCMODE &&
	       !(file->flags & O_PATH);
}

static inline bool file_writable(const struct file *file)
{
	return ((file->flags & O_ACCMODE) == O_WRONLY ||
		(file->flags & O_ACCMODE) == O_RDWR) &&
	       !(file->flags & O_PATH);
}

/* The file behind FD, readable or writable, with a reference; or -EBADF. */
int fget_mode(u32 fd, bool write, struct file **file);

/* Sets the size: pages dropped, maps zapped. 0 or -errno. May sleep. */
int do_truncate(struct inode *inode, u32 size);

/* The open file FD, for calls that change it; or -EBADF. */
int fget_change(u32 fd, struct file **file);

/* Closes the descriptor FD; 0 or -EBADF. */
int do_close(u32 fd);

/* The lowest free descriptor from FROM on, room made for it; or -EMFILE,
 * -ENOMEM. May sleep. */
int fd_reserve(u32 from);

/* FD, whatever it was before, names FILE, whose reference it takes over;
 * FD or -EBADF, -ENOMEM. May sleep. */
int fd_replace(struct file *file, u32 fd, bool cloexec);

/* --- locks.c -------------------------------------------------------------- */

/* F_GETLK, and F_SETLK or, with WAIT, F_SETLKW; WIDE: struct flock64. */
long fcntl_getlk(struct file *file, void *arg, bool wide);
long fcntl_setlk(struct file *file, const void *arg, bool wide, bool wait);
/* OWNER, a table of descriptors or an open file, lets INODE go. Atomic. */
void locks_drop(struct inode *inode, const void *owner);

/* --- select.c ------------------------------------------------------------- */

/* The end of a wait whose length is at UTS (NULL: none): 0, -EFAULT, -EINVAL.
 * May sleep. */
int wait_time_read(struct timespec64 *until, const void *uts, bool time64);
/* Writes back what is left of it; the call's result, given RES. */
long wait_time_write(void *uts, struct timespec64 until, bool time64, long res);

/* --- file systems --------------------------------------------------------- */

extern const struct file_operations pipe_ops, fifo_ops, chrdev_ops;
extern const struct file_operations blkdev_ops; /* fs/dev/blockdev.c */

/* Give a new file system its root; -EINVAL (OPTIONS), -ENOMEM. May sleep. */
int ramfs_fill(struct super_block *sb, const char *options);
int tmpfs_fill(struct super_block *sb, const char *options);
int procfs_fill(struct super_block *sb, const char *options);
/* New limits for a mounted one; -EINVAL. */
int tmpfs_remount(struct super_block *sb, const char *options);
/* Registers what /proc tells about file systems. At boot. */
void mount_proc_init(void);

/* A file system without a root, not mounted; NULL: no memory. */
struct super_block *super_alloc(const char *name, u32 magic);
/* All that are mounted, in order of mounting. */
extern struct super_block *mounts;
/* Lays a new file system of TYPE over the folder WHERE; NULL: it is the
 * root. At boot: panics when it cannot. */
struct super_block *mount_at_boot(const char *type, const char *where);
/* May files of SB be changed? 0 or -EROFS. */
static inline int sb_writable(const struct super_block *sb)
{
	return sb->flags & MS_RDONLY ? -EROFS : 0;
}
/* Has SB used up its pages? */
static inline bool sb_full(const struct super_block *sb)
{
	return sb->max_pages && sb->nr_pages >= sb->max_pages;
}
/* Makes PATH at boot, as vfs_create(); a path that exists is left alone. */
void boot_create(const char *path, u32 mode, u32 rdev, const char *target);

/* Fills the folder /dev. At boot. */
void devfs_init(void);
void pipe_init(void);
void shared_anon_init(void);

/* Unpacks the archive in boot module 0 and gives its frames back. */
void initrd_unpack(void);

/* --- readdir.c ------------------------------------------------------------ */

struct dir_context {
	u32 pos; /* where the next entry is found */
	char *buf; /* kernel memory, linux_dirent64 records */
	u32 size, used;
	bool full; /* the last entry did not fit */
	bool old; /* records of getdents instead */
};
/* Appends an entry; false: it does not fit, stop here. NEXT is the position
 * behind it. */
bool dir_emit(struct dir_context *ctx, const char *name, u32 len, u32 ino,
	      u32 mode, u32 next);
/* "." and "..", at positions 0 and 1. */
bool dir_emit_dots(struct dir_context *ctx, struct dentry *dir);

#endif
