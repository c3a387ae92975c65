#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a boot costs: below 100 million instructions up to the first program, and
# up to the prompt; at most 3 MiB for the kernel, the initrd not counted.
# Counted, not timed.
. "$(dirname "$0")/../lib.sh"

# With --icount the time-stamp counter counts instructions since the reset; an
# event of the trace tells it.
clock='echo on >/proc/trace; echo 77 >/dev/trace; echo off >/proc/trace
grep "mark value=77" /proc/trace'

# below_limit TEXT NAME: of the instruction count in the event of TEXT
below_limit() {
    local count
    count=$(awk '$4 == "mark" && $5 == "value=77" { print $2; exit }' <<<"$1")
    [ "${count:-0}" -gt 0 ] && [ "$count" -lt 100000000 ]
    ok $? "$2" "$count
$1"
}

vm --icount --log "$tmp/log" -- "$clock"
is "$rc" 0 "the machine runs"
below_limit "$out" "below 100 million instructions up to COMMAND"

# The image's own boot, with the worked example. Where the prompt would come, a
# shell looks at the counter: at the prompt itself the machine's clock runs on
# for as long as the host takes to type.
mkdir -p "$tmp/add/etc"
{
    cat user/etc/rc
    printf "sh -c '%s'\npoweroff\n" "$clock"
} >"$tmp/add/etc/rc"
run tools/vm --icount --add "$tmp/add"
text=$out
like "$text" '^name: k age 29;' "the worked example has run"
below_limit "$text" "below 100 million instructions up to the prompt"

set -- $(sed -n 's/^boot: \([0-9]*\) frames, \([0-9]*\) free.*/\1 \2/p' "$tmp/log")
initrd=$(sed -n 's/^mem: .* modules \([0-9]*\) KiB.*/\1/p' "$tmp/log")
used=$((${1:-999999} * 4 - ${2:-0} * 4 - ${initrd:-0}))
[ "$used" -gt 0 ] && [ "$used" -le 3072 ]
ok $? "the kernel takes at most 3 MiB of 64" "$used KiB
$(cat "$tmp/log")"
done_testing
