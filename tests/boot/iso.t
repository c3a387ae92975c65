#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The GRUB ISO: the same byte for byte, from a disk and a stick, too, and its menu's
# three entries.
. "$(dirname "$0")/../lib.sh"

for tool in grub-mkimage xorriso; do
    command -v $tool >/dev/null || skip_all "$tool is not installed"
done

for i in 1 2; do
    cp "$build/initrd" "$tmp/initrd$i"
    tools/mkiso -o "$tmp/$i.iso" --kernel "$build/kernel.elf" \
        --initrd "$tmp/initrd$i" --grub-cfg boot/grub.cfg
    ok $? "ISO $i is made"
done
cmp "$tmp/1.iso" "$tmp/2.iso"
ok $? "twice the same bytes"

# menu KEYS REGEX SECONDS: the console's text after KEYS at GRUB's menu, until
# it matches or the time is over
menu() {
    local keys=$1 regex=$2 seconds=$3 machine
    rm -f "$tmp/keys"
    mkfifo "$tmp/keys"
    tools/vm --boot iso <"$tmp/keys" >"$tmp/console" 2>&1 &
    machine=$!
    exec 9>"$tmp/keys"
    until_console 'self-test' 20
    printf "$keys" >&9
    until_console "$regex" "$seconds"
    kill $machine 2>/dev/null
    wait $machine 2>/dev/null
    exec 9>&-
    text=$(tr -d '\0\r' <"$tmp/console")
}

# until_console REGEX SECONDS: waits for it
until_console() {
    local end=$((SECONDS + $2))
    until grep -aqE "$1" "$tmp/console"; do
        [ $SECONDS -lt $end ] || return
        sleep 0.05
    done
}

# from NAME WORDS...: the image of this run as such a disk, and from nowhere else
from() {
    local name=$1 word args=()
    shift
    for word in "$@" -boot strict=on; do
        args+=(--qemu-arg "$word")
    done
    vm_ok "from $name" --boot iso --qemu-arg -drive --qemu-arg \
        file=cd.iso,if=none,id=image,format=raw,snapshot=on "${args[@]}" -- true
}
from "a hard disk" -device ide-hd,drive=image,bus=ide.0,bootindex=0
from "a USB stick" -device nec-usb-xhci \
    -device usb-storage,drive=image,bootindex=0

vm --boot iso --qemu-arg=-cpu --qemu-arg=pentium -- true
is "$rc $err" "125 kernel panic: this processor has no cmov;\
 Faultline needs a Pentium Pro or newer" "a processor that is too old"
menu '\r' 'name: k age 29;' 40
like "$text" 'Faultline' "the menu is on the serial line"
like "$text" 'name: k age 29;' "normal: testwrite and testread have run"
menu '\016\r' 'shm_page' 40
like "$text" 'shm_page' "verbose: the trace's events are in the log"
menu '\016\016\r' 'selftest (ok|FAILED)' 60
like "$text" 'selftest ok' "self-test"
done_testing
