/* SPDX-License-Identifier: MIT */
/*
 * Program files no compiler makes. Whatever they claim, exec refuses them
 * with an errno or the process is killed: nothing else may happen.
 */
#include "t.h"
#include <elf.h>
#include <stddef.h>

#define PATH "/dev/shm/rude_elf"
#define BASE 0x08048000u

static struct {
	Elf32_Ehdr eh;
	Elf32_Phdr ph[4];
	unsigned char code[32];
	char path[32];
} prog;

/* mov $1, %eax; mov $42, %ebx; int $0x80 */
static const unsigned char exit42[] = { 0xb8, 1, 0, 0, 0,    0xbb,
					42,   0, 0, 0, 0xcd, 0x80 };

static void make(void)
{
	memset(&prog, 0, sizeof(prog));
	memcpy(prog.eh.e_ident, ELFMAG, SELFMAG);
	prog.eh.e_ident[EI_CLASS] = ELFCLASS32;
	prog.eh.e_ident[EI_DATA] = ELFDATA2LSB;
	prog.eh.e_ident[EI_VERSION] = EV_CURRENT;
	prog.eh.e_type = ET_EXEC;
	prog.eh.e_machine = EM_386;
	prog.eh.e_version = EV_CURRENT;
	prog.eh.e_entry = BASE + offsetof(__typeof__(prog), code);
	prog.eh.e_phoff = sizeof(prog.eh);
	prog.eh.e_ehsize = sizeof(prog.eh);
	prog.eh.e_phentsize = sizeof(Elf32_Phdr);
	prog.eh.e_phnum = 1;
	prog.ph[0] = (Elf32_Phdr){ PT_LOAD,	 0,
				   BASE,	 BASE,
				   sizeof(prog), sizeof(prog),
				   PF_R | PF_X,	 0x1000 };
	memcpy(prog.code, exit42, sizeof(exit42));
}

/* Runs the first LEN bytes of PROG: a wait status, or -errno of exec. */
static int run(size_t len)
{
	int fd = open(PATH, O_WRONLY | O_CREAT | O_TRUNC, 0700), status;
	char *args[] = { "x", NULL };
	pid_t pid;

	write(fd, &prog, len);
	close(fd);
	pid = vfork();
	if (pid == 0) {
		alarm(2);
		execve(PATH, args, args + 1);
		_exit(errno == ENOEXEC	? 101
		      : errno == ENOMEM ? 102
		      : errno == EINVAL ? 103
		      : errno == ELIBBAD || errno == EIO ? 103
					: 104);
	}
	waitpid(pid, &status, 0);
	return status;
}

static const char *verdict(int status)
{
	static char text[40];

	if (WIFSIGNALED(status) &&
	    (WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGKILL))
		return "killed";
	if (WIFEXITED(status) && WEXITSTATUS(status) == 42)
		return "ran";
	if (WIFEXITED(status) && WEXITSTATUS(status) >= 101 &&
	    WEXITSTATUS(status) <= 103)
		return "refused";
	snprintf(text, sizeof(text), "%s", status_name(status));
	return text;
}

static void must(const char *what, const char *verdict1, const char *verdict2)
{
	const char *v = verdict(run(sizeof(prog)));

	if (!strcmp(v, verdict1) || !strcmp(v, verdict2))
		say("%s: as it must", what);
	else
		say("%s: %s", what, v);
}

static void headers(void)
{
	make();
	must("the program itself", "ran", "ran");
#define BAD(what, change)                        \
	do {                                     \
		make();                          \
		change;                          \
		must(what, "refused", "killed"); \
	} while (0)
	BAD("class 64", prog.eh.e_ident[EI_CLASS] = 2);
	BAD("big-endian", prog.eh.e_ident[EI_DATA] = 2);
	BAD("another machine", prog.eh.e_machine = 40);
	BAD("an object file", prog.eh.e_type = ET_REL);
	BAD("a core file", prog.eh.e_type = ET_CORE);
	BAD("no program headers", prog.eh.e_phnum = 0);
	BAD("65535 program headers", prog.eh.e_phnum = 0xffff);
	BAD("program headers behind the end", prog.eh.e_phoff = 0x10000);
	BAD("program headers at 0xfffffff0", prog.eh.e_phoff = 0xfffffff0);
	BAD("program headers of 31 bytes", prog.eh.e_phentsize = 31);
	BAD("nothing to load", prog.ph[0].p_type = PT_NOTE);
	BAD("entry 0", prog.eh.e_entry = 0);
	BAD("entry in the kernel", prog.eh.e_entry = 0xc0100000);
	BAD("entry at 0xffffffff", prog.eh.e_entry = 0xffffffff);
	BAD("entry in nothing", prog.eh.e_entry = 0x20000000);
}

static void second(unsigned vaddr, unsigned offset, unsigned filesz,
		   unsigned memsz)
{
	prog.eh.e_phnum = 2;
	prog.ph[1] = (Elf32_Phdr){ PT_LOAD, offset, vaddr,	 vaddr,
				   filesz,  memsz,  PF_R | PF_W, 0x1000 };
}

static void segments(void)
{
	BAD("a segment in the kernel", second(0xc0000000, 0, 16, 16));
	BAD("one that reaches into it", second(0xbffff000, 0, 16, 0x2000));
	BAD("one at the very top", second(0xfffff000, 0, 16, 0x1000));
	BAD("one that wraps", second(0x10000000, 0, 16, 0xf8000000));
	BAD("the same place twice", second(BASE, 0, 16, 16));
	BAD("half over the first", second(BASE + 0x80, 0x80, 16, 0x2000));
	BAD("3 GiB of bss", second(0x08050000, 0, 16, 0xb7fa0000));
	BAD("a file part behind the end", second(0x10000000, 0x5000, 16, 16));
	BAD("a file part that wraps",
	    second(0x10000000, 0xfffff000, 0x2000, 0x2000));
	BAD("more in the file than in memory", second(0x10000000, 0, 32, 16));
	BAD("offset and address disagree", second(0x10000010, 0, 16, 16));
	BAD("a segment at 0", second(0, 0, 16, 16));
	BAD("in the wrong order", second(0x01000000, 0, 16, 16));
	BAD("an interpreter that is not there", prog.eh.e_phnum = 2;
	    prog.ph[1].p_type = PT_INTERP; prog.ph[1].p_filesz = 5);
}

#define LOADER "/dev/shm/rude_ld"

/* LEN bytes of what PROG is now become the interpreter of a fresh PROG. */
static void wants_loader(size_t len)
{
	int fd = open(LOADER, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	write(fd, &prog, len);
	close(fd);
	make();
	prog.eh.e_phnum = 2;
	prog.ph[1].p_type = PT_INTERP;
	prog.ph[1].p_offset = offsetof(__typeof__(prog), path);
	prog.ph[1].p_filesz = strlen(LOADER) + 1;
	strcpy(prog.path, LOADER);
}

static void make_loader(void)
{
	make();
	prog.eh.e_type = ET_DYN;
	prog.eh.e_entry -= BASE;
	prog.ph[0].p_vaddr -= BASE;
}

static void interpreters(void)
{
	struct rlimit old, low = { 64 << 20, RLIM_INFINITY };

	make_loader();
	wants_loader(sizeof(prog));
	must("a program with an interpreter", "ran", "ran");
#define BAD_LOADER(what, change)                                    \
	do {                                                        \
		make_loader();                                      \
		change;                                             \
		wants_loader(sizeof(prog));                         \
		must("an interpreter " what, "refused", "refused"); \
	} while (0)
	BAD_LOADER("with an interpreter", prog.eh.e_phnum = 2;
		   prog.ph[1].p_type = PT_INTERP; prog.ph[1].p_filesz = 5);
	BAD_LOADER("with a place of its own", prog.eh.e_type = ET_EXEC);
	BAD_LOADER("with nothing to load", prog.ph[0].p_type = PT_NOTE);
	BAD_LOADER("that is an object file", prog.eh.e_type = ET_REL);
	BAD_LOADER("of 3 GiB", prog.ph[0].p_memsz = 0xbffff000);
	BAD_LOADER("aligned to 2 GiB", prog.ph[0].p_align = 0x80000000;
		   prog.ph[0].p_memsz = 0x40000000);
	BAD_LOADER("with an entry in the kernel", prog.eh.e_entry = ~0u);
	getrlimit(RLIMIT_AS, &old);
	setrlimit(RLIMIT_AS, &low);
	BAD_LOADER("above RLIMIT_AS", prog.ph[0].p_memsz = 65 << 20);
	setrlimit(RLIMIT_AS, &old);
}

static void loaders_cut_off(void)
{
	size_t len, ran = 0, other = 0;

	for (len = 0; len < sizeof(prog); len++) {
		make_loader();
		wants_loader(len);
		const char *v = verdict(run(sizeof(prog)));

		ran += !strcmp(v, "ran");
		other += strcmp(v, "refused") && strcmp(v, "killed");
	}
	say("interpreters cut off at every byte: %d ran, %d others", (int)ran,
	    (int)other);
	unlink(LOADER);
}

static void cut_off(void)
{
	size_t len, ran = 0, other = 0;

	make();
	for (len = 0; len < sizeof(prog); len++) {
		const char *v = verdict(run(len));

		ran += !strcmp(v, "ran");
		other += strcmp(v, "refused") && strcmp(v, "killed");
	}
	say("cut off at every byte: %d ran, %d others", (int)ran, (int)other);
}

/* Any outcome will do but a machine that stops. */
static void bit_flips(void)
{
	unsigned char *bytes = (unsigned char *)&prog;
	size_t bits = (sizeof(prog.eh) + sizeof(prog.ph[0])) * 8, i;
	size_t decided = 0;

	for (i = 0; i < bits; i++) {
		make();
		bytes[i / 8] ^= 1u << i % 8;
		decided += run(sizeof(prog)) != -1;
	}
	say("each of %d bits flipped: %d had an end", (int)bits, (int)decided);
}

int main(void)
{
	headers();
	segments();
	interpreters();
	loaders_cut_off();
	cut_off();
	bit_flips();
	make();
	must("the program itself, once more", "ran", "ran");
	unlink(PATH);
	return 0;
}
