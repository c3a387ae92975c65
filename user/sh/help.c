/* SPDX-License-Identifier: MIT */
/* help: one screen about the shell, and where to begin. */
#include "sh.h"

#include <stdio.h>

/* clang-format off */
static const char text[] =
"This is a small POSIX shell. What it knows:\n"
"\n"
"  a | b   a && b   a || b   a; b   a &   ! a   (a)   { a; }   # words\n"
"  <file  >file  >>file  <>file  2>file  2>&1  >&-  <<END\n"
"  if while until for case, NAME() { ...; }, break continue return\n"
"  'as is'  \"with $x\"  \\c  *  ?  [a-z]\n"
"  $x  ${x:-y}  ${x#a*}  ${x%.c}  $(command)  $((1 + 2))\n"
"  built in: . : [ bg break cd command continue echo eval exec exit\n"
"            export false fg getopts help history jobs kill local\n"
"            printf pwd read readonly return set shift test times trap\n"
"            true type ulimit umask unset wait    programs: ls /bin\n"
"  keys:     up down: earlier lines    tab: completes    ^C: stops it\n"
"            ^A ^E ^U ^K ^W ^L edit    ^D: ends the shell\n"
"\n"
"Shared memory, to begin with:\n"
"\n"
"  testwrite; ipcs -m; testread    a segment outlives its writer\n"
"  hops testread                   its first page fault, hop by hop\n"
"  parentchild  twoviews  whofaults  rmid  permissions (root)\n"
"  free  vmstat 1  swapon          memory and swap\n"
"  su                              root, for root and the group wheel\n"
"  poweroff                        ends the machine\n";
/* clang-format on */

int do_help(int argc, char **argv)
{
	(void)argc, (void)argv;
	fputs(text, stdout);
	return 0;
}
