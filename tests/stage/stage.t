#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The race stage itself: every sleep point, failing transfers, the transcript
# of docs/testing.md, bad input, delays, gdb, and what a point costs.
. "$(dirname "$0")/../lib.sh"

# block N: the Nth code block of the document's section
block() {
    awk -v want="$1" '/^## / { in_it = /^## The race stage/ }
        in_it && /^```/ { n += !inside; inside = !inside; next }
        in_it && inside && n == want' docs/testing.md
}

programs stage
# The transcript comes first: it tells numbers of processes.
vm --ram 32M --swap 1M --add "$progs" -- "$(block 1)"'
echo @; hold nowhere 1; hold user_copy 999; hold user_copy a; hold user_copy
release 3; release x; release; staged 999; staged; staged $$ 0
hold munmap $$; hold munmap 1 7; hold | grep armed
echo release all >/proc/stage && echo bogus >/proc/stage
echo hold munmap 1 1 1 >/proc/stage
echo clear >/proc/stage; hold | grep -c armed
for c in hold release staged; do $c --help; done
echo @; /t/stage; echo status $?
exit 7'
# part N: what came behind the Nth @
part() {
    awk -v want="$1" '$0 == "@" { n++; next } n == want' "$tmp/out"
}
is "$(part 0)" "$(block 2)" "the transcript of docs/testing.md"
is "$rc" 7 "bad input"
is "$err" "" "is the commands' own affair"
is "$(part 1)" "hold: nowhere 1: wants a point of /proc/stage and a number
hold: there is no process 999
hold: user_copy a: wants a point of /proc/stage and a number
usage: hold [POINT PID [NTH]]
release: process 3 is not held
release: x: wants a number, or all
usage: release PID | all
staged: there is no process 999
usage: staged PID [SECONDS]
staged: 0 s, and process 3 is not held
munmap 3 armed 1
munmap 1 armed 7
echo: write error: Invalid argument
echo: write error: Invalid argument
0
usage: hold [POINT PID [NTH]]
usage: release PID | all
usage: staged PID [SECONDS]" "and told in a sentence each"
out=$(part 2)
like "$out" '^status 0$' "held at every point, the machine is sound"
facts

# Whoever needs the page that kswapd is about to write waits for it; others,
# a shell for instance, go on.
vm --ram 16M --swap 64M -- 'k=$(ps | grep kswapd | { read pid rest; echo $pid; })
hold swap_write $k
evict 12 >/tmp/out & staged $k 60
echo alive; release $k
wait; tail -n 1 /tmp/out; cat /proc/check | tail -n 1'
is "$(head -n 2 <<<"$out")" "swap_write
alive" "kswapd is held: the machine answers"
like "$out" '^swap_successes [0-9]+$' "released, it goes on evicting"
like "$out" '^free [0-9]+$' "and all is well afterwards"

vm --icount --append delay=7 -- 'testwrite >/dev/null; parentchild | tail -n 1
hold | head -n 1; cat /proc/uptime; cat /proc/stat | grep ctxt'
like "$out" '^ok: parent and child share one page' "with delays it works"
like "$out" '^delay on' "which are on"
delayed=$out
vm --icount --append delay=7 -- 'testwrite >/dev/null; parentchild | tail -n 1
hold | head -n 1; cat /proc/uptime; cat /proc/stat | grep ctxt'
is "$out" "$delayed" "the same seed gives the same run"

# Held, and released, by writing variables: no function of the guest is called.
if command -v gdb >/dev/null; then
    plain_build
    block 3 >"$tmp/arm"
    block_release=$(sed -n '/^`print stage_holds/,/^$/p' docs/testing.md |
        tr '\n' ' ' | grep -o 'set var stage_holds[^`]*')
    cat >"$tmp/script" <<EOF
hbreak do_shmget
continue
source $tmp/arm
continue
printf "held: pid %d\n", stage_holds[0].task->pid
$block_release
delete
continue
EOF
    FAULTLINE_BUILD=$plain gdb_machine -- \
        'twoviews >/dev/null & p=$!; staged $p; ipcmk -M 4096 >/dev/null
        wait $p && echo went on'
    run gdb -q -nx -batch -ex "target remote $target" -x "$tmp/script" \
        "$build/kernel.elf"
    wait $machine
    is "$(cat "$tmp/machine")" "munmap
went on" "gdb holds a process and lets it go on"
    like "$out" '^held: pid [0-9]+$' "and says whom"
else
    skip "gdb holds a process" "gdb is not installed"
fi

# Off, a point reads a word of memory, tests it, and branches.
wrong=$(grep -rlE '\bmay_sleep\(SLEEP' --include='*.c' boot kernel mm ipc fs drivers | while read -r file; do
    ${CROSS-}objdump -dr -M intel --no-show-raw-insn "$build/$file.o" |
        awk -v file="$file" '
        /R_386_32[ \t]+stage_on/ {
            found++
            if (last !~ /(cmp|mov|or) /)
                print file ": " last
            left = 16
        }
        left && /[ \t]j[a-z]+ / { branched++; left = 0 }
        left { left-- }
        { last = $0 }
        END {
            if (!found || branched < found)
                print file ": " found + 0 " tests, " branched " branches"
        }'
done)
is "$wrong" "" "off, a point is a test and a branch"
done_testing
