#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docs/swap.md tells how a page leaves memory and comes back: for each of its
# lists the events come in that order, with the right values.
. "$(dirname "$0")/../lib.sh"
. tests/boot/order.sh

book=docs/swap.md
programs swaps
vm --icount --ram 32M --swap 4M --add "$progs" -- '/t/swaps; cat /proc/check'
is "$rc" 0 "the pages go and come" "$err"
like "$out" '^mm ok' "the counts agree afterwards"
grep '^case ' <<<"$out" >"$tmp/cases"

# value EVENT KEY [N]: the value in the case at hand, of its Nth such event
value() {
    sed -n "s/.* $1 .*\b$2=\([^ ]*\).*/\1/p" <<<"$events" |
        sed -n "${3:-1}p"
}

# same WHAT GOT WANT: collects what is not as it should be
same() {
    [ "$2" = "$3" ] || wrong+="$1 is $2, should be $3"$'\n'
}

# slot_of ENTRY: the slot a swap entry names, in area 0
slot_of() {
    echo $((0x$1 >> 8))
}

while read -r _ number name pid; do
    events=$(happened "${pid#pid=}" "$number")
    is "$(awk '{ print $4 }' <<<"$events")" "$(listed "$name")" \
        "$name: the events are those of $book"
    wrong=
    case $name in
    shm-evict)
        same "entries found" "$(value shm_scan mapped)" 2
        for n in 1 2; do
            same "entry $n afterwards" "$(value pte_set after $n)" 00000040
        done
        same "frame freed" "$(value page_free pfn)" "$(value shm_evict pfn)"
        same "slot written" "$(value swap_write slot)" "$(value shm_evict slot)"
        ;;
    private-evict)
        same "slot in the entry" "$(slot_of "$(value pte_set after)")" \
            "$(value swap_write slot)"
        same "frame freed" "$(value page_free pfn)" "$(value swap_out pfn)"
        ;;
    private-clean)
        same "slot in the entry" "$(slot_of "$(value pte_set after)")" \
            "$(value swap_out slot)"
        ;;
    *)
        entry=$(value fault_class pte)
        [ "${name%%-*}" = shm ] && entry=$(value shm_page slot)
        major=$(value fault_exit majflt)
        ;;
    esac
    case $name in
    shm-swap-in)
        same "slot read" "$(value swap_read slot)" "$(slot_of "$entry")"
        same "state" "$(value shm_page state)" 3
        same "major faults" "$major" 1
        ;;
    private-swap-in | private-swap-copy)
        same "slot read" "$(value swap_read slot)" "$(slot_of "$entry")"
        same "frame mapped first" "$(value pte_set pfn)" "$(value swap_read pfn)"
        last=$(grep -c pte_set <<<"$events")
        same "count of the frame" "$(value pte_set count "$last")" 1
        ;;
    private-cached)
        same "slot" "$(value swap_cached slot)" "$(slot_of "$entry")"
        same "count: cache and two entries" "$(value pte_set count)" 3
        same "major faults" "$major" 0
        ;;
    shm-swap-error)
        same "signal" "$(value fault_signal signal)" 7
        same "outcome" "$(value fault_exit outcome)" 3
        ;;
    esac
    ok $((${#wrong} > 0)) "$name: so are their values" "$wrong$events"
done <"$tmp/cases"

is "$(sed -n 's/^```fault-order //p' "$book" | sort)" \
    "$(awk '{ print $3 }' "$tmp/cases" | sort -u)" \
    "every list of $book has been tried, every case has its list"
done_testing
