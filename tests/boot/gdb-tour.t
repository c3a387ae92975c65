#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The guided walks reach all their stops and print the documents' paragraphs;
# predictions are judged. And `why` in the guest says what gdb's says.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../gdb.sh"

programs areas
plain_build
export FAULTLINE_BUILD=$plain
answers=$tmp/answers
# tour fault --predict: one wrong, the last two right or wrong as it comes
printf '999\n067\n1\n' >"$answers"

gdb_session <<'GDB'
tour fault --predict
tour fault
tour next
tour next
tour next
tour next
tour next
tour next
tour next
tour next
tour next
tour next
tour next
tour shm --all
bt
tour fork --all
tour wrong
tour
tour swap --all
tour fault --predict
tour stop
GDB

stops=$(grep -c '^--- fault, ' <<<"$out")
is "$stops" 13 "tour fault: twelve stops, and the first once more"
order=$(sed -n 's/^--- fault, [0-9]* of [0-9]*: \(\w*\),.*/\1/p' <<<"$out" |
    head -n 12 | paste -sd ' ')
is "$order" "vector_14 trap_entry trap_dispatch do_page_fault fault_find_vma \
find_vma do_no_page do_swap_page shm_swap_in get_free_page set_pte \
fault_finish" "in the order of docs/page-fault.md"
like "$out" '^You said 999: it is [0-9]+\. 0 of 1 right' "a wrong prediction"
like "$out" '^You said 067: right\. 1 of 2 right' "a right one"
like "$out" '^The tour is over: [12] of 3 predictions were right' "the score"
like "$out" '^\*\*9\.\*\* `shm_swap_in` compares' "the document's paragraph"
is "$(grep -c '^--- shm, ' <<<"$out")" 7 "tour shm: seven stops"
like "$(calls bt)" '^set_pte .*<signal handler called> first_touch main$' \
    "which ends in testread, with its names"
is "$(grep -c '^--- fork, ' <<<"$out")" 5 "tour fork: five stops"
sentence "tour wrong" 'there is no tour wrong' "a tour that is none"
sentence "tour" 'which one' "no tour"
unlike "$(grep -v '^#' <<<"$out")" 'Traceback|Python Exception|optimized out' \
    "no traceback, all values"
if "${NM:-${CROSS-}nm}" "$build/kernel.elf" | grep -q ' swap_info$'; then
    is "$(grep -c '^--- swap, ' <<<"$out")" 7 "tour swap: seven stops"
else
    sentence "tour swap --all" 'has no swap' "tour swap without swap"
fi

# The guest's why of a process with attaches, and gdb's at the end of it.
addrs="8048000 bfffe123 10 bffe0000 c0000000 60000000 60001000 60002000
    70000000 70001000 70002000 70003123 70100000 70101000 70103000 70104000"
addrs=$(echo $addrs)
gdb_session --add "$progs" --swap 16M -- \
    "/t/areas; echo shm 0 1 >/proc/sys/vm/evict; for a in $addrs; do why 5 \$a; done; times" <<GDB
tbreak sys_times
continue
$(for a in $addrs; do echo "why 5 $a"; done)
continue
GDB
theirs=$(for a in $addrs; do said "why 5 $a"; done)
like "$theirs" '^  slot .*swap area 0, slot 1$' "one of the pages is in swap"
is "$(head -n -2 "$plain/gdb.out")" "$theirs" "why in the guest prints what gdb's prints"
done_testing
