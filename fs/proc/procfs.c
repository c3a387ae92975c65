/* SPDX-License-Identifier: MIT */
/*
 * /proc: the registry, its folders, and files whose text is made on demand.
 *
 *   proc_register("sys/kernel/shmmax")
 *      root -> "meminfo"
 *           -> "sys" -> "kernel" -> "shmmax" -> entry->show()
 *   lookup makes an inode and a dentry, which go when nobody uses them
 *
 * A read from position 0 makes the text anew; later reads go on in it. It is
 * made in a block of frames; if it does not fit, show() starts over in one
 * twice as large, so show() sees one state and seq_printf() never sleeps.
 *
 * INV-X1  the tree of nodes is complete before the first process runs.
 *
 * The folders of processes: fs/proc/proc_task.c.
 */
#include <fs/proc/proc_internal.h>
#include <kernel/panic.h>
#include <kernel/task.h>
#include <lib/parse.h>
#include <lib/printf.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

#define STORE_MAX 4095u /* bytes of a write */
#define TEXT_MAX_ORDER 8 /* 1 MiB of text */
#define SELF_POS 4096u /* position of "self" in /proc; processes follow */

/* A registered file, or a folder on the way to one. */
struct proc_node {
	const char *name; /* not NUL-ended */
	u32 len; /* of the name */
	u32 ino; /* inode number, in order of registration */
	struct proc_entry *entry; /* NULL: a folder */
	struct proc_node *next, *children; /* in the same folder, in this one */
};

/* The text of an open file. */
struct proc_text {
	struct page *block; /* NULL: not made yet */
	u32 order; /* of the block */
	u32 len; /* bytes of text */
};

static struct proc_node root = { .ino = 1 };
static u32 nr_nodes = 1;

/* --- text --------------------------------------------------------------- */

void seq_printf(struct seq_buf *s, const char *fmt, ...)
{
	va_list args;
	u32 n;

	if (s->failed)
		return;
	va_start(args, fmt);
	n = vsnprintf(s->buf + s->len, s->size - s->len, fmt, args);
	va_end(args);
	if (n < s->size - s->len)
		s->len += n;
	else
		s->failed = true;
}

void seq_escaped(struct seq_buf *s, const char *text, const char *set)
{
	for (; *text; text++)
		seq_printf(s, strchr(set, *text) ? "\\%03o" : "%c", (u8)*text);
}

int proc_parse_u32(const char *text, u32 *val)
{
	u32 taken;

	while (*text == ' ' || *text == '\t' || *text == '\n')
		text++;
	taken = parse_digits(text, strlen(text), 10, val);
	if (!taken)
		return -EINVAL;
	for (text += taken; *text; text++)
		if (*text != ' ' && *text != '\t' && *text != '\n')
			return -EINVAL;
	return 0;
}

static int call_show(const struct proc_inode *info, struct seq_buf *s)
{
	struct task *task;

	if (info->entry)
		return info->entry->show(s, info->entry->arg);
	task = find_task(info->pid);
	if (!task)
		return -ESRCH;
	return info->show_fd ? info->show_fd(s, task, info->fd) :
			       info->pid_entry->show(s, task);
}

static void drop_text(struct proc_text *text)
{
	if (text->block)
		free_pages(text->block, text->order);
	text->block = NULL;
}

static int make_text(const struct proc_inode *info, struct proc_text *text)
{
	struct page *block;
	u32 order;
	int err;

	drop_text(text);
	for (order = 0; order <= TEXT_MAX_ORDER; order++) {
		struct seq_buf s = { .size = PAGE_SIZE << order };

		block = alloc_pages(GFP_KERNEL, order);
		if (!block)
			break;
		s.buf = page_kva(block);
		err = call_show(info, &s);
		if (!err && !s.failed) {
			*text = (struct proc_text){ block, order, s.len };
			return 0;
		}
		free_pages(block, order);
		if (err)
			return err;
	}
	return -ENOMEM;
}

/* What /proc itself allocates must not be hit by the injection it sets. */
static bool pause_injection(bool paused)
{
	bool before = current->rig.fail_paused;

	current->rig.fail_paused = paused;
	return before;
}

static int proc_open(struct inode *inode, struct file *file)
{
	bool before = pause_injection(true);

	file->private = kzalloc(sizeof(struct proc_text), GFP_KERNEL);
	pause_injection(before);
	return file->private ? 0 : -ENOMEM;
}

static void proc_release(struct file *file)
{
	drop_text(file->private);
	kfree(file->private);
}

static bool can_show(const struct proc_inode *info)
{
	if (info->show_fd)
		return true;
	return info->entry ? info->entry->show != NULL :
			     info->pid_entry->show != NULL;
}

static bool can_store(const struct proc_inode *info)
{
	if (info->show_fd)
		return false;
	return info->entry ? info->entry->store != NULL :
			     info->pid_entry->store != NULL;
}

static int refresh_text(const struct proc_inode *info, struct proc_text *text)
{
	bool before = pause_injection(true);
	int err = make_text(info, text);

	pause_injection(before);
	return err;
}

/* One page's worth of a table, from *POS on: bytes moved or -errno. */
static long read_piece(struct file *file, char *page, char *buf, u32 len,
		       u32 *pos)
{
	struct proc_inode *info = file->inode->i_private;
	struct task *task = find_task(info->pid);
	long n;

	if (!task)
		return -ESRCH;
	n = info->pid_entry->table(page, MIN(len, PAGE_SIZE), *pos, task);
	if (n <= 0)
		return n;
	n -= file_copy_out(file, buf, page, n);
	*pos += n;
	return n ? n : -EFAULT;
}

static long read_table(struct file *file, char *buf, u32 len, u32 *pos)
{
	bool before = pause_injection(true);
	char *page = kmalloc(PAGE_SIZE, GFP_KERNEL);
	long done = 0, n = 0;

	pause_injection(before);
	if (!page)
		return -ENOMEM;
	while ((u32)done < len) {
		n = read_piece(file, page, buf + done, len - done, pos);
		if (n <= 0)
			break;
		done += n;
	}
	kfree(page);
	return done ? done : n;
}

static long proc_read(struct file *file, char *buf, u32 len, u32 *pos)
{
	struct proc_inode *info = file->inode->i_private;
	struct proc_text *text = file->private;
	u32 n, left;
	int err = 0;

	if (info->pid_entry && info->pid_entry->table)
		return read_table(file, buf, len, pos);
	if (!can_show(info))
		return -EINVAL;
	if (*pos == 0 || !text->block)
		err = refresh_text(info, text);
	if (err)
		return err;
	if (*pos >= text->len)
		return 0;
	n = MIN(len, text->len - *pos);
	left = file_copy_out(file, buf, (char *)page_kva(text->block) + *pos,
			     n);
	*pos += n - left;
	return left < n || !n ? (long)(n - left) : -EFAULT;
}

static long call_store(const struct proc_inode *info, const char *text, u32 len)
{
	struct task *task;

	if (info->entry)
		return info->entry->store(text, len, info->entry->arg);
	task = find_task(info->pid);
	return task ? info->pid_entry->store(text, len, task) : -ESRCH;
}

static long store_text(struct file *file, const char *buf, u32 len)
{
	char *text = kmalloc(len + 1, GFP_KERNEL);
	long res = -EFAULT;

	if (!text)
		return -ENOMEM;
	if (!file_copy_in(file, text, buf, len)) {
		text[len] = 0;
		res = call_store(file->inode->i_private, text, len);
	}
	kfree(text);
	return res;
}

static long proc_write(struct file *file, const char *buf, u32 len, u32 *pos)
{
	bool before;
	long res;

	if (!can_store(file->inode->i_private) || len > STORE_MAX)
		return -EINVAL;
	before = pause_injection(true);
	res = store_text(file, buf, len);
	pause_injection(before);
	return res;
}

const struct file_operations proc_file_ops = {
	.open = proc_open,
	.release = proc_release,
	.read = proc_read,
	.write = proc_write,
	.lseek = generic_lseek,
};

/* --- inodes ------------------------------------------------------------- */

void proc_evict(struct inode *inode)
{
	kfree(inode->i_private);
}

const struct inode_operations proc_file_inode_ops = {
	.evict = proc_evict,
};

struct inode *proc_inode_alloc(struct super_block *sb, u32 ino, u32 mode,
			       struct proc_inode info)
{
	struct inode *inode = inode_alloc(sb, mode);

	if (!inode)
		return NULL;
	inode->i_private = kmalloc(sizeof(info), GFP_KERNEL);
	if (!inode->i_private) {
		inode_put(inode);
		return NULL;
	}
	*(struct proc_inode *)inode->i_private = info;
	inode->ino = ino;
	inode->uid = inode->gid = 0;
	return inode;
}

static struct proc_node *find_child(const struct proc_node *dir,
				    const char *name, u32 len)
{
	struct proc_node *node = dir->children;

	while (node && (node->len != len || memcmp(node->name, name, len)))
		node = node->next;
	return node;
}

static const struct inode_operations proc_dir_inode_ops;
static const struct file_operations proc_dir_ops;

static struct inode *node_inode(struct super_block *sb, struct proc_node *node)
{
	struct proc_inode info = { .node = node, .entry = node->entry };
	u32 mode = node->entry ? S_IFREG | node->entry->mode : S_IFDIR | 0555;
	struct inode *inode = proc_inode_alloc(sb, node->ino, mode, info);

	if (!inode)
		return NULL;
	inode->i_op = node->entry ? &proc_file_inode_ops : &proc_dir_inode_ops;
	inode->i_fop = node->entry ? &proc_file_ops : &proc_dir_ops;
	return inode;
}

/* --- /proc/self --------------------------------------------------------- */

static int self_readlink(struct inode *inode, char *buf, u32 size)
{
	char text[16];
	u32 len = snprintf(text, sizeof(text), "%d", current->process->pid);

	len = MIN(len, size);
	memcpy(buf, text, len);
	return len;
}

static const struct inode_operations self_inode_ops = {
	.readlink = self_readlink,
	.evict = proc_evict,
};

static struct inode *self_inode(struct super_block *sb)
{
	struct proc_inode info = { 0 };
	struct inode *inode = proc_inode_alloc(sb, SELF_POS, S_IFLNK | 0777,
					       info);

	if (inode)
		inode->i_op = &self_inode_ops;
	return inode;
}

/* --- folders ------------------------------------------------------------ */

static int proc_lookup(struct inode *dir, const char *name, struct inode **res)
{
	struct proc_inode *info = dir->i_private;
	struct proc_node *node = find_child(info->node, name, strlen(name));

	if (node)
		*res = node_inode(dir->sb, node);
	else if (info->node != &root)
		return -ENOENT;
	else if (!strcmp(name, "self"))
		*res = self_inode(dir->sb);
	else
		return proc_task_lookup(dir->sb, name, res);
	return *res ? 0 : -ENOMEM;
}

static int proc_readdir(struct file *file, struct dir_context *ctx)
{
	struct proc_inode *info = file->inode->i_private;
	struct proc_node *node = info->node->children;
	u32 pos = 2;

	if (!dir_emit_dots(ctx, file->dentry))
		return 0;
	for (; node; node = node->next, pos++)
		if (pos >= ctx->pos &&
		    !dir_emit(ctx, node->name, node->len, node->ino,
			      node->entry ? S_IFREG : S_IFDIR, pos + 1))
			return 0;
	if (info->node != &root)
		return 0;
	if (ctx->pos <= SELF_POS &&
	    !dir_emit(ctx, "self", 4, SELF_POS, S_IFLNK, SELF_POS + 1))
		return 0;
	proc_task_readdir(ctx, SELF_POS + 1);
	return 0;
}

static const struct inode_operations proc_dir_inode_ops = {
	.lookup = proc_lookup,
	.evict = proc_evict,
};

static const struct file_operations proc_dir_ops = {
	.lseek = generic_lseek,
	.readdir = proc_readdir,
};

/* --- the registry ------------------------------------------------------- */

static struct proc_node *add_child(struct proc_node *dir, const char *name,
				   u32 len)
{
	struct proc_node *node = kzalloc(sizeof(*node), GFP_KERNEL);
	struct proc_node **link = &dir->children;

	ASSERT_MSG(node, "no memory for /proc");
	node->name = name;
	node->len = len;
	node->ino = ++nr_nodes;
	while (*link)
		link = &(*link)->next;
	*link = node;
	return node;
}

void proc_register(struct proc_entry *entry)
{
	struct proc_node *dir = &root, *node;
	const char *name = entry->path, *end;
	u32 len;

	do {
		end = strchr(name, '/');
		len = end ? (u32)(end - name) : strlen(name);
		node = find_child(dir, name, len);
		if (!node)
			node = add_child(dir, name, len);
		dir = node;
		name += len + 1;
	} while (end);
	node->entry = entry;
}

int procfs_fill(struct super_block *sb, const char *options)
{
	struct inode *inode = node_inode(sb, &root);

	if (!inode)
		return -ENOMEM;
	sb->mode = 0555;
	sb->root = dentry_alloc_root(inode, "/");
	inode_put(inode);
	return sb->root ? 0 : -ENOMEM;
}
