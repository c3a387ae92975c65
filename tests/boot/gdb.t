#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gdb stands in shm_swap_in and sees one backtrace, through the trap, into the
# user program's line; every hop shows its arguments and, in the debug build, all
# its variables. The build's folder and that for temporary files have names that
# mean something to shells and to gdb, and another gdb has taken gdb.out.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../gdb.sh"

odd="$tmp/it's a \$HOME #1 & co: \"x\""
long=$odd/$(printf '%0110d' 0)
mkdir -p "$odd/user/bin" "$long" &&
    cp "$build"/{kernel.elf,initrd,initrd.list} "$odd" &&
    cp "$build"/user/bin/{testwrite,testread,watchpage,vmsh,vminit}{,.debug} \
        "$odd/user/bin" && ln -s "$build/user/lib" "$odd/user/lib"
ok $? "a build with an odd name"
export FAULTLINE_BUILD=$odd

mkdir "$odd/gdb.out"
out=$(GDB_ARGS=-batch timeout $limit tools/gdb/start </dev/null 2>&1)
in_time $?
like "$out" '^fl-start: cannot write .*/gdb\.out: Is a directory$' \
    "what cannot be written is said"
rmdir "$odd/gdb.out"
exec 9>"$odd/gdb.out"
flock 9
hops='trap_dispatch do_page_fault fault_find_vma find_vma do_no_page do_wp_page
    do_swap_page do_anonymous_page do_cow_page shm_swap_in filemap_nopage
    get_free_page set_pte fault_finish'
swap_hops='shm_evict shm_unmap_page shm_slot_to_swap write_swap_page
    shm_swap_in read_swap_page set_pte'
cat >"$tmp/script" <<'GDB'
break shm_swap_in
continue
printf "== bt\n"
bt
printf "== hops\n"
frame function do_swap_page
info args
frame function do_no_page
info args
frame function do_page_fault
info args
printf "== finish\n"
delete
break set_pte
continue
bt 3
delete
printf "== every hop\n"
GDB
for hop in $hops; do
    echo "tbreak $hop"
done >>"$tmp/script"
for hop in $hops; do
    printf 'continue\nbt full\n'
done >>"$tmp/script"
out=$(CMD="echo  'a*b   c'; testwrite; testread" TMPDIR=$long \
    GDB_ARGS="-batch -x $tmp/script" \
    timeout $limit tools/gdb/start </dev/null 2>&1)
rc=$?
in_time $rc
ok $rc "gdb attaches and runs its script" "$out"
is "$(head -n 1 "$odd/gdb-2.out")" 'a*b   c' \
    "the guest gets COMMAND as it is; its output has a file of its own"
like "$out" 'what that prints: .*/gdb-2\.out; .* gdb-2\.log' "which is told"
is "$(cat "$odd/gdb.out")" '' "and another gdb's is left alone"
bt=$(sed -n '/^== bt/,/^== hops/p' <<<"$out")
like "$(functions <<<"$bt")" '^shm_swap_in do_swap_page do_no_page .*do_page_fault trap_dispatch .*<signal handler called> .*main$' \
    "one backtrace from shm_swap_in into the program"
like "$bt" 'main .* at .*user/shm/testwrite\.c:[0-9]+' "with its source line"
unlike "$bt" 'optimized out|\.isra|\.constprop|\.part' "nothing is optimized away"
unlike "$(sed -n '/^== hops/,/^== finish/p' <<<"$out")" 'optimized out' \
    "each hop shows its arguments"
like "$(sed -n '/^== finish/,/^== every/p' <<<"$out")" 'set_pte' \
    "the entry is written in set_pte"

# hidden WHAT: of the frames that are hops, the arguments, or the variables, that
# gdb cannot show
hidden() {
    sed -n '/^== every hop/,$p' <<<"$out" |
        awk -v what="$1" -v hops="$hops $swap_hops" '
        BEGIN { n = split(hops, h); while (n) is_hop[h[n--]] = 1 }
        /^#/ { name = $2 ~ /^0x/ ? $4 : $2 }
        !/optimized out/ || !is_hop[name] { next }
        (what == "arguments") == /^#/ { print name ": " $0 }'
}

# stands_at HOPS: gdb stopped there, and shows what each knows
stands_at() {
    local stops
    stops=$(sed -n '/^== every hop/,$s/^#0 .*in \(\w*\) .*\|^#0  *\(\w*\) .*/\1\2/p' <<<"$out")
    is "$(sort <<<"$stops")" "$(tr -s ' \n' '\n' <<<"$1" | sort)" \
        "gdb stops at each hop"
    is "$(hidden arguments | grep ' #0')" '' "and shows its arguments"
    case $build in # in the release build what was used last may be gone
    *-debug)
        is "$(hidden arguments)" '' "and those of its callers"
        is "$(hidden variables)" '' "and all variables"
        ;;
    esac
}

stands_at "$hops"

# The way out of memory and back.
{
    echo 'printf "== every hop\n"'
    for hop in $swap_hops; do
        printf 'tbreak %s\ncontinue\nbt full\n' "$hop"
    done
} >"$tmp/script"
out=$(GDB_ARGS="-batch -x $tmp/script" timeout $limit \
    tools/gdb/start --ram 16M --swap 64M -- watchpage </dev/null 2>&1)
rc=$?
in_time $rc
ok $rc "a page leaves and comes back" "$out"
stands_at "$swap_hops"
done_testing
