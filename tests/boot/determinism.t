#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# --icount: the same run gives the same bytes, output and kernel log; also
# when other machines run at the same time. tests/slow/boots.t does it 100
# times.
. "$(dirname "$0")/../lib.sh"

# same FILE NAME: FILE1 FILE2 are equal, and not empty
same() {
    [ -s "$tmp/${1}1" ] && cmp "$tmp/${1}1" "$tmp/${1}2"
    ok $? "$2"
}

# twice NAME ARGUMENTS...
twice() {
    local name=$1 i
    shift
    for i in 1 2; do
        vm --icount --log "$tmp/log$i" "$@"
        is "$rc" 0 "$name, run $i"
        cp "$tmp/out" "$tmp/out$i"
    done
    same out "$name: the same output"
    same log "$name: the same kernel log"
}

# pestered ARGUMENTS...: tools/vm, which asks for the count of instructions all
# the time
pestered() {
    timeout $patience python3 - --limit 900G "$@" </dev/null <<'PY'
import runpy, sys
sys.path.insert(0, "tools")
from vmlib import budget
budget.FIRST, budget.RARELY = 0, 0.02
sys.argv[0] = "tools/vm"
runpy.run_path("tools/vm", run_name="__main__")
PY
}

# Each event in the log has its instruction, so what comes before shows there.
command='echo off >/proc/trace; cat /proc/uptime; date; whofaults; ps; testwrite
echo log >/proc/trace; testread'
twice "multiboot" --append trace=log -- "$command"
like "$out" '2026' "the clock starts on 2026-01-01"
cp "$tmp/out1" "$tmp/alone.1"
pestered --icount --log "$tmp/log2" --append trace=log -- "$command" >"$tmp/out2"
is $? 0 "with --limit"
same out "--limit: the same output"
same log "--limit: the same kernel log"
cp "$tmp/log1" "$tmp/alone.1.log"
echo "status 0" >>"$tmp/alone.1"
# GRUB measures the processor's clock for 55 ms: here an instruction is eight
# nanoseconds, so that these are 7 million of them.
small_build
FAULTLINE_BUILD=$small twice "ISO" --boot iso --qemu-arg -icount \
    --qemu-arg shift=3,sleep=off -- '
while read line; do echo $line; done </proc/stat'
like "$out" '^btime 1767225[67]' "the clock starts there as well"

# machine N WHERE: RAM and a file of its own, a transcript below $tmp/WHERE.N;
# the second is that of above
rams=(16M 64M 128M)
machine() {
    local options=(--ram "${rams[$1]}") words="$command"
    if [ "$1" = 1 ]; then
        options+=(--append trace=log)
    else
        mkdir -p "$tmp/add$1/t"
        echo "machine $1" >"$tmp/add$1/t/name"
        options+=(--add "$tmp/add$1")
        words="cat /t/name; free; testread; exit 4$1"
    fi
    tools/vm --icount --timeout $patience "${options[@]}" \
        --log "$tmp/$2.$1.log" -- "$words" >"$tmp/$2.$1" 2>&1 </dev/null
    echo "status $?" >>"$tmp/$2.$1"
}

for n in 0 2; do machine $n alone; done
for n in 0 1 2; do machine $n together & done
wait
for n in 0 2; do
    like "$(cat "$tmp/together.$n")" "^machine $n$" "machine $n has its files"
    like "$(cat "$tmp/together.$n")" "^status 4$n$" "machine $n: its status"
done
for n in 0 1 2; do
    cmp "$tmp/alone.$n" "$tmp/together.$n" &&
        cmp "$tmp/alone.$n.log" "$tmp/together.$n.log"
    ok $? "${rams[n]}: beside two others the same bytes as alone"
done
done_testing
