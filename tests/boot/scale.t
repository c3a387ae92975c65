#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Many processes, at once and in a row: all live, all end, and every count is
# as before: address spaces, areas, frames, tasks, segments, open files, objects.
. "$(dirname "$0")/../lib.sh"

programs scale

# What must be as before, after the caches are dropped.
counts='echo 3 >/proc/sys/vm/drop_caches
grep -v ^free /proc/check
cat /proc/stock'

# crowd NAME WARM WORDS...: a job: `scale WARM`, a small round that fills what
# the kernel keeps for next time, then `scale WORDS` between two counts.
crowd() {
    local name=$1 warm=$2
    shift 2
    job "$name" "/t/scale $warm >/dev/null
echo @; $counts; echo @; /t/scale $*; r=\$?; echo @; $counts; exit \$r"
}

# unchanged NAME WANT: that job says WANT and leaves the counts
unchanged() {
    job_ok "$1"
    is "$(awk '/^@/ { part++; next } part == 2' <<<"$out")" "$2" \
        "$1: what it counted"
    is "$(awk '/^@/ { part++; next } part == 3' <<<"$out")" \
        "$(awk '/^@/ { part++; next } part == 1' <<<"$out")" \
        "$1: every count as before"
}

crowd "256 processes at once in 64 MiB" 'crowd 256' crowd 256
crowd "256 of a user" 'crowd 256' crowd 256 1000
crowd "3,000 forks in a row" 'forks 10' forks 3000
crowd "64 processes attach one segment 1,024 times" 'share 64 1024' \
    share 64 1024
share --add "$progs"
unchanged "256 processes at once in 64 MiB" \
    '256 at once, 256 ended well, 0 left'
unchanged "256 of a user" '256 at once, 256 ended well, 0 left'
unchanged "3,000 forks in a row" '3000 forks, 3000 ended well'
unchanged "64 processes attach one segment 1,024 times" \
    '1024 attaches, 64 ended well, 64 counted right, 0 left'

# Whichever process finds no frame is killed; the others end after it. Until
# then even a cat may be one of those, so the shell waits by itself.
until_few='while read -r a b c tasks pid </proc/loadavg
[ "${tasks#*/}" -gt 10 ]; do :; done'
vm --ram 16M --add "$progs" -- "/t/scale crowd 1000; $until_few; $counts"
is "$rc" 0 "more processes than 16 MiB hold: the machine goes on"
like "$out" '^mm ok' "and its checkers pass"
done_testing
