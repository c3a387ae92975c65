/* SPDX-License-Identifier: MIT */
/*
 * markmain.so: leaves the mark 0 in the event trace right before a program's
 * main(), for faults COMMAND.
 *
 *   loader -> _start -> __libc_start_main(main) -> main(argc, argv)
 *                        ours, LD_PRELOADed:       '- mark, then main
 *                        passes marked_main on
 *
 * Works with every dynamically linked program, also one without symbols, as
 * the first argument of __libc_start_main is main in glibc and in musl. A
 * static program has no such seam. The mark is made with bare system calls:
 * no page of the C library is touched for it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/syscall.h>

typedef int main_function(int argc, char **argv, char **envp);
typedef int start_function(main_function *program, int argc, char **argv,
			   void (*init)(void), void (*fini)(void),
			   void (*loader_fini)(void), void *stack_end);

static main_function *program_main;

static long call(long nr, long a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "0"(nr), "b"(a), "c"(b), "d"(c)
			 : "memory");
	return result;
}

static int marked_main(int argc, char **argv, char **envp)
{
	long fd = call(SYS_open, (long)"/dev/trace", O_WRONLY, 0);

	if (fd >= 0) {
		call(SYS_write, fd, (long)"0\n", 2);
		call(SYS_close, fd, 0, 0);
	}
	return program_main(argc, argv, envp);
}

int __libc_start_main(main_function *program, int argc, char **argv,
		      void (*init)(void), void (*fini)(void),
		      void (*loader_fini)(void), void *stack_end)
{
	start_function *start = (start_function *)dlsym(RTLD_NEXT,
							"__libc_start_main");

	program_main = program;
	return start(marked_main, argc, argv, init, fini, loader_fini,
		     stack_end);
}
