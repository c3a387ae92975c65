# SPDX-License-Identifier: MIT
# What goes into the guest's root. Read by the top Makefile:
#
#   USER_PROGS        programs of their own. For each NAME:
#   USER_PATH_NAME      where it goes in the image
#   USER_SRCS_NAME      its sources, in reading order
#   USER_BOX_NAME       tools of the box that are linked in as well
#                       (compiled with -Dmain=TOOL_main, as for the box)
#   BOX_TOOLS         tools of the one multi-call program /bin/box: each is
#                     user/TOOL.c compiled with -Dmain=TOOL_main, and
#                     /bin/TOOL is a hard link to /bin/box. user/box.c finds
#                     them through the list box_tools.h, one line a tool:
#                     BOX_TOOL("TOOL", TOOL_main)   -- the Makefile writes it
#                     into the build folder, sorted as here
#   BOX_LINKS         ALIAS=TOOL: one more hard link, and one more line
#                     BOX_TOOL("ALIAS", TOOL_main)
#   USER_FILES        SOURCE:PATH:MODE, copied as they are
#   USER_DIRS         PATH:MODE, empty folders
#
# All of it is C for any POSIX system: gcc -m32 -static -O2 -std=gnu11
# -Wall -Wextra -Iuser. Every program outside sh/ is one file, and that file
# alone makes a program on Linux.

USER_PROGS += init	# first process
USER_PATH_init = /sbin/init
USER_SRCS_init = user/init.c

USER_PROGS += vminit	# runs tools/vm's COMMAND
USER_PATH_vminit = /.vm/init
USER_SRCS_vminit = user/vminit.c

USER_PROGS += sh	# the shell
USER_PATH_sh = /bin/sh
USER_SRCS_sh += user/sh/main.c	# arguments and options
USER_SRCS_sh += user/sh/input.c	# where command text comes from
USER_SRCS_sh += user/sh/lex.c	# text to tokens
USER_SRCS_sh += user/sh/scan.c	# where a word part ends
USER_SRCS_sh += user/sh/parse.c	# tokens to a tree
USER_SRCS_sh += user/sh/parse_compound.c	# if, while, for, case
USER_SRCS_sh += user/sh/text.c	# running text, line by line
USER_SRCS_sh += user/sh/exec.c	# running the tree
USER_SRCS_sh += user/sh/pipeline.c	# pipes, subshells, background
USER_SRCS_sh += user/sh/simple.c	# running one simple command
USER_SRCS_sh += user/sh/redir.c	# files, pipes, here-documents
USER_SRCS_sh += user/sh/jobs.c	# children, groups, waiting
USER_SRCS_sh += user/sh/trap.c	# signals and trap
USER_SRCS_sh += user/sh/expand.c	# words to fields
USER_SRCS_sh += user/sh/param.c	# $x and its ${x...} forms
USER_SRCS_sh += user/sh/subst.c	# $(command), $((arithmetic))
USER_SRCS_sh += user/sh/field.c	# splitting, quoting
USER_SRCS_sh += user/sh/glob.c	# file names from patterns
USER_SRCS_sh += user/sh/arith.c	# $(( ))
USER_SRCS_sh += user/sh/vars.c	# variables and positional parameters
USER_SRCS_sh += user/sh/builtin.c	# the table, small built-ins
USER_SRCS_sh += user/sh/builtin_vars.c	# set, export, local, read
USER_SRCS_sh += user/sh/builtin_getopts.c	# getopts
USER_SRCS_sh += user/sh/builtin_limits.c	# umask, ulimit, times
USER_SRCS_sh += user/sh/builtin_jobs.c	# wait, jobs, fg, bg, kill
USER_SRCS_sh += user/sh/help.c	# the help screen
USER_SRCS_sh += user/sh/edit.c	# the line editor
USER_SRCS_sh += user/sh/keys.c	# bytes to keys
USER_SRCS_sh += user/sh/complete.c	# tab completion
USER_SRCS_sh += user/sh/history.c	# earlier lines
USER_SRCS_sh += user/sh/mem.c	# arenas and growing strings
USER_BOX_sh = test echo printf kill

# Worked examples of shared memory, in the order of docs/shm.md.
USER_PROGS += testwrite	# leaves ten records behind
USER_PATH_testwrite = /bin/testwrite
USER_SRCS_testwrite = user/shm/testwrite.c

USER_PROGS += testread	# finds them, prints them
USER_PATH_testread = /bin/testread
USER_SRCS_testread = user/shm/testread.c

USER_PROGS += parentchild	# fork shares the segment
USER_PATH_parentchild = /bin/parentchild
USER_SRCS_parentchild = user/shm/parentchild.c

USER_PROGS += twoviews	# one segment, two addresses
USER_PATH_twoviews = /bin/twoviews
USER_SRCS_twoviews = user/shm/twoviews.c

USER_PROGS += whofaults	# counts its own faults
USER_PATH_whofaults = /bin/whofaults
USER_SRCS_whofaults = user/shm/whofaults.c

USER_PROGS += rmid	# deferred destruction
USER_PATH_rmid = /bin/rmid
USER_SRCS_rmid = user/shm/rmid.c

# The main job's table of hops, and System V IPC from the command line.
BOX_TOOLS += hops	# a fault, hop by hop
BOX_TOOLS += ipcs	# what exists
BOX_TOOLS += ipcmk	# make a segment
BOX_TOOLS += ipcrm	# remove one

# Processes and the machine.
BOX_TOOLS += ps free kill sleep id uname env date dmesg mount
BOX_TOOLS += su time tty poweroff reboot clear

# Files.
BOX_TOOLS += ls find mkdir rm rmdir mv cp ln chmod chown touch
BOX_TOOLS += basename dirname readlink mkfifo dd cmp

# Text and tests.
BOX_TOOLS += cat echo printf grep wc head tail sort uniq cut tr od seq tee
BOX_TOOLS += true false test expr yes
BOX_LINKS += [=test

USER_FILES += user/etc/rc:/etc/rc:755
USER_FILES += user/etc/selftest:/etc/selftest:755
USER_FILES += user/etc/motd:/etc/motd:644
USER_FILES += user/etc/passwd:/etc/passwd:644
USER_FILES += user/etc/group:/etc/group:644
USER_DIRS += /bin:755 /sbin:755 /etc:755 /usr/bin:755 /usr/sbin:755
USER_DIRS += /root:700 /home/student:755 /tmp:1777 /dev:755 /proc:555
