#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The trace in the guest: the program trace, and filters by event, process and
# class of fault.
. "$(dirname "$0")/../lib.sh"

# part N: what the guest printed behind "@ N", up to the next one
part() {
    sed -n "/^@ $1\$/,/^@ /{/^@ /d;p}" "$tmp/out"
}

# events N: the names of the events there, sorted, once each
events() {
    part "$1" | awk '$1 ~ /^[0-9]+$/ { print $4 }' | sort -u | tr '\n' ' '
}

vm_ok "trace does as it is told" -- '
run() { trace clear; trace on; "$@" >/dev/null 2>&1; trace off; }
echo @ 1; run true; trace show
echo @ 2; trace clear; trace show | wc -l; trace
echo @ 3; trace filter event=fault_exit,task_*; run true; trace show; trace
echo @ 4; trace filter class=shm; run testwrite; trace show
echo @ 5; trace filter class=none; run twoviews; trace show
echo @ 6; trace filter class=cow event=fault_enter,fault_class; run sh -c "true; true"
trace show
echo @ 7; trace filter pid=$$ event=syscall; run true; trace show
echo $$
echo @ 8; trace filter; trace; run true; trace show | grep -c .
echo @ 9
for bad in event=no event= pid=x pid=99999 class=no nonsense event=mark, \
    pid=1,2,3,4,5,6,7,8,9 "event=mark  foo"; do
    trace filter $bad; echo "$? $bad"
done 2>&1
trace frobnicate 2>&1; echo $?
trace filter event=$(seq 300 | tr "\n" ,) 2>&1; echo $?
trace | grep filter
echo @ 10; trace filter event=task_name; run true; trace show
echo @ end'

like "$(events 1)" 'fault_enter.*pte_set.*task_exec' "on, off, show"
is "$(part 2 | head -n 1)" 0 "clear"
like "$(part 2)" '^trace:  off$' "its state"
is "$(events 3)" 'fault_exit task_exec task_exit task_fork task_name task_switch ' \
    "filter by event: names and stars"
like "$(part 3)" '^filter: event=fault_exit,task_\*$' "the state tells the filter"
is "$(part 4 | awk '{ print $4 }' | tr '\n' ' ')" \
    'fault_enter fault_vma fault_class page_alloc shm_page pte_set fault_exit fault_enter fault_vma fault_class shm_page pte_set fault_exit ' \
    "filter by class: two faults of a segment, whole"
like "$(part 4)" 'fault_enter.* code=6 ' "with what was known before the class"
is "$(part 5 | awk '{ print $4 }' | tr '\n' ' ')" \
    'fault_enter fault_vma fault_signal fault_exit ' \
    "class none: refused before it had one"
# the number of "cow" among the kernel's words
cow=$(tools/gen-facts | grep -o '"FAULT_CLASSES":.*' | grep -o '\["[A-Z_]*","[a-z]*"' |
    grep -n '"cow"' | head -n 1 | cut -d : -f 1)
is "$(part 6 | grep -c fault_enter)" "$(part 6 | grep -c "class=$((cow - 1))")" \
    "two words: both hold"
like "$(part 6)" "fault_class .* class=$((cow - 1)) " "of the class"
is "$(events 6)" 'fault_class fault_enter ' "and these events"
is "$(part 7 | awk 'NF > 3 { print $3, $4 }' | sort -u)" \
    "$(part 7 | tail -n 1) syscall" "filter by process"
like "$(part 8)" '^filter: none$' "filter without a word: none"
is "$(part 9 | grep -c 'no such event, pid or class$')" 9 "nonsense is refused"
is "$(part 9 | grep -cE '^1 ')" 9 "with status 1"
like "$(part 9)" '^usage: trace ' "an unknown word"
like "$(part 9)" 'too long$' "a filter that is too long"
like "$(part 9)" '^filter: none$' "the filter has stayed as it was"
like "$(part 10)" 'task_name task=1 name=init$' "who is there is named"
done_testing
