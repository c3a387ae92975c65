/* SPDX-License-Identifier: MIT */
/*
 * Programs with an interpreter (PT_INTERP): which one runs, and the errno
 * when there is something wrong with it; and files that are being run, which
 * nobody may write (ETXTBSY). Program and interpreter are made here, byte by
 * byte: the program exits with 42, the interpreter with 43.
 */
#include "t.h"
#include <elf.h>
#include <limits.h>
#include <stddef.h>

#define PROGRAM "/tmp/interp_prog"
#define LOADER "/tmp/interp_ld"
#define BASE 0x08048000u

struct image {
	Elf32_Ehdr eh;
	Elf32_Phdr ph[2];
	unsigned char code[32];
	char interp[64];
};

static struct image program, loader;

/* mov $1, %eax; mov $STATUS, %ebx; int $0x80 */
static void exit_code(struct image *img, unsigned char status)
{
	static const unsigned char code[] = { 0xb8, 1, 0, 0, 0,	   0xbb,
					      0,    0, 0, 0, 0xcd, 0x80 };

	memcpy(img->code, code, sizeof(code));
	img->code[6] = status;
}

static void make_image(struct image *img, int type, unsigned base)
{
	memset(img, 0, sizeof(*img));
	memcpy(img->eh.e_ident, ELFMAG, SELFMAG);
	img->eh.e_ident[EI_CLASS] = ELFCLASS32;
	img->eh.e_ident[EI_DATA] = ELFDATA2LSB;
	img->eh.e_ident[EI_VERSION] = EV_CURRENT;
	img->eh.e_type = type;
	img->eh.e_machine = EM_386;
	img->eh.e_version = EV_CURRENT;
	img->eh.e_entry = base + offsetof(struct image, code);
	img->eh.e_phoff = sizeof(img->eh);
	img->eh.e_ehsize = sizeof(img->eh);
	img->eh.e_phentsize = sizeof(Elf32_Phdr);
	img->eh.e_phnum = 1;
	img->ph[0] = (Elf32_Phdr){ PT_LOAD,	 0,
				   base,	 base,
				   sizeof(*img), sizeof(*img),
				   PF_R | PF_X,	 0x1000 };
}

static void make(void)
{
	make_image(&program, ET_EXEC, BASE);
	exit_code(&program, 42);
	strcpy(program.interp, LOADER);
	program.eh.e_phnum = 2;
	program.ph[1].p_type = PT_INTERP;
	program.ph[1].p_offset = offsetof(struct image, interp);
	program.ph[1].p_filesz = strlen(LOADER) + 1;
	make_image(&loader, ET_DYN, 0);
	exit_code(&loader, 43);
}

static void store(const char *path, const void *data, size_t len, int mode)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0700);
	write(fd, data, len);
	fchmod(fd, mode);
	close(fd);
}

/* Runs PROGRAM; what came of it. */
static const char *outcome(void)
{
	char *args[] = { "x", NULL };
	volatile int err = 0;
	int status;
	pid_t pid = vfork();

	if (pid == 0) {
		execve(PROGRAM, args, args + 1);
		err = errno;
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return err == ELIBBAD ? "ELIBBAD" :
	       err	      ? err_name(err) :
				status_name(status);
}

static void tell(const char *what)
{
	store(PROGRAM, &program, sizeof(program), 0700);
	say("%s: %s", what, outcome());
}

static void tell_with_loader(const char *what, size_t len, int mode)
{
	store(LOADER, &loader, len, mode);
	tell(what);
}

static void paths(void)
{
	char many[PATH_MAX + 8];

	make();
	tell("no such interpreter");
	tell_with_loader("the interpreter runs", sizeof(loader), 0700);
	program.ph[1].p_filesz--;
	tell("its path without a NUL");
	program.ph[1].p_filesz = 1;
	tell("a path of one byte");
	program.ph[1].p_filesz = PATH_MAX + 1;
	tell("a path of 4097 bytes");
	program.ph[1].p_filesz = PATH_MAX;
	tell("a path that ends behind the file");
	make();
	program.ph[1].p_offset = 0x10000;
	tell("a path behind the end of the file");
	make();
	memset(program.interp, 0, sizeof(program.interp));
	tell("an empty path");
	make();
	strcpy(program.interp, "interp_ld");
	tell("a relative path, shorter than its room");
	strcpy(program.interp, "/tmp/interp_ld/x");
	program.ph[1].p_filesz += 2;
	tell("a path through a file");
	memset(many, 'x', sizeof(many));
	memcpy(many, &program, sizeof(program));
	many[sizeof(program) + 1000] = 0;
	((struct image *)many)->ph[1].p_offset = sizeof(program);
	((struct image *)many)->ph[1].p_filesz = 1001;
	store(PROGRAM, many, sizeof(many), 0700);
	say("a name of 1000 bytes: %s", outcome());
}

static void kinds(void)
{
	make();
	tell_with_loader("not executable", sizeof(loader), 0600);
	unlink(LOADER);
	mkdir(LOADER, 0755);
	tell("a folder");
	rmdir(LOADER);
	symlink("interp_ld2", LOADER);
	store("/tmp/interp_ld2", &loader, sizeof(loader), 0700);
	tell("a symbolic link to one");
	unlink("/tmp/interp_ld2");
	symlink("interp_ld", "/tmp/interp_ld2");
	tell("a loop of links");
	unlink("/tmp/interp_ld2");
	tell_with_loader("an empty file", 0, 0700);
	tell_with_loader("cut off in the header", 51, 0700);
	tell_with_loader("cut off in the program headers", 60, 0700);
	loader.eh.e_machine = 40;
	tell_with_loader("for another machine", sizeof(loader), 0700);
	make();
	loader.eh.e_phnum = 0;
	tell_with_loader("without program headers", sizeof(loader), 0700);
	make();
	loader.eh.e_phentsize = 31;
	tell_with_loader("program headers of 31 bytes", sizeof(loader), 0700);
	memset(&loader, 'x', sizeof(loader));
	tell_with_loader("a text", sizeof(loader), 0700);
	memcpy(&loader, "#!/bin/sh\n", 10);
	tell_with_loader("a script", sizeof(loader), 0700);
}

static void placed(void)
{
	make();
	loader.ph[0].p_align = 0x10000;
	tell_with_loader("aligned to 64 KiB", sizeof(loader), 0700);
	make_image(&loader, ET_DYN, 0x20000000);
	exit_code(&loader, 43);
	tell_with_loader("made for another place", sizeof(loader), 0700);
	make_image(&program, ET_DYN, 0);
	exit_code(&program, 42);
	tell("a movable program without interpreter");
	strcpy(program.interp, LOADER);
	program.eh.e_phnum = 2;
	program.ph[1].p_type = PT_INTERP;
	program.ph[1].p_offset = offsetof(struct image, interp);
	program.ph[1].p_filesz = strlen(LOADER) + 1;
	tell("a movable program with one");
}

/* A child that runs PROGRAM, which waits for a signal. */
static pid_t run_and_wait(void)
{
	char *args[] = { "x", NULL };
	pid_t pid = vfork();

	if (pid == 0) {
		execve(PROGRAM, args, args + 1);
		_exit(1);
	}
	until_asleep(pid); /* vfork() is back before the interpreter is there */
	return pid;
}

static void busy_result(const char *what, int fd)
{
	say("%s: %s", what, fd < 0 ? err_name(errno) : "ok");
	if (fd >= 0)
		close(fd);
}

static void text_busy(void)
{
	/* 1: mov $29, %eax; int $0x80; jmp 1b */
	static const unsigned char pause_code[] = { 0xb8, 29,	0,    0,  0,
						    0xcd, 0x80, 0xeb, 0xf7 };
	int fd, status;
	pid_t pid;

	make();
	store(LOADER, &loader, sizeof(loader), 0700);
	store(PROGRAM, &program, sizeof(program), 0700);
	fd = open(PROGRAM, O_WRONLY);
	say("program open for writing: %s", outcome());
	close(fd);
	fd = open(LOADER, O_RDWR);
	say("interpreter open for writing: %s", outcome());
	close(fd);
	say("and closed again: %s", outcome());

	memcpy(loader.code, pause_code, sizeof(pause_code));
	store(LOADER, &loader, sizeof(loader), 0700);
	pid = run_and_wait();
	busy_result("running: open for reading", open(PROGRAM, O_RDONLY));
	busy_result("running: open for writing", open(PROGRAM, O_WRONLY));
	busy_result("running: open with O_TRUNC",
		    open(PROGRAM, O_RDONLY | O_TRUNC));
	R("running: truncate", truncate(PROGRAM, 0));
	busy_result("its interpreter: open for writing", open(LOADER, O_RDWR));
	R("running: rename", rename(PROGRAM, PROGRAM "2"));
	R("running: unlink", unlink(PROGRAM "2"));
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	store(PROGRAM, &program, sizeof(program), 0700);
	busy_result("ended: open for writing", open(PROGRAM, O_WRONLY));
}

int main(void)
{
	unlink(LOADER);
	paths();
	kinds();
	placed();
	text_busy();
	unlink(PROGRAM);
	unlink(LOADER);
	return 0;
}
