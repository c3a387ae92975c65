#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What goes wrong outside of a tool is one sentence and a status, never a
# traceback: output that cannot be written, input that is missing, a folder or
# garbage.
. "$(dirname "$0")/../lib.sh"

# said NAME STATUS: what is in $err is one line of the tool
said() {
    [ "$2" != 0 ] && [ "$(wc -l <<<"$err")" = 1 ] &&
        grep -qE "^tools/[a-z-]+: .*[a-z]" <<<"$err"
    ok $? "$1" "status $2: $err"
}

cat >"$tmp/trace" <<'TRACE'
{"record":"header","format":"faultline-trace","version":1,"kernel":"k","compiler":"c","cmdline":"","command":"a\u001bb\nc","clock":"cycles","frames":9,"classes":["no\"ne"],"events":{"fault_enter":{"args":["addr","eip"],"hex":["addr"]},"task_name":{"args":["task","name"],"hex":[]}}}
{"seq":0,"tsc":1,"pid":2,"ev":"task_name","args":{"task":2,"name":"\u0001\u001b[2J\u007f\ud800<&\"'"},"at":"f","caller":"g"}
{"seq":1,"tsc":2,"pid":2,"ev":"fault_enter","args":{"addr":4096,"eip":1},"at":"f","caller":"g","line":"\u0007"}
{"record":"end","events":2,"complete":true}
TRACE
printf 'c0000000 T start\n' >"$tmp/nm"
echo 'dir 755 /d' >"$tmp/list"
head -c 4096 /dev/urandom >"$tmp/garbage"
mkdir "$tmp/folder"

# What each tool prints when all is well.
while read -r words; do
    eval "set -- $words"
    err=$("$@" 2>&1 >/dev/full </dev/null)
    said "$words: to a full disk" $?
    like "$err" 'standard output: No space left on device' "and says so"
done <<'TABLE'
tools/asm-dir --help
tools/bench --help
tools/check-skips --help
tools/docs-check --help
tools/gen-abi --help
tools/guestlibs --help
tools/ksyms "$tmp/nm"
tools/lint tools/size
tools/mkinitrd --help
tools/mkiso --help
tools/policies --string '1 2 3'
tools/record --help
tools/size --help
tools/trace-view "$tmp/trace" --text
tools/vm --help
tools/web --help
TABLE
err=$(tools/size --help 2>&1 >&- </dev/null)
said "a closed output" $?
tools/size --help 2>"$tmp/err" | :
is "${PIPESTATUS[0]}, $(cat "$tmp/err")" '141, ' "a reader that has gone"

# FILE is one that is missing, then random bytes.
while read -r words; do
    for file in "$tmp/nothing" "$tmp/garbage"; do
        eval "set -- ${words//FILE/\$file}"
        err=$("$@" 2>&1 >/dev/null </dev/null)
        said "$words: ${file##*/}" $?
    done
done <<'TABLE'
tools/asm-dir FILE.o
tools/guestlibs -o "$tmp/lib" FILE
tools/ksyms FILE
tools/mkinitrd -o "$tmp/out" FILE
tools/mkiso -o "$tmp/out" --kernel FILE --initrd FILE --append x
tools/policies FILE
tools/trace-view FILE
TABLE
for words in "tools/check-skips $tmp/folder" "tools/lint $tmp/nothing" \
    "tools/trace-view $tmp/folder"; do
    err=$($words 2>&1 >/dev/null </dev/null)
    said "$words" $?
done

# Output files that cannot be written.
while read -r words; do
    for file in /dev/full "$tmp/nothing/at/all"; do
        eval "set -- ${words//FILE/\$file}"
        err=$("$@" 2>&1 >/dev/null </dev/null)
        said "$words: $file" $?
        like "$err" "$file" "and names it"
    done
done <<'TABLE'
tools/mkinitrd -o FILE "$tmp/list"
tools/policies --string '1 2 3' --svg FILE
tools/trace-view "$tmp/trace" -o FILE
tools/vm --verdict FILE --ram much -- true
TABLE

tools/trace-view "$tmp/trace" --svg >"$tmp/svg" &&
    python3 -c 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])' \
        "$tmp/svg" 2>"$tmp/err"
ok $? "a picture is well-formed, whatever a program is named" "$(cat "$tmp/err")"
like "$(cat "$tmp/svg")" '\\x01\\x1b\[2J\\x7f\\ud800&lt;&amp;' "and shows the name"
out=$(tools/trace-view "$tmp/trace" --text)
unlike "$out" $'[\001\007\033]' "nor does a name reach the terminal as it is"
done_testing
