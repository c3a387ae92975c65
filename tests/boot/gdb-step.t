#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# From shmat() in C through int 0x80 into the kernel, and back; breakpoints in a
# program hold only for its process; the names are those of the program that
# runs, be it static, dynamic, moved, stripped or another than it says.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../gdb.sh"

programs areas
plain_build
export FAULTLINE_BUILD=$plain
# one that is moved, with symbols; one without; the same as /bin/cat
mkdir -p "$tmp/mask/bin"
cc="${CC:-gcc} -m32 -O1"
$cc -g -fPIE -pie -o "$progs/t/follow" tests/boot/progs/follow.c &&
    $cc -s -static -o "$progs/t/bare" tests/boot/progs/follow.c &&
    cp "$progs/t/bare" "$tmp/mask/bin/cat"
ok $? "follow builds"

gdb_session --add "$progs" -- \
    'echo a; sh -c testwrite; cd /tmp && (testread); /t/follow; /t/bare' <<GDB
fl-at shm_swap_in
python from fl import guest; guest.forget(); guest.count["reads"] = 0
fl-follow
python print("reads %d" % guest.count["reads"])
fl-user testread
break nosuch
bt
tbreak main
info breakpoints
bt
break first_touch if r == 0
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
delete
fl-at shm_swap_in
fl-at shm_swap_in
break shm_swap_in
info breakpoints
delete
fl-at shm_swap_in
break first_touch
fl-at shm_swap_in
fl-at shm_swap_in
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

like "$(calls 'fl-at shm_swap_in')" '^shm_swap_in .* fill main$' \
    "sh -c testwrite: one backtrace from the kernel to its main"
reads=$(sed -n 's/^reads //p' <<<"$out")
ok $((reads > 0 && reads < 30 ? 0 : 1)) \
    "who runs is asked anew at each stop, less than 30 times" "$reads"
like "$(said 'fl-user testread')" 'the names are those of testwrite, which runs$' \
    "fl-user of another program"
for n in 1 2; do
    like "$(calls bt $n)" ' fill main$' "the names stay those of testwrite ($n)"
done
like "$(said 'info breakpoints')" 'stop only if \$_fl_in\("testread"\)$' \
    "and breakpoints are testread's"
like "$(said continue)" '^Temporary breakpoint [0-9]+, main .*testread\.c' \
    "a breakpoint at main holds in testread, not in the shell or testwrite"
like "$(said fl-ps)" '^\* +[0-9]+ .* testread +user ' "the process is testread"
like "$(calls bt 3)" '^shmat .*main$' "shmat of the C library, called by main"
like "$(calls into-kernel)" '^<signal handler called> .*shmat main$' \
    "through int 0x80: one backtrace from syscall_entry to main"
like "$(said 'info symbol $pc')" '^syscall_entry \+ ' "and on, instruction by instruction"
like "$(calls bt 4)" '^do_shmat .*sys_ipc <signal handler called> .*shmat main$' "from do_shmat to main"
like "$(calls to-user)" 'shmat main$' "and back"
like "$(said 'x/i $pc-2')" 'int +0x80' "behind the int 0x80"
like "$(said finish)" 'shmat \(\)' "finish goes on in the program"
like "$(said into-kernel 3)" 'ERROR: into-kernel: this is the kernel' \
    "into-kernel from the kernel"
sentence "fl-user testwrite 99" 'there is no process 99' "a process that is none"
n=2
for names in "testread: first_touch main" "the child of follow: child_touches main" \
    "what it becomes: first_touch main" "follow itself: shm_swap_in main"; do
    like "$(calls 'fl-at shm_swap_in' $n)" \
        "^shm_swap_in .*<signal handler called> ${names#*: }$" \
        "the names of ${names%:*}"
    n=$((n + 1))
done
like "$(calls 'fl-at shm_swap_in' 6)" '<signal handler called> \?\?[? ]*$' \
    "no names for a program without symbols"
like "$(said 'info breakpoints' 2)" '^[0-9.]+ +n +0x.* in shm_swap_in at .*follow\.c' \
    "a breakpoint at a name that both have is the kernel's"
like "$out" "it will run: echo 'a\*b   c'; /t/areas; testwrite\$" \
    "fl-start hands on what is typed"
like "$(said continue 4)" 'main .*areas\.c' "a static program of the host's"
like "$(said 'info breakpoints' 3)" 'stop only if \$_fl_in' "the condition is seen"
like "$(said 'p $_fl_pid()')" '= 4$' "a breakpoint for the program: its child comes first"
like "$(said 'p $_fl_pid()' 2)" '= 3$' \
    "one for process 3 alone"
unlike "$out" 'Traceback|Python Exception' "no traceback"

! "${NM:-${CROSS-}nm}" "$build"/user/bin/*.debug | grep ' main\.cold$'
ok $? "main is in one piece, so that gdb takes it for the end of a backtrace"

# What tools/vm prints is enough for a bare gdb, which does not know of --add.
FAULTLINE_BUILD=$plain tools/vm --gdb --add "$tmp/mask" -- cat \
    2>"$tmp/said" >/dev/null &
machine=$!
for _ in $(seq $((limit * 10))); do
    grep -q '^target remote ' "$tmp/said" && break
    kill -0 $machine 2>/dev/null || break
    sleep 0.1
done
out=$(timeout $limit gdb -nx -batch -ex 'source tools/gdb/faultline.py' \
    -ex "$(grep '^target remote ' "$tmp/said")" -ex fl-ps \
    -ex "file $plain/kernel.elf" -ex 'tbreak task_start_init' \
    -ex continue -ex fl-ps -ex 'tbreak shm_swap_in' -ex continue -ex bt \
    </dev/null 2>&1)
in_time $?
like "$out" "fl-ps: the kernel's symbols are missing" "a gdb without symbols"
like "$out" '^\* +0 .*runs .*idle +task_start_init' \
    "a bare gdb with the line that tools/vm --gdb prints"
like "$out" '^The /bin/cat that runs is not that of .*/user/bin/cat\.debug' \
    "a program that is not the build's"
like "$(sed -n '/is not that of/,$p' <<<"$out" | functions)" \
    '<signal handler called> \?\?[? ]*$' "does not get its names"
kill "$machine" 2>/dev/null
wait "$machine" 2>/dev/null
done_testing
