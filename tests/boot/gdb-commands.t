#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every command of tools/gdb/fl, on a machine that is stopped, before paging,
# with damaged lists, and after a panic; and with wrong input. What a command
# costs is counted in reads of the machine, not in seconds.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../gdb.sh"

programs areas
plain_build
export FAULTLINE_BUILD=$plain
mkdir "$tmp/other"
LC_ALL=C sed 's/filemap_nopage/filemap_nopagf/g' "$build/kernel.elf" \
    >"$tmp/other/kernel.elf"

gdb_session <<GDB
python from fl import guest
fl-ps
why 8048000
fl-log
run
fl-fault class nothing
fl-user nobody
fl-at no_such_fn
fl-at all_tasks
fl-fault class shm
fl-start --add $progs -- /t/areas
tbreak sys_getpriority if who == 12345
continue
python guest.forget(); guest.count["reads"] = 0
fl-ps
python print("reads %d" % guest.count["reads"])
fl-task 1
fl-task 99
fl-vmas
fl-vmas 1
fl-vmatree 0x60001000
fl-pt
fl-pt 0x70000000
fl-pt 0x70101000
fl-shm
fl-shm 0
fl-shm 7
fl-swap
why 70000000
why 70001000
why 70102000
why 60001000
why 60002000
why 10
why c0000000
why
why 99 0
why wrong
fl-frame 100
fl-frame fffff
fl-frame
fl-check
python guest.forget(); guest.count["reads"] = 0
fl-vmas
why 60003000
fl-pt 60003000
python print("reads %d" % guest.count["reads"])
fl-trace
set var trace_on = 1
prev-fault
who-wrote-pte 70000000
fl-mark
file $tmp/other/kernel.elf
fl-ps
file $plain/kernel.elf
fl-ps
set var current_task->mm->mmap->vm_hole = 4097
set var current_task->mm->rss = 1
set var mem_map[zero_page - mem_map + 1].count++
fl-check
set var current_task->mm->mmap->vm_next->vm_next = current_task->mm->mmap
fl-vmas
fl-check
set var current_task->mm->mmap->vm_next->vm_next = 0x1234567
fl-vmas
set var current_task->mm->mmap_avl->vm_avl_left = current_task->mm->mmap_avl
fl-vmatree
why 8048000
set var ((struct shmid_kernel *)shm_ids.slot[0])->attaches.next = 0
fl-shm 0
set var all_tasks.next->next = all_tasks.next
fl-ps
fl-goto 25
fl-trace 1
fl-start echo c >/proc/sysrq-trigger
continue
fl-log
fl-trace
fl-ps
fl-check
run
continue &
fl-ps
GDB

sentence "fl-ps" 'paging is not on yet' "before paging"
sentence "why 8048000" 'paging is not on yet' "why before paging"
sentence "fl-log" 'there is no log' "fl-log before paging"
sentence "run" 'fl-start' "run is explained"
sentence "fl-fault class nothing" 'is no class: anon cow' "a class that is none"
sentence "fl-user nobody" 'there is no program nobody' "a program that is none"
for name in no_such_fn all_tasks; do
    sentence "fl-at $name" "the kernel has no function $name$" "fl-at $name"
done
like "$(said 'fl-fault class shm')" 'write of .* by the program .*class shm' \
    "fl-fault stops at the next fault of a class"
like "$(said 'fl-fault class shm')" '^  others ' "with the screen of why"

like "$(said fl-ps 2)" '^\*.*runs +[0-9]+ areas +sys_getpriority' "fl-ps: who runs"
like "$(said fl-ps 2)" ' sleeps .* areas +(sys_pause|wait_for_signal)' "fl-ps: where the other sleeps"
like "$(said 'fl-task 1')" 'calls .*sys_wait4 < syscall_entry' "fl-task: calls"
like "$(said 'fl-task 1')" 'canary whole' "fl-task: the stack"
sentence "fl-task 99" 'there is no process 99' "a process that is none"
is "$(said fl-vmas | grep -c '^6.*anonymous')" 1000 "fl-vmas: a thousand areas"
like "$(said 'fl-vmas 1')" '/.vm/init from page 0' "fl-vmas PID"
like "$(said 'fl-vmatree 0x60001000')" '^\* +60001000-60002000 h[0-9]+ [+-][01]' \
    "fl-vmatree: the path is marked"
unlike "$(said 'fl-vmatree 0x60001000')" WRONG "and heights and balance are right"
like "$(said fl-pt)" '^70001000-70004000 +3 signatures: segment slot 0, pages 1-3' \
    "fl-pt: ranges"
like "$(said 'fl-pt 0x70000000')" '^PTE .* --?-DA--UWP frame [0-9a-f]+: present, writable' \
    "fl-pt ADDR: a frame"
like "$(said 'fl-pt 0x70101000')" '^PTE .*00040040 .*signature: segment slot 0, page 1' \
    "fl-pt ADDR: a signature"
like "$(said fl-shm)" '^ +0 +0  00000000 +4 +2 +0 +4  600' "fl-shm: the table"
is "$(said 'fl-shm 0' | grep -c 'pages 0-3: pid')" 4 "fl-shm ID: the ring"
like "$(said 'fl-shm 0')" '^ +0 .*resident: frame .*count 4' "and the page slots"
sentence "fl-shm 7" 'there is no segment 7' "a segment that is none"
like "$(said 'why 70000000')" '^  write   no fault' "why: a page that is there"
is "$(said 'why 70000000' | grep -c 'pid.*at 70')" 3 "why: who else has it"
like "$(said 'why 70001000')" '^  write .*shm_swap_in > set_pte: minor, frame' \
    "why: a page that somebody else has touched"
like "$(said 'why 70102000')" '^  read .*get_free_page.*never touched' \
    "why: a page that nobody has touched"
like "$(said 'why 70102000')" '^  write .*SEGV_ACCERR' "why: a read-only attach"
like "$(said 'why 60001000')" '^  read .*do_anonymous_page > set_pte: minor, the zero' \
    "why: the zero page"
like "$(said 'why 60002000')" '^  write .*get_free_page > set_pte: minor, a zeroed' \
    "why: memory of its own"
like "$(said 'why 10')" '^  read .*SEGV_MAPERR' "why: no area"
like "$(said 'why c0000000')" "that is the kernel's" "why: the kernel's half"
sentence "why" 'which address' "why without an address"
sentence "why 99 0" 'there is no process 99' "why of nobody"
sentence "why wrong" 'is no address' "why of no address"
like "$(said 'fl-frame 100')" "the kernel's image" "fl-frame: reserved"
sentence "fl-frame fffff" 'there is no frame fffff' "a frame that is none"
like "$(said fl-check)" '^mm ok: 4 address' "fl-check proves the invariants"
sentence "fl-trace" 'the trace is empty' "fl-trace with the trace off"
for c in prev-fault fl-mark; do
    sentence "$c" 'not recorded' "$c without a record"
done
sentence "who-wrote-pte 70000000" 'not recorded' "who-wrote-pte without a record"

reads=$(sed -n 's/^reads //p' <<<"$out" | paste -sd ' ')
read -r ps vmas <<<"$reads"
ok $((ps > 0 && ps < 30 ? 0 : 1)) "fl-ps asks the machine less than 30 times" "$reads"
ok $((vmas > 0 && vmas < 80 ? 0 : 1)) \
    "three commands with 1,000 areas: less than 80 times" "$reads"

is "$(said fl-ps 3 | head -n 1)" \
    "ERROR: fl-ps: the machine runs another kernel than $tmp/other/kernel.elf" \
    "another kernel's symbols"
like "$(said fl-ps 4)" 'areas' "and the right ones again"
like "$(said fl-check 2)" 'INV-V3.*hole below' "fl-check: a hole"
like "$(said fl-check 2)" 'I9: .*rss is 1' "fl-check: the rss"
like "$(said fl-check 2)" '^ERROR: fl-check: [0-9]+ breaches' "fl-check counts them"
like "$(said fl-vmas 3)" 'ERROR.*runs in a circle' "a list that runs in a circle"
like "$(said fl-check 3)" 'ERROR.*runs in a circle' "and fl-check says so"
like "$(said fl-vmas 4)" 'ERROR.*wild pointer, 01234567' "a wild pointer"
sentence "fl-vmatree" 'runs in a circle' "a tree that runs in a circle"
like "$(said 'why 8048000' 2)" 'ERROR.*runs in a circle' "why in such a tree"
like "$(said fl-ps 5)" 'ERROR.*list of tasks.*circle' "tasks in a circle"
like "$(said 'fl-shm 0' 2)" 'ERROR.*ring of attaches.*wild pointer, 00000000' \
    "a ring that ends nowhere"

like "$(said 'fl-goto 25')" '^event 25 is about to be written' \
    "fl-goto runs the machine again up to an event"
like "$(said 'fl-trace 1')" '^24 [0-9]+ [0-9]+ [a-z_]+ ' "which is the next one"
like "$(said 'continue' 2)" '^kernel panic: pid 2 asked' "a panic is held"
like "$(said fl-log 2)" '^kernel panic: pid 2 asked' "fl-log after a panic"
like "$(said fl-ps 6)" '^\* +2 .*panic_end' "fl-ps after a panic"
like "$(said fl-check 4)" 'mm ok' "fl-check after a panic"
like "$(said fl-ps 7)" 'ERROR.*the machine runs' "a machine that runs"
unlike "$out" 'Traceback|Python Exception' "no traceback anywhere"

bare() {
    out=$(timeout $limit gdb -nx -batch -ex 'source tools/gdb/faultline.py' \
        -ex "$1" </dev/null 2>&1)
    in_time $?
    like "$out" "$2" "$3"
}
bare fl-ps 'fl-ps: no machine is attached' "a bare gdb"
bare run 'run: gdb cannot run a kernel itself' "run in a bare gdb"
bare 'fl-user testread' 'no machine is attached|symbols are missing' "no symbols, no machine"
out=$(FAULTLINE_BUILD=$plain timeout $limit gdb -nx -batch \
    -ex 'source tools/gdb/faultline.py' -ex 'fl-start true' -ex fl-ps \
    -ex 'symbol-file' -ex fl-ps -ex 'fl-user testread' -ex 'fl-log' \
    -ex 'fl-fault next' </dev/null 2>&1)
in_time $?
like "$out" 'it will run: true' "fl-start finds the symbols by itself"
is "$(grep -c "^fl-.*: the kernel's symbols are missing" <<<"$out")" 4 \
    "no symbols: four commands say so"
unlike "$out" 'Traceback|ValueError|Python Exception' "and nothing else goes wrong"
bare faultline 'why \[PID\] ADDR' "the list of commands"
done_testing
