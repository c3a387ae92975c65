/* SPDX-License-Identifier: MIT */
/*
 * Advisory locks: fcntl's on ranges of bytes, flock's on open files.
 *
 *   inode->i_locks -> [0..99] shared, table A -> [50..50] exclusive, B -> ..
 *
 *   kind    owner                      ends with
 *   fcntl   a table of descriptors     any close of the file by the owner
 *   flock   an open file               its last close
 *
 * INV-L1  two fcntl locks on one byte of a file have one owner, or are both
 *         shared; the same holds for flock locks. The kinds do not meet.
 * INV-L2  an owner's fcntl locks of a file do not overlap; those of one
 *         sort that touch are one.
 *
 * Locks are made before anything is looked at, since that may sleep; looking
 * and changing is then atomic. Who waits is woken by every lock that goes.
 */
#include <fs/internal.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <mm/kmalloc.h>

#define LOCK_SH 1
#define LOCK_EX 2
#define LOCK_NB 4
#define LOCK_UN 8
#define END_OF_FILE 0x7fffffffffffffffll
#define CHAIN_MAX 16u /* waiters that are followed to find a deadlock */

struct file_lock {
	struct file_lock *next; /* of the same inode */
	const void *owner; /* struct files_struct, or struct file */
	bool flock; /* which of the two */
	bool exclusive; /* a lock for writing */
	s64 start, end; /* bytes, END included */
	pid_t pid; /* who asked, for F_GETLK */
};

/* A task that sleeps until WANT is free. */
struct lock_waiter {
	struct list_head all; /* in waiters */
	const struct inode *inode;
	const struct file_lock *want;
};

static struct list_head waiters = LIST_HEAD_INIT(waiters);
static struct wait_queue lock_wait = WAIT_QUEUE_INIT(lock_wait);

static bool overlap(const struct file_lock *a, const struct file_lock *b)
{
	return a->start <= b->end && b->start <= a->end;
}

/* The lock that keeps WANT out, or NULL. */
static struct file_lock *find_conflict(const struct inode *inode,
				       const struct file_lock *want)
{
	struct file_lock *lock = inode->i_locks;

	for (; lock; lock = lock->next)
		if (lock->flock == want->flock && lock->owner != want->owner &&
		    overlap(lock, want) && (lock->exclusive || want->exclusive))
			return lock;
	return NULL;
}

static void insert(struct inode *inode, struct file_lock *lock)
{
	lock->next = inode->i_locks;
	inode->i_locks = lock;
}

/* Frees *LINK; the next one takes its place. */
static void drop(struct file_lock **link)
{
	struct file_lock *lock = *link;

	*link = lock->next;
	kfree(lock);
	wake_up(&lock_wait);
}

/* --- ranges ------------------------------------------------------------- */

/* LOCK grows by its owner's locks of the same sort that touch it. */
static void swallow(struct inode *inode, struct file_lock *lock)
{
	struct file_lock **link = &inode->i_locks, *l;

	while ((l = *link)) {
		if (l->flock || l->owner != lock->owner ||
		    l->exclusive != lock->exclusive ||
		    l->start - 1 > lock->end || lock->start - 1 > l->end) {
			link = &l->next;
			continue;
		}
		lock->start = MIN(lock->start, l->start);
		lock->end = MAX(lock->end, l->end);
		drop(link);
	}
}

/* Takes the bytes of CUT away from its owner's locks. One of them may fall
 * into two: SPARE becomes the second; true: it did. */
static bool cut_out(struct inode *inode, const struct file_lock *cut,
		    struct file_lock *spare)
{
	struct file_lock **link = &inode->i_locks, *l;

	while ((l = *link)) {
		if (l->flock || l->owner != cut->owner || !overlap(l, cut)) {
			link = &l->next;
			continue;
		}
		if (l->start < cut->start && l->end > cut->end) {
			*spare = *l;
			spare->start = cut->end + 1;
			l->end = cut->start - 1;
			insert(inode, spare);
			wake_up(&lock_wait);
			return true; /* no other overlaps */
		}
		if (l->start >= cut->start && l->end <= cut->end) {
			drop(link);
			continue;
		}
		if (l->start < cut->start)
			l->end = cut->start - 1;
		else
			l->start = cut->end + 1;
		wake_up(&lock_wait);
		link = &l->next;
	}
	return false;
}

/* --- waiting ------------------------------------------------------------ */

/* What OWNER waits for, or NULL. */
static const struct lock_waiter *waits_for(const void *owner)
{
	const struct lock_waiter *w;

	list_for_each_entry(w, &waiters, all)
		if (w->want->owner == owner)
			return w;
	return NULL;
}

/* Would waiting for BLOCKER come back to OWNER? */
static bool deadlock(const struct file_lock *blocker, const void *owner)
{
	const struct lock_waiter *w;
	u32 i;

	for (i = 0; blocker && i < CHAIN_MAX; i++) {
		if (blocker->owner == owner)
			return true;
		w = waits_for(blocker->owner);
		blocker = w ? find_conflict(w->inode, w->want) : NULL;
	}
	return false;
}

/* Until nothing keeps WANT out; WAIT false: -EAGAIN. May sleep. */
static int wait_free(const struct inode *inode, const struct file_lock *want,
		     bool wait)
{
	struct lock_waiter me = { .inode = inode, .want = want };
	struct file_lock *conflict;
	int err;

	while ((conflict = find_conflict(inode, want))) {
		if (!wait)
			return -EAGAIN;
		if (!want->flock && deadlock(conflict, want->owner))
			return -EDEADLK;
		list_add_tail(&me.all, &waiters);
		err = sleep_on_interruptible(&lock_wait);
		list_del(&me.all);
		if (err)
			return err;
	}
	return 0;
}

/* --- fcntl -------------------------------------------------------------- */

struct flock64 {
	s16 l_type, l_whence;
	s64 l_start, l_len;
	s32 l_pid;
} __attribute__((packed, aligned(4)));

struct flock32 {
	s16 l_type, l_whence;
	s32 l_start, l_len, l_pid;
};

BUILD_ASSERT(sizeof(struct flock64) == 24, "Linux i386");

static int copy_in(struct flock64 *fl, const void *arg, bool wide)
{
	struct flock32 old;

	if (wide)
		return copy_from_user(fl, arg, sizeof(*fl)) ? -EFAULT : 0;
	if (copy_from_user(&old, arg, sizeof(old)))
		return -EFAULT;
	*fl = (struct flock64){ old.l_type, old.l_whence, old.l_start,
				old.l_len, old.l_pid };
	return 0;
}

static int copy_out(const struct flock64 *fl, void *arg, bool wide)
{
	struct flock32 old = { fl->l_type, fl->l_whence, fl->l_start,
			       fl->l_len, fl->l_pid };

	if (wide)
		return copy_to_user(arg, fl, sizeof(*fl)) ? -EFAULT : 0;
	return copy_to_user(arg, &old, sizeof(old)) ? -EFAULT : 0;
}

/* The bytes FL means, into LOCK. */
static int decode_range(const struct file *file, const struct flock64 *fl,
			struct file_lock *lock)
{
	s64 start = fl->l_start;

	if (fl->l_whence == SEEK_CUR)
		start += file->pos;
	else if (fl->l_whence == SEEK_END)
		start += file->inode->size;
	else if (fl->l_whence != SEEK_SET)
		return -EINVAL;
	if (fl->l_start > END_OF_FILE - 0x7fffffff ||
	    (fl->l_len > 0 && start > END_OF_FILE - fl->l_len))
		return -EOVERFLOW;
	lock->start = start;
	lock->end = fl->l_len ? start + fl->l_len - 1 : END_OF_FILE;
	if (fl->l_len < 0) {
		lock->start = start + fl->l_len;
		lock->end = start - 1;
	}
	return lock->start < 0 || start < 0 ? -EINVAL : 0;
}

static int decode(const struct file *file, const struct flock64 *fl,
		  struct file_lock *lock)
{
	if (fl->l_type < F_RDLCK || fl->l_type > F_UNLCK)
		return -EINVAL;
	*lock = (struct file_lock){ .owner = current->process->files,
				    .exclusive = fl->l_type == F_WRLCK,
				    .pid = current->process->pid };
	return decode_range(file, fl, lock);
}

long fcntl_getlk(struct file *file, void *arg, bool wide)
{
	struct file_lock want, *found;
	struct flock64 fl;
	int err = copy_in(&fl, arg, wide);

	if (!err && fl.l_type == F_UNLCK)
		err = -EINVAL;
	if (!err)
		err = decode(file, &fl, &want);
	if (err)
		return err;
	found = find_conflict(file->inode, &want);
	if (!found) {
		fl.l_type = F_UNLCK;
		return copy_out(&fl, arg, wide);
	}
	fl.l_type = found->exclusive ? F_WRLCK : F_RDLCK;
	fl.l_whence = SEEK_SET;
	fl.l_start = found->start;
	fl.l_len = found->end == END_OF_FILE ? 0
					     : found->end - found->start + 1;
	fl.l_pid = found->pid;
	return copy_out(&fl, arg, wide);
}

/* WANT replaces what its owner has there; it and SPARE are used or freed. */
static void set_range(struct inode *inode, struct file_lock *want,
		      struct file_lock *spare, bool unlock)
{
	if (!unlock)
		swallow(inode, want);
	if (!cut_out(inode, want, spare))
		kfree(spare);
	if (unlock)
		kfree(want);
	else
		insert(inode, want);
}

/* A descriptor that was closed while we slept must leave no lock. */
static bool still_open(const struct file *file)
{
	const struct files_struct *files = current->process->files;
	u32 fd;

	for (fd = 0; fd < files->nfds; fd++)
		if (files->fd[fd] == file)
			return true;
	return false;
}

long fcntl_setlk(struct file *file, const void *arg, bool wide, bool wait)
{
	struct file_lock *want, *spare, range;
	struct flock64 fl;
	int err = copy_in(&fl, arg, wide);

	if (!err)
		err = decode(file, &fl, &range);
	if (err)
		return err;
	if ((fl.l_type == F_RDLCK && !file_readable(file)) ||
	    (fl.l_type == F_WRLCK && !file_writable(file)))
		return -EBADF;
	want = kmalloc(sizeof(*want), GFP_KERNEL);
	spare = kmalloc(sizeof(*spare), GFP_KERNEL);
	err = want && spare ? 0 : -ENOLCK;
	if (!err && fl.l_type != F_UNLCK)
		err = wait_free(file->inode, &range, wait);
	if (!err && !still_open(file))
		err = -EBADF;
	if (err) {
		kfree(want);
		kfree(spare);
		return err;
	}
	*want = range;
	set_range(file->inode, want, spare, fl.l_type == F_UNLCK);
	return 0;
}

/* --- flock -------------------------------------------------------------- */

static void drop_owned(struct inode *inode, const void *owner)
{
	struct file_lock **link = &inode->i_locks;

	while (*link)
		if ((*link)->owner == owner)
			drop(link);
		else
			link = &(*link)->next;
}

static long do_flock(struct file *file, u32 sort, bool wait)
{
	struct file_lock *lock = NULL;
	int err;

	if (sort != LOCK_UN) {
		lock = kmalloc(sizeof(*lock), GFP_KERNEL);
		if (!lock)
			return -ENOLCK;
	}
	drop_owned(file->inode, file); /* a change gives up first, as Linux */
	if (sort == LOCK_UN)
		return 0;
	*lock = (struct file_lock){ .owner = file, .flock = true,
				    .exclusive = sort == LOCK_EX,
				    .end = END_OF_FILE,
				    .pid = current->process->pid };
	err = wait_free(file->inode, lock, wait);
	if (err) {
		kfree(lock);
		return err;
	}
	drop_owned(file->inode, file); /* another task with the same file */
	insert(file->inode, lock);
	return 0;
}

long sys_flock(u32 fd, u32 op)
{
	u32 sort = op & ~LOCK_NB;
	struct file *file;
	long res;

	if (sort != LOCK_SH && sort != LOCK_EX && sort != LOCK_UN)
		return -EINVAL;
	file = fget(fd);
	if (!file)
		return -EBADF;
	if (file->flags & O_PATH)
		res = -EBADF;
	else
		res = do_flock(file, sort, !(op & LOCK_NB));
	fput(file);
	return res;
}

void locks_drop(struct inode *inode, const void *owner)
{
	if (unlikely(inode->i_locks))
		drop_owned(inode, owner);
}
