#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# docs/page-fault.md tells what the kernel does: for each class of fault the
# events come in the order of the document's list, with the right values.
. "$(dirname "$0")/../lib.sh"
. tests/boot/order.sh

book=docs/page-fault.md
programs faults
vm --icount --add "$progs" -- '/t/faults'
is "$rc" 0 "the faults are provoked" "$err"
grep '^case ' <<<"$out" >"$tmp/cases"

# key EVENT KEY: the value in the case at hand
key() {
    sed -n "s/.* $1 .*\b$2=\([^ ]*\).*/\1/p" <<<"$events" | head -n 1
}

# word KEY: the value in the line of the case at hand
word() {
    sed -n "s/.* $1=\([^ ]*\).*/\1/p" <<<"$line "
}

# same WHAT GOT WANT: collects what is not as it should be
same() {
    [ "$2" = "$3" ] || wrong+="$1 is $2, should be $3"$'\n'
}

# What holds for every fault that is served, and for every one refused.
check_counts() {
    local growth=1
    [ "$(key fault_exit outcome)" = 0 ] || growth=0
    same minflt "$(key fault_exit minflt)" $(($(word before) + growth))
    same majflt "$(key fault_exit majflt)" 0
    same addresses "$(grep -oE ' addr=[0-9a-f]+' <<<"$events" | sort -u)" \
        " addr=$(word addr)"
    same class "$(key fault_class class)" "$(word class | grep -v '^0$')"
}

frame() {
    printf '%x' $((0x$1 >> 12))
}

# The entry written holds the frame, which is the one allocated, if one was.
check_entry() {
    local after=$(key pte_set after) writable=0
    same "frame of the entry" "$(frame "$after")" "$(key pte_set pfn)"
    same "entry before" "$(key pte_set before)" "$(key fault_class pte)"
    grep -q page_alloc <<<"$events" &&
        same "frame" "$(key page_alloc pfn)" "$(key pte_set pfn)"
    [ $((0x$(key fault_enter code) & 2)) = 2 ] && writable=2
    [ "$name" = shm-resident ] || [ "$name" = shm-none ] && writable=2
    same "entry's write bit" $((0x$after & 2)) $writable
    same "entry's present and user bits" $((0x$after & 5)) 5
}

check_shm() {
    local slot=$(($(word id) & 0x7fff)) index=$(word index) entry
    entry=$(printf '%08x' $((32 << 1 | slot << 8 | index << 18)))
    [ "$name" = shm-none ] && entry=00000000
    same "entry before" "$(key pte_set before)" "$entry"
    same "count of the frame" "$(key pte_set count)" "$(word count)"
    same "segment" "$(key shm_page id) $(key shm_page index)" "$(word id) $index"
    same "frame" "$(key shm_page pfn)" "$(key pte_set pfn)"
    if [ "$name" = shm-first-touch ]; then
        first_frame=$(key pte_set pfn)
        same "page slot" "$(key shm_page slot)" 00000000
    else
        same "page slot" "$(frame "$(key shm_page slot)")" "$first_frame"
    fi
    same "everybody's frame" "$(key pte_set pfn)" "$first_frame"
}

check_cow() {
    local copied=1
    [ "$name" = cow-reuse ] && copied=0
    [ "$(frame "$(key pte_set before)")" != "$(key pte_set pfn)" ]
    same "another frame than before" $((1 - $?)) $copied
    same "count of the frame" "$(key pte_set count)" 1
    same "write bit before" $((0x$(key pte_set before) & 2)) 0
}

while read -r _ number name rest; do
    line="$name $rest"
    events=$(happened "$(word pid)" "$number")
    is "$(awk '{ print $4 }' <<<"$events")" "$(listed "$name")" \
        "$name: the events are those of $book"
    wrong=
    check_counts
    grep -q pte_set <<<"$events" && check_entry
    case $name in
    shm-*) check_shm ;;
    cow-* | zero-write) check_cow ;;
    zero-read | anon-write) same "count of the frame" "$(key pte_set count)" 1 ;;
    file-read) same "count of the frame" "$(key pte_set count)" 2 ;;
    segv-*) same "si_code" "$(key fault_signal code)" "$(word code)" ;;
    beyond-file) same "signal" "$(key fault_signal signal)" 7 ;;
    out-of-memory) same "outcome" "$(key fault_exit outcome)" 4 ;;
    esac
    ok $((${#wrong} > 0)) "$name: so are their values" "$wrong$events"
done <"$tmp/cases"

is "$(sed -n 's/^```fault-order //p' "$book" | sort)" \
    "$(awk '{ print $3 }' "$tmp/cases" | sort -u)" \
    "every list of $book has been tried, every fault has its list"
done_testing
