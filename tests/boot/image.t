#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The kernel image: its header, its size, and the machine's ends.
. "$(dirname "$0")/../lib.sh"

if command -v grub-file >/dev/null; then
    grub-file --is-x86-multiboot "$build/kernel.elf"
    ok $? "GRUB takes it for a multiboot kernel"
else
    skip "GRUB takes it for a multiboot kernel" "grub-file is not installed"
fi
case $build in
*-debug) skip "the image is below 400 KiB" "this is the debug build" ;;
*)
    "${CROSS-}strip" -o "$tmp/stripped" "$build/kernel.elf"
    size=$(stat -c %s "$tmp/stripped")
    [ "$size" -lt $((400 << 10)) ]
    ok $? "the image is below 400 KiB" "$size bytes"
    ;;
esac

run tools/vm --append selftest
is $rc 0 "self-test of the image: powers off"
like "$out" '^selftest ok' "and says ok"

mkdir -p "$tmp/b/user"
ln -s "$build/kernel.elf" "$tmp/b/kernel.elf"
ln -s "$build/user/bin" "$tmp/b/user/bin"
head -c 40960 /dev/urandom >"$tmp/b/initrd"
FAULTLINE_BUILD=$tmp/b vm -- true
is "$rc" 125 "an initrd that is no archive stops the machine"
like "$err" '^kernel panic: .*initrd' "with a sentence"
head -c 200000 "$build/initrd" >"$tmp/b/initrd"
FAULTLINE_BUILD=$tmp/b run tools/vm
is $rc 125 "so does one that is cut off"
like "$out" '^kernel panic: .*initrd' "with a sentence"
done_testing
