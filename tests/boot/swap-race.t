#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Interleavings of swap on the race stage; a disk that takes no page at all.
. "$(dirname "$0")/../lib.sh"

programs swaprace
truncate -s 64K "$tmp/disk"
vm_ok "the machine goes on" --ram 32M --swap 64K --disk "$tmp/disk" \
    --add "$progs" -- /t/swaprace 2
facts

# Four at once wait for frames that never come free: each of them is killed,
# none waits for the failing writes of the others.
head -c 4M /dev/zero >"$tmp/area"
put() { # OFFSET BYTES
    # shellcheck disable=SC2059
    printf "$2" | dd of="$tmp/area" bs=1 seek="$1" conv=notrunc status=none
}
put 1024 '\001\000\000\000\377\003\000\000'
put 4086 SWAPSPACE2
printf '[inject-error]\nevent = "write_aio"\nerrno = "5"\n' >"$tmp/errors"
rm -f "$progs/t/"*
programs hog
vm --ram 24M --add "$progs" --log "$tmp/log" --qemu-arg -drive \
    --qemu-arg "file=blkdebug:$tmp/errors:$tmp/area,format=raw,if=ide,index=0" \
    -- 'swapon /dev/hda; /t/hog private 40 4; tail -n 1 /proc/check
    swapoff /dev/hda && cat /proc/swaps | wc -l'
like "$out" '^4 processes: 4 killed' "no write succeeds: they are killed"
like "$out" '^free [0-9]+$' "the checkers pass"
like "$out" '^1$' "and the area can be left"
done_testing
