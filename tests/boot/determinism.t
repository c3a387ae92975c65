#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# --icount: the same run gives the same bytes, output and kernel log; also
# when other machines run at the same time. tests/slow/boots.t does it 100
# times.
. "$(dirname "$0")/../lib.sh"

# same RUNS FILE NAME: FILE1 FILE2 ... are equal, and not empty
same() {
    local i differ=0
    for i in $(seq 2 "$1"); do
        cmp "$tmp/${2}1" "$tmp/$2$i" || differ=1
    done
    [ -s "$tmp/${2}1" ] && [ $differ = 0 ]
    ok $? "$3"
}

# again RUNS NAME ARGUMENTS...
again() {
    local runs=$1 name=$2 i
    shift 2
    for i in $(seq "$runs"); do
        vm --icount --log "$tmp/log$i" "$@"
        is "$rc" 0 "$name, run $i"
        cp "$tmp/out" "$tmp/out$i"
    done
    same "$runs" out "$name: the same output"
    same "$runs" log "$name: the same kernel log"
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

command='cat /proc/uptime; date; whofaults; testwrite; testread; ps'
again 2 "multiboot" --append trace=log -- "$command"
pestered --icount --log "$tmp/log2" --append trace=log -- "$command" >"$tmp/out2"
is $? 0 "with --limit"
same 2 out "--limit: the same output"
same 2 log "--limit: the same kernel log"
again 2 "ISO" --boot iso -- "$command"
like "$(cat "$tmp/out1")" '2026' "the clock starts on 2026-01-01"

# machine N: RAM and a file of its own, a transcript below $tmp/ALONE.N
rams=(16M 48M 128M)
machine() {
    mkdir -p "$tmp/add$1/t"
    echo "machine $1" >"$tmp/add$1/t/name"
    tools/vm --icount --timeout $patience --ram "${rams[$1]}" --add "$tmp/add$1" \
        --log "$tmp/$2.$1.log" -- "cat /t/name; free; testread; exit 4$1" \
        >"$tmp/$2.$1" 2>&1 </dev/null
    echo "status $?" >>"$tmp/$2.$1"
}

for n in 0 1 2; do machine $n alone; done
for n in 0 1 2; do machine $n together & done
wait
for n in 0 1 2; do
    like "$(cat "$tmp/together.$n")" "^machine $n$" "machine $n has its files"
    like "$(cat "$tmp/together.$n")" "^status 4$n$" "machine $n: its status"
    cmp "$tmp/alone.$n" "$tmp/together.$n" &&
        cmp "$tmp/alone.$n.log" "$tmp/together.$n.log"
    ok $? "${rams[n]}: beside two others the same bytes as alone"
done
done_testing
