#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Sizes of memory: 8 MiB with an initrd that fits, the worked example in 32,
# up to 1 GiB, of which what lies above 896 MiB is reported and ignored. And a
# processor without SSE.
. "$(dirname "$0")/../lib.sh"

small_build
FAULTLINE_BUILD=$small vm --ram 8M -- \
    'while read -r name size unit; do echo "$name $size"; done </proc/meminfo'
is "$rc" 0 "8 MiB" "$err"
total=$(sed -n 's/^MemTotal: //p' <<<"$out")
[ "${total:-0}" -gt 4096 ] && [ "$total" -lt 8192 ]
ok $? "MemTotal is what there is" "$out"

for size in 16M 32M 64M 512M 896M 1G; do
    vm_ok "the worked example in $size" --ram $size --log "$tmp/log" -- \
        'testwrite && testread && grep MemTotal /proc/meminfo'
done
total=$(sed -n 's/^MemTotal: *\([0-9]*\) .*/\1/p' <<<"$out")
[ "${total:-0}" -gt $((800 << 10)) ] && [ "$total" -le $((896 << 10)) ]
ok $? "of 1 GiB at most 896 MiB are used" "$out"
like "$(cat "$tmp/log")" '896' "and it is said in the log"

vm_ok "a processor without SSE clears and copies pages, too" \
    --qemu-arg=-cpu --qemu-arg=pentium2 -- \
    'testwrite && testread && parentchild && grep flags /proc/cpuinfo &&
     cat /proc/check'
unlike "$(grep '^flags' <<<"$out")" sse "(it has none)"
like "$out" '^mm ok' "and the counts agree"

# What is left at the prompt: MemFree counts neither the kernel, nor the files
# of the image, nor the shells and their libraries.
at_prompt() { # types $1 when the prompt is there
    for _ in $(seq 300); do
        grep -q 'faultline:/' "$tmp/out" && break
        sleep 0.2
    done
    sleep 0.5
    printf '%s\n' "$1"
    sleep 2
}
: >"$tmp/out"
at_prompt 'grep MemFree /proc/meminfo; poweroff' |
    timeout -k 1 90 tools/vm --ram 16M >"$tmp/out" 2>&1
is $? 0 "a shell prompt in 16M"
free=$(tr -d '\r' <"$tmp/out" | sed -n 's/^MemFree: *\([0-9]*\) kB.*/\1/p')
[ "${free:-0}" -ge 8192 ]
ok $? "leaves 8 MiB free" "MemFree is ${free:-not known} KiB
$(cat "$tmp/out")"
done_testing
