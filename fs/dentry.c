/* SPDX-License-Identifier: MIT */
/*
 * The tree of names, and a hash over it that finds a child by its name.
 *
 *   "/" <--parent-- "usr" <--parent-- "lib"
 *    '--children-->   '----children-->  '--> (siblings, oldest first)
 *
 *   hash(parent, name) -> dentry -> dentry -> NULL      the same names
 *
 * INV-D1  a published dentry is in the hash and in its parent's list; it
 *         holds one count for its name, which dentry_delete() drops.
 * INV-D2  every dentry that is not its own parent holds a count of it.
 * INV-D3  cookies ascend along a folder's list, and are never used again.
 *
 * procfs does not publish: its dentries live while somebody uses them.
 * The tree changes only between sleeps, so looking needs no lock. Making
 * and removing names is ordered by the folder's i_sem (fs/names.c).
 */
#include <fs/internal.h>
#include <kernel/panic.h>
#include <kernel/task.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

#define DENTRY_BUCKETS 1024u

static struct dentry *buckets[DENTRY_BUCKETS];
u32 nr_dentries;
static u32 last_cookie = 1; /* 0 and 1 are "." and ".." */

static u32 hash_name(const struct dentry *parent, const char *name, u32 len)
{
	u32 hash = (u32)parent >> 5;

	while (len--)
		hash = hash * 31 + (u8)*name++;
	return hash;
}

static struct dentry **bucket_of(u32 hash)
{
	return &buckets[(hash ^ hash >> 10) % DENTRY_BUCKETS];
}

static void hash_insert(struct dentry *dentry)
{
	struct dentry **bucket;

	dentry->hash = hash_name(dentry->parent, dentry->name,
				 strlen(dentry->name));
	bucket = bucket_of(dentry->hash);
	dentry->hash_next = *bucket;
	*bucket = dentry;
}

static void hash_remove(struct dentry *dentry)
{
	struct dentry **link = bucket_of(dentry->hash);

	while (*link != dentry) {
		ASSERT_MSG(*link, "name '%s' is not in the hash",
			   dentry->name);
		link = &(*link)->hash_next;
	}
	*link = dentry->hash_next;
}

static struct dentry *alloc_named(const char *name, u32 len)
{
	struct dentry *dentry = kzalloc(sizeof(*dentry), GFP_KERNEL);

	if (!dentry)
		return NULL;
	dentry->name = kmalloc(len + 1, GFP_KERNEL);
	if (!dentry->name) {
		kfree(dentry);
		return NULL;
	}
	memcpy(dentry->name, name, len);
	dentry->name[len] = 0;
	dentry->count = 1;
	nr_dentries++;
	list_init(&dentry->children);
	list_init(&dentry->sibling);
	return dentry;
}

struct dentry *dentry_alloc(struct dentry *parent, const char *name, u32 len)
{
	struct dentry *dentry = alloc_named(name, len);

	if (!dentry)
		return NULL;
	dentry->parent = dentry_get(parent);
	dentry->sb = parent->sb;
	return dentry;
}

struct dentry *dentry_alloc_root(struct inode *inode, const char *name)
{
	struct dentry *dentry = alloc_named(name, strlen(name));

	if (!dentry)
		return NULL;
	dentry->parent = dentry;
	dentry->sb = inode->sb;
	dentry->inode = inode;
	inode_get(inode);
	return dentry;
}

struct dentry *dentry_get(struct dentry *dentry)
{
	dentry->count++;
	return dentry;
}

void dentry_put(struct dentry *dentry)
{
	struct dentry *parent;

	for (; dentry; dentry = parent) {
		ASSERT_MSG(dentry->count, "name '%s' has no users to give up",
			   dentry->name);
		if (--dentry->count)
			return;
		parent = dentry->parent == dentry ? NULL : dentry->parent;
		if (dentry->inode)
			inode_put(dentry->inode);
		kfree(dentry->name);
		kfree(dentry);
		nr_dentries--;
	}
}

struct dentry *dentry_find(struct dentry *parent, const char *name, u32 len)
{
	u32 hash = hash_name(parent, name, len);
	struct dentry *dentry = *bucket_of(hash);

	for (; dentry; dentry = dentry->hash_next)
		if (dentry->hash == hash && dentry->parent == parent &&
		    !memcmp(dentry->name, name, len) && !dentry->name[len])
			return dentry;
	return NULL;
}

void dentry_publish(struct dentry *dentry, struct inode *inode)
{
	dentry->inode = inode;
	dentry_get(dentry);
	hash_insert(dentry);
	dentry->cookie = ++last_cookie;
	list_add_tail(&dentry->sibling, &dentry->parent->children);
}

void dentry_delete(struct dentry *dentry)
{
	hash_remove(dentry);
	list_del(&dentry->sibling);
	dentry->gone = true;
	dentry_put(dentry);
}

void dentry_move(struct dentry *dentry, struct dentry *spare)
{
	struct dentry *parent = dentry->parent;
	char *name = dentry->name;

	hash_remove(dentry);
	list_del(&dentry->sibling);
	dentry->parent = spare->parent;
	dentry->name = spare->name;
	spare->parent = parent;
	spare->name = name;
	hash_insert(dentry);
	dentry->cookie = ++last_cookie;
	list_add_tail(&dentry->sibling, &dentry->parent->children);
}

bool dentry_inside(struct dentry *dentry, struct dentry *above)
{
	while (dentry != above && dentry->parent != dentry)
		dentry = dentry->parent;
	return dentry == above;
}

/* Puts TEXT in front of the path that begins at *P; false: no room. */
static bool prepend(char **p, const char *buf, const char *text)
{
	u32 len = strlen(text);

	if ((u32)(*p - buf) < len)
		return false;
	*p -= len;
	memcpy(*p, text, len);
	return true;
}

static struct dentry *task_root(void)
{
	const struct fs_struct *fs = current->process->fs_info;

	return fs ? fs->root : init_fs.root;
}

char *dentry_path(struct dentry *dentry, char *buf, u32 size)
{
	struct dentry *root = task_root(), *at = dentry;
	char *p = buf + size - 1;

	if (!size)
		return NULL;
	*p = 0;
	if (dentry->gone && !prepend(&p, buf, " (deleted)"))
		return NULL;
	while (at != root) {
		if (at->covers) {
			at = at->covers;
			continue;
		}
		if (at->parent == at && *p == '/')
			return p; /* the reader's root is further down */
		if (!prepend(&p, buf, at->name))
			return NULL;
		if (at->parent == at)
			return p; /* a file without a folder: "pipe:[7]" */
		if (!prepend(&p, buf, "/"))
			return NULL;
		at = at->parent;
	}
	if (*p != '/' && !prepend(&p, buf, "/"))
		return NULL;
	return p;
}
