#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The worked examples of user/shm/ print what is recorded in examples/, in
# Faultline and on this host, whose Linux may say otherwise: a remark; and hops
# tells their fault hop by hop.
. "$(dirname "$0")/../lib.sh"
recorded=tests/user/examples
programs='testwrite testread parentchild twoviews rmid permissions'

# compare VERDICT FILE PROGRAM NAME: VERDICT is ok or remark
compare() {
    cmp -s "$2" "$recorded/$3.out"
    $1 $? "$4" "$(diff "$recorded/$3.out" "$2")"
}

# All of them one after the other, with segments of their own.
as_root=
[ "$(id -u)" = 0 ] || as_root='sudo -n'
cat >"$tmp/on_host" <<'END'
for program in $3 'whofaults -d'; do
    "$1"/$program >"$2/${program%% *}.host" 2>&1
done
END
if ! "$build/user/bin/sh" -c : 2>/dev/null; then
    skip "the examples on this host" "it cannot run i386 programs"
elif ! $as_root unshare -i true 2>/dev/null; then
    skip "the examples on this host" "no IPC namespace of its own here"
else
    $as_root unshare -i sh "$tmp/on_host" "$build/user/bin" "$tmp" "$programs"
    for program in $programs whofaults; do
        compare remark "$tmp/$program.host" "$program" "$program: on this host"
    done
fi

command='cd /tmp'
for program in $programs 'whofaults -d'; do
    command="$command; $program >${program%% *}.out 2>&1"
done
job "all examples run in Faultline" \
    "$command; for f in *.out; do echo \"@@ \$f\"; cat \$f; done"
job "they run twice in a row" 'for n in 1 2; do
for p in testwrite testread parentchild twoviews whofaults rmid permissions; do
    $p >/tmp/out || exit 1; tail -n 1 /tmp/out | grep -q "^ok" || exit 1
done; done'
job "no program of /bin is missing" \
    'for f in /bin/*; do [ -x $f ] || exit 1; done; [ -x /sbin/init ]'
job "the worked example of /etc/rc" 'ipcrm -a; sh -e /etc/rc'
job "/etc/selftest" /etc/selftest
share

job_ok "all examples run in Faultline"
for program in $programs whofaults; do
    sed -n "/^@@ $program.out\$/,/^@@ /{/^@@ /d;p}" <<<"$out" >"$tmp/guest"
    compare ok "$tmp/guest" "$program" "$program: in Faultline"
done
job_ok "they run twice in a row"
job_ok "no program of /bin is missing"
job_ok "the worked example of /etc/rc"
like "$out" 'shm_swap_in' "shows the reader's fault"
job_ok "/etc/selftest"

job "hops testread" \
    'testwrite >/dev/null; hops testread; ipcrm -a; testwrite >/dev/null'
job "hops -a" 'hops -a whofaults 2>&1'
share --icount
job_ok "hops testread"
like "$out" '^name: k age 29;' "its command's output comes through"
is "$(sed -n 's/^ *\([0-9-][0-9-]*\)  \([a-z_]*\)  .*/\1 \2/p' <<<"$out")" \
    '1-2 trap_entry
3 trap_dispatch
4 do_page_fault
5 fault_find_vma
6 find_vma
7 do_no_page
8 do_swap_page
9 shm_swap_in
11 set_pte
- fault_finish' "the hops of a resident page, in order"
like "$out" 'Somebody touched it before' "the page was resident"
unlike "$out" '.{80}' "it fits into 80 columns"

job_ok "hops -a"
like "$out" '10  get_free_page' "a first touch takes a frame"
like "$out" '7  do_wp_page' "a copy on write is one of the faults"
unlike "$out" '.{80}' "all of it fits into 80 columns"
done_testing
