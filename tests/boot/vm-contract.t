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

limit=$(ulimit -S -v)
ulimit -S -v 900000 # KiB of address space, as where many share a machine
status 0 "output" -- 'echo one; echo two 1>&2; printf "three\r\n\0"'
ulimit -S -v "$limit"
is "$err" '' "a run that succeeds says nothing on stderr"
printed "output arrives byte for byte, in the order written" \
    'one\ntwo\nthree\r\n\0'
status 1 "standard output is no terminal" --log "$tmp/log" -- \
    'echo output; test -t 1'
[ "$out" = output ] && [ -s "$tmp/log" ] && ! grep -q output "$tmp/log"
ok $? "--log FILE holds the kernel log, not COMMAND's output"
status 125 "COMMAND's own exit status" -- 'exit 125'
verdict 'exit 125'
status 0 "an empty COMMAND" --

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
status 0 "a script brought along, and what --add lays down" "${trees[@]}" -- \
    '/t/script a "b c"; cat /t/both /t/real/file; ls -l /t/setid'
is "$(head -n 1 <<<"$out")" 'args:2:b c' "quotes reach the guest's shell"
like "$out" '^later$' "the later tree wins"
like "$out" '^through$' "a folder goes through a symbolic link into its target"
like "$out" '^-rwsr-sr-x +[0-9]+ +(root|0) +(root|0) ' "modes and owner"
printf '#!/nowhere\n' >"$tmp/add2/bin/sh"
chmod 755 "$tmp/add2/bin/sh"
status 3 "COMMAND's shell is out of --add's reach" "${trees[@]}" -- 'exit 3'

status 0 "--ram 32M, --append" --ram 32M --log "$tmp/log" --append 'some.option=1 delay=zz ide_timeout=0' \
    --append 'trace=loud com3=phone console=tty9 ide=x ide=nodma' -- \
    'grep -q some.option=1 /proc/cmdline'
for word in delay=zz ide_timeout=0 trace=loud com3=phone console=tty9; do
    like "$(cat "$tmp/log")" "^boot: $word: it cannot be that" \
        "the log says that $word is none"
done
is "$(grep -E 'means nothing' "$tmp/log")" \
    'boot: the word some.option=1 means nothing to the kernel' \
    "and which word nobody asks for"
small_build
FAULTLINE_BUILD=$small status 0 "--boot iso" --boot iso \
    --append 'some.option=1' -- 'echo iso; read words </proc/cmdline
    case " $words " in *" some.option=1 "*) ;; *) false ;; esac'
printed "the ISO runs the same command" 'iso\n'

status 124 "a COMMAND that does not end" --icount --swap 1M --limit 900G \
    --timeout 1 -- 'echo before; sleep 1000' # with a disk, sleep takes its time
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
status 0 "--ram 1G; a process left behind does not keep the machine" \
    --ram 1G -- 'sleep 1000 & pwd; umask; id -u; env; cat; echo end'
is "$(sed -n 1,3p <<<"$out")" $'/\n0022\n0' "cwd /, umask 022, uid 0"
is "$(grep = <<<"$out" | grep -vE '^(_|PWD|OLDPWD|SHLVL)=' | sort)" \
    $'HOME=/root\nPATH=/bin:/usr/bin:/sbin:/usr/sbin\nTERM=dumb' "environment"
is "$(tail -n 1 <<<"$out")" end "standard input is empty"
status 126 "a reboot is no verdict" -- 'reboot; sleep 1000'
like "$err" 'without a verdict' "and it is said"
verdict "no machine: $(sed -n '1s/^tools.vm: //p' <<<"$err")"

# A console that is a pipe: what comes is typed, its end is ^D at the prompt.
printf 'echo $((6 * 7))\nread line; echo "<$line>"\nno newline here' |
    timeout $patience tools/vm --verdict "$tmp/verdict" >"$tmp/out" 2>&1
is $? 0 "a console whose input is at its end"
out=$(tr -d '\r' <"$tmp/out")
like "$out" '42$' "what was typed before has run"
like "$out" '<no newline here>$' "the last line too, without its newline"
verdict power-off

: >"$tmp/out"
TMPDIR=$tmp tools/vm --timeout $patience -- 'echo up; sleep 1000' \
    >"$tmp/out" 2>&1 &
machine=$!
await "output of the machine" test -s "$tmp/out"
# through cat, since awk ends at a file of a process that has just gone
emulator=$(cat /proc/[0-9]*/stat 2>/dev/null |
    awk -v p=$machine '$4 == p { print $1 }')
like "$emulator" '^[0-9]+$' "tools/vm has one child"
kill -9 $machine
wait $machine 2>/dev/null
# dead: it is gone, or its status only waits to be read
dead() {
    [ ! -r "/proc/$1/stat" ] || grep -q ') [ZX] ' "/proc/$1/stat"
}
await "end of the emulator" dead "${emulator:-0}"
ok 0 "the emulator dies with tools/vm"
left=$(ls -d "$tmp"/faultline-run-*)
[ -d "$left" ]
ok $? "a tools/vm that is killed leaves its folder" "$left"

# Standard output is full; the folder has a name too long for a socket.
long=$tmp/$(printf 'n%.0s' {1..110})
mkdir "$long"
err=$(TMPDIR=$tmp tools/vm -- 'seq 3' 2>&1 >/dev/full </dev/null)
is "$?, $err" "126, tools/vm: standard output: No space left on device" \
    "output that cannot be delivered"
is "$(ls -d "$tmp"/faultline-run-* 2>/dev/null)" '' "the next one has removed what was left"
err=$(TMPDIR=$tmp tools/vm --trace /dev/full -- true 2>&1 </dev/null)
is "$?, $err" "126, tools/vm: --trace: /dev/full: No space left on device" \
    "a trace that cannot be written"
TMPDIR=$long gdb_machine -- true
[ -S "$target" ] && [ ${#target} -lt 108 ]
ok $? "gdb gets a name of its socket that is short enough" "$target"
kill $machine
wait $machine
is "$?, $(ls "$long")$(ls -d "${target%/*/*}" 2>&1 | grep -c 'No such')" '143, 1' \
    "and all is removed at the end"
done_testing
