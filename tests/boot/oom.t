#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Memory and swap are full: who asks for more is refused, who touches more is
# killed with one line, nobody else; afterwards everything is as before.
. "$(dirname "$0")/../lib.sh"

programs hog
machine=(--ram 16M --swap 4M --add "$progs")

# What a job ends with: the checkers, swap, and what the log says since the
# last one. /tmp/seen: so many lines were there.
cat >"$progs/t/after" <<'GUEST'
cat /proc/check
grep ^Swap /proc/meminfo
dmesg | grep '^out of memory' >/tmp/lines
tail -n +$(($(cat /tmp/seen 2>/dev/null) + 1)) /tmp/lines
wc -l </tmp/lines >/tmp/seen
GUEST

# hog NAME COMMANDS
hog() {
    job "$1" "$2
. /t/after"
}

# killed: how many lines about killed processes came
killed() {
    grep -c '^out of memory: killed process [0-9]* (' <<<"$out"
}

# recovered NAME: $out ends with the checkers' lines, and swap is empty again
# but for a few pages of the shells
recovered() {
    local left
    like "$out" '^mm ok' "$1: the checkers pass"
    left=$(sed -n 's/^SwapTotal: *\([0-9]*\) kB/\1/p; s/^SwapFree: *\([0-9]*\) kB/- \1/p' \
        <<<"$out" | xargs)
    [ -n "$left" ] && [ $((left)) -lt 300 ]
    ok $? "$1: swap is as free as before" "$out"
    unlike "$(grep '^out of memory' <<<"$out")" '\((init|sh|kswapd)\)' \
        "$1: no other process was killed"
}

hog private '/t/hog private 400; echo status $?'
hog copies '/t/hog fork 10; echo status $?'
hog five '/t/hog private 20 5'
hog segments '/t/hog segments 60; echo status $?'
hog keep '/t/hog keep 60; echo status $?
ipcs -mu; ipcmk -M 20000000; ipcrm -a; ipcmk -M 8000000 && ipcrm -a'
hog promised '/t/hog promised 30; echo status $?
echo 1 >/proc/sys/kernel/shm_rmid_forced; ipcs -mu'
hog forced '/t/hog promised 30; ipcs -mu; echo 0 >/proc/sys/kernel/shm_rmid_forced'
# whose pages reclaim has written out is its affair: they are all fetched back
steady_job "nothing is lost" '/t/hog private 30; /t/hog keep 30; ipcrm -a
swapoff /dev/hda && swapon /dev/hda'
share "${machine[@]}"

job_out private
like "$out" '^status 137$' "400 MiB wanted of 16 and 4: killed"
is "$(killed)" 1 "with one line"
recovered "private memory"

job_out copies
like "$out" '^status (0|3)$' "10 MiB, copied by a child: it fits, or the child is killed"
recovered "copies"

job_out five
like "$out" '^5 processes: 5 killed, 0 refused, 0 got all, 0 else' \
    "five at once: each is killed in the end"
is "$(killed)" 5 "with a line each"
recovered "five at once"

job_out segments
like "$out" '^refused: shmget (ENOMEM|ENOSPC) after [0-9]+ MiB' \
    "segments: shmget refuses"
like "$out" '^status 3$' "and nobody is killed"
is "$(killed)" 0 "no line"
recovered "removed segments"

job_out keep
like "$out" '^pages swapped +[5-9][0-9][0-9]' "segments that stay fill swap"
like "$out" 'ipcmk: create share memory failed: ' "no room for another one"
like "$out" '^Shared memory id: ' "after ipcrm there is room"
recovered "segments that stayed"

# More than was checked: the promise was not asked for. Killing does not help,
# as the segment stays; removing it does.
job_out promised
like "$out" '^status 137$' "a segment with SHM_NORESERVE: who touches it is killed"
is "$(killed)" 1 "with one line"
like "$out" '^segments allocated 0' "shm_rmid_forced removes what nobody has attached"
recovered "a broken promise"

job_out forced
like "$out" '^segments allocated 0' "and at once when it was on before"
recovered "shm_rmid_forced"

# Without any swap, too.
vm --ram 16M --add "$progs" -- \
    "/t/hog private 30 3; /t/hog segments 30; . /t/after"
like "$out" '^3 processes: 3 killed' "no swap: three are killed"
like "$out" '^refused: shmget' "and shmget refuses"
is "$(killed) $(grep -c '^mm ok' <<<"$out")" "3 1" "as with swap"
done_testing
