#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# From shmat() in C through int 0x80 into the kernel, and back; breakpoints in a
# program hold only for its process; static and dynamic programs.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../gdb.sh"

programs areas
plain_build
export FAULTLINE_BUILD=$plain

gdb_session <<GDB
fl-user testread
tbreak main
continue
fl-ps
break shmat
continue
bt
into-kernel
stepi
info symbol \$pc
tbreak do_shmat
continue
bt
to-user
x/i \$pc-2
finish
into-kernel
into-kernel
fl-user testwrite 99
fl-start --add $progs -- echo 'a*b   c'; /t/areas; testwrite
fl-user $progs/t/areas
tbreak main
continue
p areas::main
fl-start parentchild
delete
fl-user parentchild
tbreak main
continue
break shmctl
info breakpoints
continue
p \$_fl_pid()
fl-start parentchild
delete
fl-user parentchild
tbreak main
continue
fl-user parentchild 3
break shmctl
continue
p \$_fl_pid()
GDB

# calls LINE [N]: the functions of a backtrace, innermost first
calls() {
    said "$1" "${2:-1}" | sed -n 's/^#[0-9]* *\(0x[0-9a-f]* in \)\{0,1\}//p' |
        sed 's/ ([^)]*).*//; s/ *$//' | paste -sd ' '
}

like "$(said continue)" 'main .*at user/shm/testread\.c' \
    "a breakpoint at main holds in testread, not in the shell or testwrite"
like "$(said fl-ps)" '^\* +4 .* testread +user ' "which is process 4"
like "$(calls bt)" '^shmat .*main$' "shmat of the C library, called by main"
like "$(calls into-kernel)" '^<signal handler called> .*shmat main$' \
    "through int 0x80: one backtrace from syscall_entry to main"
like "$(said 'info symbol $pc')" '^syscall_entry \+ ' "and on, instruction by instruction"
like "$(calls bt 2)" '^do_shmat .*sys_ipc <signal handler called> .*shmat main$' "from do_shmat to main"
like "$(calls to-user)" 'shmat main$' "and back"
like "$(said 'x/i $pc-2')" 'int +0x80' "behind the int 0x80"
like "$(said finish)" 'shmat \(\)' "finish goes on in the program"
like "$(said into-kernel 3)" 'ERROR: into-kernel: this is the kernel' \
    "into-kernel from the kernel"
sentence "fl-user testwrite 99" 'there is no process 99' "a process that is none"
like "$out" "it will run: echo 'a\*b   c'; /t/areas; testwrite\$" \
    "fl-start hands on what is typed"
like "$(said continue 4)" 'main .*areas\.c' "a static program of the host's"
like "$(said 'info breakpoints')" 'stop only if \$_fl_in' "the condition is seen"
like "$(said 'p $_fl_pid()')" '= 4$' "a breakpoint for the program: its child comes first"
like "$(said 'p $_fl_pid()' 2)" '= 3$' \
    "one for process 3 alone"
unlike "$out" 'Traceback|Python Exception' "no traceback"

# What tools/vm prints is enough for a bare gdb.
FAULTLINE_BUILD=$plain timeout 60 tools/vm --gdb -- true 2>"$tmp/said" >/dev/null &
machine=$!
for _ in $(seq 100); do
    grep -q '^target remote ' "$tmp/said" && break
    sleep 0.1
done
out=$(timeout 30 gdb -nx -batch -ex 'source tools/gdb/faultline.py' \
    -ex "$(grep '^target remote ' "$tmp/said")" -ex fl-ps \
    -ex "file $plain/kernel.elf" -ex 'tbreak task_start_init' \
    -ex continue -ex fl-ps </dev/null 2>&1)
like "$out" "fl-ps: the kernel's symbols are missing" "a gdb without symbols"
like "$out" '^\* +0 .*runs .*idle +task_start_init' \
    "a bare gdb with the line that tools/vm --gdb prints"
kill "$machine" 2>/dev/null
wait "$machine" 2>/dev/null
done_testing
