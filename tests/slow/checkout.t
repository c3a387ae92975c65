#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A checkout in a folder with blanks, quotes and other letters: the same kernel,
# initrd and ISO byte for byte; booted, traced, recorded and debugged; and, with
# a compiler that does what Ubuntu's does unasked, it passes the suite.
. "$(dirname "$0")/../lib.sh"
unset FAULTLINE_BUILD MAKEFLAGS MAKELEVEL

odd="$tmp/it's a \$HOME #1 & co, ü=(\"x\")"
plain=$tmp/plain
mkdir "$odd" "$plain"
tools/lint --list >"$tmp/files"
for folder in "$odd" "$plain"; do
    tar -cf - -T "$tmp/files" | tar -xf - -C "$folder"
    [ ! -d .tools ] || ln -s "$root/.tools" "$folder/.tools"
done

# made WORDS...: make there; fills $out and $rc
made() {
    out=$(make -C "$odd" --no-print-directory "$@" </dev/null 2>&1)
    rc=$?
}

made all iso
ok $rc "kernel, initrd and ISO are built" "$(tail -n 20 <<<"$out")"
make -s -C "$plain" all iso >"$tmp/log" 2>&1
ok $? "and in a folder named plain" "$(cat "$tmp/log")"
for file in kernel.elf initrd faultline.iso; do
    cmp "$odd/build/$file" "$plain/build/$file"
    ok $? "$file is the same in both folders"
done
rm -rf "$plain"

text='echo "a  b" "it'\''s" "\$x" "*"; testwrite >/dev/null; testread'
made trace CMD="$text"
like "$out" "^a  b it's \\\$x \*\$" "make trace runs that text"
[ -s "$odd/build/trace.html" ]
ok $? "and makes a page"
made gdb CMD="$text" AT=shm_swap_in GDB_ARGS='-batch -ex bt'
like "$out" '#[0-9]+ .*main \(\) at user/shm/test(write|read)\.c' \
    "make gdb: from shm_swap_in to main"
like "$(cat "$odd/build-debug/gdb.out")" "^a  b it's" "with the output beside it"
made record CMD="$text"
like "$out" "^a  b it's \\\$x" "make record"
made replay GDB_ARGS='-batch -ex "break do_shmat" -ex continue -ex bt'
like "$out" '#0 +do_shmat' "make replay"

printf '#!/bin/sh\nexec %s %s "$@"\n' "${CC:-gcc}" '-D_FORTIFY_SOURCE=3 \
    -fstack-protector-strong -fcf-protection -fstack-clash-protection \
    -Wformat -Wformat-security -Wl,-z,now -Wl,--as-needed' >"$tmp/ubuntu-gcc"
chmod 755 "$tmp/ubuntu-gcc"
made test CC="$tmp/ubuntu-gcc"
ok $rc "make test, with a compiler such as Ubuntu's" "$(tail -n 30 <<<"$out")"
done_testing
