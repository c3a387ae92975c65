/* SPDX-License-Identifier: MIT */
/*
 * What is mounted, as readers of /proc expect it: mounts (the lines of
 * fstab), <pid>/mounts, <pid>/mountinfo, and filesystems.
 *
 * Paths are seen from the reader's root. Nothing sleeps after the buffer for
 * them is there, so a text is one state of the list.
 */
#include <fs/internal.h>
#include <fs/proc/procfs.h>
#include <mm/kmalloc.h>

/* What a name in the lists of mounts may not hold as it is. */
#define ESCAPED " \t\n\\#"

static void show_flags(struct seq_buf *s, const struct super_block *sb)
{
	u32 flags = sb->flags;

	seq_printf(s, "%s%s%s%s,%s", flags & MS_RDONLY ? "ro" : "rw",
		   flags & MS_NOSUID ? ",nosuid" : "",
		   flags & MS_NODEV ? ",nodev" : "",
		   flags & MS_NOEXEC ? ",noexec" : "",
		   flags & MS_NOATIME ? "noatime" : "relatime");
}

static void show_limits(struct seq_buf *s, const struct super_block *sb)
{
	const struct inode *root = sb->root->inode;

	if (sb->max_pages)
		seq_printf(s, ",size=%uk", sb->max_pages << (PAGE_SHIFT - 10));
	if (sb->max_inodes)
		seq_printf(s, ",nr_inodes=%u", sb->max_inodes);
	if (sb->magic == TMPFS_MAGIC && sb->mode != 01777)
		seq_printf(s, ",mode=%o", sb->mode);
	if (sb->magic == TMPFS_MAGIC && root->uid)
		seq_printf(s, ",uid=%u", root->uid);
	if (sb->magic == TMPFS_MAGIC && root->gid)
		seq_printf(s, ",gid=%u", root->gid);
}

static u32 mount_id(const struct super_block *sb)
{
	return dev_minor(sb->dev);
}

/* A line of mountinfo: "23 1 0:23 / /mnt rw,relatime - tmpfs none rw". */
static void info_line(struct seq_buf *s, const struct super_block *sb,
		      const char *where)
{
	const struct dentry *covers = sb->root->covers;

	seq_printf(s, "%u %u %u:%u / ", mount_id(sb),
		   covers ? mount_id(covers->sb) : 0, dev_major(sb->dev),
		   dev_minor(sb->dev));
	seq_escaped(s, where, ESCAPED);
	seq_printf(s, " ");
	show_flags(s, sb);
	seq_printf(s, " - %s ", sb->fs_name);
	seq_escaped(s, sb->source, ESCAPED);
	seq_printf(s, " %s", sb->flags & MS_RDONLY ? "ro" : "rw");
	show_limits(s, sb);
	seq_printf(s, "\n");
}

static void mounts_line(struct seq_buf *s, const struct super_block *sb,
			const char *where)
{
	seq_escaped(s, sb->source, ESCAPED);
	seq_printf(s, " ");
	seq_escaped(s, where, ESCAPED);
	seq_printf(s, " %s ", sb->fs_name);
	show_flags(s, sb);
	show_limits(s, sb);
	seq_printf(s, " 0 0\n");
}

static int show_all(struct seq_buf *s,
		    void (*line)(struct seq_buf *s,
				 const struct super_block *sb,
				 const char *where))
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	const struct super_block *sb;
	const char *where;

	if (!buf)
		return -ENOMEM;
	for (sb = mounts; sb; sb = sb->next) {
		where = dentry_path(sb->root, buf, PATH_MAX);
		if (where)
			line(s, sb, where);
	}
	kfree(buf);
	return 0;
}

static int mounts_show(struct seq_buf *s, void *arg)
{
	return show_all(s, mounts_line);
}

static int mounts_show_pid(struct seq_buf *s, struct task *task)
{
	return show_all(s, mounts_line);
}

static int mountinfo_show(struct seq_buf *s, struct task *task)
{
	return show_all(s, info_line);
}

static int filesystems_show(struct seq_buf *s, void *arg)
{
	seq_printf(s, "nodev\tramfs\nnodev\ttmpfs\nnodev\tproc\n"
		      "nodev\tpipefs\n");
	return 0;
}

static struct proc_entry mounts_entry = {
	.path = "mounts", .mode = 0444, .show = mounts_show
};
static struct proc_entry filesystems_entry = {
	.path = "filesystems", .mode = 0444, .show = filesystems_show
};
static struct proc_pid_entry mounts_pid_entry = {
	.name = "mounts", .mode = 0444, .show = mounts_show_pid
};
static struct proc_pid_entry mountinfo_entry = {
	.name = "mountinfo", .mode = 0444, .show = mountinfo_show
};

void mount_proc_init(void)
{
	proc_register(&mounts_entry);
	proc_register(&filesystems_entry);
	proc_register_pid(&mounts_pid_entry);
	proc_register_pid(&mountinfo_entry);
}
