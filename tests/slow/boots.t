#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# 100 boots in a row under --icount: output, status and kernel log are the
# same, byte for byte. Then machines that run beside each other, six at a
# time, under load.
. "$(dirname "$0")/../lib.sh"

# boot N: a transcript of everything the machine said, in $tmp/boot.N
boot() {
    tools/vm --icount --timeout $patience --append trace=log --log "$tmp/log.$1" -- \
        'cat /proc/uptime; date; whofaults; testwrite; testread; ps; exit 7' \
        >"$tmp/boot.$1" 2>&1 </dev/null
    { echo "status $?" && cat "$tmp/log.$1"; } >>"$tmp/boot.$1"
    rm "$tmp/log.$1"
}

# The boots N... that differ from the first.
different() {
    for n in "$@"; do
        cmp -s "$tmp/boot.1" "$tmp/boot.$n" || echo "boot $n"
    done
}

for n in $(seq 100); do boot "$n"; done
like "$(tr -d '\0' <"$tmp/boot.1")" '^status 7' "a boot ends as it should"
is "$(different $(seq 2 100))" '' "100 boots in a row say the same"

for round in 1 2 3 4; do
    for n in 201 202 203 204 205 206; do boot "$n" & done
    wait
    is "$(different $(seq 201 206))" '' "six at a time, round $round: the same"
done
done_testing
