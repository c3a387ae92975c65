# SPDX-License-Identifier: MIT
# What tests/boot/stress.t and tests/slow/stress.t share: a machine with 16 MiB
# and two areas of swap, in which tests/boot/progs/stress.c runs.
#
#     stress MODE MILLIONS [SEED]    fills $out, $rc
#
# SEED: every sleep point gives way to others, now and then.

programs stress
truncate -s 64M "$tmp/second"
mkswap=$(PATH=$PATH:/sbin:/usr/sbin command -v mkswap) ||
    skip_all "mkswap is not installed"

stress() {
    local mode=$1 millions=$2 left
    "$mkswap" -q "$tmp/second" 2>/dev/null
    # Where tools/vm puts its own disk, the other name is the second area's.
    vm --icount --ram 16M --swap 64M --disk "$tmp/second" --add "$progs" -- "
        swapon /dev/hda 2>/dev/null || swapon /dev/hdb
        echo areas \$(grep -c ^/dev /proc/swaps)
        /t/stress $* && cat /proc/check && grep ^Swap /proc/meminfo"
    ok "$rc" "$mode, $millions million instructions${3+, delay=$3}" "status $rc
$out
$err"
    like "$out" "^$mode: [1-9][0-9]+ operations .*, 0 mismatches\$" \
        "every word is right"
    is "$(grep -cE '^areas 2$|^mm ok|^ipc ok: 0 segments' <<<"$out")" 3 \
        "two areas, clean checkers, nothing left" "$out"
    left=$(awk '/^SwapTotal/ { n = $2 } /^SwapFree/ { print n - $2 }' <<<"$out")
    [ "${left:-9999}" -lt 300 ] # what the shells may have there
    ok $? "no slot stays behind" "$out"
}
