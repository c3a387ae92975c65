/* SPDX-License-Identifier: MIT */
/*
 * Open files and tables of them.
 *
 *   task->files -> fd[0..] -> struct file -> dentry -> inode
 *                  (shared after dup, fork)
 */
#ifndef FS_FILE_H
#define FS_FILE_H

#include <fs/inode.h>
#include <uapi/fcntl.h>

#define NR_OPEN_MAX 1024u /* descriptors a task may have */
#define NR_FILES_MAX 4096u /* open files of the system */
extern u32 nr_files; /* so many are open now */

#define FD_SMALL 32u /* descriptors a table holds without a second block */
#define MAX_FILE_SIZE 0x7fffffffu /* bytes; positions are below */

struct vm_area_struct;

struct dir_context;

struct file_operations {
	int (*open)(struct inode *inode, struct file *file);
	void (*release)(struct file *file); /* the last reference goes */
	/* Bytes moved or -errno; *POS is theirs to advance. BUF is a user
	 * address unless file->kernel_buf. May sleep. */
	long (*read)(struct file *file, char *buf, u32 len, u32 *pos);
	long (*write)(struct file *file, const char *buf, u32 len, u32 *pos);
	/* The new position or -errno. NULL: ESPIPE. */
	long (*lseek)(struct file *file, s64 offset, int whence);
	long (*ioctl)(struct file *file, u32 cmd, u32 arg);
	/* Hands out entries from ctx->pos on: fs/readdir.c. Atomic. */
	int (*readdir)(struct file *file, struct dir_context *ctx);
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
	u32 (*poll)(struct file *file);
};

struct file {
	u32 count;
	u32 flags; /* O_ACCMODE, O_APPEND, O_NONBLOCK.. */
	u32 pos; /* below 2 GiB */
	struct dentry *dentry;
	struct inode *inode;
	const struct file_operations *f_op;
	bool kernel_buf; /* the kernel reads for itself: BUF is its own */
	bool exec; /* counted in inode->i_exec */
	u32 epoch; /* a terminal's: its hang-ups when this was opened */
	void *private; /* the driver's */
};

struct files_struct {
	u32 count;
	u32 nfds; /* size of the arrays */
	struct file **fd;
	u32 *cloexec; /* bitmap */
	struct file *fd_small[FD_SMALL]; /* the first fd[] */
	u32 cloexec_small; /* and its bitmap */
};

struct fs_struct {
	u32 count;
	u32 umask;
	struct dentry *root, *cwd;
};

/* The file behind FD with one more reference, or NULL. */
struct file *fget(u32 fd);
void fput(struct file *file);
static inline struct file *get_file(struct file *file)
{
	file->count++;
	return file;
}

/* Copies a user path in; *PATH is freed with putname(). -EFAULT,
 * -ENAMETOOLONG, -ENOMEM. May sleep. */
int getname(const char *upath, char **path);
void putname(char *path);

/* Opens PATH (kernel memory) as open() would; *ERR on NULL. */
struct file *file_open(const char *path, u32 flags, u32 mode, int *err);
/* For exec: regular file, x right, no write right needed; *ERR. */
struct file *file_open_exec(const char *path, int *err);
/* Gives FILE, from file_open_exec(), up: its maps may go on, but it may be
 * opened for writing again, as a library may. */
void file_allow_write(struct file *file);
/* Bytes at POS of a file from file_open_exec() into kernel memory; short at
 * the end, or -errno. */
long kernel_read(struct file *file, void *buf, u32 len, u32 pos);

/* VMA, not linked yet, becomes a map of new shared memory without a name,
 * of its size; 0, -ENOMEM or -ENFILE. May sleep. */
int shared_anon_mmap(struct vm_area_struct *vma);

/* The lowest free descriptor from FROM on takes FILE; it or -EMFILE. */
int fd_install(struct file *file, u32 from, bool cloexec);
/* A new open file of DENTRY, with one more reference to it. OPS may be NULL:
 * the inode's. NULL and *ERR: -ENOMEM, -ENFILE. May sleep. */
struct file *file_alloc(struct dentry *dentry,
			const struct file_operations *ops, u32 flags, int *err);

struct files_struct *files_alloc(void);
struct files_struct *files_dup(struct files_struct *old); /* fork; NULL */
void files_put(struct files_struct *files);
void files_close_on_exec(void);
struct fs_struct *fs_dup(struct fs_struct *old);
void fs_put(struct fs_struct *fs);

/* At boot: mounts the root ramfs, unpacks the initrd, mounts /proc, makes
 * /dev. Leaves FS of the first tasks in init_fs. */
void fs_init(void);
extern struct fs_struct init_fs;

/* Device files: drivers name themselves before fs_init() runs. RDEV is
 * makedev() of <uapi/stat.h>. */
void devfs_register(const char *name, u32 mode, u32 rdev,
		    const struct file_operations *ops);

#endif
