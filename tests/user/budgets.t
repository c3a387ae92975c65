#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each worked example has exactly the page faults of budgets.txt: faults -c
# counts them from main on. Libraries decide over file-cached, anon-write and
# cow faults, so these are not compared.
. "$(dirname "$0")/../lib.sh"

budgets=tests/user/budgets.txt
machine=$(sed -n 's/^# options of tools\/vm: //p' $budgets)
kinds='zero-read file-read shm-first shm-resident shm-cached shm-swapin swap-cached
swap-read faster refused-maperr refused-accerr refused-bus refused-oom'

is "$(ls user/shm | sed -n 's/\.c$//p' | sort | tr '\n' ' ')" \
    "$(grep -v '^#' $budgets | cut -d' ' -f1 | sort | tr '\n' ' ')" \
    "every worked example has a budget"

# want PROGRAM: its line, with the zeros filled in
want() {
    awk -v program="$1" -v kinds="$(echo $kinds)" '$1 == program {
        for (i = 2; i <= NF; i++) {
            split($i, part, "=")
            n[part[1]] = part[2]
        }
        last = split(kinds, kind, " ")
        for (i = 1; i <= last; i++)
            print kind[i], n[kind[i]] + 0
    }' $budgets
}

counted=$(grep -v '^#\| - ' $budgets | cut -d' ' -f1)
command=
for program in $counted; do
    words=$(sed -n "s/^# arguments of $program: //p" $budgets)
    command+="echo @ $program; faults -c $program $words; "
done
vm_ok "they all run" $machine -- "$command"
for program in $counted; do
    got=$(sed -n "/^@ $program\$/,/^@ /p" "$tmp/out" |
        grep -xE "($(echo $kinds | tr ' ' '|')) [0-9]+")
    is "$got" "$(want "$program")" "$program"
done

job "faults of a child, of a static program, of none" '
faults -c sh -c "testwrite; true" | grep "^shm"
faults /.vm/sh -c true | grep "^process"
faults /no/such; echo $?; faults false; echo $?'
job "faults --all begins with the loader" 'faults --all true'
share
job_ok "faults of a child, of a static program, of none"
like "$out" '^shm-first 1$' "the shell's child is counted"
like "$out" '^process [0-9]+, sh, static: from its first instruction:$' \
    "a static program has no mark, and that is said"
like "$out" '^127$' "a command that is not there is 127"
like "$out" '^1$' "the status is that of the command"

job_ok "faults --all begins with the loader"
unlike "$out" 'from main on' "not from main on"
like "$out" '^[0-9]+ zero-read, [0-9]+ anon-write, .* cow-copy' "every kind"

# The columns: address, area, rights, kind, hops, cycles, min or maj, frame.
vm_ok "faults tells the worked example" --icount -- 'faults testwrite'
hex='[0-9a-f]{8}'
first=$(grep ' shm-first ' <<<"$out")
like "$out" '^process [0-9]+, testwrite, from main on:$' "whose faults they are"
like "$first" "^$hex $hex-$hex rw-S shm-first +12 +[0-9]{4} min \
[0-9a-f]+ +seg 0 p 0$" "a first touch: twelve hops, nobody else"
like "$(grep ' shm-resident ' <<<"$out")" \
    "r--S shm-resident +11 +[0-9]{3,4} min [0-9a-f]+ +seg 0 p 0$" \
    "the resident page: eleven"
like "$out" '1 shm-first, 1 shm-resident$' "the sums"

# shape LINE: what does not depend on compiler and image
shape() {
    awk '{ print $3, $4, $5, $7, $9, $10, $11, $12 }' <<<"$1"
}
told=$(grep '^[0-9a-f]\{8\} .* shm-resident ' docs/instruments.md)
is "$(shape "$told")" \
    "$(shape "$(grep ' shm-resident ' <<<"$out")")" \
    "docs/instruments.md shows that line"

done_testing
