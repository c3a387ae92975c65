#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What tools/vm answers before any machine starts: 126 and one sentence.
. "$(dirname "$0")/../lib.sh"

refused() {
    local want=$1
    shift
    run tools/vm "$@" </dev/null # not vm, which adds options
    err=$out
    is "$rc" 126 "$*: refused"
    like "$err" "$want" "$*: says why"
    is "$(wc -l <<<"$err")" 1 "$*: in one line"
}

refused 'no such option' --no-such-option -- true
refused 'COMMAND comes after --' true
refused 'wants a value' --ram
refused 'no size' --ram much -- true
refused 'no size' --ram 0M -- true
refused 'no number of seconds' --timeout soon -- true
refused 'neither kernel nor iso' --boot floppy -- true
refused 'neither qemu nor bochs' --emulator other -- true
refused 'no number of instructions' --limit 1T -- true
refused '--limit needs --icount' --limit 1M -- true
refused '--limit needs a COMMAND' --icount --limit 1M
refused 'may hold only' --append 'a b$c' -- true
refused 'more than 980' --append "$(printf 'x%.0s' {1..1001})" -- true
refused 'works with QEMU only' --emulator bochs --trace "$tmp/trace" -- true
refused 'no size' --swap lots -- true
refused '39K is less than 40K' --swap 39K -- true
refused "more than a disk's" --swap 128G -- true
refused 'works with QEMU only' --emulator bochs --icount -- true
refused 'works with QEMU only' --emulator bochs --gdb -- true
refused 'needs a COMMAND' --emulator bochs
refused 'needs a COMMAND' --log "$tmp/log"

echo stale >"$tmp/verdict"
vm --ram much --verdict "$tmp/verdict" -- true
is "$(cat "$tmp/verdict")" 'no machine: --ram: much is no size such as 64M or 1G' \
    "--verdict: also when there is no machine"
refused '--verdict: .*: No such file' --verdict "$tmp/no/where" -- true
refused '--verdict: /dev/full: No space left' --verdict /dev/full --ram much
refused 'Is a directory' --verdict "$tmp" -- true

FAULTLINE_BUILD=$tmp/nothing refused 'run make first' -- true

# A build folder with a kernel that is only headers: nothing is started.
mkdir -p "$tmp/b/user/bin"
python3 - "$tmp/b/kernel.elf" <<'PY'
import struct, sys
head = b"\x7fELF\1\1\1".ljust(16, b"\0") + struct.pack(
    "<HHIIIIIHHHHHH", 2, 3, 1, 0x100000, 52, 0, 0, 52, 32, 1, 0, 0, 0)
load = struct.pack("<8I", 1, 0, 0xC0100000, 0x100000, 0, 0x300000, 7, 4096)
open(sys.argv[1], "wb").write(head + load)
PY
head -c 8192 /dev/zero >"$tmp/b/initrd"
echo >"$tmp/b/user/bin/vmsh"
echo >"$tmp/b/user/bin/vminit"
export FAULTLINE_BUILD=$tmp/b
refused 'need 7M' --ram 6M -- true
refused 'no folder' --add "$tmp/nowhere" -- true
refused 'no such file' --disk "$tmp/nowhere" -- true
refused 'is no file' --disk "$tmp" -- true
head -c 1000 /dev/zero >"$tmp/odd"
refused 'has 1000 bytes' --disk "$tmp/odd" -- true
: >"$tmp/empty"
refused 'has 0 bytes' --disk "$tmp/empty" -- true
truncate -s 64K "$tmp/disk"
d=(--disk "$tmp/disk")
ln -s disk "$tmp/same"
refused "disk: $tmp/same is there twice" "${d[@]}" --disk "$tmp/same" -- true
refused 'at most 4 disks' "${d[@]}" "${d[@]}" "${d[@]}" "${d[@]}" --swap 40K \
    -- true
refused 'at most 3 disks fit, the CD is hdc' --boot iso "${d[@]}" "${d[@]}" \
    "${d[@]}" --swap 40K -- true
if [ "$(id -u)" = 0 ]; then
    skip "a disk that may not be written" "root may"
else
    chmod 400 "$tmp/disk"
    refused 'may not be read and written' "${d[@]}" -- true
fi
refused 'No such file' --log "$tmp/no/where" -- true
refused 'No such file' --trace "$tmp/no/where" -- true
mkdir "$tmp/special"
mkfifo "$tmp/special/pipe"
refused 'pipe is a special file' --add "$tmp/special" -- true
TMPDIR=$tmp/nowhere refused 'did not start: .*no-such-thing' \
    --qemu-arg -no-such-thing -- true
err=$( (ulimit -f 4 && tools/vm -- true) 2>&1 </dev/null)
is "$?, $err" "126, $(grep -o 'tools/vm: /.*/initrd: File too large' <<<"$err")" \
    "a copy of the initrd that cannot be written: one sentence"
mkdir "$tmp/unreadable"
echo secret >"$tmp/unreadable/file"
chmod 0 "$tmp/unreadable/file"
if [ -r "$tmp/unreadable/file" ]; then
    skip "an unreadable file below --add" "root may read it"
else
    refused "^tools/vm: $tmp/unreadable/file: Permission denied\$" \
        --add "$tmp/unreadable" -- true
fi

mkdir "$tmp/bin"
ln -s "$(command -v env)" "$tmp/bin/env"
ln -s "$(python3 -c 'import sys; print(sys.executable)')" "$tmp/bin/python3"
err=$(PATH=$tmp/bin FAULTLINE_TOOLS=$tmp tools/vm -- true 2>&1 </dev/null)
is $? 126 "a missing emulator: refused"
like "$err" 'qemu-system-i386 is missing: .*qemu-system-x86' \
    "a missing emulator: names the package"
err=$(PATH=$tmp/bin FAULTLINE_TOOLS=$tmp python3 - "$tmp" 2>&1 <<'PY'
import sys
sys.path.insert(0, "tools")
from vmlib import disks, errors
disks.SBIN = ()
try:
    disks._mkswap(sys.argv[1] + "/swap", 1 << 20)
except errors.VmError as e:
    print(e)
PY
)
like "$err" 'mkswap is missing: .*util-linux' \
    "a missing mkswap: names the package"

mkdir "$tmp/runs"
TMPDIR=$tmp/runs vm --qemu-arg -no-such-thing -- true
is "$(ls "$tmp/runs")" '' "no folder is left behind"
out=$(tools/vm --help)
like "$out" '--icount' "--help lists the options"

done_testing
