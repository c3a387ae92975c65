#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a touch of an address will do: /proc/<pid>/why foresees it for each end
# of TOUCHES that a program can bring about, and so it happens; gdb, on the
# machine that stands still, foresees the same, word for word.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../gdb.sh"

programs touch
vm_ok "the program runs" --swap 1M --add "$progs" -- '/t/touch'
facts
plain_build
export FAULTLINE_BUILD=$plain
addrs=$(sed -n 's/^@ //p' <<<"$out")
gdb_session --add "$progs" --swap 1M -- /t/touch <<GDB
tbreak sys_getpriority if who == 12345
continue
$(for a in $addrs; do echo "why $a"; done)
continue
GDB
theirs=$(sed -n 's/^read [^ ]* /  read    /p; s/^write [^ ]* /  write   /p' \
    "$plain/gdb.out")
ours=$(for a in $addrs; do said "why $a" | grep -E '^  (read|write) '; done)
is "$(grep -c . <<<"$theirs")" $((2 * $(wc -w <<<"$addrs"))) \
    "two lines for each address"
is "$(diff <(echo "$ours") <(echo "$theirs"))" '' \
    "gdb foresees what the kernel foresees"
done_testing
