/* SPDX-License-Identifier: MIT */
/*
 * Reader of cpio archives of the kind "newc", one entry at a time.
 *
 *   header  110 bytes: "070701" and 13 numbers of 8 hexadecimal digits
 *   name    namesize bytes, NUL-ended; more NULs may pad it
 *   0..3 bytes up to a multiple of 4
 *   data    filesize bytes
 *   0..3 bytes up to a multiple of 4
 *   ...
 *   an entry named TRAILER!!! ends an archive; zeros, and then another
 *   archive, may follow
 *
 * Trusts nothing: every offset is checked against the end of the buffer
 * before it is used. Needs no memory, and builds on the host for its tests.
 */
#ifndef FS_CPIO_H
#define FS_CPIO_H

#include <lib/types.h>

struct cpio {
	const u8 *base; /* the archives */
	u32 size; /* bytes */
	u32 pos; /* of the next header; of the fault after CPIO_BAD */
	bool begun; /* an archive was entered and its trailer not yet seen */
	u32 archives; /* trailers seen */
	const char *error; /* after CPIO_BAD: what is wrong, half a sentence */
};

struct cpio_entry {
	u32 ino, dev_major, dev_minor; /* equal: names of one file */
	u32 mode; /* type and rights, a type that exists */
	u32 uid, gid;
	u32 nlink;
	u32 mtime; /* seconds since 1970 */
	u32 rdev_major, rdev_minor;
	/* Without leading slashes and "./"; "" is the root. NUL-ended, no
	 * "..", each part at most 255 bytes, all of it at most 4095. */
	const char *name;
	const u8 *data;
	u32 size; /* of data; of a link 1 to 4095, and no NUL in it */
};

enum cpio_result {
	CPIO_ENTRY, /* *ENTRY was filled in */
	CPIO_TRAILER, /* an archive ended: inode numbers start over */
	CPIO_END, /* nothing more */
	CPIO_BAD, /* damaged: error and pos say what and where */
};

/* Starts reading SIZE bytes at BASE, which is aligned to 4. */
void cpio_begin(struct cpio *c, const void *base, u32 size);

/* The next entry. Atomic; after CPIO_END and CPIO_BAD it stays there. */
enum cpio_result cpio_next(struct cpio *c, struct cpio_entry *entry);

#endif
