#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A recorded run, walked backwards: who mapped this page?
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../gdb.sh"

command -v qemu-img >/dev/null || skip_all "qemu-img is not installed"

run=$tmp/run
out=$(FAULTLINE_BUILD=$build timeout $limit tools/record --folder "$run" \
    -- 'testwrite; testread' 2>&1)
rc=$?
in_time $rc
ok $rc "tools/record" "$out"
like "$out" '^ok: ten records' "delivers what the guest printed"

# As another gdb would, that goes through the same run.
exec 9<"$run"
flock 9
out=$(FAULTLINE_BUILD=$build tools/record --folder "$run" -- true 2>&1)
like "$out" '/run is in use; --folder DIR' "a run that is in use is not written"

FOLDER=$run gdb_session --replay <<'GDB'
fl-user testread
break main
continue
fl-fault class shm
set $a = $cr2
finish
fl-pt $a
who-wrote-pte $a
fl-pt $a
bt
prev-fault
reverse-stepi
bt
stepi
fl-mark
prev-fault
who-wrote-pte $a
bt
fl-goto 5
delete
tbreak do_shmdt
reverse-continue
bt
GDB

like "$out" '^another gdb is in this run.* copy' "two gdbs in one run"

like "$(said 'continue')" 'Breakpoint 1, main' "forward to testread"
like "$(said 'fl-pt $a')" '^PTE .*frame [0-9a-f]+: present' "the page is mapped"
like "$(said 'who-wrote-pte $a')" ': 00000040 becomes [0-9a-f]{5}025' \
    "who-wrote-pte finds the write"
like "$(said 'who-wrote-pte $a')" '^before: signature: segment slot 0, page 0' \
    "what stood there"
like "$(said 'fl-pt $a' 2)" '^PTE .* signature: segment slot 0, page 0' \
    "and stands before it"
like "$(calls bt)" \
    'set_pte.* do_swap_page do_no_page do_page_fault trap_dispatch .* first_touch main$' \
    "under the fault, under the program"
like "$(said prev-fault)" 'by the program .*testread.*class shm' \
    "prev-fault is the same fault"
like "$(said bt 2)" 'trap_dispatch' "reverse-stepi leaves do_page_fault"
like "$(said bt 2)" 'main .*testread\.c' "for the program's line"
like "$(said fl-mark)" 'snapshot taken' "fl-mark"
like "$(said prev-fault 2)" 'of [0-9a-f]{8} by ' "prev-fault goes on"
like "$(said 'who-wrote-pte $a' 2)" ': 00000000 becomes 00000040' \
    "before that it was shmat that wrote the signature"
like "$(said bt 3)" 'do_shmat' "in do_shmat"
like "$(calls bt 4)" '^do_shmdt .*<signal handler called> .*main$' \
    "back into another process"
like "$(said bt 4)" ' main .*testwrite\.c' "with the names of its program"
sentence "fl-goto 5" 'was recorded' "fl-goto is not for recorded runs"
unlike "$out" 'Traceback|Python Exception' "no traceback"

out=$(GDB_ARGS=-batch tools/gdb/start --replay "$tmp" </dev/null 2>&1)
like "$out" 'holds no recorded run: make record' "a folder without a record"
done_testing
