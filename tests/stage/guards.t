#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The staged tests of classic bugs: tests/boot/progs/bNN.c plays the
# interleaving, the machine's checkers watch. Those that want the same machine
# share one.
#
# usage: tests/stage/guards.t [NAME...]     for example: b07
#
# ROUNDS: how often, in one boot. INSTRUCTIONS, PATIENCE: how many of them, and
# of seconds, a machine may take; without, what any test may.
. "$(dirname "$0")/../lib.sh"

# machine OPTIONS NAME...: those of them that are wanted
wanted=" ${*:-$(cd tests/boot/progs && echo b[0-9]*.c | sed 's/\.c//g')} "
wanted=${wanted,,}
machine() {
    local options=$1 name staged=()
    shift
    for name; do
        [[ $wanted != *" $name "* ]] || staged+=("$name")
    done
    [ ${#staged[@]} -gt 0 ] || return
    programs "${staged[@]}"
    for name in "${staged[@]}"; do
        job "$name: the machine goes on" \
            "/t/$name ${ROUNDS-$(rounds "$name")}"
    done
    # shellcheck disable=SC2086 # one word an option
    share --icount $options --add "$progs" --limit "${INSTRUCTIONS:-$most}" \
        ${PATIENCE:+--timeout "$PATIENCE"}
    for name in "${staged[@]}"; do
        job_ok "$name: the machine goes on"
        facts
    done
    rm -r "$progs"
}

rounds() {
    case $1 in
    b01 | b02) echo 1 ;;
    *) echo 10 ;;
    esac
}

machine "--ram 16M --swap 32M" b01
machine "" b02
machine "--ram 32M --swap 64K" b07 b38
machine "--ram 32M --swap 1M" b06 b13 b14 b32 b35
[ $tests_run -gt 0 ]
ok $? "there is a test of each name" "none of$wanted"
is "$(sed -n 's/^Test: tests.stage.guards.t //p' tests/mutants/*.patch | sort -u | tr '\n' ' ')" \
    "$(cd tests/boot/progs && echo b[0-9]*.c | sed 's/\.c//g') " \
    "each has its mutant"
done_testing
