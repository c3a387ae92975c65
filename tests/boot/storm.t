#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A storm of everything that can be done to segments, from several processes,
# with little memory: no panic, every invariant holds, no frame is lost.
. "$(dirname "$0")/../lib.sh"

programs storm
steady "six processes, 400 steps each" '/t/storm 6 400' \
    --ram 24M --add "$progs"
like "$out" '^6 processes, 400 steps each, 0 died' "all of them came through"
vm --ram 24M --add "$progs" -- '/t/storm 6 400 >/dev/null; ipcs -m'
unlike "$out" '^0x' "no segment is left"
done_testing
