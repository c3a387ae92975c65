#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Many processes, at once and in a row: all live, all end, and every count is
# as before: address spaces, areas, frames, tasks, segments, open files.
. "$(dirname "$0")/../lib.sh"

programs scale

# What must be as before, after the caches are dropped.
counts='echo 3 >/proc/sys/vm/drop_caches
read -r a b c tasks pid </proc/loadavg; echo "tasks ${tasks#*/}"
read -r files more </proc/sys/fs/file-nr; echo "files $files"
cat /proc/check'

# unchanged NAME WANT WORDS...: `scale WORDS` says WANT and leaves the counts.
# A first, small round fills what the kernel keeps for next time.
unchanged() {
    local name=$1 want=$2
    shift 2
    vm_ok "$name" --add "$progs" -- "/t/scale $warm >/dev/null
echo @; $counts; echo @; /t/scale $*; r=\$?; echo @; $counts; exit \$r"
    is "$(awk '/^@/ { part++; next } part == 2' <<<"$out")" "$want" \
        "$name: what it counted"
    is "$(awk '/^@/ { part++; next } part == 3' <<<"$out")" \
        "$(awk '/^@/ { part++; next } part == 1' <<<"$out")" \
        "$name: every count as before"
}

warm='crowd 256'
unchanged "256 processes at once in 64 MiB" \
    '256 at once, 256 ended well, 0 left' crowd 256
unchanged "256 of a user" \
    '256 at once, 256 ended well, 0 left' crowd 256 1000
warm='forks 10'
unchanged "10,000 forks in a row" '10000 forks, 10000 ended well' forks 10000
warm='share 64 1024'
unchanged "64 processes attach one segment 1,024 times" \
    '1024 attaches, 64 ended well, 64 counted right, 0 left' share 64 1024

# Whichever process finds no frame is killed; the others end after it. Until
# then even a cat may be one of those, so the shell waits by itself.
until_few='while read -r a b c tasks pid </proc/loadavg
[ "${tasks#*/}" -gt 10 ]; do :; done'
vm --ram 16M --add "$progs" -- "/t/scale crowd 1000; $until_few; $counts"
is "$rc" 0 "more processes than 16 MiB hold: the machine goes on"
like "$out" '^mm ok' "and its checkers pass"
done_testing
