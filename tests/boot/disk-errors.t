#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Disks that fail: bad sectors, a drive that does not answer in time, one that
# is taken away. The reader gets EIO, the log a sentence, the machine goes on.
. "$(dirname "$0")/../lib.sh"

head -c 4M /dev/urandom >"$tmp/image"

# --- bad sectors --------------------------------------------------------
cat >"$tmp/errors" <<'CONF'
[inject-error]
event = "read_aio"
errno = "5"
sector = "2049"
[inject-error]
event = "write_aio"
errno = "5"
sector = "4096"
CONF
bad="file=blkdebug:$tmp/errors:$tmp/image,format=raw,if=ide,index=0"
page() { # VERB INDEX
    echo "dd if=/dev/hda bs=4096 count=1 skip=$1 2>/dev/null | wc -c;"
}
for dma in "" nodma; do
    vm_ok "a bad sector ${dma:-dma}" --append "ide=$dma" --log "$tmp/log" \
        --qemu-arg -drive --qemu-arg "$bad" -- "$(page 255) $(page 256)
        $(page 257) dd if=/dev/hda bs=65536 of=/dev/null
        dd if=/dev/hda of=/dev/hda bs=4096 skip=500 seek=511 count=1 &&
        dd if=/dev/hda of=/dev/hda bs=4096 skip=500 seek=512 count=1
        dd if=/dev/hda bs=4096 skip=512 count=1 of=/tmp/after
        i=0; while [ \$i -lt 30 ]; do $(page 256) i=\$((i+1)); done
        cat /proc/check"
    is "$(grep -xE '[0-9]+' <<<"$out" | head -n 4 | tr '\n' ' ')" \
        "4096 0 4096 0 " "costs its page and no other"
    is "$(grep -c 'Input/output error' <<<"$out")" 2 \
        "who reads or writes it is told"
    like "$(cat "$tmp/log")" '^hda: read of sector 2048 failed: status ' \
        "the log tells about the read"
    like "$(cat "$tmp/log")" '^hda: write of sector 4096 failed: status ' \
        "and about the write"
    is "$(grep -c '^hda: .* failed' "$tmp/log")" 9 "but not without end"
    like "$out" '^mm ok' "the checkers are content"
done

# --- a drive that answers late, and later in time again ----------------
# The first request uses up what the throttle allows for an hour.
slow="file=$tmp/image,format=raw,if=ide,index=0,throttling.bps-total=1"
cat >"$tmp/qmp.py" <<'PY'
"""Waits until FILE has LINE, then gives QEMU on SOCKET the command."""
import json, socket, sys, time
path, line, name, command = sys.argv[1:]
while line not in open(path, errors="replace").read().split("\n"):
    time.sleep(0.05)
s = socket.socket(socket.AF_UNIX)
s.connect(name)
f = s.makefile("rw")
for text in ('{"execute": "qmp_capabilities"}', command):
    f.readline()
    f.write(text + "\n")
    f.flush()
json.loads(f.readline())
PY
with_qmp() { # LINE COMMAND VM-ARGUMENTS...
    local line=$1 command=$2
    shift 2
    : >"$tmp/out"
    python3 "$tmp/qmp.py" "$tmp/out" "$line" "$tmp/qmp" "$command" &
    vm --qemu-arg -qmp --qemu-arg "unix:$tmp/qmp,server=on,wait=off" "$@"
    kill $! 2>/dev/null # where the line never came
    wait $!
}
for dma in "" nodma; do
    with_qmp stalled '{"execute": "block_set_io_throttle", "arguments": {
        "device": "ide0-hd0", "bps": 0, "bps_rd": 0, "bps_wr": 0,
        "iops": 0, "iops_rd": 0, "iops_wr": 0}}' \
        --append "ide_timeout=1 ide=$dma" --log "$tmp/log" \
        --qemu-arg -drive --qemu-arg "$slow" -- '
        i=0
        while dd if=/dev/hda of=/dev/null bs=4096 count=1 skip=$i; do
            i=$((i+1))
        done 2>/dev/null
        echo stalled
        until cat /dev/hda 2>/dev/null | wc -c | grep 4194304; do :; done
        cat /proc/check'
    is "$rc" 0 "a drive that stalls ${dma:-dma}: the machine goes on"
    like "$out" '^4194304' "and the drive is read when it answers again"
    like "$(cat "$tmp/log")" \
        '^hda: no answer to a read of sector [0-9]+ for 1 s: channel reset' \
        "the log says so"
    like "$out" '^mm ok' "the checkers are content"
done

# --- one that never answers again, one that is taken away ---------------
cat >"$tmp/dead" <<'SH'
read begin rest </proc/uptime
for i in 1 2 3 4 5 6 7 8 9; do
    dd if=/dev/hda of=/dev/null bs=4096 count=1 skip=$i
    dd if=/etc/rc of=/dev/hda bs=4096 count=1 seek=$i
done 2>/dev/null
read end rest </proc/uptime
echo $((${end%.*} - ${begin%.*})) seconds
cat /dev/hda
cat /proc/check
SH
mkdir -p "$tmp/add/t"
mv "$tmp/dead" "$tmp/add/t"
vm_ok "a drive that is dead: the machine goes on" --append ide_timeout=1 \
    --log "$tmp/log" --add "$tmp/add" --qemu-arg -drive --qemu-arg "$slow" \
    -- 'sh /t/dead'
like "$out" '^[2-5] seconds' "nobody waits for it more than twice"
like "$out" '^cat: /dev/hda: Input/output error' "it only has errors"
like "$(cat "$tmp/log")" \
    '^hda: no answer to a .* of sector [0-9]+ for 1 s: drive given up' \
    "the log says so"
like "$out" '^mm ok' "the checkers are content"

with_qmp gone '{"execute": "human-monitor-command", "arguments": {
    "command-line": "drive_del ide0-hd0"}}' --disk "$tmp/image" \
    --log "$tmp/log" -- 'dd if=/dev/hda of=/dev/null bs=4096 count=9; echo gone
    i=10
    while [ $i -lt 1000 ] && dd if=/dev/hda bs=4096 count=1 skip=$i; do
        i=$((i + 1))
    done >/dev/null
    cat /proc/check'
is "$rc" 0 "a drive that is taken away: the machine goes on"
like "$out" 'Input/output error' "it has errors"
like "$(cat "$tmp/log")" '^hda: read of sector [0-9]+ failed' "the log says so"
like "$out" '^mm ok' "the checkers are content"
done_testing
