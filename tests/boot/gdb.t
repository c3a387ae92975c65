#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gdb stands in shm_swap_in and sees one backtrace, through the trap, into the
# user program's line; every hop shows its arguments.
. "$(dirname "$0")/../lib.sh"

command -v gdb >/dev/null || skip_all "gdb is not installed"

mkdir -p "$tmp/b/user"
for name in kernel.elf initrd user/bin; do
    ln -s "$build/$name" "$tmp/b/$name"
done
cat >"$tmp/script" <<'GDB'
user testwrite
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
GDB
out=$(FAULTLINE_BUILD=$tmp/b GDB_ARGS="-batch -x $tmp/script" \
    timeout 100 tools/gdb/start 'testwrite; testread' </dev/null 2>&1)
ok $? "gdb attaches and runs its script" "$out"
bt=$(sed -n '/^== bt/,/^== hops/p' <<<"$out")
names=$(sed -n 's/^#[0-9]* *\(0x[0-9a-f]* in \)\{0,1\}\([A-Za-z_<][A-Za-z_0-9 ]*>\{0,1\}\).*/\2/p' <<<"$bt" | sed 's/ *$//')
path=$(paste -sd ' ' <<<"$names")
like "$path" 'shm_swap_in do_swap_page do_no_page .*do_page_fault trap_dispatch .*<signal handler called> .*main' \
    "one backtrace from shm_swap_in into the program"
like "$bt" 'main .* at .*user/shm/testwrite\.c:[0-9]+' "with its source line"
unlike "$bt" 'optimized out|\.isra|\.constprop|\.part' "nothing is optimized away"
unlike "$(sed -n '/^== hops/,/^== finish/p' <<<"$out")" 'optimized out' \
    "each hop shows its arguments"
like "$(sed -n '/^== finish/,$p' <<<"$out")" 'set_pte' "the entry is written in set_pte"
done_testing
