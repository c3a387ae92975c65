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
 */
#include <fs/file.h>
#include <kernel/exec.h>
#include <lib/string.h>
#include <uapi/errno.h>

static int open_program(struct binprm *prm, const char *path)
{
	long len;
	int err;

	if (prm->file)
		fput(prm->file);
	prm->file = file_open_exec(path, &err);
	if (!prm->file)
		return err;
	len = kernel_read(prm->file, prm->head, PAGE_SIZE, 0);
	if (len < 0)
		return len;
	prm->head_len = len;
	return 0;
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

int binprm_open(struct binprm *prm)
{
	int err = open_program(prm, prm->name);

	while (!err && is_script(prm))
		err = open_interpreter(prm);
	if (err)
		return err;
	return elf_parse(prm->head, prm->head_len, prm->file->inode->size,
			 &prm->elf);
}
