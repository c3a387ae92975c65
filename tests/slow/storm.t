#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A storm of everything that can be done to segments, from several processes,
# long enough to meet itself: no panic, every invariant holds, no frame is lost.
. "$(dirname "$0")/../lib.sh"

programs storm
steady "twelve processes, 6,000 steps each" '/t/storm 12 6000' \
    --icount --ram 64M --add "$progs"
like "$out" '^12 processes, 6000 steps each, 0 died' "all of them came through"
vm "--icount" --ram 64M --add "$progs" -- '/t/storm 12 6000 >/dev/null; ipcs -m'
unlike "$out" '^0x' "no segment is left"

tools/guestcc -static -std=gnu11 -O1 -o "$progs/t/readers" \
    tests/user/proc_storm.c
vm_ok "readers of /proc, while 1,000 processes come and go" --icount \
    --add "$progs" -- 'ROUNDS=1000 /t/readers'
is "$(grep -c ': exit 0$' <<<"$out")" 3 "each of them finds what it may"
done_testing
