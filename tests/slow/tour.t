#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every gdb command that docs/tour.md prints works: each block marked gdb runs
# in a fresh machine, and gdb finds nothing wrong.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../gdb.sh"

export FAULTLINE_BUILD=build-debug
out=$(make BUILD=debug 2>&1)
ok $? "the debug build" "$out"

# $tmp/sitting.N: the lines of a block; its first line is the COMMAND.
awk -v tmp="$tmp" '
    /^## /     { n++ }
    /^```gdb/  { file = tmp "/sitting." n
                 print (NF > 1 ? $2 : "testwrite; testread") >file
                 on = 1; next }
    /^```/     { on = 0 }
    on         { print >file }' docs/tour.md

for file in $(ls -v "$tmp"/sitting.*); do
    sed 1d "$file" >"$tmp/script"
    out=$(GDB_ARGS="-batch -x $tmp/script" timeout $limit \
        tools/gdb/start "$(head -n 1 "$file")" </dev/null 2>&1)
    rc=$?
    in_time $rc
    ok $rc "sitting ${file##*.}" "$out"
    unlike "$out" 'Error in sourced|No symbol|optimized out|exited|not being' \
        "sitting ${file##*.}: every command has its answer"
done
done_testing
