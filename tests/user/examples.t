#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The worked examples of user/shm/ print what is recorded in examples/, on
# this host and in Faultline; and hops tells their fault hop by hop.
. "$(dirname "$0")/../lib.sh"
recorded=tests/user/examples
programs='testwrite testread parentchild twoviews rmid permissions'

compare() {
    cmp -s "$1" "$recorded/$2.out"
    ok $? "$3" "$(diff "$recorded/$2.out" "$1")"
}

run_on_host() {
    "$build/user/bin/$1" ${2-} >"$tmp/host.out" 2>&1
    compare "$tmp/host.out" "$1" "$1 ${2-}: on this host"
}

# Ids of segments of this host that testwrite may have made.
examples_segments() {
    awk 'int($1 / 16777216) == 70 && $4 == 80 { printf "%s ", $2 }' \
        /proc/sysvipc/shm
}

if ! "$build/user/bin/sh" -c : 2>/dev/null; then
    skip "the examples on this host" "it cannot run i386 programs"
elif [ "$(uname -s)" = Linux ] && [ -r /proc/sysvipc/shm ]; then
    before=$(examples_segments)
    for program in $programs; do
        if [ "$program" = permissions ] && [ "$(id -u)" != 0 ]; then
            skip "permissions: on this host" "only root becomes others"
        else
            run_on_host "$program"
        fi
    done
    run_on_host whofaults -d
    for id in $(examples_segments); do
        case " $before " in *" $id "*) continue ;; esac
        "$build/user/bin/ipcrm" -m "$id"
    done
else
    skip "the examples on this host" "it has no System V shared memory"
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
    compare "$tmp/guest" "$program" "$program: in Faultline"
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
