#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# --icount: the same run gives the same bytes, output and kernel log.
. "$(dirname "$0")/../lib.sh"

twice() {
    local name=$1 i
    shift
    for i in 1 2; do
        vm --icount --log "$tmp/log$i" "$@"
        is "$rc" 0 "$name, run $i"
        cp "$tmp/out" "$tmp/out$i"
    done
    [ -s "$tmp/out1" ] && cmp "$tmp/out1" "$tmp/out2"
    ok $? "$name: the same output"
    cmp "$tmp/log1" "$tmp/log2"
    ok $? "$name: the same kernel log"
}

command='cat /proc/uptime; date; whofaults; testwrite; testread; ps'
twice "multiboot" --append trace=log -- "$command"
twice "ISO" --boot iso -- "$command"
like "$(cat "$tmp/out1")" '2026' "the clock starts on 2026-01-01"
done_testing
