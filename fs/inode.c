/* SPDX-License-Identifier: MIT */
/*
 * Inodes: life and death, rights, times.
 *
 *   dentry ---.
 *   dentry ----> inode (count 3) --> i_data: pages
 *   file -----'                  --> i_private: the file system's
 *
 * INV-IN1 each dentry with an inode and each open file hold one count.
 * INV-IN2 an inode that no name and no open file holds is gone, with its
 *         pages; so a RAM file lives as long as either.
 *
 * Nothing here sleeps but inode_alloc() and inode_put().
 */
#include <fs/internal.h>
#include <kernel/panic.h>
#include <kernel/task.h>
#include <mm/kmalloc.h>

#define ATIME_LAG 86400 /* seconds after which a read is noted anyway */

u32 nr_inodes;
static const struct file_operations no_ops;

struct inode *inode_alloc(struct super_block *sb, u32 mode)
{
	struct inode *inode = kzalloc(sizeof(*inode), GFP_KERNEL);

	if (!inode)
		return NULL;
	inode->count = 1;
	inode->ino = ++sb->last_ino;
	sb->nr_inodes++;
	nr_inodes++;
	inode->mode = mode;
	inode->nlink = S_ISDIR(mode) ? 2 : 1;
	inode->uid = current->cred.fsuid;
	inode->gid = current->cred.fsgid;
	inode->sb = sb;
	inode->i_fop = &no_ops;
	inode->i_data.host = inode;
	inode->mtime = time_realtime();
	inode->atime = inode->ctime = inode->mtime;
	mutex_init(&inode->i_sem, LOCK_INODE, "inode");
	return inode;
}

void inode_get(struct inode *inode)
{
	inode->count++;
}

void inode_put(struct inode *inode)
{
	ASSERT_MSG(inode->count, "inode %u has no users to give up",
		   inode->ino);
	if (--inode->count)
		return;
	truncate_pages(&inode->i_data, 0);
	if (inode->i_op && inode->i_op->evict)
		inode->i_op->evict(inode);
	inode->sb->nr_inodes--;
	nr_inodes--;
	kfree(inode);
}

void inode_init_special(struct inode *inode, u32 rdev)
{
	if (S_ISFIFO(inode->mode)) {
		inode->i_fop = &fifo_ops;
		return;
	}
	if (S_ISCHR(inode->mode) || S_ISBLK(inode->mode)) {
		inode->rdev = rdev;
		inode->i_fop = &chrdev_ops;
	}
}

void inode_changed(struct inode *inode)
{
	inode->ctime = time_realtime();
}

void inode_modified(struct inode *inode)
{
	inode->mtime = time_realtime();
	inode->ctime = inode->mtime;
}

static bool time_before(struct timespec64 a, struct timespec64 b)
{
	return a.sec < b.sec || (a.sec == b.sec && a.nsec < b.nsec);
}

void inode_accessed(struct inode *inode)
{
	struct timespec64 now = time_realtime();

	if (inode->sb->flags & (MS_NOATIME | MS_RDONLY))
		return;
	if (!time_before(inode->mtime, inode->atime) ||
	    !time_before(inode->ctime, inode->atime) ||
	    now.sec - inode->atime.sec >= ATIME_LAG)
		inode->atime = now;
}

bool inode_owner(const struct inode *inode)
{
	return current->cred.fsuid == inode->uid || current->cred.fsuid == 0;
}

/* A privileged task may do all but run a file that nobody may run. */
static bool root_may(const struct inode *inode, u32 mask)
{
	return !(mask & X_OK) || S_ISDIR(inode->mode) || (inode->mode & 0111);
}

/* Has INODE contents or names of its own, that a read-only system keeps? */
static bool on_medium(const struct inode *inode)
{
	return S_ISREG(inode->mode) || S_ISDIR(inode->mode) ||
	       S_ISLNK(inode->mode);
}

int inode_permission(const struct inode *inode, u32 mask)
{
	u32 rights = inode->mode;

	if ((mask & W_OK) && on_medium(inode) && sb_writable(inode->sb))
		return -EROFS;
	if (current->cred.fsuid == 0)
		return root_may(inode, mask) ? 0 : -EACCES;
	if (current->cred.fsuid == inode->uid)
		rights >>= 6;
	else if (current->cred.fsgid == inode->gid || in_group(inode->gid))
		rights >>= 3;
	return (rights & mask & 7) == mask ? 0 : -EACCES;
}
