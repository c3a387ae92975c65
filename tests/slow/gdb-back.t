#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs recorded in other ways than tests/boot/gdb-back.t: the boot through GRUB,
# a console somebody types at, a machine that swaps under pressure.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../gdb.sh"

command -v qemu-img >/dev/null || skip_all "qemu-img is not installed"
run=$tmp/run

out=$(FAULTLINE_BUILD=$build timeout $limit tools/record --boot iso \
    --folder "$run" -- 'testwrite; testread' 2>&1)
rc=$?
in_time $rc
ok $rc "the ISO is recorded" "$out"
gdb_session --replay "$run" <<'GDB'
fl-user testread
break main
continue
fl-fault class shm
set $page = $cr2
finish
who-wrote-pte $page
reverse-stepi
prev-fault
GDB
like "$(said 'who-wrote-pte $page')" ': 00000040 becomes [0-9a-f]{5}025' \
    "and walked backwards"
like "$(said prev-fault)" 'by the program' "from fault to fault"

# shown REGEX: waits until the console has a line that matches
shown() {
    for _ in $(seq $((limit * 10))); do
        grep -qE "$1" "$tmp/screen" && return
        kill -0 $! 2>/dev/null || return
        sleep 0.1
    done
}

mkfifo "$tmp/keys"
FAULTLINE_BUILD=$build timeout $limit tools/record --folder "$run" \
    <"$tmp/keys" >"$tmp/screen" 2>&1 &
exec 8>"$tmp/keys"
shown '^[^ ]*# $'
echo testwrite >&8
shown '^ok: the records'
echo poweroff >&8
wait $!
in_time $?
exec 8>&-
out=$(tr -d '\r' <"$tmp/screen")
like "$out" 'ok: the records stay behind' "a console is recorded, and what is typed"
gdb_session --replay "$run" <<'GDB'
fl-user testwrite
break main
continue
fl-ps
prev-fault
delete
continue
GDB
like "$(said continue)" 'main .*testwrite' "nobody types, and it runs again"
like "$(said prev-fault)" 'of [0-9a-f]{8} by' "backwards as well"

out=$(FAULTLINE_BUILD=$build timeout $limit tools/record --ram 15500K --swap 64M \
    --folder "$run" -- 'evict 8 & sleep 3' 2>&1)
rc=$?
in_time $rc
ok $rc "a machine that swaps is recorded" "$out"
gdb_session --replay "$run" <<'GDB'
tbreak shm_evict
continue
set $at = (unsigned)&((struct vm_area_struct *)0)->vm_share
set $vma = (struct vm_area_struct *)((char *)page->seg->attaches.next - $at)
set $page = $vma->vm_start + (page->seg_index << 12)
tbreak write_swap_page
continue
fl-check
fl-swap
who-wrote-pte 4 $page
fl-check
GDB
like "$(said fl-check)" '^mm ok' "fl-check while it swaps"
like "$(said fl-swap)" '^  slot [0-9]+ .*page slot [0-9]+ of segment' "fl-swap"
like "$(said 'who-wrote-pte 4 $page')" ': [0-9a-f]{5}0[46]7 becomes [0-9a-f]{6}40' \
    "who took the page away"
like "$(said 'who-wrote-pte 4 $page')" ' in shm_swap ' "reclaim did"
unlike "$out" 'Traceback|Python Exception' "no traceback"
done_testing
