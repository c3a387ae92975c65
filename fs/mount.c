/* SPDX-License-Identifier: MIT */
/*
 * What is mounted where, and changing it: mount, umount2, umount.
 *
 *   "/" --- "mnt" dentry --mounted--> root dentry of the new file system
 *                        <--covers---
 *
 * INV-M1  a mounted root holds one count of the dentry it covers; a file
 *         system is mounted once.
 * INV-M2  nobody stands in, or has open, a file of a system that goes: each
 *         of its dentries is held by its name and its children alone.
 *
 * All that can sleep comes first; the tree is then changed, and INV-M2
 * looked at, without sleeping. Root only. Bind mounts, moves and shared
 * propagation are refused (EINVAL), as is detaching a busy tree (EBUSY).
 */
#include <fs/internal.h>
#include <kernel/panic.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

#define MINOR_MASK 0xfffffu
/* Flags that a mounted system keeps; the rest says what to do. */
#define MS_KEPT (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME)

struct super_block *mounts;

static const struct fs_type {
	const char *name;
	u32 magic;
	int (*fill)(struct super_block *sb, const char *options);
} fs_types[] = {
	{ "ramfs", RAMFS_MAGIC, ramfs_fill },
	{ "tmpfs", TMPFS_MAGIC, tmpfs_fill },
	{ "proc", PROC_SUPER_MAGIC, procfs_fill },
};

static const struct fs_type *find_type(const char *name)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(fs_types); i++)
		if (!strcmp(fs_types[i].name, name))
			return &fs_types[i];
	return NULL;
}

/* --- file systems, and the list of those that are mounted --------------- */

static bool dev_used(u32 dev)
{
	const struct super_block *sb = mounts;

	while (sb && sb->dev != dev)
		sb = sb->next;
	return sb;
}

struct super_block *super_alloc(const char *name, u32 magic)
{
	static u32 last_minor;
	struct super_block *sb = kzalloc(sizeof(*sb), GFP_KERNEL);

	if (!sb)
		return NULL;
	sb->fs_name = name;
	sb->magic = magic;
	do
		sb->dev = makedev(0, ++last_minor & MINOR_MASK);
	while (!sb->dev || dev_used(sb->dev));
	return sb;
}

/* Removes every name below ROOT, deepest first, and then ROOT. */
static void drop_tree(struct dentry *root)
{
	struct dentry *at = root, *parent;

	for (;;) {
		while (!list_empty(&at->children))
			at = list_entry(at->children.next, struct dentry,
					sibling);
		if (at == root)
			break;
		parent = at->parent;
		dentry_delete(at);
		at = parent;
	}
	dentry_put(root);
}

/* SB is not mounted, or not any more, and nobody is in it. */
static void super_free(struct super_block *sb)
{
	if (sb->root)
		drop_tree(sb->root);
	kfree(sb->source);
	kfree(sb);
}

/* A file system of TYPE that is not mounted yet; *ERR on NULL. */
static struct super_block *super_make(const struct fs_type *type,
				      const char *source, const char *options,
				      int *err)
{
	struct super_block *sb = super_alloc(type->name, type->magic);

	*err = -ENOMEM;
	if (!sb)
		return NULL;
	sb->source = kstrdup(source, GFP_KERNEL);
	if (sb->source)
		*err = type->fill(sb, options);
	if (!*err)
		return sb;
	super_free(sb);
	return NULL;
}

/* SB appears on DIR, whose reference it takes over; NULL: it is the root. */
static void attach(struct super_block *sb, struct dentry *dir)
{
	struct super_block **link = &mounts;

	sb->root->covers = dir;
	if (dir)
		dir->mounted = sb->root;
	while (*link)
		link = &(*link)->next;
	*link = sb;
}

static void detach(struct super_block *sb)
{
	struct super_block **link = &mounts;
	struct dentry *dir = sb->root->covers;

	while (*link != sb)
		link = &(*link)->next;
	*link = sb->next;
	sb->root->covers = NULL;
	dir->mounted = NULL;
	dentry_put(dir);
}

struct super_block *mount_at_boot(const char *type, const char *where)
{
	struct dentry *dir = NULL;
	struct super_block *sb;
	int err = 0;

	if (where)
		err = path_lookup(init_fs.root, where,
				  LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &dir);
	ASSERT_MSG(!err, "%s is no folder to mount on: error %d", where, -err);
	sb = super_make(find_type(type), type, "", &err);
	ASSERT_MSG(sb, "cannot mount %s: error %d", type, -err);
	attach(sb, dir);
	return sb;
}

/* --- who is in there ---------------------------------------------------- */

static u32 count_children(const struct dentry *dentry)
{
	const struct dentry *child;
	u32 n = 0;

	list_for_each_entry(child, &dentry->children, sibling)
		n++;
	return n;
}

/* Does anything but its name and its children hold DENTRY? */
static bool held(const struct dentry *dentry)
{
	return dentry->count > 1 + count_children(dentry);
}

static bool has_writer(const struct dentry *dentry)
{
	return S_ISREG(dentry->inode->mode) && dentry->inode->i_writers;
}

/* The dentry behind AT in the tree below ROOT, parents first, or NULL. */
static struct dentry *next_in_tree(struct dentry *at, struct dentry *root)
{
	if (!list_empty(&at->children))
		return list_entry(at->children.next, struct dentry, sibling);
	while (at != root && at->sibling.next == &at->parent->children)
		at = at->parent;
	if (at == root)
		return NULL;
	return list_entry(at->sibling.next, struct dentry, sibling);
}

static bool any_in_tree(struct dentry *root,
			bool (*test)(const struct dentry *dentry))
{
	struct dentry *at = root;

	while (at && !test(at))
		at = next_in_tree(at, root);
	return at;
}

/* --- mount -------------------------------------------------------------- */

/* The strings of a mount, in kernel memory. */
struct mount_args {
	char *source, *type, *options; /* "" where the caller gave NULL */
	u32 flags;
};

static int copy_arg(const char *user, char **text)
{
	int err;

	*text = NULL;
	if (!user) {
		*text = kstrdup("", GFP_KERNEL);
		return *text ? 0 : -ENOMEM;
	}
	err = getname(user, text);
	if (err)
		*text = NULL;
	return err == -ENAMETOOLONG ? -EINVAL : err;
}

static void free_args(struct mount_args *args)
{
	kfree(args->source);
	kfree(args->type);
	kfree(args->options);
}

static int copy_args(struct mount_args *args, const char *source,
		     const char *type, const void *data)
{
	int err = copy_arg(type, &args->type);

	args->source = args->options = NULL;
	if (!err)
		err = copy_arg(source, &args->source);
	if (!err)
		err = copy_arg(data, &args->options);
	if (err)
		free_args(args);
	return err;
}

static bool is_mount_root(const struct dentry *dentry)
{
	return dentry == dentry->sb->root;
}

static int do_remount(struct dentry *dir, const struct mount_args *args)
{
	struct super_block *sb = dir->sb;
	int err = 0;

	if (!is_mount_root(dir))
		return -EINVAL;
	if ((args->flags & MS_RDONLY) && any_in_tree(sb->root, has_writer))
		return -EBUSY;
	if (sb->magic == TMPFS_MAGIC)
		err = tmpfs_remount(sb, args->options);
	if (!err)
		sb->flags = args->flags & MS_KEPT;
	return err;
}

/* Why nothing can be mounted on DIR, or 0. */
static int mount_refuse(const struct dentry *dir)
{
	if (!S_ISDIR(dir->inode->mode))
		return -ENOTDIR;
	if (dir->gone)
		return -ENOENT;
	if (dir->mounted) /* while we slept */
		return -EBUSY;
	/* names that are made when they are asked for cannot be covered */
	return !is_mount_root(dir) && dir->inode->i_op->lookup ? -EINVAL : 0;
}

static int do_new_mount(struct dentry *dir, const struct mount_args *args)
{
	const struct fs_type *type = find_type(args->type);
	struct super_block *sb;
	int err;

	if (!*args->type)
		return -EINVAL;
	if (!type)
		return -ENODEV;
	sb = super_make(type, *args->source ? args->source : "none",
			args->options, &err);
	if (!sb)
		return err;
	sb->flags = args->flags & MS_KEPT;
	err = mount_refuse(dir);
	if (err)
		super_free(sb);
	else
		attach(sb, dentry_get(dir));
	return err;
}

static int do_mount(struct dentry *dir, struct mount_args *args)
{
	if (!capable())
		return -EPERM;
	if ((args->flags & MS_MGC_MSK) == MS_MGC_VAL)
		args->flags &= ~MS_MGC_MSK;
	if (args->flags & MS_REMOUNT)
		return args->flags & MS_BIND ? -EINVAL :
					       do_remount(dir, args);
	if (args->flags & (MS_BIND | MS_MOVE | MS_SHARED))
		return -EINVAL;
	if (args->flags & (MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE))
		return is_mount_root(dir) ? 0 : -EINVAL;
	return do_new_mount(dir, args);
}

long sys_mount(const char *source, const char *target, const char *type,
	       u32 flags, const void *data)
{
	struct mount_args args = { .flags = flags };
	struct dentry *dir;
	long res = copy_args(&args, source, type, data);

	if (res)
		return res;
	res = user_path(AT_FDCWD, target, LOOKUP_FOLLOW, 0, &dir);
	if (!res) {
		res = do_mount(dir, &args);
		dentry_put(dir);
	}
	free_args(&args);
	return res;
}

/* --- umount ------------------------------------------------------------- */

static long do_umount(struct super_block *sb)
{
	if (!sb->root->covers || any_in_tree(sb->root, held))
		return -EBUSY;
	detach(sb);
	super_free(sb);
	return 0;
}

long sys_umount2(const char *path, u32 flags)
{
	u32 look = flags & UMOUNT_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	struct super_block *sb;
	struct dentry *dentry;
	long res;

	if (flags & ~(u32)(MNT_FORCE | MNT_DETACH | MNT_EXPIRE |
			   UMOUNT_NOFOLLOW))
		return -EINVAL;
	res = user_path(AT_FDCWD, path, look, 0, &dentry);
	if (res)
		return res;
	sb = is_mount_root(dentry) ? dentry->sb : NULL;
	dentry_put(dentry); /* it still has its place in the tree */
	if (!capable())
		return -EPERM;
	if (!sb || (flags & MNT_EXPIRE))
		return -EINVAL;
	return do_umount(sb);
}

long sys_umount(const char *path)
{
	return sys_umount2(path, 0);
}
