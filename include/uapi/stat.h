/* SPDX-License-Identifier: MIT */
/* File types and rights; stat64, statx, statfs64, getdents64 of Linux i386. */
#ifndef UAPI_STAT_H
#define UAPI_STAT_H

#include <lib/types.h>

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFLNK 0120000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000

#define S_ISUID 04000
#define S_ISGID 02000
#define S_ISVTX 01000
#define S_IXGRP 00010

#define S_ISLNK(m) (((m) & S_IFMT) == S_IFLNK)
#define S_ISREG(m) (((m) & S_IFMT) == S_IFREG)
#define S_ISDIR(m) (((m) & S_IFMT) == S_IFDIR)
#define S_ISCHR(m) (((m) & S_IFMT) == S_IFCHR)
#define S_ISBLK(m) (((m) & S_IFMT) == S_IFBLK)
#define S_ISFIFO(m) (((m) & S_IFMT) == S_IFIFO)

/* utimensat: values of tv_nsec. */
#define UTIME_NOW 0x3fffffff
#define UTIME_OMIT 0x3ffffffe

struct stat64 {
	u64 st_dev;
	u32 pad0;
	u32 st_ino_low; /* the low half of st_ino */
	u32 st_mode;
	u32 st_nlink;
	u32 st_uid;
	u32 st_gid;
	u64 st_rdev;
	u32 pad1;
	s64 st_size;
	u32 st_blksize;
	u64 st_blocks; /* of 512 bytes */
	u32 st_atime_sec, st_atime_nsec;
	u32 st_mtime_sec, st_mtime_nsec;
	u32 st_ctime_sec, st_ctime_nsec;
	u64 st_ino;
} __attribute__((packed, aligned(4)));

BUILD_ASSERT(sizeof(struct stat64) == 96, "Linux i386");
BUILD_ASSERT(offsetof(struct stat64, st_size) == 44, "Linux i386");
BUILD_ASSERT(offsetof(struct stat64, st_ino) == 88, "Linux i386");

struct statx_timestamp {
	s64 tv_sec;
	u32 tv_nsec;
	s32 pad;
};

#define STATX_BASIC_STATS 0x07ffu
#define STATX_BTIME 0x0800u
#define STATX_RESERVED 0x80000000u

struct statx {
	u32 stx_mask; /* fields that hold */
	u32 stx_blksize;
	u64 stx_attributes;
	u32 stx_nlink;
	u32 stx_uid;
	u32 stx_gid;
	u16 stx_mode;
	u16 pad0;
	u64 stx_ino;
	u64 stx_size;
	u64 stx_blocks;
	u64 stx_attributes_mask;
	struct statx_timestamp stx_atime, stx_btime, stx_ctime, stx_mtime;
	u32 stx_rdev_major, stx_rdev_minor;
	u32 stx_dev_major, stx_dev_minor;
	u64 spare[14];
};

BUILD_ASSERT(sizeof(struct statx) == 256, "Linux");
BUILD_ASSERT(offsetof(struct statx, stx_atime) == 64, "Linux");

struct statfs64 {
	u32 f_type;
	u32 f_bsize;
	u64 f_blocks;
	u64 f_bfree;
	u64 f_bavail;
	u64 f_files;
	u64 f_ffree;
	s32 f_fsid[2];
	u32 f_namelen;
	u32 f_frsize;
	u32 f_flags;
	u32 f_spare[4];
} __attribute__((packed, aligned(4)));

BUILD_ASSERT(sizeof(struct statfs64) == 84, "Linux i386");

struct old_statfs { /* statfs, fstatfs */
	u32 f_type, f_bsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree;
	s32 f_fsid[2];
	u32 f_namelen, f_frsize, f_flags, f_spare[4];
};

BUILD_ASSERT(sizeof(struct old_statfs) == 64, "Linux i386");

struct old_stat { /* stat, lstat, fstat */
	u32 st_dev, st_ino;
	u16 st_mode, st_nlink, st_uid, st_gid;
	u32 st_rdev, st_size, st_blksize, st_blocks;
	u32 st_atime_sec, st_atime_nsec;
	u32 st_mtime_sec, st_mtime_nsec;
	u32 st_ctime_sec, st_ctime_nsec;
	u32 unused[2];
};

BUILD_ASSERT(sizeof(struct old_stat) == 64, "Linux i386");

#define RAMFS_MAGIC 0x858458f6u
#define TMPFS_MAGIC 0x01021994u
#define PROC_SUPER_MAGIC 0x9fa0u
#define PIPEFS_MAGIC 0x50495045u

struct linux_dirent64 {
	u64 d_ino;
	s64 d_off; /* where the next entry is found */
	u16 d_reclen; /* a multiple of 8 */
	u8 d_type; /* S_IFMT >> 12 */
	char d_name[]; /* NUL-ended */
} __attribute__((packed));

BUILD_ASSERT(offsetof(struct linux_dirent64, d_name) == 19, "Linux");

/* Device numbers as user programs see them: 12 bits major, 20 minor. */
static inline u32 makedev(u32 major, u32 minor)
{
	return (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xffu) << 12;
}

static inline u32 dev_major(u32 dev)
{
	return dev >> 8 & 0xfff;
}

static inline u32 dev_minor(u32 dev)
{
	return (dev & 0xff) | (dev >> 12 & 0xfff00);
}

#endif
