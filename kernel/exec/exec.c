/* SPDX-License-Identifier: MIT */
/*
 * execve: another program in the same task.
 *
 *   open -> "#!"? then its interpreter, again -> ELF headers
 *        -> the dynamic loader it names, its headers
 *        -> strings copied -> new address space complete  (can fail: old
 *   ------------------------- point of no return ---------- program goes on)
 *        -> switch to it, close on exec, signals, rights, registers
 *        -> stack and bss written                         (fails: SIGKILL)
 *
 * INV-1  up to the point of no return nothing of the task has changed.
 * INV-2  every page of the new program is still on disk, so to say: areas are
 *        made here, pages come with faults.
 *
 * Scripts are resolved in kernel/exec/exec_script.c. May sleep everywhere.
 */
#include <fs/file.h>
#include <kernel/exec/exec.h>
#include <kernel/internal.h>
#include <kernel/syscall.h>
#include <kernel/trace/trace.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <mm/mm.h>
#include <uapi/errno.h>
#include <uapi/mman.h>
#include <uapi/mount.h>
#include <uapi/stat.h>
#include <x86/cpu.h>

#define STACK_ROOM (128u << 10) /* stack area beyond what is written */

/* --- arguments ---------------------------------------------------------- */

static int collect_strings(struct binprm *prm, const struct exec_vector *argv,
			   const struct exec_vector *envp)
{
	struct exec_strings *s = &prm->strings;
	u32 i;
	int err = 0;

	for (i = prm->nprefix; i > 0 && !err; i--) {
		err = exec_strings_add(s, prm->prefix[i - 1]);
		s->argc++;
	}
	if (!err)
		err = exec_strings_add_vector(s, argv, !!prm->nprefix,
					      &s->argc);
	if (!err && !s->argc) { /* nobody expects an argv without a name */
		err = exec_strings_add(s, "");
		s->argc = 1;
	}
	s->env_at = s->len;
	if (!err)
		err = exec_strings_add_vector(s, envp, 0, &s->envc);
	s->name_at = s->len;
	return err ? err : exec_strings_add(s, prm->name);
}

/* --- the new address space ---------------------------------------------- */

static u32 segment_prot(const struct elf_segment *seg)
{
	return (seg->flags & ELF_R ? PROT_READ : 0) |
	       (seg->flags & ELF_W ? PROT_WRITE : 0) |
	       (seg->flags & ELF_X ? PROT_EXEC : 0);
}

/* [start, end) of the new address space: FILE from OFFSET on, or zero. */
static int map_range(struct binprm *prm, const struct elf_segment *seg,
		     struct file *file, vaddr_t start, vaddr_t end, u32 offset)
{
	u32 flags = MAP_PRIVATE | MAP_FIXED;
	long res;

	if (start == end)
		return 0;
	if (!file)
		flags |= MAP_ANONYMOUS;
	res = do_mmap(prm->mm, file, start, end - start, segment_prot(seg),
		      flags, offset);
	return res < 0 && res >= -4095 ? res : 0; /* else the address */
}

/* File pages, then zero pages for what the file does not have. */
static int map_segment(struct binprm *prm, struct file *file,
		       const struct elf_segment *seg)
{
	vaddr_t start = seg->vaddr & PAGE_MASK;
	vaddr_t file_end = ALIGN_UP(seg->vaddr + seg->filesz, PAGE_SIZE);
	vaddr_t end = ALIGN_UP(seg->vaddr + seg->memsz, PAGE_SIZE);
	int err;

	if (!seg->filesz)
		file_end = start;
	err = map_range(prm, seg, file, start, file_end,
			seg->offset - (seg->vaddr - start));
	if (err)
		return err;
	return map_range(prm, seg, NULL, file_end, end, 0);
}

static void note_bounds(struct mm_struct *mm, const struct elf_segment *seg)
{
	if ((seg->flags & ELF_X) && !mm->end_code) {
		mm->start_code = seg->vaddr;
		mm->end_code = seg->vaddr + seg->filesz;
	}
	if (seg->flags & ELF_W) {
		mm->start_data = seg->vaddr;
		mm->end_data = seg->vaddr + seg->filesz;
	}
	mm->start_brk = ALIGN_UP(seg->vaddr + seg->memsz, PAGE_SIZE);
	mm->brk = mm->start_brk;
}

static int map_image(struct binprm *prm, struct file *file,
		     const struct elf_image *elf)
{
	u32 i;
	int err = 0;

	for (i = 0; i < elf->nsegments && !err; i++)
		err = map_segment(prm, file, &elf->segment[i]);
	return err;
}

/* The dynamic loader goes where mmap() would put it. */
static int map_loader(struct binprm *prm)
{
	struct elf_image *elf = &prm->interp_elf;
	u32 slack = elf->align - PAGE_SIZE, span = elf_span(elf);
	struct vm_area_struct *next;
	vaddr_t base = 0;
	int err;

	if (slack < TASK_SIZE - span)
		base = get_unmapped_area(prm->mm, 0, span + slack, &next);
	if (!base)
		return -ENOMEM;
	err = elf_move(elf, ALIGN_UP(base, elf->align));
	return err ? err : map_image(prm, prm->interp, elf);
}

static int build_mm(struct binprm *prm)
{
	u32 stack, i;
	int err;

	prm->mm = mm_alloc();
	if (!prm->mm)
		return -ENOMEM;
	err = map_image(prm, prm->file, &prm->elf);
	for (i = 0; i < prm->elf.nsegments; i++)
		note_bounds(prm->mm, &prm->elf.segment[i]);
	if (!err && prm->interp)
		err = map_loader(prm);
	if (err)
		return err;
	prm->mm->exe_file = get_file(prm->file);
	stack = exec_stack_size(&prm->strings) + STACK_ROOM;
	return setup_stack_vma(prm->mm, ALIGN_UP(stack, PAGE_SIZE),
			       prm->elf.exec_stack);
}

/* --- rights, and what is shared ----------------------------------------- */

static void decide_rights(struct binprm *prm)
{
	const struct inode *inode = prm->file->inode;

	prm->euid = current->cred.euid;
	prm->egid = current->cred.egid;
	if (inode->sb->flags & MS_NOSUID)
		return;
	if (inode->mode & S_ISUID)
		prm->euid = inode->uid;
	if ((inode->mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		prm->egid = inode->gid;
}

/* Other tasks keep their descriptors and signal actions. */
static int unshare(struct binprm *prm)
{
	if (current->process->files->count > 1) {
		prm->files = files_dup(current->process->files);
		if (!prm->files)
			return -ENOMEM;
	}
	if (current->process->sighand->count > 1) {
		prm->sighand = sighand_dup(current->process->sighand);
		if (!prm->sighand)
			return -ENOMEM;
	}
	return 0;
}

/* --- the point of no return --------------------------------------------- */

static void switch_mm(struct binprm *prm)
{
	struct mm_struct *old = current->mm;

	mm_release();
	current->mm = prm->mm;
	mm_load(prm->mm);
	prm->mm = NULL;
	if (old)
		mmput(old);
}

static void switch_shared(struct binprm *prm)
{
	if (prm->files) {
		files_put(current->process->files);
		current->process->files = prm->files;
		prm->files = NULL;
	}
	if (prm->sighand) {
		sighand_put(current->process->sighand);
		current->process->sighand = prm->sighand;
		prm->sighand = NULL;
	}
	files_close_on_exec();
	signal_exec();
}

static void switch_rights(const struct binprm *prm)
{
	struct cred *cred = &current->cred;

	cred->euid = cred->suid = cred->fsuid = prm->euid;
	cred->egid = cred->sgid = cred->fsgid = prm->egid;
}

static void switch_names(const struct binprm *prm)
{
	const char *slash = strrchr(prm->name, '/');

	strlcpy(current->comm, slash ? slash + 1 : prm->name,
		sizeof(current->comm));
	current->process->did_exec = true;
	current->not_dumpable = false;
	current->kthread = false;
	current->process->exit_signal = SIGCHLD;
	current->robust_list = 0;
	current->set_child_tid = NULL;
}

/* The rest of the last page of data that the file filled must be zero. */
static int clear_bss(const struct elf_image *elf)
{
	const struct elf_segment *seg = elf->segment;
	u32 i, end;

	for (i = 0; i < elf->nsegments; i++, seg++) {
		end = seg->vaddr + seg->filesz;
		if (seg->memsz == seg->filesz || !seg->filesz ||
		    !(seg->flags & ELF_W))
			continue;
		if (clear_user((void *)end, ALIGN_UP(end, PAGE_SIZE) - end))
			return -EFAULT;
	}
	return 0;
}

static void start_program(u32 entry, u32 esp)
{
	struct trap_frame *frame = task_frame(current);

	*frame = (struct trap_frame){
		.ds = USER_DS,
		.es = USER_DS,
		.vector = VECTOR_SYSCALL,
		.error_code = ~0u, /* nothing to restart */
		.eip = entry,
		.cs = USER_CS,
		.eflags = EFLAGS_IF,
		.esp = esp,
		.ss = USER_DS,
	};
	TRACE(task_exec, entry, esp, mm_number(current->mm));
	trace_name(current);
}

/* Where the first instruction is: the loader runs before the program. */
static u32 first_instruction(const struct binprm *prm)
{
	return prm->interp ? prm->interp_elf.entry : prm->elf.entry;
}

/* Either the new program or nothing. */
static void commit(struct binprm *prm)
{
	struct exec_facts facts = {
		.elf = &prm->elf,
		.interp_base = prm->interp ? prm->interp_elf.bias : 0,
		.secure = prm->euid != current->cred.uid ||
			  prm->egid != current->cred.gid,
	};
	u32 esp;

	switch_mm(prm);
	switch_shared(prm);
	switch_rights(prm);
	switch_names(prm);
	task_clear_registers();

	esp = exec_stack_build(current->mm, &prm->strings, &facts);
	if (!esp || clear_bss(&prm->elf) ||
	    (prm->interp && clear_bss(&prm->interp_elf)))
		send_sig(SIGKILL, current, NULL);
	start_program(first_instruction(prm), esp);
}

/* --- execve ------------------------------------------------------------- */

static struct binprm *prm_alloc(const char *path)
{
	struct binprm *prm = kzalloc(sizeof(*prm), GFP_KERNEL);

	if (!prm)
		return NULL;
	prm->name = path;
	prm->head = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (prm->head)
		return prm;
	kfree(prm);
	return NULL;
}

/* Gives back what the task has not taken over. */
static void prm_free(struct binprm *prm)
{
	if (prm->mm)
		mmput(prm->mm);
	if (prm->files)
		files_put(prm->files);
	if (prm->sighand)
		sighand_put(prm->sighand);
	if (prm->file)
		fput(prm->file);
	if (prm->interp)
		file_allow_write(prm->interp);
	exec_strings_free(&prm->strings);
	kfree(prm->head);
	kfree(prm);
}

int do_execve(const char *path, const struct exec_vector *argv,
	      const struct exec_vector *envp)
{
	struct binprm *prm = prm_alloc(path);
	int err, bad;

	if (!prm)
		return -ENOMEM;
	err = binprm_open(prm);
	if (!err || err == -ENOEXEC) { /* what cannot be read comes first */
		bad = collect_strings(prm, argv, envp);
		err = bad ? bad : err;
	}
	if (!err)
		err = build_mm(prm);
	if (!err)
		err = unshare(prm);
	if (!err) {
		decide_rights(prm);
		commit(prm);
	}
	prm_free(prm);
	return err;
}

long sys_execve(const char *path, const char *const *argv,
		const char *const *envp)
{
	struct exec_vector args = { argv, false }, env = { envp, false };
	char *name;
	int err;

	may_sleep(SLEEP_execve);
	err = getname(path, &name);
	if (err)
		return err;
	err = do_execve(name, &args, &env);
	putname(name);
	return err;
}
