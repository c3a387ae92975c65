#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The second emulator: the same ISO under Bochs, with a processor that has
# neither more nor less than a Pentium III.
. "$(dirname "$0")/../lib.sh"

command -v bochs >/dev/null || skip_all "bochs is not installed"
ls /usr/lib/*/bochs/plugins/libbx_term_gui.so >/dev/null 2>&1 ||
    skip_all "bochs-term is not installed"

vm --emulator bochs --timeout 120 --log "$tmp/log" -- \
    'testwrite && testread && whofaults; echo status $?; exit 9'
is "$rc" 9 "COMMAND's exit status comes back"
like "$out" '^name: b age 20;' "memory is shared"
like "$out" '^status 0' "all checks hold"
unlike "$(cat "$tmp/log")" '[Uu]nexpected|[Ss]purious IRQ.*panic' \
    "no interrupt surprises the kernel"
vm --emulator bochs --timeout 60 -- 'echo c > /proc/sysrq-trigger'
is "$rc" 125 "a panic is a panic"
like "$err" '^kernel panic: ' "and its sentence is on stderr"
done_testing
