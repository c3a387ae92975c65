/* SPDX-License-Identifier: MIT */
/*
 * Unpacking the initrd, boot module 0, into the root file system.
 *
 *   module   | head | data data data | head | data .. | trailer | 000 | head..
 *   frames   |  free   | adopted by the page cache |   free   ...
 *
 * Whole frames of file data become pages of the file as they lie there, if
 * the archive has them on a frame boundary; everything else is copied, and
 * its frames are given back as soon as the reader has passed them.
 *
 * Rules: an existing path is replaced by a new file, never changed in place;
 * a folder over a folder, or over a link to one, keeps what is inside;
 * folders that are missing on the way are made. Names of one file (same
 * inode number, more than one link) share it.
 *
 * INV-Y1  frames below `given` are adopted or free; none is looked at again.
 *
 * Anything wrong ends the machine with one sentence: without its files
 * there is nothing to run.
 */
#include <boot/boot_info.h>
#include <fs/tmpfs/cpio.h>
#include <fs/internal.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

/* A file with several names, the first of which was met. */
struct link {
	struct link *next;
	u32 ino, dev_major, dev_minor; /* as the archive has them */
	struct inode *inode; /* with one reference */
};

struct unpack {
	struct cpio cpio;
	paddr_t start; /* of the module */
	paddr_t given; /* frames below went to files or the free lists */
	struct link *links; /* of the archive being read */
	u32 files, adopted; /* entries; frames that were not copied */
};

static void __noreturn no_memory(void)
{
	panic("too little RAM: no memory to unpack the initrd");
}

static void must(int err, const struct cpio_entry *e)
{
	if (err == -ENOMEM || err == -ENOSPC)
		no_memory();
	if (err)
		panic("the initrd's /%s cannot be made: error %d", e->name,
		      -err);
}

/* Gives the frames wholly below END back, from where that was done last. */
static void give_back(struct unpack *u, paddr_t end)
{
	end = ALIGN_DOWN(end, PAGE_SIZE);
	if (end <= u->given)
		return;
	free_reserved(u->given, end);
	u->given = end;
}

static paddr_t paddr_of(const struct unpack *u, const u8 *at)
{
	return u->start + (at - u->cpio.base);
}

/* --- replacing what is there -------------------------------------------- */

static void remove_name(struct dentry *dentry)
{
	struct inode *dir = dentry->parent->inode;

	dir->i_op->unlink(dir, dentry);
	dentry_delete(dentry);
}

/* Removes DENTRY and everything below it, deepest first. */
static void remove_tree(struct dentry *dentry)
{
	struct dentry *leaf;

	do {
		leaf = dentry;
		while (!list_empty(&leaf->children))
			leaf = list_entry(leaf->children.next, struct dentry,
					  sibling);
		if (leaf != dentry)
			remove_name(leaf);
	} while (leaf != dentry);
	remove_name(dentry);
}

/* Is PATH a folder, or a link to one? Then *RES, with a reference. */
static bool find_folder(const char *path, struct dentry **res)
{
	return !path_lookup(init_fs.root, path,
			    LOOKUP_FOLLOW | LOOKUP_DIRECTORY, res);
}

/* Makes PATH, whose parents exist, in place of what may be there. */
static void make_name(const char *path, const struct cpio_entry *e, u32 mode,
		      const char *target, struct dentry **res)
{
	struct path_walk w;
	struct dentry *old;

	must(walk_begin(&w, init_fs.root, path), e);
	must(walk_to_last(&w), e);
	if (!walk_last(&w, &old)) {
		remove_tree(old);
		dentry_put(old);
	}
	must(vfs_create(&w, mode, makedev(e->rdev_major, e->rdev_minor),
			target, res), e);
	walk_end(&w);
}

/* Makes the folders on the way to e->name that are missing. */
static void make_parents(const struct cpio_entry *e)
{
	char *path = kstrdup(e->name, GFP_KERNEL), *slash;
	struct dentry *dentry;

	if (!path)
		no_memory();
	for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (!find_folder(path, &dentry))
			make_name(path, e, S_IFDIR | 0755, NULL, &dentry);
		dentry_put(dentry);
		*slash = '/';
	}
	kfree(path);
}

/* --- contents ----------------------------------------------------------- */

/* The frame at FROM, all of it file data, becomes a page. */
static struct page *adopt(struct unpack *u, const u8 *from)
{
	paddr_t paddr = paddr_of(u, from);

	give_back(u, paddr);
	u->given = paddr + PAGE_SIZE;
	u->adopted++;
	return adopt_reserved(paddr);
}

static struct page *copy_in(const u8 *from, u32 len)
{
	struct page *page = alloc_page(GFP_KERNEL);
	char *kva;

	if (!page)
		no_memory();
	kva = page_kva(page);
	memcpy(kva, from, len);
	memset(kva + len, 0, PAGE_SIZE - len);
	return page;
}

static void fill_file(struct unpack *u, struct inode *inode,
		      const struct cpio_entry *e)
{
	bool aligned = !(paddr_of(u, e->data) & ~PAGE_MASK);
	struct page *page;
	u32 off, len;

	for (off = 0; off < e->size; off += len) {
		len = MIN(e->size - off, PAGE_SIZE);
		if (aligned && len == PAGE_SIZE)
			page = adopt(u, e->data + off);
		else
			page = copy_in(e->data + off, len);
		add_to_page_cache(page, &inode->i_data, off >> PAGE_SHIFT);
	}
	inode->size = e->size;
}

static void set_attributes(struct inode *inode, const struct cpio_entry *e)
{
	inode->mode = (inode->mode & S_IFMT) | (e->mode & 07777);
	inode->uid = e->uid;
	inode->gid = e->gid;
	inode->mtime = (struct timespec64){ .sec = e->mtime };
	inode->atime = inode->ctime = inode->mtime;
}

/* --- names of one file -------------------------------------------------- */

static struct inode *find_link(const struct unpack *u,
			       const struct cpio_entry *e)
{
	struct link *link = u->links;

	while (link && (link->ino != e->ino ||
			link->dev_major != e->dev_major ||
			link->dev_minor != e->dev_minor))
		link = link->next;
	return link ? link->inode : NULL;
}

static void remember_link(struct unpack *u, const struct cpio_entry *e,
			  struct inode *inode)
{
	struct link *link = kmalloc(sizeof(*link), GFP_KERNEL);

	if (!link)
		no_memory();
	*link = (struct link){ u->links, e->ino, e->dev_major, e->dev_minor,
			       inode };
	inode_get(inode);
	u->links = link;
}

static void forget_links(struct unpack *u)
{
	struct link *link;

	while (u->links) {
		link = u->links;
		u->links = link->next;
		inode_put(link->inode);
		kfree(link);
	}
}

/* Another name for INODE. */
static void add_name(const struct cpio_entry *e, struct inode *inode)
{
	struct path_walk w;
	struct dentry *dentry;

	must(walk_begin(&w, init_fs.root, e->name), e);
	must(walk_to_last(&w), e);
	if (!walk_last(&w, &dentry)) {
		remove_tree(dentry);
		dentry_put(dentry);
	}
	dentry = dentry_alloc(w.at, w.name, w.len);
	if (!dentry)
		no_memory();
	must(w.at->inode->i_op->link(w.at->inode, dentry, inode), e);
	inode_get(inode);
	dentry_publish(dentry, inode);
	dentry_put(dentry);
	walk_end(&w);
}

/* --- entries ------------------------------------------------------------ */

static void unpack_folder(const struct cpio_entry *e)
{
	struct dentry *dentry;

	if (!find_folder(*e->name ? e->name : "/", &dentry))
		make_name(e->name, e, e->mode, NULL, &dentry);
	set_attributes(dentry->inode, e);
	dentry_put(dentry);
}

static void unpack_link(const struct cpio_entry *e)
{
	char *target = kmalloc(e->size + 1, GFP_KERNEL);
	struct dentry *dentry;

	if (!target)
		no_memory();
	memcpy(target, e->data, e->size);
	target[e->size] = 0;
	make_name(e->name, e, e->mode, target, &dentry);
	set_attributes(dentry->inode, e);
	dentry_put(dentry);
	kfree(target);
}

/* A regular file, whose data may come with any one of its names. */
static void unpack_file(struct unpack *u, const struct cpio_entry *e)
{
	struct inode *inode = e->nlink > 1 ? find_link(u, e) : NULL;
	struct dentry *dentry;

	if (inode) {
		add_name(e, inode);
		if (e->size && !inode->size)
			fill_file(u, inode, e);
		return;
	}
	make_name(e->name, e, e->mode, NULL, &dentry);
	fill_file(u, dentry->inode, e);
	set_attributes(dentry->inode, e);
	if (e->nlink > 1)
		remember_link(u, e, dentry->inode);
	dentry_put(dentry);
}

static void unpack_entry(struct unpack *u, const struct cpio_entry *e)
{
	struct dentry *dentry;

	if (!*e->name && !S_ISDIR(e->mode))
		panic("the initrd's root is not a folder");
	make_parents(e);
	if (S_ISDIR(e->mode)) {
		unpack_folder(e);
	} else if (S_ISLNK(e->mode)) {
		unpack_link(e);
	} else if (S_ISREG(e->mode)) {
		unpack_file(u, e);
	} else {
		make_name(e->name, e, e->mode, NULL, &dentry);
		set_attributes(dentry->inode, e);
		dentry_put(dentry);
	}
	u->files++;
}

static void unpack_all(struct unpack *u)
{
	struct cpio_entry e;

	for (;;) {
		switch (cpio_next(&u->cpio, &e)) {
		case CPIO_ENTRY:
			unpack_entry(u, &e);
			break;
		case CPIO_TRAILER:
			forget_links(u);
			break;
		case CPIO_END:
			return;
		case CPIO_BAD:
			panic("the initrd is damaged at byte %u: it %s",
			      u->cpio.pos, u->cpio.error);
		}
		give_back(u, paddr_of(u, u->cpio.base + u->cpio.pos));
	}
}

void initrd_unpack(void)
{
	paddr_t start = boot_info.module[0].start;
	paddr_t end = boot_info.module[0].end;
	struct unpack u = { .start = start,
			    .given = ALIGN_UP(start, PAGE_SIZE) };

	if (!boot_info.nmodules)
		panic("no initrd: the boot loader gave no module");
	cpio_begin(&u.cpio, paddr_to_kva(start), end - start);
	unpack_all(&u);
	give_back(&u, end); /* not a last frame that others may share */
	printk("initrd: %u files, %u KiB, of which %u KiB stay in place\n",
	       u.files, (end - start) >> 10, u.adopted << 2);
}
