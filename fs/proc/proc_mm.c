/* SPDX-License-Identifier: MIT */
/*
 * Memory in /proc: meminfo, <pid>/maps, sys/vm/drop_caches, check.
 * Layouts are Linux's (fs/proc/procfs.h says how a file's text is made).
 */
#include <fs/file.h>
#include <fs/proc/procfs.h>
#include <ipc/shm/shm.h>
#include <kernel/task.h>
#include <lib/printf.h>
#include <lib/string.h>
#include <mm/filemap.h>
#include <mm/kmalloc.h>
#include <mm/mm.h>
#include <mm/swap/swap.h>
#include <mm/swap/swap_policy.h>
#include <uapi/errno.h>

#define MAPS_NAME_COLUMN 48u /* of a 32-bit kernel */
#define KIB(pages) ((pages) << (PAGE_SHIFT - 10))

/* Pages that stay in memory: those of ramfs are their file's only copy. */
static u32 unevictable_pages(void)
{
	return nr_cache_pages - nr_buffer_pages + shm_locked_rss();
}

static int meminfo_show(struct seq_buf *s, void *arg)
{
	u32 files = nr_cache_pages - nr_buffer_pages;

	seq_printf(s, "MemTotal:       %8u kB\n", KIB(nr_total_pages));
	seq_printf(s, "MemFree:        %8u kB\n", KIB(nr_free_pages));
	seq_printf(s, "MemAvailable:   %8u kB\n",
		   KIB(nr_free_pages + freeable_pages()));
	seq_printf(s, "Buffers:        %8u kB\n", KIB(nr_buffer_pages));
	seq_printf(s, "Cached:         %8u kB\n",
		   KIB(files + shm_totals.rss));
	seq_printf(s, "SwapCached:     %8u kB\n", KIB(nr_swap_cache));
	seq_printf(s, "Active:         %8u kB\n", 0u);
	seq_printf(s, "Inactive:       %8u kB\n", 0u);
	seq_printf(s, "Unevictable:    %8u kB\n",
		   KIB(unevictable_pages()));
	seq_printf(s, "SwapTotal:      %8u kB\n", KIB(total_swap_pages));
	seq_printf(s, "SwapFree:       %8u kB\n", KIB(nr_swap_pages));
	seq_printf(s, "Dirty:          %8u kB\n", 0u);
	seq_printf(s, "Writeback:      %8u kB\n", 0u);
	seq_printf(s, "Shmem:          %8u kB\n", KIB(shm_totals.rss));
	seq_printf(s, "SReclaimable:   %8u kB\n", 0u);
	seq_printf(s, "KernelStack:    %8u kB\n",
		   nr_tasks * (KSTACK_SIZE >> 10));
	return 0;
}

/* ------------------------------------------------------------------ */
/* maps                                                                */

/* The word for an area that maps no object, or NULL. */
static const char *maps_private_name(const struct vm_area_struct *vma)
{
	const struct mm_struct *mm = vma->vm_mm;

	if (vma->vm_start < mm->brk && vma->vm_end > mm->start_brk)
		return "[heap]";
	if (vma->vm_flags & VM_GROWSDOWN && vma->vm_end > mm->start_stack &&
	    vma->vm_start <= mm->start_stack)
		return "[stack]";
	return NULL;
}

/* What stands at the end of the line, its name perhaps in BUF. */
static void maps_label(const struct vm_area_struct *vma,
		       struct vma_label *label, char *buf, u32 size)
{
	if (vma->vm_ops && vma->vm_ops->label) {
		vma->vm_ops->label(vma, label, buf, size);
		return;
	}
	if (!vma->vm_file) {
		label->name = maps_private_name(vma);
		return;
	}
	label->dev = vma->vm_file->inode->sb->dev;
	label->ino = vma->vm_file->inode->ino;
	label->name = dentry_path(vma->vm_file->dentry, buf, size);
}

void maps_line(struct seq_buf *s, const struct vm_area_struct *vma, char *buf)
{
	struct vma_label label = { 0, 0, NULL };
	u32 flags = vma->vm_flags, len;
	char head[80];

	assert_held(&vma->vm_mm->mmap_sem);
	maps_label(vma, &label, buf, PATH_MAX);
	len = snprintf(head, sizeof(head),
		       "%08x-%08x %c%c%c%c %08x %02x:%02x %u ", vma->vm_start,
		       vma->vm_end, flags & VM_READ ? 'r' : '-',
		       flags & VM_WRITE ? 'w' : '-',
		       flags & VM_EXEC ? 'x' : '-',
		       flags & VM_SHARED ? 's' : 'p',
		       vma->vm_ops ? vma->vm_offset : 0, label.dev >> 8,
		       label.dev & 0xff, label.ino);
	if (!label.name) {
		seq_printf(s, "%s\n", head);
		return;
	}
	if (len < MAPS_NAME_COLUMN + 1)
		seq_printf(s, "%-*s%s\n", (int)MAPS_NAME_COLUMN + 1, head,
			   label.name);
	else
		seq_printf(s, "%s%s\n", head, label.name);
}

int maps_walk(struct seq_buf *s, struct task *task, maps_show_t *show)
{
	struct mm_struct *mm = task->mm;
	struct vm_area_struct *vma;
	char *buf;

	if (!mm)
		return 0;
	mm->count++; /* after the next sleep the task may be gone */
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	if (buf) {
		mutex_lock(&mm->mmap_sem);
		for (vma = mm->mmap; vma; vma = vma->vm_next)
			show(s, vma, buf);
		mutex_unlock(&mm->mmap_sem);
		kfree(buf);
	}
	mmput(mm);
	return buf ? 0 : -ENOMEM;
}

static int maps_show(struct seq_buf *s, struct task *task)
{
	return maps_walk(s, task, maps_line);
}

/* ------------------------------------------------------------------ */
/* drop_caches, check                                                  */

static int drop_caches_show(struct seq_buf *s, void *arg)
{
	seq_printf(s, "0\n");
	return 0;
}

static long drop_caches_store(const char *text, u32 len, void *arg)
{
	u32 what;

	if (proc_parse_u32(text, &what) || what < 1 || what > 3)
		return -EINVAL;
	while (drop_clean_pages() + page_stocks_drain())
		continue;
	return len;
}

static int check_show(struct seq_buf *s, void *arg)
{
	struct mm_check_result mm;
	struct ipc_check_result ipc;

	ipc_check(&ipc);
	mm_check(&mm);
	seq_printf(s, "mm ok: %u address spaces, %u areas, %u entries, "
		      "%u frames in use, %u objects\n",
		   mm.mms, mm.vmas, mm.ptes, mm.frames_mapped, mm.objects);
	seq_printf(s, "ipc ok: %u segments, %u pages, %u resident, "
		      "%u attaches\n",
		   ipc.segments, ipc.pages, ipc.rss, ipc.attaches);
	seq_printf(s, "free %u\n", mm.free_pages);
	return 0;
}

static struct proc_entry meminfo_entry = {
	.path = "meminfo", .mode = 0444, .show = meminfo_show
};
static struct proc_entry drop_caches_entry = {
	.path = "sys/vm/drop_caches",
	.mode = 0644,
	.show = drop_caches_show,
	.store = drop_caches_store
};
static struct proc_entry check_entry_proc = {
	.path = "check", .mode = 0444, .show = check_show
};
static struct proc_pid_entry maps_entry = {
	.name = "maps", .mode = 0444, .show = maps_show
};

void mm_proc_init(void)
{
	proc_register(&meminfo_entry);
	proc_register(&drop_caches_entry);
	proc_register(&check_entry_proc);
	proc_register_pid(&maps_entry);
	mm_proc_pages_init();
	mm_proc_why_init();
	fault_proc_init();
	evict_proc_init();
	swap_policy_init();
	policy_proc_init();
	swap_proc_init();
}
