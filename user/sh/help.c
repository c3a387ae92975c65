/* SPDX-License-Identifier: MIT */
/* help: one screen about the shell, and where to begin. */
#include "sh.h"

#include <stdio.h>

static const char text[] =
"This is a small POSIX shell. What it knows:\n"
"\n"
"  a | b    a && b    a || b    a; b    a &    ! a    (a)    { a; }\n"
"  <file  >file  >>file  <>file  2>file  2>&1  >&-  <<END\n"
"  if while until for case, NAME() { ...; }, break continue return\n"
"  'as is' \"with $x\" \\c   $x ${x:-y} ${x#a*} ${x%.c} $(cmd) $((1+2))  * ? [a-z]\n"
"\n"
"  built in  . : [ bg break cd command continue echo eval exec exit export\n"
"            false fg getopts help history jobs kill local printf pwd read\n"
"            readonly return set shift test times trap true type ulimit\n"
"            umask unset wait\n"
"  programs  ls /bin\n"
"\n"
"  keys      up down: earlier lines    tab: completes    ^A ^E ^U ^K ^W ^L\n"
"            ^C: drops the line, ends the command    ^D: ends the shell\n"
"\n"
"Shared memory, to begin with:\n"
"\n"
"  testwrite; ipcs -m; testread     a segment outlives its writer\n"
"  hops testread                    its first page fault, hop by hop\n"
"  parentchild  twoviews  whofaults  rmid\n"
"  poweroff                         ends the machine\n";

int do_help(int argc, char **argv)
{
	(void)argc, (void)argv;
	fputs(text, stdout);
	return 0;
}
