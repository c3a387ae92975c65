/* SPDX-License-Identifier: MIT */
/*
 * The RAM file systems, ramfs and, with limits, tmpfs: names are the
 * dentries, contents are the page cache, so there is little left to do here.
 *
 *   dentry "a" ---> inode --> i_data: pages 0, 1, -, 3   (2 is a hole)
 *   dentry "b" ---'   nlink 2
 *   dentry "l" ---> inode --> i_private: "a"             (a link)
 *
 * Limits count in the super block: nr_pages against max_pages (in the page
 * cache, mm/filemap.c), nr_inodes against max_inodes.
 *
 * INV-A1  a folder's nlink is 2 + its subfolders, and 0 once it is removed;
 *         any other file's is the number of its names.
 *
 * Context: the folders concerned are locked by the caller (fs/names.c).
 * Making an inode may sleep, everything else is atomic. No memory: ENOSPC.
 */
#include <fs/internal.h>
#include <lib/parse.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <mm/page_alloc.h>

static const struct inode_operations ramfs_inode_ops;

static const struct file_operations ramfs_file_ops = {
	.read = generic_file_read,
	.write = generic_file_write,
	.lseek = generic_lseek,
	.mmap = generic_file_mmap,
};

static int ramfs_readdir(struct file *file, struct dir_context *ctx)
{
	struct dentry *dir = file->dentry, *child;

	if (!dir_emit_dots(ctx, dir))
		return 0;
	list_for_each_entry(child, &dir->children, sibling) {
		if (child->cookie < ctx->pos)
			continue;
		if (!dir_emit(ctx, child->name, strlen(child->name),
			      child->inode->ino, child->inode->mode,
			      child->cookie + 1))
			break;
	}
	return 0;
}

static const struct file_operations ramfs_dir_ops = {
	.lseek = generic_lseek,
	.readdir = ramfs_readdir,
};

static bool inodes_used_up(const struct super_block *sb)
{
	return sb->max_inodes && sb->nr_inodes >= sb->max_inodes;
}

static int ramfs_create(struct inode *dir, struct dentry *dentry, u32 mode,
			u32 rdev, struct inode **res)
{
	struct inode *inode = NULL;

	if (!ram_is_short() && !inodes_used_up(dir->sb))
		inode = inode_alloc(dir->sb, mode);
	if (!inode)
		return -ENOSPC;
	inode->i_op = &ramfs_inode_ops;
	if (dir->mode & S_ISGID) {
		inode->gid = dir->gid;
		if (S_ISDIR(mode))
			inode->mode |= S_ISGID;
	}
	if (S_ISREG(mode))
		inode->i_fop = &ramfs_file_ops;
	else if (S_ISDIR(mode))
		inode->i_fop = &ramfs_dir_ops;
	else
		inode_init_special(inode, rdev);
	*res = inode;
	return 0;
}

static int ramfs_symlink(struct inode *dir, struct dentry *dentry,
			 const char *target, struct inode **res)
{
	struct inode *inode;
	int err = ramfs_create(dir, dentry, S_IFLNK | 0777, 0, &inode);

	if (err)
		return err;
	inode->size = strlen(target);
	inode->i_private = kstrdup(target, GFP_KERNEL);
	if (!inode->i_private) {
		inode_put(inode);
		return -ENOSPC;
	}
	*res = inode;
	return 0;
}

static int ramfs_readlink(struct inode *inode, char *buf, u32 size)
{
	u32 len = MIN(inode->size, size);

	memcpy(buf, inode->i_private, len);
	return len;
}

static int ramfs_link(struct inode *dir, struct dentry *dentry,
		      struct inode *inode)
{
	inode->nlink++;
	return 0;
}

/* VICTIM's name goes from DIR. */
static void drop_link(struct inode *dir, struct dentry *victim)
{
	if (S_ISDIR(victim->inode->mode)) {
		victim->inode->nlink = 0;
		dir->nlink--;
	} else {
		victim->inode->nlink--;
	}
	inode_changed(victim->inode);
}

static int ramfs_unlink(struct inode *dir, struct dentry *dentry)
{
	if (!list_empty(&dentry->children))
		return -ENOTEMPTY;
	drop_link(dir, dentry);
	return 0;
}

static int ramfs_rename(struct inode *old_dir, struct dentry *old,
			struct inode *new_dir, struct dentry *victim)
{
	if (victim && !list_empty(&victim->children))
		return -ENOTEMPTY;
	if (victim)
		drop_link(new_dir, victim);
	if (S_ISDIR(old->inode->mode)) {
		old_dir->nlink--;
		new_dir->nlink++;
	}
	return 0;
}

static void ramfs_evict(struct inode *inode)
{
	if (S_ISLNK(inode->mode))
		kfree(inode->i_private);
}

static const struct inode_operations ramfs_inode_ops = {
	.create = ramfs_create,
	.symlink = ramfs_symlink,
	.link = ramfs_link,
	.unlink = ramfs_unlink,
	.rename = ramfs_rename,
	.readlink = ramfs_readlink,
	.evict = ramfs_evict,
};

/* --- mounting ----------------------------------------------------------- */

#define RIGHTS 07777u
#define SIZE_MAX_PAGES (0xffffffffu >> PAGE_SHIFT)

/* What "size=8m,mode=755" asks for. */
struct ramfs_options {
	u32 pages, inodes; /* limits; 0: none */
	u32 mode, uid, gid; /* of the root folder */
};

/* "8m", "50%", "4096" into *PAGES; false: no size. */
static bool parse_size(const char *text, u32 len, u32 *pages)
{
	u32 value, shift, taken = parse_digits(text, len, 10, &value);
	char unit = taken < len ? text[taken] | 0x20 : 0;

	if (!taken || len - taken > 1)
		return false;
	if (taken < len && text[taken] == '%') {
		*pages = MIN(value, 100u) * (nr_total_pages / 100);
		return true;
	}
	shift = unit == 'g' ? 30 : unit == 'm' ? 20 : unit == 'k' ? 10 : 0;
	if (unit && !shift)
		return false;
	if (shift < PAGE_SHIFT)
		*pages = DIV_ROUND_UP((u64)value << shift, PAGE_SIZE);
	else
		*pages = MIN((u64)value << (shift - PAGE_SHIFT),
			     (u64)SIZE_MAX_PAGES);
	return true;
}

/* The LEN bytes of VALUE are one number in BASE. */
static bool parse_number(const char *value, u32 len, u32 base, u32 *res)
{
	return len && parse_digits(value, len, base, res) == len;
}

static bool key_is(const char *word, u32 len, const char *key)
{
	return strlen(key) == len && !memcmp(word, key, len);
}

/* One word "KEY=VALUE" of LEN bytes; false: unknown, or no such value. */
static bool parse_word(const char *word, u32 len, struct ramfs_options *o)
{
	const char *eq = word;
	u32 key, rest;

	while (eq < word + len && *eq != '=')
		eq++;
	key = eq - word;
	if (key == len)
		return false;
	rest = len - key - 1;
	if (key_is(word, key, "size"))
		return parse_size(eq + 1, rest, &o->pages);
	if (key_is(word, key, "nr_blocks"))
		return parse_number(eq + 1, rest, 10, &o->pages);
	if (key_is(word, key, "nr_inodes"))
		return parse_number(eq + 1, rest, 10, &o->inodes);
	if (key_is(word, key, "mode"))
		return parse_number(eq + 1, rest, 8, &o->mode);
	if (key_is(word, key, "uid"))
		return parse_number(eq + 1, rest, 10, &o->uid);
	if (key_is(word, key, "gid"))
		return parse_number(eq + 1, rest, 10, &o->gid);
	return false;
}

/* Words between commas; 0 or -EINVAL, unless UNKNOWN ones are no matter. */
static int parse_options(const char *text, struct ramfs_options *o,
			 bool unknown)
{
	u32 len;

	while (*text) {
		for (len = 0; text[len] && text[len] != ',';)
			len++;
		if (len && !parse_word(text, len, o) && !unknown)
			return -EINVAL;
		text += len + !!text[len];
	}
	return 0;
}

static int make_root(struct super_block *sb, const struct ramfs_options *o)
{
	struct inode *inode = inode_alloc(sb, S_IFDIR | (o->mode & RIGHTS));

	if (!inode)
		return -ENOMEM;
	inode->i_op = &ramfs_inode_ops;
	inode->i_fop = &ramfs_dir_ops;
	inode->uid = o->uid;
	inode->gid = o->gid;
	sb->mode = o->mode & RIGHTS;
	sb->root = dentry_alloc_root(inode, "/");
	inode_put(inode);
	return sb->root ? 0 : -ENOMEM;
}

int ramfs_fill(struct super_block *sb, const char *options)
{
	struct ramfs_options o = { .mode = 0755 };

	parse_options(options, &o, true);
	o.uid = o.gid = 0; /* ramfs(5) knows nothing but mode= */
	return make_root(sb, &o);
}

int tmpfs_fill(struct super_block *sb, const char *options)
{
	struct ramfs_options o = { .mode = 01777,
				   .pages = nr_total_pages / 2,
				   .inodes = nr_total_pages / 2 };
	int err = parse_options(options, &o, false);

	if (err)
		return err;
	sb->max_pages = o.pages;
	sb->max_inodes = o.inodes;
	return make_root(sb, &o);
}

int tmpfs_remount(struct super_block *sb, const char *options)
{
	struct ramfs_options o = { .pages = sb->max_pages,
				   .inodes = sb->max_inodes };
	int err = parse_options(options, &o, false);

	if (err)
		return err;
	if ((o.pages && o.pages < sb->nr_pages) ||
	    (o.inodes && o.inodes < sb->nr_inodes))
		return -EINVAL;
	sb->max_pages = o.pages;
	sb->max_inodes = o.inodes;
	return 0;
}
