# SPDX-License-Identifier: MIT
# What tests in bash share: TAP, and machines. A test begins with
#
#     . "$(dirname "$0")/../lib.sh"
#
# and ends with `done_testing`. It then runs in the project's root, and $tmp is
# a folder of its own.
#
#     ok STATUS NAME [REMARK]      holds when STATUS is 0
#     is GOT WANT NAME             two texts are the same
#     like GOT REGEX NAME          GOT has a line that matches
#     unlike GOT REGEX NAME        GOT has none
#     remark STATUS NAME [REMARK]  what this machine says, and not Faultline:
#         in the summary when STATUS is not 0, a failure under STRICT=1
#     skip NAME REASON             counts as passed, says why it did not run
#     skip_all REASON              the whole file
#     undecided NAME REASON        this machine was too slow to tell
#     give_up REASON               so is the rest of the file; ends it
#
#     vm ARGUMENTS...              tools/vm; fills $out, $err, $rc. The machine
#         counts its instructions and ends with 124 after $most, unless
#         ARGUMENTS rule that out or have a --limit; where it has not ended
#         after $patience seconds the test gives up, unless ARGUMENTS have a
#         --timeout
#     vm_ok NAME ARGUMENTS...      the same, and passes when $rc is 0
#     run COMMAND...               fills $out, also with what it said on standard
#         error, and $rc. Gives up where it has not ended after $patience seconds
#     await WHAT COMMAND...        until COMMAND succeeds; gives up likewise
#     gdb_machine ARGUMENTS...     tools/vm --gdb in the background: $machine is
#         its process, $target where gdb finds it; it writes to $tmp/machine
#         and $tmp/machine.err
#     steady NAME COMMAND [ARGUMENTS...]
#         COMMAND of the guest's shell succeeds and leaves everything as it
#         was: mm_check and ipc_check pass, no page frame is lost. ARGUMENTS
#         are options of tools/vm.
#     job steady_job share job_out job_ok
#         several commands in one machine: tests/jobs.sh
#     plain_build                  $plain is the build under test, without a
#         debug build beside it, which tools/vm --gdb would take
#     small_build                  $small is the same with an empty initrd: a
#         COMMAND of built-in commands runs there, and GRUB has less to read
#     programs NAME...             builds tests/boot/progs/NAME.c; then
#         --add "$progs" brings them as /t/NAME. Skips the whole file where
#         the compiler cannot build 32-bit programs.
#     facts                        each fact such a program told in $out

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
exec </dev/null
root=$PWD
umask 022
export LC_ALL=C.UTF-8
unset CDPATH
# shellcheck source=/dev/null
[ ! -r .tools/env ] || . .tools/env # tools/setup --user
[ -d "${TMPDIR:-/tmp}" ] || unset TMPDIR
# names of files there become words of lists, of CC and of GDB_ARGS
case ${TMPDIR-} in *[!A-Za-z0-9/._-]*) [ ! -w /tmp ] || unset TMPDIR ;; esac
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
tests_run=0
tests_failed=0
build=$(realpath -m "${FAULTLINE_BUILD:-build}")
guest_tools=tests/guest # laid over the root of each machine
progs=$tmp/progs
patience=900 # seconds; a machine that hangs takes as long
most=30G     # instructions of a machine; the largest test takes a tenth

ok() {
    tests_run=$((tests_run + 1))
    if [ "$1" = 0 ]; then
        echo "ok $tests_run - $2"
        return
    fi
    tests_failed=$((tests_failed + 1))
    echo "not ok $tests_run - $2"
    if [ -n "${3-}" ]; then
        printf '%s\n' "$3" | head -n 40 | sed 's/^/# /'
    fi
}

is() {
    [ "$1" = "$2" ]
    ok $? "$3" "got:  $1
want: $2"
}

like() {
    grep -qE -- "$2" <<<"$1"
    ok $? "$3" "$1
matches not: $2"
}

unlike() {
    ! grep -qE -- "$2" <<<"$1"
    ok $? "$3" "$1
matches: $2"
}

skip() {
    tests_run=$((tests_run + 1))
    echo "ok $tests_run - $1 # skip $2"
}

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

strict() {
    [ "${STRICT:-0}" != 0 ]
}

# collect KIND TEXT: into the summary that tools/run-tests prints at its end
collect() {
    [ -z "${FAULTLINE_SUMMARY-}" ] ||
        printf '%s\t%s\t%s\n' "$1" "tests/${0##*tests/}" \
            "$(tr -s '\n\t ' ' ' <<<"$2" | sed 's/ $//')" >>"$FAULTLINE_SUMMARY"
}

remark() {
    if [ "$1" = 0 ] || strict; then
        ok "$@"
        return
    fi
    ok 0 "$2"
    printf 'remark: this machine says otherwise\n%s\n' "${3-}" |
        head -n 40 | sed 's/^/# /'
    collect remark "$2"
}

undecided() {
    if strict; then
        ok 1 "$1" "not decided: $2"
        return
    fi
    skip "$1" "not decided: $2"
    collect undecided "$1: $2"
}

give_up() {
    undecided "the rest" "$1"
    done_testing
}

done_testing() {
    echo "1..$tests_run"
    [ "$tests_failed" = 0 ]
    exit
}

# too_slow ARGUMENTS...: the machine ran out of seconds, and not of what
# ARGUMENTS allow it
too_slow() {
    case $rc in 124 | 126) ;; *) return 1 ;; esac
    case " $* " in *' --timeout'[\ =]*) return 1 ;; esac
    grep -qE 'did not end within [0-9]+ seconds|not reached in time' \
        "$tmp/err"
}

# counted ARGUMENTS: the options that make a machine count. Without an --icount
# of its own an instruction is eight nanoseconds of the machine, not one: the
# firmware waits a millisecond for each drive, and GRUB 55 for its clock.
counted() {
    local word limit="--limit $most" clock="--qemu-arg -icount" sleep=off
    for word; do
        case $word in
        --) break ;;
        bochs | --emulator=bochs | --gdb) return ;;
        --limit | --limit=*) limit= ;;
        --icount) clock= ;;
        --swap | --swap=* | --disk | --disk=* | *-drive) sleep=on ;;
        esac
    done
    # as tools/vm has it: a drive takes its own time
    [ -z "$clock" ] || clock+=" --qemu-arg shift=3,sleep=$sleep"
    echo "--icount $limit $clock"
}

vm() {
    # shellcheck disable=SC2046 # words
    tools/vm --timeout $patience $(counted "$@") "$@" \
        </dev/null >"$tmp/out" 2>"$tmp/err"
    rc=$?
    out=$(tr -d '\0' <"$tmp/out")
    err=$(tr -d '\0' <"$tmp/err")
    ! too_slow "$@" || give_up "$err"
}

run() {
    local begin=$SECONDS
    timeout -k 5 "$patience" "$@" >"$tmp/out" 2>&1
    rc=$?
    out=$(tr -d '\0\r' <"$tmp/out")
    [ $((SECONDS - begin)) -lt "$patience" ] ||
        give_up "$1 did not end within $patience seconds"
}

await() {
    local what=$1 begin=$SECONDS
    shift
    until "$@"; do
        [ $((SECONDS - begin)) -lt "$patience" ] ||
            give_up "no $what after $patience seconds"
        sleep 0.05
    done
}

attachable() {
    target=$(sed -n 's/^target remote //p' "$tmp/machine.err")
    [ -S "$target" ] || ! kill -0 "$machine" 2>/dev/null
}

gdb_machine() {
    : >"$tmp/machine.err"
    tools/vm --gdb --timeout $patience "$@" \
        >"$tmp/machine" 2>"$tmp/machine.err" &
    machine=$!
    await "machine for gdb" attachable
}

vm_ok() {
    local name=$1
    shift
    vm "$@"
    ok "$rc" "$name" "status $rc
$out
$err"
}

steady() {
    local name=$1 command=$2
    shift 2
    mkdir -p "$tmp/steady/t"
    printf '%s\n' "$command" >"$tmp/steady/t/case"
    vm_ok "$name" --add "$guest_tools" --add "$tmp/steady" "$@" \
        -- '/t/steady /t/case'
}

plain_build() {
    local name
    plain=$tmp/plain
    mkdir -p "$plain/user"
    for name in kernel.elf initrd user/bin; do
        ln -s "$build/$name" "$plain/$name"
    done
}

small_build() {
    small=$tmp/small
    mkdir -p "$small/user"
    ln -s "$build/kernel.elf" "$small/kernel.elf"
    ln -s "$build/user/bin" "$small/user/bin"
    echo "dir 755 /bin" >"$small/list"
    tools/mkinitrd -o "$small/initrd" "$small/list"
}

# kept NAME: the path of tests/boot/progs/NAME.c as a program, which is kept in
# the build folder for as long as sources, compiler and flags are the same
kept() {
    local flags='-static -std=gnu11 -O1 -g -Wall -Wextra -Werror'
    local folder=$build/tests-boot source=tests/boot/progs/$1.c sum
    sum=$({
        echo "${CC-} $flags"
        cat "$source" tests/boot/progs/*.h tools/guestcc "$build/.flags"
    } 2>/dev/null | cksum)
    sum=${sum%% *}
    echo "$folder/$1.$sum"
    [ ! -x "$folder/$1.$sum" ] || return 0
    mkdir -p "$folder"
    rm -f "$folder/$1".*
    # shellcheck disable=SC2086 # words
    tools/guestcc $flags -o "$folder/new.$$" "$source" 2>"$tmp/cc" &&
        mv "$folder/new.$$" "$folder/$1.$sum"
}

programs() {
    local name path
    mkdir -p "$progs/t"
    for name in "$@"; do
        path=$(kept "$name") && cp "$path" "$progs/t/$name" || break
    done
    [ ! -s "$tmp/cc" ] && return
    echo 'int main(void) { return 0; }' |
        tools/guestcc -static -xc -o "$tmp/try" - 2>/dev/null ||
        skip_all "gcc -m32 cannot build programs here"
    ok 1 "$name builds" "$(cat "$tmp/cc")"
    done_testing
}

facts() {
    local word fact
    while read -r word fact; do
        [ "$word" = yes ]
        ok $? "$fact"
    done < <(awk '/^end$/ { exit } /^(yes|NO) /' <<<"$out")
    is "$(grep -c '^end$' <<<"$out")" 1 "the program came to its end"
}

. tests/jobs.sh
