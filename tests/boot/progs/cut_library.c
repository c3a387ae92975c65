/* SPDX-License-Identifier: MIT */
/*
 * Built twice: with LIBRARY a shared library of two functions, pages apart;
 * else a program that uses it, and cuts the library's file to nothing in
 * between.
 */
#include "cut_library.h"
#include <stdio.h>
#include <unistd.h>

#ifdef LIBRARY

int near_function(void)
{
	return 1;
}

__asm__(".fill 16384, 1, 0x90");

int far_function(void)
{
	return 2;
}

#else

int main(void)
{
	printf("near %d\n", near_function());
	fflush(stdout);
	if (truncate("/t/libcut.so", 0))
		perror("truncate");
	printf("far %d\n", far_function());
	return 0;
}

#endif
