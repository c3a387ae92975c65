#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The second emulator: the same ISO under Bochs, with a processor that has
# neither more nor less than a Pentium III.
. "$(dirname "$0")/../lib.sh"

command -v bochs >/dev/null || skip_all "bochs is not installed"
ls /usr/lib/*/bochs/plugins/libbx_term_gui.so >/dev/null 2>&1 ||
    skip_all "bochs-term is not installed"

head -c 256K /dev/urandom >"$tmp/disk"
mkdir -p "$tmp/add/t"
cp "$tmp/disk" "$tmp/add/t/image"
vm --emulator bochs --log "$tmp/log" --disk "$tmp/disk" \
    --swap 512K --add "$tmp/add" -- '
    cmp /t/image /dev/hda && echo the same
    dd if=/etc/passwd of=/dev/hda bs=64 seek=100; cat /proc/swaps
    testwrite && testread && whofaults; echo status $?; exit 9'
is "$rc" 9 "COMMAND's exit status comes back"
like "$out" '^name: b age 20;' "memory is shared"
like "$out" '^status 0' "all checks hold"
unlike "$(cat "$tmp/log")" '[Uu]nexpected|[Ss]purious IRQ.*panic' \
    "no interrupt surprises the kernel"
like "$(cat "$tmp/log")" '^hda: .* 256 KiB, DMA' "there is a disk"
like "$out" '^the same' "it is read"
python3 - "$tmp" <<'PY'
import sys
disk, image = (bytearray(open(sys.argv[1] + n, "rb").read())
               for n in ("/disk", "/add/t/image"))
passwd = disk[6400:6404] == b"root"
disk[6400:6400 + 2048] = image[6400:6400 + 2048]
sys.exit(not passwd or disk != image)
PY
ok $? "it is written"
like "$out" '^/dev/hdb +partition[[:space:]]+508' "a swap disk is swapped on"
small_build
FAULTLINE_BUILD=$small vm --emulator bochs -- 'echo c > /proc/sysrq-trigger'
is "$rc" 125 "a panic is a panic"
like "$err" '^kernel panic: ' "and its sentence is on stderr"
done_testing
