#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Dynamically linked programs: where they and their loader lie, that the text
# of libc.so.6 is in RAM once, and what happens when a library or the loader
# goes away.
. "$(dirname "$0")/../lib.sh"

mkdir -p "$tmp/add/t"
build() {
    tools/guestcc -std=gnu11 -O1 -Wall -Wextra -Wno-unused-result -o \
        "$tmp/add/t/$1" "${@:2}" 2>"$tmp/cc"
}
if ! build auxv-pie -fpie -pie tests/boot/progs/auxv.c; then
    skip_all "gcc -m32 cannot build programs here"
fi
build auxv-fixed -fno-pie -no-pie tests/boot/progs/auxv.c
build same_frames tests/boot/progs/same_frames.c
build libcut.so -DLIBRARY -fpic -shared tests/boot/progs/cut_library.c
build cut tests/boot/progs/cut_library.c -L "$tmp/add/t" -lcut -Wl,-rpath,/t
ok $? "the programs build" "$(cat "$tmp/cc")"

facts='its interpreter is named there: yes
AT_ENTRY is that of the file: yes
the interpreter lies at AT_BASE: yes
the heap follows the program: yes
bss is zero: yes'
job "a program at a fixed place, and a movable one" \
    '/t/auxv-fixed && /t/auxv-pie'
job "two programs, one libc" /t/same_frames
job "a library cut off under a running program" \
    '/t/cut; echo "status $?"; cat /proc/check'
share --add "$tmp/add"
job_ok "a program at a fixed place, and a movable one"
is "$out" "program auxv-fixed
headers at 8048034
$facts
program auxv-pie
headers at 400034
$facts" "what they find"

job_ok "two programs, one libc"
is "$out" 'r-xp, the same part of the file: yes
in both: some, of those in one frame: all
shared and clean: some, private and dirty: none
rw-p, the same part of the file: yes
in both: some, of those in one frame: none
shared and clean: none, private and dirty: some' \
    "its text is there once, its data twice"

job_ok "a library cut off under a running program"
like "$out" '^near 1' "which has used a part of it"
unlike "$out" '^far' "but cannot use another"
like "$out" '^status 135' "ends it with SIGBUS"
like "$out" '^mm ok' "and nothing else"

vm -- 'rm /lib/ld-linux.so.2; ls /; echo "status $?"; poweroff'
like "$out" '^status 127' "no loader, no dynamic program"
like "$err" 'it powered off' "but poweroff, which is static"
done_testing
