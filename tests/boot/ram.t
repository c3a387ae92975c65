#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Sizes of memory: 8 MiB with an initrd that fits, the worked example in 32,
# up to 1 GiB, of which what lies above 896 MiB is reported and ignored. And
# processors: one without SSE, and those that are too old. Input typed ahead.
. "$(dirname "$0")/../lib.sh"

small_build
FAULTLINE_BUILD=$small vm --ram 8M -- \
    'while read -r name size unit; do echo "$name $size"; done </proc/meminfo'
is "$rc" 0 "8 MiB" "$err"
total=$(sed -n 's/^MemTotal: //p' <<<"$out")
[ "${total:-0}" -gt 4096 ] && [ "$total" -lt 8192 ]
ok $? "MemTotal is what there is" "$out"

for size in 16M 32M 512M 896M 1G; do
    vm_ok "the worked example in $size" --ram $size --log "$tmp/log" -- \
        'testwrite && testread && grep MemTotal /proc/meminfo'
done
total=$(sed -n 's/^MemTotal: *\([0-9]*\) .*/\1/p' <<<"$out")
[ "${total:-0}" -gt $((800 << 10)) ] && [ "$total" -le $((896 << 10)) ]
ok $? "of 1 GiB at most 896 MiB are used" "$out"
like "$(cat "$tmp/log")" '896' "and it is said in the log"

vm_ok "in 64M a processor without SSE clears and copies pages, too" \
    --qemu-arg=-cpu --qemu-arg=pentium2 -- \
    'testwrite && testread && parentchild && grep flags /proc/cpuinfo &&
     cat /proc/check'
unlike "$(grep '^flags' <<<"$out")" sse "(it has none)"
like "$out" '^mm ok' "and the counts agree"

# too_old WHAT CPU: the machine ends with one sentence, which says WHAT
too_old() {
    vm --qemu-arg=-cpu --qemu-arg="$2" -- true
    is "$rc $err" "125 kernel panic: this processor has no $1;\
 Faultline needs a Pentium Pro or newer" "a processor without $1"
}
too_old cmov pentium
too_old "tsc cmov" 486
too_old "fpu pse" qemu32,-fpu,-pse
# as if EFLAGS.ID could not be changed: a jump behind the test of it
python3 - "$build/kernel.elf" "$small/old.elf" <<'PY'
import sys
test = bytes.fromhex("31c8a900002000")  # xor eax, ecx; test eax, 1 << 21
image = open(sys.argv[1], "rb").read()
assert image.count(test + b"\x74") == 1
open(sys.argv[2], "wb").write(image.replace(test + b"\x74", test + b"\xeb"))
PY
mv "$small/old.elf" "$small/kernel.elf"
FAULTLINE_BUILD=$small too_old cpuid qemu32

# More lines than the terminal holds, all of them piped before there is a kernel.
mkdir -p "$tmp/add/t"
seq 300 >"$tmp/add/t/numbers"
{
    seq -f 'echo %.0f >>/tmp/n' 1 300
    printf '%s\n' 'cmp /t/numbers /tmp/n && echo "all 300"' poweroff
} >"$tmp/typed"
run tools/vm --ram 16M --add "$tmp/add" <"$tmp/typed"
is $rc 0 "a shell prompt in 16M"
like "$out" 'all 300$' "what was typed ahead is done there"
done_testing
