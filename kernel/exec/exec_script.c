/* SPDX-License-Identifier: MIT */
/*
 * The file behind an execve: a program, or a script that names one.
 *
 *   execve("/bin/job", {"job", "x"})       /bin/job:  #!/bin/run -v
 *                                          /bin/run:  #!/bin/sh
 *   argv becomes  /bin/sh  /bin/run  -v  /bin/job  x
 *
 * The first line of a script holds the interpreter's path and at most one
 * more word. prm->prefix collects what comes before argv[1], last word first;
 * the lines it points into stay in prm->line. Set-user-id bits of a script
 * mean nothing: only the file that is loaded in the end counts.
 *
 * A program may name one more file (PT_INTERP, the dynamic loader): it is
 * loaded beside the program, and runs first. It names none itself.
 */
#include <fs/file.h>
#include <kernel/exec/exec.h>
#include <lib/string.h>
#include <uapi/elf.h>
#include <uapi/errno.h>

/* The first page of FILE into prm->head; 0 or -errno. */
static int read_head(struct binprm *prm, struct file *file)
{
	long len = kernel_read(file, prm->head, PAGE_SIZE, 0);

	if (len < 0)
		return len;
	prm->head_len = len;
	return 0;
}

static int open_program(struct binprm *prm, const char *path)
{
	int err;

	if (prm->file)
		fput(prm->file);
	prm->file = file_open_exec(path, &err);
	return prm->file ? read_head(prm, prm->file) : err;
}

static bool is_script(const struct binprm *prm)
{
	return prm->head_len >= 2 && prm->head[0] == '#' &&
	       prm->head[1] == '!';
}

/* The first line without its end, "#!" and the blanks around it, into LINE;
 * -ENOEXEC: it does not end, or says nothing. */
static int first_line(const struct binprm *prm, char *line)
{
	u32 start = 2, end = 2, max = MIN(prm->head_len, SCRIPT_LINE - 1);

	while (end < max && prm->head[end] != '\n' && prm->head[end])
		end++;
	if (end == SCRIPT_LINE - 1)
		return -ENOEXEC;
	while (start < end && (prm->head[start] == ' ' ||
			       prm->head[start] == '\t'))
		start++;
	while (end > start && (prm->head[end - 1] == ' ' ||
			       prm->head[end - 1] == '\t'))
		end--;
	if (start == end)
		return -ENOEXEC;
	memcpy(line, prm->head + start, end - start);
	line[end - start] = '\0';
	return 0;
}

/* Cuts LINE behind its first word; the rest, one argument, or NULL. */
static char *split_line(char *line)
{
	while (*line && *line != ' ' && *line != '\t')
		line++;
	if (!*line)
		return NULL;
	*line++ = '\0';
	while (*line == ' ' || *line == '\t')
		line++;
	return line;
}

/* Opens the interpreter that the script names, and notes the words that
 * come before the others. */
static int open_interpreter(struct binprm *prm)
{
	char *line, *arg;
	int err;

	if (prm->nscripts == SCRIPT_DEPTH)
		return -ELOOP;
	line = prm->line[prm->nscripts];
	err = first_line(prm, line);
	if (err)
		return err;
	if (!prm->nscripts++)
		prm->prefix[prm->nprefix++] = prm->name;
	arg = split_line(line);
	if (arg)
		prm->prefix[prm->nprefix++] = arg;
	prm->prefix[prm->nprefix++] = line;
	return open_program(prm, line);
}

/* The path of the dynamic loader into prm->head; 0 or -errno. */
static int read_loader_path(struct binprm *prm)
{
	u32 len = prm->elf.interp_len;
	long got = kernel_read(prm->file, prm->head, len, prm->elf.interp);

	if (got < 0)
		return got;
	if ((u32)got < len)
		return -EIO;
	return prm->head[len - 1] ? -ENOEXEC : 0;
}

/* Opens the dynamic loader and reads its headers. */
static int open_loader(struct binprm *prm)
{
	struct elf_image *elf = &prm->interp_elf;
	int err = read_loader_path(prm);

	if (err)
		return err;
	if (!*prm->head)
		return -EACCES; /* as Linux does: it takes that for a folder */
	prm->interp = file_open_exec(prm->head, &err);
	if (!prm->interp)
		return err;
	err = read_head(prm, prm->interp);
	if (err)
		return err;
	if (prm->head_len < sizeof(struct elf32_ehdr))
		return -EIO;
	if (elf_parse(prm->head, prm->head_len, prm->interp->inode->size, elf))
		return -ELIBBAD;
	return elf->interp_len || !elf->movable ? -ELIBBAD : 0;
}

int binprm_open(struct binprm *prm)
{
	struct elf_image *elf = &prm->elf;
	int err = open_program(prm, prm->name);

	while (!err && is_script(prm))
		err = open_interpreter(prm);
	if (!err)
		err = elf_parse(prm->head, prm->head_len,
				prm->file->inode->size, elf);
	if (!err && elf->movable)
		err = elf_move(elf, ALIGN_UP(ELF_DYN_BASE, elf->align));
	if (!err && elf->interp_len)
		err = open_loader(prm);
	return err;
}
