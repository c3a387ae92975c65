/* SPDX-License-Identifier: MIT */
/* mount, umount2: flags of Linux. */
#ifndef UAPI_MOUNT_H
#define UAPI_MOUNT_H

#define MS_RDONLY 0x1u
#define MS_NOSUID 0x2u
#define MS_NODEV 0x4u
#define MS_NOEXEC 0x8u
#define MS_REMOUNT 0x20u
#define MS_NOATIME 0x400u
#define MS_BIND 0x1000u
#define MS_MOVE 0x2000u
#define MS_UNBINDABLE 0x20000u
#define MS_PRIVATE 0x40000u
#define MS_SLAVE 0x80000u
#define MS_SHARED 0x100000u
#define MS_MGC_VAL 0xc0ed0000u /* what old programs put on top */
#define MS_MGC_MSK 0xffff0000u

#define MNT_FORCE 1
#define MNT_DETACH 2
#define MNT_EXPIRE 4
#define UMOUNT_NOFOLLOW 8

#define ST_VALID 0x20u /* statfs: f_flags holds */
#define ST_RELATIME 0x1000u

#endif
