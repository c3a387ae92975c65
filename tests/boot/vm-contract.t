#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What docs/vm.md promises, on real machines.
. "$(dirname "$0")/../lib.sh"

# status WANT NAME ARGUMENTS...: runs, compares the exit status
status() {
    local want=$1 name=$2
    shift 2
    vm --verdict "$tmp/verdict" "$@"
    [ "$rc" = "$want" ]
    ok $? "$name" "exit status $rc, wanted $want: $(tail -n 1 "$tmp/err")"
}

# verdict LINE: what the last run left in its file
verdict() {
    is "$(cat "$tmp/verdict")" "$1" "the verdict: $1"
}

# printed NAME TEXT: exactly TEXT was printed
printed() {
    printf "$2" >"$tmp/want"
    cmp -s "$tmp/out" "$tmp/want"
    ok $? "$1" "printed: $(head -c 200 "$tmp/out" | od -c | head -n 3)"
}

status 0 "true" -- true
is "$err" '' "a run that succeeds says nothing on stderr"
status 1 "false" -- false
status 125 "COMMAND's own exit status" -- 'exit 125'
verdict 'exit 125'
status 0 "an empty COMMAND" --
status 0 "output" -- 'echo one; echo two 1>&2; printf "three\r\n\0"'
printed "output arrives byte for byte, in the order written" \
    'one\ntwo\nthree\r\n\0'

mkdir -p "$tmp/add/t" "$tmp/add2/t" "$tmp/add2/bin"
head -c 200000 /dev/urandom >"$tmp/add/t/bytes"
printf '#!/bin/sh\necho "args:$#:$2"\n' >"$tmp/add2/t/script"
chmod 755 "$tmp/add2/t/script"
echo later >"$tmp/add2/t/both"
echo earlier >"$tmp/add/t/both"
echo setid >"$tmp/add/t/setid"
chmod 6755 "$tmp/add/t/setid"
ln -s bytes "$tmp/add/t/link"
mkdir "$tmp/add/t/real" "$tmp/add2/t/real"
ln -s real "$tmp/add/t/folder"
mkdir "$tmp/add2/t/folder"
echo through >"$tmp/add2/t/folder/file"
trees=(--add "$tmp/add" --add "$tmp/add2")
status 0 "--add, twice" "${trees[@]}" -- 'cat /t/link'
cmp -s "$tmp/out" "$tmp/add/t/bytes"
ok $? "200,000 random bytes come through unchanged, through a symbolic link"
status 0 "a script brought along" "${trees[@]}" -- '/t/script a "b c"'
printed "quotes reach the guest's shell" 'args:2:b c\n'
status 0 "what --add lays down" "${trees[@]}" -- \
    'cat /t/both /t/real/file; ls -l /t/setid'
like "$out" '^later$' "the later tree wins"
like "$out" '^through$' "a folder goes through a symbolic link into its target"
like "$out" '^-rwsr-sr-x +[0-9]+ +(root|0) +(root|0) ' "modes and owner"
printf '#!/nowhere\n' >"$tmp/add2/bin/sh"
chmod 755 "$tmp/add2/bin/sh"
status 3 "COMMAND's shell is out of --add's reach" "${trees[@]}" -- 'exit 3'

status 0 "--ram 32M" --ram 32M -- true
status 0 "--ram 1G" --ram 1G -- true
status 0 "--append" --append 'some.option=1' -- \
    'grep -q some.option=1 /proc/cmdline'
status 0 "--boot iso" --boot iso --append 'some.option=1' -- \
    'echo iso; grep -q some.option=1 /proc/cmdline'
printed "the ISO runs the same command" 'iso\n'

status 124 "a COMMAND that does not end" --icount --limit 900G --timeout 1 -- \
    'echo before; while true; do true; done'
verdict time-out
like "$err" 'within 1 seconds \([0-9,]+( million)? instructions executed, the limit is 900,000 million\)' \
    "how far it was"
printed "what it printed so far is delivered" 'before\n'
status 124 "a limit in instructions" --icount --limit 20M -- \
    'while true; do true; done'
verdict limit
like "$err" 'COMMAND did not end within 20 million instructions' "it is said"
status 125 "a kernel panic" -- 'echo c > /proc/sysrq-trigger'
like "$err" '^kernel panic: ' "the panic's sentence is on stderr"
verdict panic
status 137 "killed by a signal: 128 + number" -- 'sh -c "kill -9 \$\$"'
status 137 "COMMAND's own shell killed" -- 'kill -9 $$'
verdict 'killed by 9'
status 0 "a process left behind does not keep the machine" -- 'sleep 1000 &'
status 0 "COMMAND's surroundings" -- 'pwd; umask; id -u; env; cat; echo end'
is "$(sed -n 1,3p <<<"$out")" $'/\n0022\n0' "cwd /, umask 022, uid 0"
is "$(grep = <<<"$out" | grep -vE '^(_|PWD|OLDPWD|SHLVL)=' | sort)" \
    $'HOME=/root\nPATH=/bin:/usr/bin:/sbin:/usr/sbin\nTERM=dumb' "environment"
is "$(tail -n 1 <<<"$out")" end "standard input is empty"
status 1 "standard output is no terminal" -- 'test -t 1'
status 126 "a reboot is no verdict" -- 'reboot; sleep 1000'
like "$err" 'without a verdict' "and it is said"
verdict "no machine: $(sed -n '1s/^tools.vm: //p' <<<"$err")"

vm --log "$tmp/log" -- 'echo output'
[ -s "$tmp/log" ] && ! grep -q output "$tmp/log"
ok $? "--log FILE holds the kernel log, not COMMAND's output"

: >"$tmp/out" # what the last machine said would do, until this one begins
TMPDIR=$tmp tools/vm --timeout $patience -- 'echo up; sleep 1000' \
    >"$tmp/out" 2>&1 &
machine=$!
await "output of the machine" test -s "$tmp/out"
# processes come and go while this is read, so awk cannot open the files
emulator=$(cat /proc/[0-9]*/stat 2>/dev/null |
    sed -n "s/^\([0-9]*\) (.*) [A-Z] $machine .*/\1/p")
like "$emulator" '^[0-9]+$' "tools/vm has one child"
kill -9 $machine
wait $machine 2>/dev/null
# dead: it is gone, or its status only waits to be read
dead() {
    [ ! -r "/proc/$1/stat" ] || grep -q ') [ZX] ' "/proc/$1/stat"
}
await "end of the emulator" dead "${emulator:-0}"
ok 0 "the emulator dies with tools/vm"
done_testing
