#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Pages of segments leave memory and come back: the worked examples evict and
# watchpage, and each policy of replacement beside its simulation.
. "$(dirname "$0")/../lib.sh"

# Each policy; the trace is cut by the lines "policy NAME", to be replayed.
policies='fifo clock second-chance random'
job "evict: twice as much as memory holds" \
    'evict && cat /proc/check && grep ^Swap /proc/meminfo'
job "each policy" "for p in $policies; do
    echo \$p >/proc/sys/vm/swap_policy
    echo policy \$p
    evict 9 | grep -E 'ok|succ'
    echo clear >/proc/trace; echo on >/proc/trace
    refs -f 6 -n 100 locality
    echo off >/proc/trace; grep -E ' (mark|shm_[a-z]*) ' /proc/trace
done
cat /proc/check"
share --ram 16M --swap 128M
job_ok "evict: twice as much as memory holds"
like "$out" '^checksum ok$' "every word came back"
n=$(sed -n 's/^swap_successes \([0-9]*\)$/\1/p' <<<"$out")
[ "${n:-0}" -ge 4000 ]
ok $? "4,000 pages went out, at least" "$out"
like "$out" '^written +[0-9]+ +[0-9]+ +[1-9][0-9]+ .*\[#+-+ *\]' \
    "the table shows it"
like "$out" '^ipc ok: 0 segments' "and nothing is left behind"

job_ok "each policy"
like "$out" '^ipc ok' "the checkers pass"
is "$(grep -c '^checksum ok$' <<<"$out")" 4 "no policy loses a word"
is "$(sed -n 's/^.* 6 frames, policy //p' <<<"$out" | xargs)" "$policies" \
    "refs names the policy"
section() { # of policy $1, from $out
    awk -v want="policy $1" '/^policy / { on = $0 == want } on' <<<"$out"
}
for policy in $policies; do
    section "$policy" >"$tmp/trace"
    tools/policies --frames 6 "$tmp/trace" >"$tmp/replayed"
    kernel=$(sed -n 's/^\([0-9]* faults, [0-9]* evictions\)$/\1/p' "$tmp/trace")
    like "$(cat "$tmp/replayed")" "^the kernel: $kernel, at most 6 frames" \
        "$policy: $kernel, says the trace as well"
    [ "$policy" != random ] || continue # its chance is not ours
    like "$(cat "$tmp/replayed")" "^  $policy .*: the same victims" \
        "$policy: the kernel sends out what the simulation does"
done

vm --ram 16M --append swap_policy=nonsense --log "$tmp/log" -- '
evict; echo evict $?; watchpage; echo watchpage $?
cat /proc/sys/vm/swap_policy; echo lru >/proc/sys/vm/swap_policy'
like "$out" '^evict 1$' "without swap evict refuses"
like "$out" '^evict: no swap is on' "and says why"
like "$out" '^watchpage 1$' "so does watchpage"
like "$out" '^watchpage: no swap is on' "and says why"
like "$out" '\[second-chance\]' "an unknown policy: the default"
like "$(cat "$tmp/log")" 'swap_policy=nonsense' "and a line in the log"
is "$rc" 1 "and /proc refuses it"

# The trace of watchpage's last touch is told by hops.
vm --ram 16M --swap 8M --icount -- \
    'watchpage; echo watchpage $?; hops -f /proc/trace; evict; echo evict $?'
like "$out" '^evict 1$' "with too little swap evict refuses"
like "$out" '7 MiB of swap are free, too little' "and says why"
like "$out" '^watchpage 0$' "watchpage"
like "$out" '^  1\. never touched' "never touched"
like "$out" '^     writer +[0-9a-f]{8}  signature of segment 0, page 2' \
    "the entry is a signature"
like "$out" '^  5\. swapped in' "swapped in"
is "$(grep -c '^       yes  ' <<<"$out") $(grep -c '  NO ' <<<"$out")" "8 0" \
    "every check of it holds"
like "$out" 'It comes back into frame' "the page came back"
like "$out" 'read_swap_page .*Slot 1 of area 0 is read' "from its slot"
like "$out" '1 major fault' "as a major fault"

# Belady's anomaly, by the kernel's own hand.
vm_ok "Belady's string" --ram 16M --swap 8M --append swap_policy=fifo -- \
    'refs -f 3 belady; refs -f 4 belady'
is "$(grep ' faults, ' <<<"$out" | xargs)" \
    "9 faults, 6 evictions 10 faults, 6 evictions" \
    "fifo: 9 faults with 3 frames, 10 with 4"
done_testing
