#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# /proc/<pid>/faults counts each page fault under its kind, and nothing else.
. "$(dirname "$0")/../lib.sh"

programs faultcount
vm_ok "the program runs" --add "$progs" -- '/t/faultcount'
facts
vm_ok "with swap" --swap 1M --add "$progs" -- '/t/faultcount swap'
facts
vm_ok "another process may look" -- '
sleep 5 & grep -c "^[a-z-]* [0-9]*$" /proc/$!/faults
grep -q "^file-cached [1-9]" /proc/$!/faults && echo counted; kill $!'
like "$out" '^17$' "seventeen lines"
like "$out" '^counted$' "its faults are there"
done_testing
