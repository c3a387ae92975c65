#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Sizes of memory: 8 MiB with an initrd that fits, the worked example in 32,
# up to 1 GiB, of which what lies above 896 MiB is reported and ignored. And a
# processor without SSE.
. "$(dirname "$0")/../lib.sh"

small=$tmp/small
mkdir -p "$small/user"
ln -s "$build/kernel.elf" "$small/kernel.elf"
ln -s "$build/user/bin" "$small/user/bin"
echo "dir 755 /bin" >"$tmp/list"
tools/mkinitrd -o "$small/initrd" "$tmp/list"
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
done_testing
