/* SPDX-License-Identifier: MIT */
/*
 * Process 1: from a kernel thread to the first program.
 *
 *   /.vm/init   brought along by tools/vm for one command
 *   /init       the image's choice
 *   /sbin/init  the usual one
 *
 * The first of them that exists is run with the words behind " -- " of the
 * kernel command line, and with /dev/console as descriptors 0, 1 and 2.
 */
#include <boot/boot_info.h>
#include <fs/file.h>
#include <kernel/exec/exec.h>
#include <kernel/internal.h>
#include <kernel/panic.h>
#include <lib/string.h>
#include <lib/words.h>
#include <uapi/errno.h>

#define CONSOLE "/dev/console"
#define WORDS_MAX 32u

static const char *const programs[] = { "/.vm/init", "/init", "/sbin/init" };

static const char *const environment[] = {
	"HOME=/",
	"TERM=linux",
	"PATH=/bin:/usr/bin:/sbin:/usr/sbin",
	NULL,
};

static void open_console(void)
{
	struct file *file;
	int err, fd;

	file = file_open(CONSOLE, O_RDWR, 0, &err);
	if (!file)
		panic("cannot open " CONSOLE " for the first program: error %d",
		      -err);
	for (fd = 0; fd < 3; fd++)
		if (fd_install(get_file(file), 0, false) != fd)
			panic("no descriptor %d for the first program", fd);
	fput(file);
}

static void set_up_process(void)
{
	current->process->pgrp = current->process->session = current->pid;
	init_fs.count++;
	current->process->fs_info = &init_fs;
	current->process->files = files_alloc();
	if (!current->process->files)
		panic("no memory for the first program's descriptors");
}

/* Runs the first of programs[] there is. Returns with the frame of its user
 * mode ready at the top of the stack. */
static void run_init(void *arg)
{
	static char words[BOOT_CMDLINE];
	static char *argv[WORDS_MAX + 1];
	struct exec_vector args = { (const char *const *)argv, true };
	struct exec_vector env = { environment, true };
	int err = -ENOENT;
	u32 i, n;

	set_up_process();
	open_console();
	strlcpy(words, cmdline_init_args(), sizeof(words));
	n = split_words(words, argv + 1, WORDS_MAX - 1);
	argv[MIN(n, WORDS_MAX - 1) + 1] = NULL;
	for (i = 0; i < ARRAY_SIZE(programs) && err == -ENOENT; i++) {
		argv[0] = (char *)(uintptr_t)programs[i];
		err = do_execve(programs[i], &args, &env);
	}
	if (err == -ENOENT)
		panic("no /init and no /sbin/init in the initrd");
	if (err)
		panic("cannot run %s: error %d", argv[0], -err);
}

void task_start_init(void)
{
	init_task = kernel_thread(run_init, NULL, "init");
	if (!init_task)
		panic("no memory for process 1");
	ASSERT_MSG(init_task->pid == 1, "process 1 got number %d",
		   init_task->pid);
}
