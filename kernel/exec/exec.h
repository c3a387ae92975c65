/* SPDX-License-Identifier: MIT */
/*
 * execve inside: the program as kernel/exec/exec.c puts it together; the way to
 * its files (exec_script.c); its strings and first stack (exec_stack.c).
 */
#ifndef KERNEL_EXEC_H
#define KERNEL_EXEC_H

#include <kernel/exec/elf.h>
#include <x86/pte.h>

#define SCRIPT_DEPTH 4u /* scripts run by scripts */
#define SCRIPT_LINE 256u /* longest first line, with its end */
#define EXEC_STRINGS_MAX (128u << 10) /* argv and envp, with their pointers */
#define EXEC_STRING_PAGES (EXEC_STRINGS_MAX / PAGE_SIZE)

struct file;
struct files_struct;
struct mm_struct;
struct page;
struct sighand;

/* The strings of argv, envp and the file name, one after the other, each
 * with its NUL, collected while the old address space is still there. */
struct exec_strings {
	struct page *page[EXEC_STRING_PAGES]; /* NULL: not needed yet */
	u32 len; /* bytes in use */
	u32 argc, envc; /* strings of argv, then of envp */
	u32 env_at; /* where envp's strings begin, in bytes */
	u32 name_at; /* where the file name begins */
};

/* An array of strings, ended by NULL, in user or in kernel memory. */
struct exec_vector {
	const char *const *strings; /* NULL: empty */
	bool kernel;
};

struct binprm { /* a program on its way in */
	const char *name; /* as the caller gave it */
	struct file *file; /* what is loaded in the end */
	struct file *interp; /* its dynamic loader, or NULL */
	char *head; /* first page of the file that was opened last */
	u32 head_len; /* bytes in it */

	char line[SCRIPT_DEPTH][SCRIPT_LINE]; /* first lines, cut in words */
	const char *prefix[2 * SCRIPT_DEPTH + 1]; /* last one first in argv */
	u32 nscripts, nprefix;

	struct exec_strings strings;
	struct elf_image elf;
	struct elf_image interp_elf; /* INTERP: not NULL */
	struct mm_struct *mm; /* the new address space */
	struct files_struct *files; /* private copies, if the old ones are */
	struct sighand *sighand; /* shared; else NULL */
	u32 euid, egid; /* rights to run with */
};

/* What a program is told besides its strings. */
struct exec_facts {
	const struct elf_image *elf;
	u32 interp_base; /* where its dynamic loader is; 0: it has none */
	bool secure; /* it runs with other rights than who started it */
};

/* kernel/exec/exec_script.c: opens prm->name, then interpreters until one is a
 * program, and reads its headers and those of the dynamic loader it asks
 * for. 0 or a negative errno (-ELOOP: scripts nested too deep; -ELIBBAD: the
 * loader is none). May sleep. */
int binprm_open(struct binprm *prm);

/* Appends a kernel string. 0, -E2BIG or -ENOMEM. May sleep. */
int exec_strings_add(struct exec_strings *s, const char *string);
/* Appends all of VEC but the first SKIP and counts them in *COUNT. Also
 * -EFAULT. May sleep. */
int exec_strings_add_vector(struct exec_strings *s,
			    const struct exec_vector *vec, u32 skip,
			    u32 *count);
void exec_strings_free(struct exec_strings *s);

/* Bytes below STACK_TOP that the first stack takes up. */
u32 exec_stack_size(const struct exec_strings *s);

/* Writes strings, pointers and auxiliary vector into the current address
 * space and notes in MM where they are. The first esp, or 0 on a fault. */
u32 exec_stack_build(struct mm_struct *mm, const struct exec_strings *s,
		     const struct exec_facts *facts);

/* Replaces the current program by that of the file PATH (kernel memory). 0:
 * the frame at the top of the stack is that of the new program. On failure
 * a negative errno, and the old one goes on; if it is too late for that the
 * task is killed. May sleep. */
int do_execve(const char *path, const struct exec_vector *argv,
	      const struct exec_vector *envp);

#endif
