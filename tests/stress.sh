# SPDX-License-Identifier: MIT
# What tests/boot/stress.t and tests/slow/stress.t share: a machine with 16 MiB
# and two areas of swap, in which tests/boot/progs/stress.c runs.
#
#     stress MODE MILLIONS [SEED]    one job of the next machine
#     stressed                       that machine, and what holds for each
#
# SEED: every sleep point gives way to others, now and then.

programs stress
truncate -s 64M "$tmp/second"
mkswap=$(PATH=$PATH:/sbin:/usr/sbin command -v mkswap) ||
    skip_all "mkswap is not installed"

stresses=()

# Where tools/vm puts its own disk, the other name is the second area's.
stress() {
    stresses+=("$*")
    job "$*" "swapon /dev/hda 2>/dev/null || swapon /dev/hdb 2>/dev/null
        echo areas \$(grep -c ^/dev /proc/swaps)
        /t/stress $* && cat /proc/check && grep ^Swap /proc/meminfo"
}

judge() {
    local mode=$1 left
    job_ok "$*"
    like "$out" "^$mode: [1-9][0-9]+ operations .*, 0 mismatches\$" \
        "every word is right"
    is "$(grep -cE '^areas 2$|^mm ok|^ipc ok: 0 segments' <<<"$out")" 3 \
        "two areas, clean checkers, nothing left" "$out"
    left=$(awk '/^SwapTotal/ { n = $2 } /^SwapFree/ { print n - $2 }' <<<"$out")
    [ "${left:-9999}" -lt 300 ] # what the shells may have there
    ok $? "no slot stays behind" "$out"
}

stressed() {
    local words
    "$mkswap" -q "$tmp/second" 2>/dev/null
    share --icount --ram 16M --swap 64M --disk "$tmp/second" --add "$progs"
    # shellcheck disable=SC2086 # one word each
    for words in "${stresses[@]}"; do judge $words; done
    stresses=()
}
