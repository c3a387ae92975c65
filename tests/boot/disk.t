#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Disks: what the guest reads and writes is what the host's files hold, by DMA
# and by PIO, on four drives; tests/boot/progs/blkdev.c has what a disk is as a
# file.
. "$(dirname "$0")/../lib.sh"

programs blkdev
head -c 256K /dev/urandom >"$tmp/image"
head -c 99999 /dev/urandom >"$progs/t/data"
cp "$tmp/image" "$progs/t/image"

# --- no disk ------------------------------------------------------------
vm_ok "a machine without a disk" --log "$tmp/log" -- \
    'cat /proc/partitions /proc/diskstats; echo /dev/hd*'
is "$(grep -c hd <<<"$out")" 1 "has none"
unlike "$(cat "$tmp/log")" 'hd[a-d]' "and does not speak of any"

# --- four of them, at once, and what is written is kept ----------------
cat >"$progs/t/four" <<'SH'
cat /proc/partitions
for d in a b c d; do
    {
        cmp /t/image /dev/hd$d && echo hd$d is the same
        dd if=/t/data of=/dev/hd$d bs=4096 seek=17
        dd if=/t/data of=/dev/hd$d bs=1000 seek=133
        echo at the beginning >/dev/hd$d
        dd if=/t/data of=/dev/hd$d bs=4096 seek=58
    } 2>/tmp/$d &
done
wait
cat /tmp/[abcd] /proc/diskstats
SH
python3 - "$tmp/image" "$progs/t/data" "$tmp/want" <<'PY'
import sys
image, data = (bytearray(open(name, "rb").read()) for name in sys.argv[1:3])
size = len(image)
for at, what in ((17 * 4096, data), (133000, data), (0, b"at the beginning\n"),
                 (58 * 4096, data[:6 * 4096])):
    image[at:at + len(what)] = what
open(sys.argv[3], "wb").write(image)
PY

four() { # NAME SORT OPTION...
    local name=$1 sort=$2 d
    shift 2
    for d in a b c d; do cp "$tmp/image" "$tmp/$d"; done
    vm_ok "$name" --add "$progs" --log "$tmp/log" --disk "$tmp/a" \
        --disk "$tmp/b" --disk "$tmp/c" --disk "$tmp/d" "$@" -- 'sh /t/four'
    is "$(grep -c "^hd[a-d]: .*, 256 KiB, $sort" "$tmp/log")" 4 \
        "$name: all by $sort"
    is "$(grep -c 'is the same' <<<"$out")" 4 "$name: read"
    is "$(grep -c 'No space left' <<<"$out")" 4 "$name: they have an end"
    for d in a b c d; do
        cmp "$tmp/$d" "$tmp/want"
        ok $? "$name: hd$d was written"
    done
}
four "DMA" DMA
like "$out" '^   3       64 +256 hdb$' "they are in /proc/partitions"
like "$out" '^  22      64 hdd 64 0 512 [0-9]+ 156 0 1248 ' \
    "what they did is in /proc/diskstats"
four "PIO" PIO --append ide=nodma
for d in a b c d; do cp "$tmp/image" "$tmp/$d"; done
vm_ok "a machine without PCI" --qemu-arg -machine --qemu-arg isapc \
    --disk "$tmp/a" --log "$tmp/log" --add "$progs" -- 'cmp /t/image /dev/hda'
like "$(cat "$tmp/log")" '^hda: .*, PIO' "has a disk by PIO"
vm_ok "beside the CD" --boot iso --disk "$tmp/a" --disk "$tmp/b" \
    --swap 40K --log "$tmp/log" --add "$progs" -- \
    'cmp /t/image /dev/hda && cmp /t/image /dev/hdb && cat /proc/swaps'
like "$out" '^/dev/hdd +partition[[:space:]]+36' "the last is swapped on"
like "$(cat "$tmp/log")" '^hdc: no disk but an ATAPI drive' "hdc is left alone"

# --- as a file ----------------------------------------------------------
python3 - "$tmp/numbers" <<'PY'
import struct, sys
n = (4096 + 3) * 128
open(sys.argv[1], "wb").write(struct.pack("<%dI" % n, *range(n)))
PY
PATH=$PATH:/sbin:/usr/sbin
truncate -s 1M "$tmp/area"
mkswap "$tmp/area" >/dev/null 2>&1
truncate -s 16M "$tmp/big"
job "a disk as a file" '/t/blkdev && cat /proc/check'
job "a disk larger than RAM" \
    'wc -c </dev/hdc; dd if=/dev/hdc of=/dev/hdc bs=65536; cat /proc/check'
share --ram 12M --add "$progs" --disk "$tmp/numbers" --disk "$tmp/area" \
    --disk "$tmp/big"
job_ok "a disk as a file"
facts
like "$out" '^mm ok' "the checkers are content"
job_ok "a disk larger than RAM"
like "$out" '^ *16777216$' "is read"
like "$out" '^256\+0' "and written"
like "$out" '^mm ok' "the checkers are content"
done_testing
