# SPDX-License-Identifier: MIT
# What goes into the guest's root. Read by the top Makefile:
#
#   USER_PROGS        programs. For each NAME:
#   USER_PATH_NAME      where it goes in the image
#   USER_SRCS_NAME      its sources, in reading order
#   USER_MODE_NAME      its rights, if not 755
#   USER_BUILTIN_NAME   tools that are linked in as well (compiled with
#                       -Dmain=TOOL_main)
#   USER_TOOLS        programs that go to /bin/NAME and are one file,
#                     user/NAME.c, if USER_SRCS_NAME does not say otherwise
#   USER_STATIC       those that are linked statically: they must run whatever
#                     C library a tree laid over the root brings along. All
#                     others share /lib/i386-linux-gnu/libc.so.6.
#   USER_LINKS        link:PATH:OTHER, symlink:PATH:TARGET
#   USER_FILES        SOURCE:PATH:MODE, copied as they are
#   USER_DIRS         PATH:MODE or PATH:MODE:UID:GID, empty folders
#
# All of it is C for any POSIX system: gcc -m32 -O2 -std=gnu11 -Wall -Wextra
# -Iuser -Iinclude. Every program outside sh/ is one file, and that file alone
# makes a program on Linux; hops and faults share user/trace_text.c.

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
USER_BUILTIN_sh = test echo printf kill

USER_PROGS += vmsh	# the same, for tools/vm's COMMAND
USER_PATH_vmsh = /.vm/sh
USER_SRCS_vmsh = $(USER_SRCS_sh)
USER_BUILTIN_vmsh = $(USER_BUILTIN_sh)

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

USER_PROGS += permissions	# who may do what
USER_PATH_permissions = /bin/permissions
USER_SRCS_permissions = user/shm/permissions.c

USER_PROGS += evict	# more than memory holds
USER_PATH_evict = /bin/evict
USER_SRCS_evict = user/shm/evict.c

USER_PROGS += watchpage	# one page, out and back
USER_PATH_watchpage = /bin/watchpage
USER_SRCS_watchpage = user/shm/watchpage.c

USER_PROGS += refs	# a reference string, for tools/policies
USER_PATH_refs = /bin/refs
USER_SRCS_refs = user/shm/refs.c

# The main job's table of hops, and System V IPC from the command line.
USER_TOOLS += hops	# a fault, hop by hop
USER_SRCS_hops += user/hops.c	# the hops
USER_SRCS_hops += user/trace_text.c	# reading /proc/trace
USER_TOOLS += faults	# the faults of a program
USER_SRCS_faults += user/faults.c	# the table
USER_SRCS_faults += user/trace_text.c	# as above
USER_TOOLS += trace	# the event trace: on, off, filter
USER_TOOLS += why	# an address explained
USER_TOOLS += ipcs	# what exists
USER_TOOLS += ipcmk	# make a segment
USER_TOOLS += ipcrm	# remove one

# Processes and the machine.
USER_TOOLS += ps free kill sleep id uname env date dmesg mount
USER_TOOLS += su time tty poweroff reboot clear

# Swap and memory.
USER_TOOLS += swapon	# areas: on, off, which
USER_TOOLS += mkswap	# makes one
USER_TOOLS += vmstat	# swap, disks, processor over time

# The race stage: docs/testing.md.
USER_TOOLS += hold	# a process at a sleep point
USER_TOOLS += release	# let it go on
USER_TOOLS += staged	# wait until it is held

# Files.
USER_TOOLS += ls find mkdir rm rmdir mv cp ln chmod chown touch
USER_TOOLS += basename dirname readlink mkfifo dd cmp

# Text and tests.
USER_TOOLS += cat echo printf grep wc head tail sort uniq cut tr od seq tee
USER_TOOLS += true false test expr yes
USER_LINKS += link:/bin/[:/bin/test
USER_LINKS += link:/bin/umount:/bin/mount
USER_LINKS += link:/bin/swapoff:/bin/swapon
USER_LINKS += link:/bin/whoami:/bin/id link:/bin/groups:/bin/id
USER_MODE_su = 4755

# A loader built for a biarch host looks for its libraries here.
USER_LINKS += symlink:/lib32:lib/i386-linux-gnu
USER_LINKS += symlink:/usr/lib32:lib/i386-linux-gnu

# What programs are given by LD_PRELOAD.
USER_LIBS += markmain	# marks main() in the trace: faults

USER_STATIC += init vminit vmsh poweroff

USER_FILES += user/etc/rc:/etc/rc:755
USER_FILES += user/etc/selftest:/etc/selftest:755
USER_FILES += user/etc/motd:/etc/motd:644
USER_FILES += user/etc/passwd:/etc/passwd:644
USER_FILES += user/etc/group:/etc/group:644
USER_DIRS += /bin:755 /sbin:755 /etc:755 /usr/bin:755 /usr/sbin:755
USER_DIRS += /root:700 /home/student:755:1000:1000 /home/guest:755:1001:1001 /tmp:1777 /dev:755 /proc:555
